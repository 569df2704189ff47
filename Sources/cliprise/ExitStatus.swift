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
