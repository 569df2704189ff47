/// The life, outcome and result of tasks that match.
public struct TaskRule: Sendable, Hashable {
    public var name: String?
    public var model: Glob?
    public var account: Glob?
    /// 1-based positions of tasks in their account.
    public var ordinals: ClosedRange<Int>?
    /// A part of the prompt, compared without case (ASCII).
    public var prompt: String?
    /// The most tasks of one account that the rule decides; nil for all.
    public var times: Int?
    /// How likely a matching task is decided by this rule; 1 for always, 0 for never.
    public var probability: Double
    /// Nil takes the host's usual life of the model.
    public var life: Life?
    /// Nil succeeds.
    public var outcome: TaskFault?
    /// Seconds of media that the mock never fetches, for models priced per second of it (contract, CR-4); nil takes the
    /// catalogue's.
    public var mediaSeconds: Int?

    public init(
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
public enum Life: Sendable, Hashable {
    case immediate
    case after(Distribution)
    /// Ends at the n-th status poll (1-based): that poll is the first to see the end.
    case polls(Int)
}

// MARK: As written

extension Forms {
    static let task = Form<TaskRule>.record("a line of tasks", TaskRule()) { task, fields in
        fields.optional("name", &task.name, name, "For the journal and for expectations.")
        fields.optional("model", &task.model, glob, "A pattern for the model's id.")
        fields.optional("account", &task.account, glob, "A pattern for the account's key.")
        fields.optional("ordinal", &task.ordinals, range, "Positions of tasks in their account, counted from 1.")
        fields.optional("prompt", &task.prompt, prompt, "A part of the prompt, compared without case.")
        fields.optional("times", &task.times, ordinal, "The most tasks of one account that this line decides.")
        fields.optional(
            "chance", &task.probability, probability, "How likely it decides a task that matches; 1 by default.",
            unless: 1)
        fields.optional("life", &task.life, life, "How long the task takes.")
        fields.optional("outcome", &task.outcome, outcome, "How it ends; success by default.", unless: nil)
        fields.optional(
            "media_seconds", &task.mediaSeconds, integer(1...86_400),
            "Seconds of media, for models priced by the second.")
        fields.atLeastOne(of: ["life", "outcome", "media_seconds"])
    }.named("task")

    static let life = Choice<Life>(
        what: "a life",
        words: [.init("immediate", .immediate)],
        keyed: [
            .init("after", in: "a life", distribution, "How long the task takes.", Life.after) {
                if case .after(let length) = $0 { length } else { nil }
            },
            .init(
                "polls", in: "a life", integer(1...1_000_000), "The poll that first sees the end, counted from 1.",
                Life.polls
            ) { if case .polls(let count) = $0 { count } else { nil } },
        ]
    ).form.named("life")
}
