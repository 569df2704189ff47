public import ClipriseScenario
public import ClipriseWire

/// A task as it is kept, in 48 bytes, since a long test run makes millions.
struct TaskRecord: Sendable {
    enum State: Sendable, Hashable {
        case processing
        case succeeded
        /// The position of the message in the account's list.
        case failed(UInt16)
    }

    var acceptedAt: Instant
    /// When the task ends, or ended; the end of time for one that does not end by itself.
    var dueAt: Instant
    /// Status polls and downloads so far, this one counted when it is asked for.
    var polls: UInt32 = 0
    var downloads: UInt32 = 0
    /// The number of its terms.
    let terms: UInt32
    let prompt: ByteArena.Reference
    let callBackURL: ByteArena.Reference
    var state: State = .processing
    /// Whether the account keeps a `TaskSpecial` for it.
    var isSpecial = false
}

/// What only few tasks have.
struct TaskSpecial: Sendable {
    var fault: TaskFault?
    /// Ends at this poll; nil for tasks that end by the clock.
    var lifePolls: Int?
    /// How the task's callbacks go wrong.
    var callback: CallbackFault?
    /// Polls that were shown processing since the first that was shown success.
    var flapPolls: Int?
    /// Whether the credits were taken at acceptance.
    var isPaid = false
}

/// How a new task lives and ends, as scenario and chance decided.
public struct TaskPlan: Sendable, Hashable {
    public enum End: Sendable, Hashable {
        /// This long after acceptance.
        case after(TimeSpan)
        /// At the n-th status poll.
        case polls(Int)
    }

    public var end: End
    public var fault: TaskFault?
    public var callback: CallbackFault?
    public var chargesAtAccept: Bool = false

    var isUsual: Bool {
        if case .after = end { return fault == nil && callback == nil && !chargesAtAccept }
        return false
    }
}
