internal import ClipriseCatalog
public import ClipriseScenario
public import ClipriseWire

/// A task as it is kept: small, since a long test run makes millions.
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
    let credits: Int64
    /// Status polls and downloads so far, this one counted when it is asked for.
    var polls: UInt32 = 0
    var downloads: UInt32 = 0
    var model: UInt16
    private var width: UInt16
    private var height: UInt16
    private var seconds: UInt16
    var row: UInt8
    private var count: UInt8
    private var form: ResultSpec.Form
    private var hasSound: Bool
    /// Whether the account keeps a `TaskSpecial` for it.
    var isSpecial = false
    var prompt: ByteArena.Reference
    var callBackURL: ByteArena.Reference
    var state: State = .processing

    init(
        order: borrowing Order, credits: Int64, acceptedAt: Instant, dueAt: Instant, prompt: ByteArena.Reference,
        callBackURL: ByteArena.Reference
    ) {
        self.acceptedAt = acceptedAt
        self.dueAt = dueAt
        self.credits = credits
        model = UInt16(order.model)
        row = UInt8(order.row)
        width = UInt16(order.shape.width)
        height = UInt16(order.shape.height)
        seconds = UInt16(order.shape.seconds)
        count = UInt8(order.shape.count)
        form = order.shape.form
        hasSound = order.shape.hasSound
        self.prompt = prompt
        self.callBackURL = callBackURL
    }

    /// A task as a snapshot has it; its numbers are in their ranges.
    init(
        _ task: AccountSnapshot.Task, state: State, prompt: ByteArena.Reference, callBackURL: ByteArena.Reference
    ) {
        acceptedAt = task.acceptedAt
        dueAt = task.dueAt
        credits = task.credits
        polls = UInt32(clamping: task.polls)
        downloads = UInt32(clamping: task.downloads)
        model = UInt16(clamping: task.model)
        row = UInt8(clamping: task.row)
        width = UInt16(clamping: task.shape.width)
        height = UInt16(clamping: task.shape.height)
        seconds = UInt16(clamping: task.shape.seconds)
        count = UInt8(clamping: task.shape.count)
        form = task.shape.form
        hasSound = task.shape.hasSound
        isSpecial =
            task.fault != nil || task.callbackFault != nil || task.lifePolls != nil || task.flapPolls != nil
            || task.isPaid
        self.prompt = prompt
        self.callBackURL = callBackURL
        self.state = state
    }

    /// A task as a state file had it; its numbers are looked at by whoever asks.
    init(
        packed shape: ResultShape, state: State, row: UInt8, credits: Int64, model: Int,
        prompt: ByteArena.Reference, callBackURL: ByteArena.Reference, from acceptedAt: Instant, to dueAt: Instant
    ) {
        self.acceptedAt = acceptedAt
        self.dueAt = dueAt
        self.credits = credits
        self.model = UInt16(clamping: model)
        self.row = row
        width = UInt16(clamping: shape.width)
        height = UInt16(clamping: shape.height)
        seconds = UInt16(clamping: shape.seconds)
        count = UInt8(clamping: shape.count)
        form = shape.form
        hasSound = shape.hasSound
        self.prompt = prompt
        self.callBackURL = callBackURL
        self.state = state
    }

    var shape: ResultShape {
        ResultShape(
            form: form, width: Int(width), height: Int(height), seconds: Int(seconds), count: Int(count),
            hasSound: hasSound)
    }
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
