public import ClipriseWire

/// What goes wrong with a task.
public enum TaskFault: Sendable, Hashable {
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
public enum FailMessage {
    /// As upstream documents them for callbacks and records.
    public static let library = [
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

// MARK: As written

extension Forms {
    /// A fault of a task that is written as a word.
    static let taskFaultWords: [Choice<TaskFault>.Word] = [
        .init("fail", .fail(message: nil)), .init("stuck", .stuck), .init("lost", .lost(after: .zero)),
    ]

    static let failMessage = text("a failMsg", limit: 1000)
    static let slowness = number(0.001...100_000, "how many times as long")
    static let flaps = integer(1...1000)

    static let lost = Form<TimeSpan>.record("lost", .zero) { after, fields in
        fields.required("after", &after, span, "How long after its acceptance the task becomes unknown.")
    }

    private static func outcome<Value>(
        _ key: String, _ form: Form<Value>, _ about: String, _ make: @escaping @Sendable (Value) -> TaskFault,
        back: @escaping @Sendable (TaskFault) -> Value?
    ) -> Choice<TaskFault?>.Keyed { .init(key, in: "an outcome", form, about, make) { $0.flatMap(back) } }

    static let outcome = Choice<TaskFault?>(
        what: "an outcome",
        words: [.init("success", nil)] + taskFaultWords.map { .init($0.word, $0.value) },
        keyed: [
            outcome("fail", failMessage, "Ends as failed with this failMsg.", { .fail(message: $0) }, back: \.message),
            outcome("slow", slowness, "Takes this many times as long.", { .slow($0) }, back: \.factor),
            outcome(
                "flap", flaps, "Success, then processing for this many polls, then success.", { .flap(polls: $0) },
                back: \.polls),
            outcome("lost", lost, "Accepted, later unknown.", { .lost(after: $0) }, back: \.unknownAfter),
            outcome(
                "expired_url", span, "The download stops working this long after the end.", { .expiredURL(after: $0) },
                back: \.expiredAfter),
        ]
    ).form.named("outcome")
}

/// What stands at the key of the word; nil for another fault, and for what is only a word.
extension TaskFault {
    var message: String? { if case .fail(let message) = self { message } else { nil } }
    var factor: Double? { if case .slow(let factor) = self { factor } else { nil } }
    var polls: Int? { if case .flap(let polls) = self { polls } else { nil } }
    var unknownAfter: TimeSpan? { if case .lost(let after) = self, after != .zero { after } else { nil } }
    var expiredAfter: TimeSpan? { if case .expiredURL(let after) = self { after } else { nil } }
}
