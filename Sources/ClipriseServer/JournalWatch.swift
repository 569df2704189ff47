internal import ClipriseAdmin
internal import ClipriseLocks
internal import ClipriseWire
internal import Dispatch
internal import MicroHTTPD
internal import Synchronization

/// Someone who wants events as they happen.
protocol JournalReader: AnyObject, Sendable {
    var exchange: ExchangeHandle? { get }
    /// Looks at the journals; true when it is done and need not look again.
    func look() -> Bool
    /// The server stops.
    func stop()
}

/// Looks at journals every few milliseconds, as long as someone wants that.
final class JournalWatch: Sendable {
    /// The most streams and waits together.
    static let limit = 64
    private static let interval = DispatchTimeInterval.milliseconds(50)

    private struct State: Sendable {
        var readers: [any JournalReader] = []
        var isLooking = false
        var isStopped = false
    }

    private let state = Locked(State())
    /// Looked at without the lock by the many exchanges that nobody reads by.
    private let count = Atomic(0)
    private let queue = DispatchQueue(label: "cliprise-mock.events")

    func add(_ reader: any JournalReader) throws(AdminProblem) {
        let (problem, mustStart): (AdminProblem?, Bool) = state.withLock { state in
            if state.isStopped { return (Self.stopping, false) }
            guard state.readers.count < Self.limit else { return (Self.tooMany, false) }
            state.readers.append(reader)
            defer { state.isLooking = true }
            return (nil, !state.isLooking)
        }
        if let problem { throw problem }
        count.add(1, ordering: .relaxed)
        if mustStart { queue.async { self.look() } }
    }

    /// The listener is done with an exchange.
    func ended(_ exchange: ExchangeHandle) {
        guard count.load(ordering: .relaxed) > 0 else { return }
        remove { $0.exchange == exchange }
    }

    private func remove(where isGone: (any JournalReader) -> Bool) {
        let removed = state.withLock { state in
            let before = state.readers.count
            state.readers.removeAll(where: isGone)
            return before - state.readers.count
        }
        count.subtract(removed, ordering: .relaxed)
    }

    private func look() {
        for reader in state.withLock(\.readers) where reader.look() { remove { $0 === reader } }
        let goesOn = state.withLock { state in
            state.isLooking = !state.readers.isEmpty
            return state.isLooking
        }
        if goesOn { queue.asyncAfter(deadline: .now() + Self.interval) { self.look() } }
    }

    /// Ends all that is wanted, and takes no more.
    func stop() {
        let readers = state.withLock { state in
            defer { state.readers = [] }
            state.isStopped = true
            return state.readers
        }
        for reader in readers { reader.stop() }
    }

    static let stopping = AdminProblem(status: 503, title: "Server stops", detail: "Start it again.")

    private static let tooMany = AdminProblem(
        status: 503, title: "Too many readers",
        detail: "There are \(limit) streams and waits already; end one, or come again.",
        fields: [.init("Retry-After", "1")])
}
