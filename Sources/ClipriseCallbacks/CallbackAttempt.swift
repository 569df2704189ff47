internal import ClipriseHTTP
internal import ClipriseLocks

/// One attempt under way: lookup, check, connection, request, answer, all within one time limit.
final class CallbackAttempt: Sendable {
    private let delivery: CallbackDelivery
    private let settings: CallbackSettings
    private let rules: CallbackGuard
    private let lookup: CallbackLookup
    private let loop: HTTPLoop
    private let state: Locked<State>

    private struct State {
        /// Nil once the attempt is over.
        var onEnd: (@Sendable (CallbackResult) -> Void)?
        var ticket: HTTPLoop.Ticket?
        var status = 0
        /// The bytes of the answer's body so far.
        var bytes = 0
    }

    /// The most bytes of an answer's body that are read; then the connection is closed and the status counts.
    static let bodyLimit = 65_536

    /// - Parameter onEnd: Called exactly once, on any thread.
    init(
        _ delivery: CallbackDelivery, settings: CallbackSettings, rules: CallbackGuard,
        lookup: @escaping CallbackLookup, loop: HTTPLoop, onEnd: @escaping @Sendable (CallbackResult) -> Void
    ) {
        self.delivery = delivery
        self.settings = settings
        self.rules = rules
        self.lookup = lookup
        self.loop = loop
        state = Locked(State(onEnd: onEnd))
    }

    /// Begins; returns at once unless the URL is refused by itself.
    func start() {
        let call: HTTPCall
        do throws(CallbackRefusal) {
            // A URL that could not be called is not called in another's place either.
            let original = try CallbackTarget(delivery.url)
            call = try CallbackRequest.call(
                for: delivery, to: settings.destination?.target(for: original) ?? original, settings: settings,
                rules: rules, lookup: lookup)
        } catch {
            finish(.failed(.refused(error)))
            return
        }
        guard state.withLock({ $0.onEnd != nil }) else { return }
        let ticket = loop.start(call, self)
        let isOver = state.withLock { state in
            state.ticket = ticket
            return state.onEnd == nil
        }
        if isOver { loop.cancel(ticket) }
    }

    /// Ends the attempt before its time; without effect when it is over.
    func cancel(_ result: CallbackResult) {
        if let ticket = finish(result) { loop.cancel(ticket) }
    }

    /// - Returns: What is under way and nobody waits for any more.
    @discardableResult
    private func finish(_ result: CallbackResult) -> HTTPLoop.Ticket? {
        let (onEnd, ticket) = state.withLock { state in
            defer { state.onEnd = nil }
            return (state.onEnd, state.ticket)
        }
        guard let onEnd else { return nil }
        onEnd(result)
        return ticket
    }
}

extension CallbackAttempt: HTTPReceiver {
    func receive(_ head: HTTPHead) {
        state.withLock { $0.status = head.status }
    }

    func receive(_ piece: UnsafeRawBufferPointer) -> HTTPAppetite {
        state.withLock { state in
            state.bytes += piece.count
            return state.bytes > Self.bodyLimit ? .stop : .more
        }
    }

    func end(_ end: HTTPEnd) {
        switch end {
        case .complete, .stopped: finish(.answered(state.withLock { $0.status }))
        case .cancelled: finish(.failed(.shutDown))
        case .failed(let failure):
            finish(.failed(CallbackRequest.failure(failure, limit: delivery.timeout ?? settings.timeout)))
        }
    }
}
