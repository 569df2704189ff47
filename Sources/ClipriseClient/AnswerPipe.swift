internal import ClipriseHTTP
internal import ClipriseLocks

/// Carries one answer from the loop's thread to a task, and holds the loop back when the task is slow.
final class AnswerPipe: HTTPReceiver {
    enum Event: Sendable {
        case head(HTTPHead)
        case piece([UInt8])
        case end(HTTPEnd)
    }

    /// The bytes that wait for the task before the connection is left alone.
    private static let limit = 256 << 10

    private struct State {
        var head: HTTPHead?
        var bytes: [UInt8] = []
        var isPaused = false
        var end: HTTPEnd?
        var waiter: CheckedContinuation<Event, Never>?
        var ticket: HTTPLoop.Ticket?
    }

    private let loop: HTTPLoop
    private let state = Locked(State())

    init(_ loop: HTTPLoop) { self.loop = loop }

    /// Begins the exchange, unless it was cancelled before.
    func begin(_ call: HTTPCall) {
        guard state.withLock({ $0.end == nil }) else { return }
        let ticket = loop.start(call, self)
        let isOver = state.withLock { state in
            state.ticket = ticket
            return state.end != nil
        }
        if isOver { loop.cancel(ticket) }
    }

    /// Ends the exchange at once; whoever waits for it goes on before the loop knows.
    func cancel() {
        let (ticket, waiter) = state.withLock { state -> (HTTPLoop.Ticket?, CheckedContinuation<Event, Never>?) in
            guard state.end == nil else { return (nil, nil) }
            state.end = .cancelled
            state.head = nil
            state.bytes = []
            defer { state.waiter = nil }
            return (state.ticket, state.waiter)
        }
        if let ticket { loop.cancel(ticket) }
        waiter?.resume(returning: .end(.cancelled))
    }

    /// Waits for what comes next; for one task at a time.
    func next() async -> Event {
        await withCheckedContinuation { continuation in
            let (event, toResume) = state.withLock { state -> (Event?, HTTPLoop.Ticket?) in
                guard let event = Self.take(&state) else {
                    state.waiter = continuation
                    return (nil, nil)
                }
                guard state.isPaused, state.bytes.isEmpty else { return (event, nil) }
                state.isPaused = false
                return (event, state.ticket)
            }
            if let toResume { loop.resume(toResume) }
            if let event { continuation.resume(returning: event) }
        }
    }

    private static func take(_ state: inout State) -> Event? {
        if let head = state.head {
            state.head = nil
            return .head(head)
        }
        if !state.bytes.isEmpty {
            defer { state.bytes = [] }
            return .piece(state.bytes)
        }
        return state.end.map { .end($0) }
    }

    // MARK: On the loop's thread

    func receive(_ head: HTTPHead) {
        hand { state in
            if state.end == nil { state.head = head }
        }
    }

    func receive(_ piece: UnsafeRawBufferPointer) -> HTTPAppetite {
        let appetite = state.withLock { state -> HTTPAppetite in
            if state.end != nil { return .stop }
            if state.bytes.count >= Self.limit {
                state.isPaused = true
                return .pause
            }
            state.bytes.append(contentsOf: piece)
            return .more
        }
        if appetite == .more { hand { _ in } }
        return appetite
    }

    func end(_ end: HTTPEnd) {
        hand { state in
            if state.end == nil { state.end = end }
        }
    }

    /// Changes the state, and gives a waiting task what there is then.
    private func hand(_ change: (inout State) -> Void) {
        let (waiter, event) = state.withLock { state -> (CheckedContinuation<Event, Never>?, Event?) in
            change(&state)
            guard let waiter = state.waiter, let event = Self.take(&state) else { return (nil, nil) }
            state.waiter = nil
            return (waiter, event)
        }
        if let waiter, let event { waiter.resume(returning: event) }
    }
}
