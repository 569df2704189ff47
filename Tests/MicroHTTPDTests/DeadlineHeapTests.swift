import RawSocket
import Testing

@testable import MicroHTTPD

@Suite(.ownThreads) struct DeadlineHeapTests {
    /// A small generator, so that a failing run can be run again.
    struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 16 | state << 48
        }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `slots come out in the order of their last deadline`(seed: UInt64) {
        var numbers = Numbers(state: seed)
        var heap = DeadlineHeap()
        var expected: [UInt32: Int64] = [:]
        for _ in 0..<2_000 {
            let slot = UInt32.random(in: 0..<100, using: &numbers)
            if Bool.random(using: &numbers) {
                let due = Int64.random(in: 0..<50, using: &numbers)
                heap.set(slot, due: due)
                expected[slot] = due
            } else {
                heap.remove(slot)
                expected[slot] = nil
            }
            #expect(heap.next == expected.values.min())
        }
        var last = Int64.min
        while let slot = heap.popDue(at: 100) {
            let due = expected.removeValue(forKey: slot)
            #expect(due.map { $0 >= last } == true)
            last = due ?? last
        }
        #expect(expected.isEmpty)
    }

    @Test func `nobody comes out before the time`() {
        var heap = DeadlineHeap()
        heap.set(3, due: 10)
        #expect(heap.popDue(at: 9) == nil)
        #expect(heap.due(of: 3) == 10)
        #expect(heap.popDue(at: 10) == 3)
        #expect(heap.due(of: 3) == nil)
    }
}
