internal import ClipriseWire

extension Forms {
    /// A fault of a task that is written as a word.
    static let taskFaultWords: [Choice<TaskFault>.Word] = [
        .init("fail", .fail(message: nil)), .init("stuck", .stuck), .init("lost", .lost(after: .zero)),
    ]

    static let failMessage = text("a failMsg", limit: 1000)
    static let slowness = number(0.001...100_000, "how many times as long")
    static let flaps = integer(1...1000)

    static let lost = Form<TimeSpan>.object("lost") { fields in
        fields.required("after", span, "How long after its acceptance the task becomes unknown.")
    }

    private static func outcome<Value>(
        _ key: String, _ form: Form<Value>, _ about: String, _ make: @escaping @Sendable (Value) -> TaskFault
    ) -> Choice<TaskFault?>.Keyed {
        .init(
            key,
            .object("an outcome") { fields in
                guard let value = fields.required(key, form, about) else { return nil }
                return .some(make(value))
            })
    }

    static let outcome = Choice<TaskFault?>(
        what: "an outcome",
        words: [.init("success", nil)] + taskFaultWords.map { .init($0.word, $0.value) },
        keyed: [
            outcome("fail", failMessage, "Ends as failed with this failMsg.") { .fail(message: $0) },
            outcome("slow", slowness, "Takes this many times as long.") { .slow($0) },
            outcome("flap", flaps, "Success, then processing for this many polls, then success.") { .flap(polls: $0) },
            outcome("lost", lost, "Accepted, later unknown.") { .lost(after: $0) },
            outcome("expired_url", span, "The download stops working this long after the end.") {
                .expiredURL(after: $0)
            },
        ]
    ).form.named("outcome")

    static let life = Choice<Life>(
        what: "a life",
        words: [.init("immediate", .immediate)],
        keyed: [
            .init(
                "after",
                .object("a life") { fields in
                    fields.required("after", distribution, "How long the task takes.").map(Life.after)
                }),
            .init(
                "polls",
                .object("a life") { fields in
                    fields.required(
                        "polls", integer(1...1_000_000), "The poll that first sees the end, counted from 1."
                    )
                    .map(Life.polls)
                }),
        ]
    ).form.named("life")

    static let task = Form<TaskRule>.object("a line of tasks") { fields in
        let name = fields.optional("name", Forms.name, "For the journal and for expectations.")
        let model = fields.optional("model", glob, "A pattern for the model's id.")
        let account = fields.optional("account", glob, "A pattern for the account's key.")
        let ordinals = fields.optional("ordinal", range, "Positions of tasks in their account, counted from 1.")
        let prompt = fields.optional("prompt", Forms.prompt, "A part of the prompt, compared without case.")
        let times = fields.optional("times", ordinal, "The most tasks of one account that this line decides.")
        let chance = fields.optional("chance", probability, "How likely it decides a task that matches; 1 by default.")
        let life = fields.optional("life", Forms.life, "How long the task takes.")
        let outcome = fields.optional("outcome", Forms.outcome, "How it ends; success by default.")
        let seconds = fields.optional(
            "media_seconds", integer(1...86_400), "Seconds of media, for models priced by the second.")
        fields.atLeastOne(of: ["life", "outcome", "media_seconds"])
        return TaskRule(
            name: name, model: model, account: account, ordinals: ordinals, prompt: prompt, times: times,
            probability: chance ?? 1, life: life, outcome: outcome ?? nil, mediaSeconds: seconds)
    }.named("task")
}
