internal import ClipriseClient

/// What a script learns from the way a command ends.
enum ExitStatus: Int32 {
    case fine = 0
    case usage = 2
    case network = 3
    case key = 4
    case credits = 5
    case refused = 6
    case unknown = 7
    case failed = 8
    case lost = 9
    case deadline = 10
    case service = 11
    case contract = 12
    case file = 13
    case interrupted = 130

    /// For `--help`.
    static let table = """
        exit codes:
          0    fine; status: the task is processing or has succeeded
          2    bad usage, file or configuration; the live service under --mock-only
          3    no connection, or one that was lost too often
          4    the key is not accepted
          5    not enough credits
          6    the request was refused; nothing was made
          7    nobody knows whether the request was accepted and charged: look before you send it again
          8    the task failed; nothing is charged
          9    the task is not known, or no longer
          10   the time is over
          11   the service failed or was too busy, too often
          12   an answer that is not in the contract
          13   the file could not be fetched whole, or not be written; nor could standard output
          130  interrupted
        """

    init(_ kind: ClipriseError.Kind) {
        self =
            switch kind {
            case .unreachable, .connectionRefused, .connectionLost: .network
            case .invalidAPIKey: .key
            case .insufficientCredits: .credits
            case .invalidModel, .fieldRequired, .rejected: .refused
            case .outcomeUnknown(let outcome) where outcome.reason == .cancelled: .interrupted
            case .emptyAnswer, .outcomeUnknown: .unknown
            case .taskFailed: .failed
            case .unknownTask, .taskLost: .lost
            case .deadlineExceeded: .deadline
            case .gateway, .rateLimited: .service
            case .wrongHost, .unexpectedAnswer, .unreadableAnswer, .malformedTaskID: .contract
            case .answerTooLarge, .damagedFile, .linkExpired, .cannotWrite: .file
            case .liveHostRefused: .usage
            case .cancelled: .interrupted
            }
    }
}

extension ClipriseError.Kind {
    /// The word for programs, which stays the same between releases.
    var word: String {
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
