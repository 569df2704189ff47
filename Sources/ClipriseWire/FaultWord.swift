/// The words of faults, in scenarios, journals, reports, filters and metrics.
package enum FaultWord: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    // Of answers.
    case status, empty, latency, hang, close, reset, throttle, slice, truncate, corrupt, shape
    case rateLimit = "rate_limit"
    case runningLimit = "running_limit"
    // Of tasks; `fail` stands for callbacks too.
    case fail, stuck, slow, flap, lost
    case expiredURL = "expired_url"
    // Of accounts.
    case drain, revoke
    // Of callbacks: the word of the generate that decides them, then those of the attempts.
    case callback
    case drop, delay, duplicate, reorder
    case wrongSignature = "wrong_signature"

    package var description: String { rawValue }
}

/// When a fault strikes a request.
package enum FaultPhase: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// Instead of the work: no task is created, nothing is held.
    case before
    /// After the work: the task is created and its price held, then the answer suffers.
    case after
    /// While the body of the answer is on its way; the work is done.
    case body

    package var description: String { rawValue }
}

extension FaultWord {
    /// The phases that make sense; none for what only callbacks have.
    ///
    /// The first is the one that a file need not name.
    package var phases: [FaultPhase] {
        switch self {
        case .hang, .close, .reset: [.before, .after, .body]
        case .status, .empty: [.before, .after]
        case .latency: [.after, .body]
        case .rateLimit, .runningLimit, .drain, .revoke: [.before]
        case .shape, .fail, .stuck, .slow, .flap, .lost, .expiredURL, .callback: [.after]
        case .throttle, .slice, .truncate, .corrupt: [.body]
        case .drop, .delay, .duplicate, .reorder, .wrongSignature: []
        }
    }

    /// Whether an answer that went out whole may have lost or spoilt what it had to say.
    package var spoilsAnswer: Bool { [.truncate, .empty, .corrupt].contains(self) }
}
