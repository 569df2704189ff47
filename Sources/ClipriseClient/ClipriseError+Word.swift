extension ClipriseError.Kind {
    /// The word for programs, which stays the same between releases.
    package var word: String {
        switch self {
        case .invalidAPIKey: "invalid_api_key"
        case .insufficientCredits: "insufficient_credits"
        case .invalidModel: "invalid_model"
        case .fieldRequired: "field_required"
        case .rejected: "rejected"
        case .wrongHost: "wrong_host"
        case .emptyAnswer: "empty_answer"
        case .outcomeUnknown: "outcome_unknown"
        case .malformedTaskID: "malformed_task_id"
        case .taskFailed: "task_failed"
        case .unknownTask: "unknown_task"
        case .taskLost: "task_lost"
        case .gateway: "gateway"
        case .rateLimited: "rate_limited"
        case .unreachable: "unreachable"
        case .connectionRefused: "connection_refused"
        case .connectionLost: "connection_lost"
        case .cancelled: "cancelled"
        case .deadlineExceeded: "deadline_exceeded"
        case .unexpectedAnswer: "unexpected_answer"
        case .unreadableAnswer: "unreadable_answer"
        case .answerTooLarge: "answer_too_large"
        case .damagedFile: "damaged_file"
        case .linkExpired: "link_expired"
        case .liveHostRefused: "live_host_refused"
        case .cannotWrite: "cannot_write"
        }
    }
}
