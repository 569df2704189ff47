import Testing

@testable import ClipriseSimulator

@Suite struct EventQueueTests {
    @Test func `events come by instant, and at one instant in the order of adding`() {
        var queue = EventQueue<Int32>()
        let instants: [Int64] = [5, 1, 5, 3, 1, 5, 2, 3, 1, 0]
        for (index, instant) in instants.enumerated() { queue.add(Int32(index), at: instant) }
        let expected = instants.indices.sorted { (instants[$0], $0) < (instants[$1], $1) }
        var seen: [Int] = []
        while let event = queue.pop() { seen.append(Int(event.payload)) }
        #expect(seen == expected)
    }

    @Test func `a thousand events that are added between others keep the order`() {
        var queue = EventQueue<Int32>()
        var word: UInt64 = 7
        var last: (Int64, Int64) = (-1, -1)
        for round in 0..<1_000 {
            word = word &* 6_364_136_223_846_793_005 &+ 1
            // Never before what was already taken.
            queue.add(Int32(round), at: max(last.0, 0) + Int64(word >> 60))
            guard round % 3 == 2, let event = queue.pop() else { continue }
            #expect((event.at, event.sequence) > last)
            last = (event.at, event.sequence)
        }
        #expect(queue.count == 1_000 - 333)
    }
}
