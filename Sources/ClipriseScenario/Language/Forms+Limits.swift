internal import ClipriseWire

/// What a client does around its calls; each may be `none`, for a policy that builds on one that has it.
extension Forms {
    private static let calls = integer(1...1_000_000, "a number of calls")

    static let maxJobs = Choice<PolicyDescription.Limit<Int>>(
        what: "a number of jobs", words: [.init("none", .none)],
        scalar: integer(1...1_000_000, "a number of jobs").map { PolicyDescription.Limit.some($0) }
    ).form

    static let pool = limit("a pool", PolicyDescription.Pool(size: 1)) { pool, fields in
        fields.required("size", &pool.size, integer(1...1_000_000, "a number of connections"), "Its connections.")
        fields.optional("wait", &pool.wait, span, "How long a call waits for one; as long as its job by default.")
    }

    static let clientRate = limit("a rate limit", PolicyDescription.Rate(limit: 1, per: .zero)) { rate, fields in
        fields.required("limit", &rate.limit, calls, "Calls for each `per` in the long run.")
        fields.required("per", &rate.per, positiveSpan, "The time that the limit is for.")
        fields.optional("burst", &rate.burst, calls, "The most calls at once; as the limit by default.")
    }

    static let breaker = limit(
        "a circuit breaker", PolicyDescription.Breaker(failures: 1, open: .zero)
    ) { breaker, fields in
        fields.required("failures", &breaker.failures, calls, "Failures in a row that open it.")
        fields.required("open", &breaker.open, positiveSpan, "How long it stays open.")
        fields.optional(
            "trials", &breaker.trials, calls, "The calls that try when it is half open; 1 by default.")
    }

    static let hedge = limit("hedging", PolicyDescription.Hedge(after: .zero)) { hedge, fields in
        fields.required("after", &hedge.after, positiveSpan, "How long there is no answer.")
        fields.optional(
            "operations", &hedge.operations,
            .list(word("an operation", PolicyDescription.Operation.self), count: 1...3),
            "Which calls; status and download by default. A generate that is hedged is bought twice.")
    }

    private static func limit<Value>(
        _ what: String, _ blank: Value, _ visit: @escaping @Sendable (inout Value, inout Fields) -> Void
    ) -> Form<PolicyDescription.Limit<Value>> {
        Choice(
            what: what, words: [.init("none", .none)],
            object: Form<Value>.record(what, blank, visit).map { PolicyDescription.Limit.some($0) }
        ).form
    }
}
