import ClipriseLocks
import Dispatch
import Glibc
import Testing

@Suite struct QuietThreadTests {
    @Test func `what is added is done in its order, beside the caller and behind the other threads`() async {
        let quiet = QuietThread()
        let mine = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        let done = Locked([Int]())
        let niceness = await withCheckedContinuation { continuation in
            for number in 0..<1_000 { quiet.add { done.withLock { $0.append(number) } } }
            quiet.add {
                continuation.resume(returning: getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0))
            }
        }
        #expect(done.withLock(\.self) == Array(0..<1_000))
        #expect(niceness == min(mine + 5, 19))
    }

    @Test func `there is work after a pause, and work that adds work`() async {
        let quiet = QuietThread()
        for round in 0..<20 {
            let got = await withCheckedContinuation { continuation in
                quiet.add { quiet.add { continuation.resume(returning: round) } }
            }
            #expect(got == round)
        }
    }

    @Test func `what work holds is let go of there`() async {
        final class Held: Sendable {
            let ended: CheckedContinuation<pthread_t, Never>

            init(_ ended: CheckedContinuation<pthread_t, Never>) { self.ended = ended }

            deinit { ended.resume(returning: pthread_self()) }
        }
        let quiet = QuietThread()
        let place = Locked<pthread_t?>(nil)
        let last = await withCheckedContinuation { continuation in
            // Begins when nobody else holds it any more.
            let mayBegin = DispatchSemaphore(value: 0)
            quiet.add { mayBegin.wait() }
            do {
                let held = Held(continuation)
                quiet.add {
                    place.withLock { $0 = pthread_self() }
                    _ = held
                }
            }
            mayBegin.signal()
        }
        #expect(last == place.withLock(\.self))
    }
}
