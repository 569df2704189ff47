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
    ).form.named("outcome").writing { $0?.json ?? JSONFragment.text("success") }
}

extension TaskFault {
    /// As an outcome, and as a fault in its usual phase.
    fileprivate var json: String {
        value.map { JSONFragment.object(word.rawValue, $0) } ?? JSONFragment.text(word.rawValue)
    }

    /// What stands at the key of the word; nil for what is only a word.
    var value: String? {
        switch self {
        case .fail(nil), .stuck, .lost(after: .zero): nil
        case .fail(let message?): JSONFragment.text(message)
        case .slow(let factor): JSONFragment.number(factor)
        case .flap(let polls): "\(polls)"
        case .lost(let after): JSONFragment.object("after", JSONFragment.span(after))
        case .expiredURL(let after): JSONFragment.span(after)
        }
    }
}
