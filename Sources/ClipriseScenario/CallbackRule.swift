public import ClipriseWire

/// Whether and how finished tasks call `callBackUrl` (contract, CB-2).
public struct CallbackRule: Sendable, Hashable {
    /// Which of the bodies that upstream's texts show is sent.
    public enum Style: String, Sendable, Hashable, CaseIterable {
        /// The whole record of the task, with `data.taskId` and `creditsConsumed`.
        case record
        /// The short form of the text on signatures, with `data.task_id`, `callbackType` and `consumeCredits`.
        case taskID = "task_id"
    }

    public var delay: Distribution = Distribution.fixed(.zero)
    /// Retries after the first attempt.
    public var retries: Int = 3
    /// How long one attempt may take.
    public var timeout: TimeSpan = TimeSpan.seconds(15)
    /// The pause before a retry.
    public var pause: TimeSpan = TimeSpan.seconds(5)
    /// Signs each delivery (HMAC-SHA256); nil signs nothing.
    public var secret: String?
    public var style: Style = Style.record

    public static let usual = CallbackRule()
}

/// What goes wrong with the callbacks of a task.
public enum CallbackFault: Sendable, Hashable {
    case drop
    case delay(Distribution)
    /// Delivered this many times in all.
    case duplicate(Int)
    /// Held back until the next callback of the account went out.
    case reorder
    /// The first deliveries get this far and count as failed: the mock pretends that the receiver answered so.
    case fail(times: Int)
    /// Signed with a wrong key.
    case wrongSignature
}

// MARK: As written

extension Forms {
    static let callbacks = Form<CallbackRule>.record("callbacks", .usual) { rule, fields in
        fields.optional("delay", &rule.delay, distribution, "From a task's end to its callback; 0s by default.")
        fields.optional(
            "retries", &rule.retries, integer(0...100), "Retries after the first attempt; 3 by default.")
        fields.optional("timeout", &rule.timeout, positiveSpan, "How long one attempt may take; 15s by default.")
        fields.optional("pause", &rule.pause, span, "The pause before a retry; 5s by default.")
        fields.optional(
            "secret", &rule.secret, text("a secret", limit: 200), "Signs each delivery with HMAC-SHA256.")
        fields.optional(
            "style", &rule.style, word("a style", CallbackRule.Style.self),
            "The body: the whole record, as by default, or the short form with data.task_id.", unless: .record)
    }

    static let callbackFault = callbackFaultChoice.form.named("callback")

    static let callbackFaultChoice = Choice<CallbackFault>(
        what: "a fault of callbacks",
        words: [CallbackFault.drop, .reorder, .wrongSignature].map { .init($0.word.rawValue, $0) },
        keyed: [
            .init("delay", in: "a fault of callbacks", distribution, "Delivered this much later.", { .delay($0) }) {
                if case .delay(let length) = $0 { length } else { nil }
            },
            .init(
                "duplicate", in: "a fault of callbacks", integer(2...100), "Delivered this many times in all.",
                { .duplicate($0) }
            ) { if case .duplicate(let times) = $0 { times } else { nil } },
            .init(
                "fail", in: "a fault of callbacks", integer(1...100), "The first deliveries count as failed.",
                { .fail(times: $0) }
            ) { if case .fail(let times) = $0 { times } else { nil } },
        ])
}
