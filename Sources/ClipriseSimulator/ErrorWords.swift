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
    var name: String {
        switch self {
        case .invalidAPIKey: "invalid key"
        case .gateway: "gateway error"
        default: word.replacing("_", with: " ")
        }
    }

    var ending: BadEnding {
        switch self {
        case .outcomeUnknown, .emptyAnswer, .malformedTaskID: .unknown
        case .gateway, .rateLimited, .unreachable, .connectionRefused, .connectionLost, .deadlineExceeded,
            .unreadableAnswer, .answerTooLarge, .damagedFile:
            .givenUp
        default: .refused
        }
    }
}
