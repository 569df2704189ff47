package import ClipriseJournal
package import ClipriseWire

/// What a client sees of an answer, and when, known from its plan without waiting for any of it.
package struct Playback {
    /// Whether the whole body came.
    package var isComplete: Bool
    /// Whether the status line came.
    package var hasHead: Bool
    /// When the client has the answer, or gives it up; nanoseconds.
    package var at: Int64
    /// The bytes of the body that came, as far as they were to be kept.
    package var bytes: [UInt8] = []
    package var byteCount = 0
    /// How the exchange ended for the server.
    package var outcome = ExchangeEvent.Outcome.completed

    /// Walks a plan as the listener does.
    ///
    /// - Parameters:
    ///   - start: When the service begins to answer.
    ///   - limit: When the client gives up unless the answer has come; for a stream, unless its head has.
    ///   - patience: For a stream, how long the client waits for each next piece; nil for no stream.
    package init(_ plan: ResponsePlan, from start: Int64, limit: Int64, patience: Int64?, keepsBytes: Bool) {
        self.init(isComplete: true, hasHead: true, at: start)
        guard start <= limit else {
            giveUp(at: limit, hasHead: false)
            return
        }
        if case .plain(let bytes) = plan.body {
            byteCount = bytes.count
            if keepsBytes { self.bytes = bytes }
            return
        }
        var cursor = PlanCursor(plan.body)
        if reachHead(&cursor, limit: limit) {
            walk(&cursor, plan, limit: limit, patience: patience, keepsBytes: keepsBytes)
        }
    }

    /// Lives through what happens before the status line; false when that never comes.
    private mutating func reachHead(_ cursor: inout PlanCursor, limit: Int64) -> Bool {
        while let action = cursor.nextBeforeHead(at: Instant(nanoseconds: at)) {
            switch action {
            case .wait(let until) where until.nanoseconds <= limit: at = until.nanoseconds
            case .abort:
                breakOff(hasHead: false)
                return false
            case .wait, .hold, .send, .finish:
                giveUp(at: limit, hasHead: false)
                return false
            }
        }
        return true
    }

    private init(isComplete: Bool, hasHead: Bool, at: Int64) {
        self.isComplete = isComplete
        self.hasHead = hasHead
        self.at = at
    }

    private mutating func walk(
        _ cursor: inout PlanCursor, _ plan: ResponsePlan, limit: Int64, patience: Int64?, keepsBytes: Bool
    ) {
        var limit = patience.map { at &+ $0 } ?? limit
        var announced: Int?
        if case .steps(let length, _) = plan.body { announced = length }
        while true {
            switch cursor.next(at: Instant(nanoseconds: at), capacity: 1 << 20) {
            case .send(let piece):
                byteCount += piece.count
                if keepsBytes { bytes += piece }
                if let patience { limit = at &+ patience }
                if byteCount == announced { return }
            case .wait(let until) where until.nanoseconds <= limit: at = until.nanoseconds
            case .wait, .hold: return giveUp(at: limit, hasHead: true)
            case .abort: return breakOff(hasHead: true)
            case .finish:
                if let announced, byteCount < announced { breakOff(hasHead: true) }
                return
            }
        }
    }

    private mutating func giveUp(at limit: Int64, hasHead: Bool) {
        at = limit
        isComplete = false
        self.hasHead = hasHead
        outcome = .clientLeft
    }

    private mutating func breakOff(hasHead: Bool) {
        isComplete = false
        self.hasHead = hasHead
        outcome = .aborted
    }
}
