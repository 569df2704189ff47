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

    /// Decides the next action.
    ///
    /// - Parameters:
    ///   - now: The current time; never earlier than in the call before.
    ///   - capacity: The most bytes the caller can take in one go; positive.
    package mutating func next(at now: Instant, capacity: Int) -> Action {
        precondition(capacity > 0, "a cursor needs room for at least one byte")
        if let resumeAt {
            guard now >= resumeAt else { return .wait(until: resumeAt) }
            self.resumeAt = nil
            current += 1
        }
        guard current < steps.count else { return .finish }
        switch steps[current] {
        case .abort(let kind):
            return .abort(kind)
        case .pause(let span):
            let due = now.advanced(by: span)
            resumeAt = due
            return .wait(until: due)
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
}
