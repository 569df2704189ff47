import ClipriseLocks
import Testing

@Suite struct LockedTests {
    struct Refused: Error {}

    @Test func `no change is lost between threads`() async {
        let count = Locked(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 { count.withLock { $0 += 1 } }
                }
            }
        }
        #expect(count.withLock { $0 } == 8_000)
    }

    @Test func `an error leaves the lock free`() {
        let lock = Locked([1])
        #expect(throws: Refused.self) {
            try lock.withLock { _ throws(Refused) in throw Refused() }
        }
        #expect(lock.withLock { $0 } == [1])
    }
}
