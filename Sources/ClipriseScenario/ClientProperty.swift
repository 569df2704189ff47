public import ClipriseWire

/// A habit of a good client.
public enum ClientProperty: Sendable, Hashable {
    case noDoubleCharge
    case noBlindResend
    /// Nothing was paid for whose file was not delivered.
    case noWaste
    case retriesOnlyRetryable
    case stopsOnTerminal
    /// Waits at least as long as told, less `tolerance`.
    case honoursRetryAfter(tolerance: TimeSpan)
    case backoff(Backoff)
    /// Enough waits to judge: at least this many.
    case jitterPresent(samples: Int)
    /// Retries are at most this part of first attempts, plus `minimum`.
    case retryBudget(ratio: Double, minimum: Int)
    /// Polls of one task: at most this many in any window of the length.
    case pollRate(atMost: Int, per: TimeSpan)
    case acceptsBothShapes
    case downloadsOnce
    case keyNotLeaked

    public struct Backoff: Sendable, Hashable {
        public enum Jitter: String, Sendable, Hashable, CaseIterable { case none, full, equal, decorrelated, any }

        public var base: TimeSpan?
        public var factor: Double?
        public var cap: TimeSpan?
        public var jitter: Jitter

        public init(base: TimeSpan? = nil, factor: Double? = nil, cap: TimeSpan? = nil, jitter: Jitter = .any) {
            self.base = base
            self.factor = factor
            self.cap = cap
            self.jitter = jitter
        }
    }

    /// The word in files and reports.
    public var word: String {
        switch self {
        case .noDoubleCharge: "no_double_charge"
        case .noBlindResend: "no_blind_resend"
        case .noWaste: "no_waste"
        case .retriesOnlyRetryable: "retries_only_retryable"
        case .stopsOnTerminal: "stops_on_terminal"
        case .honoursRetryAfter: "honours_retry_after"
        case .backoff: "backoff"
        case .jitterPresent: "jitter_present"
        case .retryBudget: "retry_budget"
        case .pollRate: "poll_rate"
        case .acceptsBothShapes: "accepts_both_shapes"
        case .downloadsOnce: "downloads_once"
        case .keyNotLeaked: "key_not_leaked"
        }
    }

    /// Whether breaking it costs money or the key: such a property is always demanded, and gives the letter F.
    public var isCostly: Bool {
        switch self {
        case .noDoubleCharge, .noBlindResend, .noWaste, .keyNotLeaked: true
        default: false
        }
    }

    /// The words of those that cost money or the key, in the order of reports.
    public static let costlyWords = all.filter(\.isCostly).map(\.word)

    /// What shows that a property is broken, for who looks for less that shows it too.
    public enum Proof: Sendable {
        /// Single requests, whatever stood between them.
        case requests
        /// What came until then, whatever came later: the end of a run may be left out.
        case beginning
        /// Waits, orders, shares, or what a client did not do: whole jobs.
        case jobs
    }

    public var proof: Proof {
        switch self {
        case .noDoubleCharge, .noBlindResend, .keyNotLeaked: .requests
        case .backoff, .jitterPresent, .honoursRetryAfter, .retryBudget, .pollRate, .retriesOnlyRetryable: .beginning
        default: .jobs
        }
    }

    /// Every property with its usual numbers, in the order of reports.
    public static let all: [ClientProperty] = [
        .noDoubleCharge, .noBlindResend, .noWaste, .retriesOnlyRetryable, .stopsOnTerminal,
        .honoursRetryAfter(tolerance: .milliseconds(50)), .backoff(Backoff()), .jitterPresent(samples: 8),
        .retryBudget(ratio: 0.2, minimum: 100), .pollRate(atMost: 10, per: .seconds(1)), .acceptsBothShapes,
        .downloadsOnce, .keyNotLeaked,
    ]
}

// MARK: As written

extension Forms {
    /// The properties that have numbers, as objects.
    static let numberedProperties: [Choice<ClientProperty>.Keyed] = [
        property(
            "honours_retry_after", tolerance, "Waits as long as it was told.", { .honoursRetryAfter(tolerance: $0) }
        ) {
            if case .honoursRetryAfter(let tolerance) = $0 { tolerance } else { nil }
        },
        property("backoff", backoff, "Waits longer from failure to failure.", { .backoff($0) }) {
            if case .backoff(let backoff) = $0 { backoff } else { nil }
        },
        property("jitter_present", samples, "No two clients wait alike.", { .jitterPresent(samples: $0) }) {
            if case .jitterPresent(let samples) = $0 { samples } else { nil }
        },
        property(
            "retry_budget", retryBudget, "Retries stay few beside first attempts.",
            { .retryBudget(ratio: $0.ratio, minimum: $0.minimum) }
        ) { if case .retryBudget(let ratio, let minimum) = $0 { (ratio, minimum) } else { nil } },
        property("poll_rate", pollRate, "Polls of one task.", { .pollRate(atMost: $0.atMost, per: $0.per) }) {
            if case .pollRate(let atMost, let per) = $0 { (atMost, per) } else { nil }
        },
    ]

    private static let tolerance = Form<TimeSpan>.record("honours_retry_after", .zero) { tolerance, fields in
        fields.required("tolerance", &tolerance, span, "How much shorter it may wait.")
    }

    private static let backoff = Form<ClientProperty.Backoff>.record("backoff", .init()) { backoff, fields in
        fields.optional("base", &backoff.base, positiveSpan, "The first pause.")
        fields.optional("factor", &backoff.factor, number(1...100, "a factor"), "From pause to pause.")
        fields.optional("cap", &backoff.cap, positiveSpan, "The longest pause.")
        fields.optional(
            "jitter", &backoff.jitter, word("a jitter", ClientProperty.Backoff.Jitter.self),
            "How pauses are spread; any by default.", unless: .any)
    }

    private static let samples = Form<Int>.record("jitter_present", 0) { samples, fields in
        fields.required("samples", &samples, integer(2...100_000), "Pauses that are enough to judge.")
    }

    private static let retryBudget = Form<(ratio: Double, minimum: Int)>.record("retry_budget", (0, 10)) {
        budget, fields in
        fields.required("ratio", &budget.ratio, number(0...1000, "a ratio"), "Retries for each first attempt.")
        fields.optional(
            "minimum", &budget.minimum, integer(0...1_000_000), "Retries that are always free; 10 by default.")
    }

    private static let pollRate = Form<(atMost: Int, per: TimeSpan)>.record("poll_rate", (0, .zero)) { rate, fields in
        fields.required("at_most", &rate.atMost, integer(1...1_000_000), "Polls in any window.")
        fields.required("per", &rate.per, positiveSpan, "The length of the window.")
    }

    private static func property<Part>(
        _ word: String, _ part: Form<Part>, _ about: String, _ make: @escaping @Sendable (Part) -> ClientProperty,
        back: @escaping @Sendable (ClientProperty) -> Part?
    ) -> Choice<ClientProperty>.Keyed { .init(word, in: "an expectation", part, about, make, back: back) }
}
