internal import ClipriseClient

/// How a job that did not end well ended.
enum BadEnding {
    /// The service said no, for good.
    case refused
    case givenUp
    /// The client stopped because it cannot know whether it was charged.
    case unknown
}

extension ClipriseError.Kind {
    /// The name in tables.
    var word: String {
        switch self {
        case .invalidAPIKey: "invalid key"
        case .insufficientCredits: "insufficient credits"
        case .invalidModel: "invalid model"
        case .fieldRequired: "field required"
        case .rejected: "rejected"
        case .wrongHost: "wrong host"
        case .emptyAnswer: "empty answer"
        case .outcomeUnknown: "outcome unknown"
        case .malformedTaskID: "malformed task id"
        case .taskFailed: "task failed"
        case .unknownTask: "unknown task"
        case .taskLost: "task lost"
        case .gateway: "gateway error"
        case .rateLimited: "rate limited"
        case .unreachable: "unreachable"
        case .connectionRefused: "connection refused"
        case .connectionLost: "connection lost"
        case .deadlineExceeded: "deadline exceeded"
        case .unexpectedAnswer: "unexpected answer"
        case .unreadableAnswer: "unreadable answer"
        case .answerTooLarge: "answer too large"
        case .damagedFile: "damaged file"
        case .linkExpired: "link expired"
        case .liveHostRefused: "live host refused"
        case .cannotWrite: "cannot write"
        case .cancelled: "cancelled"
        }
    }

    var ending: BadEnding {
        switch self {
        case .outcomeUnknown, .emptyAnswer, .malformedTaskID: .unknown
        case .gateway, .rateLimited, .unreachable, .connectionRefused, .connectionLost, .deadlineExceeded,
            .unreadableAnswer,
            .answerTooLarge, .damagedFile:
            .givenUp
        default: .refused
        }
    }
}
