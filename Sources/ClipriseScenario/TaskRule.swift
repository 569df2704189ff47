package import ClipriseWire

/// The life, outcome and result of tasks that match.
package struct TaskRule: Sendable, Hashable {
    package var name: String?
    package var model: Glob?
    package var account: Glob?
    /// 1-based positions of tasks in their account.
    package var ordinals: ClosedRange<Int>?
    /// A part of the prompt, compared without case (ASCII).
    package var prompt: String?
    /// The most tasks of one account that the rule decides; nil for all.
    package var times: Int?
    /// How likely a matching task is decided by this rule; 1 for always, 0 for never.
    package var probability: Double
    /// Nil takes the host's usual life of the model.
    package var life: Life?
    /// Nil succeeds.
    package var outcome: TaskFault?
    /// Seconds of media that the mock never fetches, for models priced per second of it (contract, CR-4); nil takes the
    /// catalogue's.
    package var mediaSeconds: Int?

    package init(
        name: String? = nil, model: Glob? = nil, account: Glob? = nil, ordinals: ClosedRange<Int>? = nil,
        prompt: String? = nil, times: Int? = nil, probability: Double = 1, life: Life? = nil,
        outcome: TaskFault? = nil, mediaSeconds: Int? = nil
    ) {
        self.name = name
        self.model = model
        self.account = account
        self.ordinals = ordinals
        self.prompt = prompt
        self.times = times
        self.probability = probability
        self.life = life
        self.outcome = outcome
        self.mediaSeconds = mediaSeconds
    }
}

/// How long a task takes.
package enum Life: Sendable, Hashable {
    case immediate
    case after(Distribution)
    /// Ends at the n-th status poll (1-based): that poll is the first to see the end.
    case polls(Int)
}

/// What goes wrong with a task.
package enum TaskFault: Sendable, Hashable {
    /// Ends as failed. Nil draws one of `FailMessage.library`.
    case fail(message: String?)
    /// Never ends.
    case stuck
    /// Takes this many times as long.
    case slow(Double)
    /// Shows success, then processing again for this many polls, then success for good.
    case flap(polls: Int)
    /// Accepted, but unknown from some moment on (at once for zero).
    case lost(after: TimeSpan)
    /// The download stops working this long after the task ended; the status goes on to say success.
    case expiredURL(after: TimeSpan)
}

/// Texts that failed tasks are known to carry.
package enum FailMessage {
    /// As upstream documents them for callbacks and records.
    package static let library = [
        "Your prompt was flagged by Website as violating content policies.",
        "Inappropriate content detected. Please replace the image or video.",
        "Incorrect image format.",
        "Please try again later. You can upgrade to Standard membership to start generating now.",
        "Reached the limit for concurrent generations.",
        "Unsupported width or height. Please adjust the size and try again.",
        "Your prompt was caught by our AI moderator. Please adjust it and try again!",
        "Your content was flagged by OpenAI as violating content policies",
        "Image generation task failed",
        "Internal Error, Please try again later.",
        "Generation Failed",
    ]
}
