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
        property("honours_retry_after", "Waits as long as it was told.") { fields in
            fields.required("tolerance", span, "How much shorter it may wait.").map {
                .honoursRetryAfter(tolerance: $0)
            }
        },
        property("backoff", "Waits longer from failure to failure.") { fields in
            let base = fields.optional("base", positiveSpan, "The first pause.")
            let factor = fields.optional("factor", number(1...100, "a factor"), "From pause to pause.")
            let cap = fields.optional("cap", positiveSpan, "The longest pause.")
            let jitter = fields.optional(
                "jitter", word("a jitter", ClientProperty.Backoff.Jitter.self), "How pauses are spread; any by default."
            )
            return .backoff(ClientProperty.Backoff(base: base, factor: factor, cap: cap, jitter: jitter ?? .any))
        },
        property("jitter_present", "No two clients wait alike.") { fields in
            fields.required("samples", integer(2...100_000), "Pauses that are enough to judge.")
                .map { .jitterPresent(samples: $0) }
        },
        property("retry_budget", "Retries stay few beside first attempts.") { fields in
            let ratio = fields.required("ratio", number(0...1000, "a ratio"), "Retries for each first attempt.")
            let minimum = fields.optional(
                "minimum", integer(0...1_000_000), "Retries that are always free; 10 by default.")
            return ratio.map { .retryBudget(ratio: $0, minimum: minimum ?? 10) }
        },
        property("poll_rate", "Polls of one task.") { fields in
            let atMost = fields.required("at_most", integer(1...1_000_000), "Polls in any window.")
            let per = fields.required("per", positiveSpan, "The length of the window.")
            guard let atMost, let per else { return nil }
            return .pollRate(atMost: atMost, per: per)
        },
    ]

    private static func property(
        _ word: String, _ about: String, _ build: @escaping @Sendable (inout Fields) -> ClientProperty?
    ) -> Choice<ClientProperty>.Keyed {
        .init(word, .object("an expectation") { fields in fields.required(word, .object(word, build), about) })
    }
}

extension ClientProperty {
    /// The property as one line of JSON that reads back to the same one.
    var json: String {
        value.map { JSONFragment.object(word, $0) } ?? JSONFragment.text(word)
    }

    /// The numbers of a property; nil where there are none.
    private var value: String? {
        switch self {
        case .honoursRetryAfter(let tolerance): JSONFragment.object("tolerance", JSONFragment.span(tolerance))
        case .backoff(let backoff):
            JSONFragment.object([
                ("base", backoff.base.map(JSONFragment.span)), ("factor", backoff.factor.map(JSONFragment.number)),
                ("cap", backoff.cap.map(JSONFragment.span)),
                ("jitter", backoff.jitter == .any ? nil : JSONFragment.text(backoff.jitter.rawValue)),
            ])
        case .jitterPresent(let samples): JSONFragment.object("samples", "\(samples)")
        case .retryBudget(let ratio, let minimum):
            JSONFragment.object([("ratio", JSONFragment.number(ratio)), ("minimum", "\(minimum)")])
        case .pollRate(let atMost, let per):
            JSONFragment.object([("at_most", "\(atMost)"), ("per", JSONFragment.span(per))])
        default: nil
        }
    }
}
