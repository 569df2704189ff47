/// How a job ended when it did not end well.
public struct ClipriseError: Error, Sendable, Hashable {
    /// What happened.
    public var kind: Kind
    /// The task that the job had by then; nil when none was accepted.
    public var task: String?

    /// An error of a job that has, or has not, got a task.
    public init(_ kind: Kind, task: String? = nil) {
        self.kind = kind
        self.task = task
    }

    /// One case for every answer of the contract, and for each way in which there is no answer.
    public enum Kind: Sendable, Hashable {
        /// The service does not know the key, or no longer.
        case invalidAPIKey
        /// The account cannot pay for the request; nothing was made.
        case insufficientCredits(actionURL: String?)
        /// No model has this id.
        case invalidModel
        /// A required field is absent or blank.
        case fieldRequired
        /// The request broke a rule; the message is the service's.
        case rejected(message: String)
        /// The `Host` field is not the documented one.
        case wrongHost
        /// A generate was answered with 200 and no body, which is one of the answers to wrong input.
        case emptyAnswer
        /// A generate may have been accepted and charged, and nobody knows.
        case outcomeUnknown(UnknownOutcome)
        /// A generate was accepted with an id that none can be: other than 1 to 128 letters, digits, `_` and `-`.
        case malformedTaskID(String)
        /// The service could not make the file; nothing is charged.
        case taskFailed(message: String)
        /// The service does not know the task.
        case unknownTask
        /// The service no longer knows a task that it has accepted.
        case taskLost
        /// A gateway or the service failed (5xx, 408), as often as the policy lets it.
        case gateway(status: Int)
        /// Too many requests (429), as often as the policy lets them be.
        case rateLimited(retryAfter: Duration?)
        /// No connection could be made, as often as the policy lets it; nothing was sent.
        case unreachable
        /// The very first connection of the job could not be made, and it looks as if that stays so; nothing was sent.
        ///
        /// `place` is what was tried, and what came of it.
        case connectionRefused(place: String)
        /// The connection ended, or stayed silent, before the answer was complete.
        case connectionLost
        /// The caller cancelled, and a task that the job has had accepted goes on.
        case cancelled
        /// The policy's total time is over.
        case deadlineExceeded
        /// An answer that the contract does not have here.
        case unexpectedAnswer(status: Int)
        /// An answer whose body cannot be understood.
        case unreadableAnswer(status: Int)
        /// A body larger than the limit, in bytes.
        case answerTooLarge(limit: Int)
        /// The file that came is not whole.
        case damagedFile(FileDefect)
        /// The file can no longer be fetched.
        case linkExpired
        /// The client is for mocks only, and the base URL is the live service's.
        case liveHostRefused(host: String)
        /// The file could not be written.
        case cannotWrite(path: String, reason: String)
    }
}

/// What is known of a generate whose answer did not come.
public struct UnknownOutcome: Sendable, Hashable {
    /// Why the answer is missing.
    public var reason: Reason
    /// How many generates of this job are without an answer: the most that can have been charged.
    public var sends: Int

    /// Why an answer is missing.
    public enum Reason: Sendable, Hashable {
        /// The connection ended or stayed silent after the request may have left.
        case connectionLost
        /// A gateway answered in place of the service, or the service failed.
        case gateway(status: Int)
        /// The answer came, whole or cut, and makes no sense.
        case unreadable
        /// The caller cancelled while the request was out.
        case cancelled
    }

    /// Values as given; `sends` counts from 1.
    public init(reason: Reason, sends: Int) {
        self.reason = reason
        self.sends = sends
    }
}

/// Why a downloaded file is no good.
public enum FileDefect: Sendable, Hashable {
    /// It has no bytes.
    case empty
    /// It ends before its own end mark, or before the length it states itself.
    case cut
    /// It is a web page.
    case page
    /// Its inner structure contradicts itself.
    case broken
    /// A checksum inside it does not match.
    case checksum
}
