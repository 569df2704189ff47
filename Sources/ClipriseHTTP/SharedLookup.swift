internal import ClipriseLocks
internal import Dispatch

/// Looks one name up for any number of calls: those that come together share one lookup, and later ones its answer for
/// a while.
///
/// However long the system takes, it blocks one thread, and no call that no longer wants to wait.
package final class SharedLookup: Sendable {
    package typealias Answer = Result<[IPAddress], any Error>

    /// How long an answer counts; a failure does not count beyond those who waited for it.
    private static let lifetime: Int64 = 30_000_000_000

    private struct State {
        var waiting: [@Sendable (Answer) -> Void] = []
        var addresses: [IPAddress] = []
        var end: Int64 = .min
    }

    private let find: @Sendable () throws -> [IPAddress]
    private let state = Locked(State())
    /// A queue of its own has a thread of its own: a pool that others block would make a lookup look slow.
    private let queue = DispatchQueue(label: "cliprise-mock.lookup")

    /// - Parameter find: May block.
    package init(_ find: @escaping @Sendable () throws -> [IPAddress]) { self.find = find }

    /// - Parameter reply: Called once, on any thread, perhaps before this returns.
    package func ask(_ reply: @escaping @Sendable (Answer) -> Void) {
        let (known, isFirst) = state.withLock { state -> ([IPAddress]?, Bool) in
            if MachineClock.steady < state.end { return (state.addresses, false) }
            state.waiting.append(reply)
            return (nil, state.waiting.count == 1)
        }
        if let known { return reply(.success(known)) }
        guard isFirst else { return }
        queue.async { [self] in
            let answer = Answer { try find() }
            let waiting = state.withLock { state in
                if case .success(let addresses) = answer {
                    state.addresses = addresses
                    state.end = MachineClock.steady + Self.lifetime
                }
                defer { state.waiting = [] }
                return state.waiting
            }
            for reply in waiting { reply(answer) }
        }
    }
}
