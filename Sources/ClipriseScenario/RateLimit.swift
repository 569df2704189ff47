public import ClipriseWire

public struct RateLimit: Sendable, Hashable {
    public enum WindowKind: String, Sendable, Hashable, CaseIterable { case fixed, sliding }
    public enum Form: String, Sendable, Hashable, CaseIterable { case seconds, date, none }

    /// Requests let through in one window.
    public var limit: Int
    public var window: TimeSpan
    public var kind: WindowKind = .fixed
    public var retryAfter: Form = .seconds
    /// The status beyond the limit.
    public var code: Int = 429
    /// Requests of others that share the account, let through at the moment when the rule began.
    public var others: Int = 0
}

/// How many tasks of an account may run at once; a generate beyond it is refused.
public struct RunningLimit: Sendable, Hashable {
    public var limit: Int
    /// The status beyond the limit.
    public var code = 429
    public var retryAfter: RetryAfter?
    public var others: Others?

    /// Tasks of others that share the account, running since the rule began.
    public struct Others: Sendable, Hashable {
        public var tasks: Int
        /// How long after the rule's beginning all of them end.
        public var length: TimeSpan
    }

    /// The answer beyond the limit.
    public var refusal: StatusFault { StatusFault(code: code, retryAfter: retryAfter) }
}

// MARK: As written

extension Forms {
    static let rateLimit = Form<RateLimit>.record("rate_limit", RateLimit(limit: 0, window: .zero)) { limit, fields in
        fields.required("limit", &limit.limit, integer(0...1_000_000), "Requests let through in one window.")
        fields.required("window", &limit.window, positiveSpan, "The length of the window.")
        fields.optional(
            "kind", &limit.kind, word("a kind of window", RateLimit.WindowKind.self),
            "How the window moves; fixed by default.", unless: .fixed)
        fields.optional(
            "retry_after", &limit.retryAfter, word("a form of Retry-After", RateLimit.Form.self),
            "How Retry-After is written.", unless: .seconds)
        fields.optional(
            "status", &limit.code, statusBeyond, "The status beyond the limit; 429 by default.", unless: 429)
        fields.optional(
            "others", &limit.others, integer(0...1_000_000),
            "Requests of others that share the account, let through when the rule began; none by default.", unless: 0)
    }.named("rate_limit")

    static let runningLimit = Form<RunningLimit>.record("running_limit", RunningLimit(limit: 0)) { limit, fields in
        fields.required(
            "limit", &limit.limit, integer(0...1_000_000), "Tasks of one account that may run at once.")
        fields.optional("retry_after", &limit.retryAfter, retryAfter, "Sent as Retry-After; by default none is.")
        fields.optional(
            "status", &limit.code, statusBeyond, "The status beyond the limit; 429 by default.", unless: 429)
        fields.optional(
            "others", &limit.others, runningOthers,
            "Tasks of others that share the account, running when the rule begins.")
    }.named("running_limit")

    private static let statusBeyond = integer(400...599, "a status")

    private static let runningOthers = Form<RunningLimit.Others>.record(
        "others", RunningLimit.Others(tasks: 0, length: .zero)
    ) { others, fields in
        fields.required("tasks", &others.tasks, integer(0...1_000_000), "How many run.")
        fields.required("for", &others.length, positiveSpan, "How long after the rule's beginning they end.")
    }.named("running_others")
}
