/// Walks the body of a response plan; the caller brings the time and does the sending.
///
/// The listener and the simulator walk the same cursor, so both cut an answer at the same byte.
package struct PlanCursor: Sendable {
    private let steps: [ResponsePlan.Step]
    private var current = 0
    private var sentOfCurrentStep = 0
    private var resumeAt: Instant?

    package init(_ body: ResponsePlan.Body) {
        switch body {
        case .plain(let bytes):
            steps = bytes.isEmpty ? [] : [.send(bytes)]
        case .steps(_, let steps):
            self.steps = steps
        }
    }

    /// What the caller must do now.
    package enum Action: Sendable, Hashable {
        /// Send these bytes, then ask again.
        case send(ArraySlice<UInt8>)
        /// Ask again no earlier than this.
        case wait(until: Instant)
        /// The body is complete.
        case finish
        /// End the connection now.
        case abort(ResponsePlan.Abort)
    }

    /// Decides what happens before the status line: `wait`, `abort`, or nil when the head is to be sent now.
    ///
    /// - Parameter now: The current time; never earlier than in the call before.
    package mutating func nextBeforeHead(at now: Instant) -> Action? {
        if let resumeAt, now < resumeAt { return .wait(until: resumeAt) }
        finishPause()
        guard current < steps.count else { return nil }
        switch steps[current] {
        case .abort(let kind): return .abort(kind)
        case .pause(let span): return beginPause(span, at: now)
        case .hold: return .wait(until: Instant(nanoseconds: .max))
        case .send: return nil
        }
    }

    /// Decides the next action.
    ///
    /// - Parameters:
    ///   - now: The current time; never earlier than in the call before.
    ///   - capacity: The most bytes the caller can take in one go; positive.
    /// - Returns: The action; a `send` always has bytes.
    package mutating func next(at now: Instant, capacity: Int) -> Action {
        precondition(capacity > 0, "a cursor needs room for at least one byte")
        if let resumeAt, now < resumeAt { return .wait(until: resumeAt) }
        finishPause()
        while current < steps.count {
            switch steps[current] {
            case .abort(let kind):
                return .abort(kind)
            case .pause(let span):
                return beginPause(span, at: now)
            case .hold:
                return .wait(until: Instant(nanoseconds: .max))
            case .send(let bytes) where bytes.isEmpty:
                current += 1
            case .send(let bytes):
                let end = min(bytes.count, sentOfCurrentStep + capacity)
                let piece = bytes[sentOfCurrentStep..<end]
                if end == bytes.count {
                    current += 1
                    sentOfCurrentStep = 0
                } else {
                    sentOfCurrentStep = end
                }
                return .send(piece)
            }
        }
        return .finish
    }

    /// The abort that stands behind what was sent so far, or nil when there is none.
    ///
    /// For a host whose client has all the bytes that were announced, and would not be asked again.
    package var remainingAbort: ResponsePlan.Abort? {
        for step in steps[min(current, steps.count)...] {
            if case .abort(let kind) = step { return kind }
        }
        return nil
    }

    private mutating func beginPause(_ span: TimeSpan, at now: Instant) -> Action {
        let due = now.advanced(by: span)
        resumeAt = due
        return .wait(until: due)
    }

    private mutating func finishPause() {
        guard resumeAt != nil else { return }
        resumeAt = nil
        current += 1
    }
}
