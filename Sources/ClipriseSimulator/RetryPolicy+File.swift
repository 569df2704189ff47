package import ClipriseClient
package import ClipriseScenario
internal import ClipriseWire

extension RetryPolicy {
    /// Reads a policy of one's own: what is given differs from the policy that it builds on.
    ///
    /// - Parameters:
    ///   - text: YAML or JSON, as for a scenario.
    ///   - source: What stands for the file in messages.
    /// - Throws: Everything that is wrong, each with its place.
    package init(yaml text: [UInt8], source: String) throws(ScenarioErrors) {
        self = try Forms.policy.whole(text, source: source, what: "policy")
    }
}

extension Forms {
    fileprivate static let policy = Form<RetryPolicy>.object("a policy") { fields in
        let name = fields.required("name", Forms.name, "What it is called in reports.")
        var policy = RetryPolicy.standard
        if let base = fields.optional("on", Forms.name, "The policy that it builds on; full-jitter by default.") {
            do throws(UnknownPolicyError) {
                policy = try ClientModels.policy(named: base)
            } catch {
                fields.fail("on: \(error)", atValueOf: "on")
            }
        }
        policy.name = name?.printable ?? ""
        fields.optional("base", &policy.base, length, "The first delay before chance.")
        fields.optional("throttled_base", &policy.throttledBase, length, "The same after a 429.")
        fields.optional("poll_base", &policy.pollBase, length, "The same between two polls.")
        fields.optional("cap", &policy.cap, positiveLength, "The longest delay.")
        fields.optional("factor", &policy.factor, number(1...100, "a factor"), "From one delay to the next.")
        fields.optional("jitter", &policy.jitter, word("a jitter", Jitter.self), "What chance does to delays.")
        fields.optional("max_attempts", &policy.maxAttempts, attempts, "The most times that one call is sent.")
        fields.optional("deadline", &policy.deadline, positiveLength, "The most time for one job.")
        fields.optional("request_timeout", &policy.requestTimeout, positiveLength, "The most time for one answer.")
        fields.optional("retry_after_cap", &policy.retryAfterCap, length, "The most that a Retry-After is obeyed.")
        fields.optional("honours_retry_after", &policy.honoursRetryAfter, boolean, "Whether a Retry-After counts.")
        fields.optional(
            "resends_unknown", &policy.resendsUnknown, boolean, "Whether a generate of unknown fate is sent again.")
        fields.optional(
            "retries_refusals", &policy.retriesRefusals, boolean, "Whether a refused generate is sent again.")
        fields.optional("budget", &policy.retryBudget, budget, "The bank that retries are paid from.")
        if let waits = fields.optional("poll", waits, "The waits between polls, apart from those of retries.") {
            policy.polling = waits
        }
        if let rules = fields.optional("retry", retries, "How the calls of single operations are tried again.") {
            policy.generateRetry = rules.generate ?? policy.generateRetry
            policy.statusRetry = rules.status ?? policy.statusRetry
            policy.downloadRetry = rules.download ?? policy.downloadRetry
        }
        fields.optional(
            "resends", &policy.resends, word("what a generate is sent again after", Resending.self),
            "After what a generate of unknown fate is sent again.")
        fields.optional(
            "job_attempts", &policy.jobAttempts, integer(1...1_000, "a number of times"),
            "How often a whole job is begun.")
        fields.optional("max_jobs", &policy.limits.jobs, jobs, "The most jobs that one client has under way.")
        fields.optional("pool", &policy.limits.pool, pool, "The connections of one client.")
        fields.optional("rate_limit", &policy.limits.rate, rate, "The most calls that one client sends.")
        fields.optional(
            "breaker", &policy.limits.breaker, breaker, "When one client stops sending, and for how long.")
        fields.optional(
            "hedge", &policy.limits.hedge, hedge, "When a call without an answer is sent once more beside it.")
        fields.optional(
            "adaptive_rate", &policy.limits.adapts, boolean,
            "Whether one client's rate of calls adapts to 429, as in the AWS SDKs.")
        return policy
    }

    private typealias Jitter = RetryPolicy.Jitter

    private static let length = span.map { Duration.nanoseconds($0.nanoseconds) }
    private static let positiveLength = positiveSpan.map { Duration.nanoseconds($0.nanoseconds) }
    private static let attempts = integer(1...1_000_000, "a number of attempts")
    private static let tokens = integer(0...1_000_000_000, "a number of tokens")
    private static let calls = integer(1...1_000_000, "a number of calls")

    /// `{every: 5s}`, `{base: 1s, factor: 2, cap: 30s, jitter: full}`, or a list of waits whose last one repeats.
    private static let waits = Choice<WaitSchedule>(
        what: "waits",
        keyed: [
            .init("every", in: "waits", length, "The same wait each time.", { .every($0) }),
            .init(
                "base",
                .object("waits") { fields in
                    let base = fields.required("base", length, "The first before chance.")
                    let factor = fields.optional("factor", number(1...100, "a factor"), "From one to the next.")
                    let cap = fields.optional("cap", positiveLength, "The longest.")
                    let jitter = fields.optional("jitter", word("a jitter", Jitter.self), "What chance does to each.")
                    return base.map {
                        .backoff(base: $0, factor: factor ?? 2, cap: cap ?? .seconds(30), jitter: jitter ?? .none)
                    }
                }),
        ],
        list: Form<[Duration]>.list(length, count: 1...1_000).map { WaitSchedule.list($0) }
    ).form

    private static let retries = Form<(generate: RetryRule?, status: RetryRule?, download: RetryRule?)>.object(
        "retries"
    ) { fields in
        let about = "How calls of this operation are tried again."
        return (
            fields.optional("generate", retry, about), fields.optional("status", retry, about),
            fields.optional("download", retry, about)
        )
    }

    private static let retry = Choice<RetryRule>(
        what: "retries",
        words: [.init("none", RetryRule(maxAttempts: 1))],
        object: .record("retries", RetryRule(maxAttempts: 1)) { rule, fields in
            fields.required("max_attempts", &rule.maxAttempts, attempts, "The most times that one call is sent.")
            fields.optional("waits", &rule.waits, waits, "The waits between them.")
        }
    ).form

    // MARK: What a client has, or has not

    private static func part<Value: Hashable>(
        _ what: String, _ blank: Value, _ visit: @escaping @Sendable (inout Value, inout Fields) -> Void
    ) -> Form<Value?> {
        Choice<Value?>(
            what: what, words: [.init("none", nil)], object: Form<Value>.record(what, blank, visit).map { .some($0) }
        ).form
    }

    private static let budget = part("a budget", RetryBudget()) { budget, fields in
        fields.required("tokens", &budget.tokens, tokens, "Tokens at the start, and the most.")
        fields.optional("cost", &budget.cost, tokens, "What a retry costs after a failure.")
        if fields.has("cost") { budget.throttledCost = budget.cost }
        fields.optional("throttled_cost", &budget.throttledCost, tokens, "What it costs after a 429.")
        fields.optional("plain_refund", &budget.plainRefund, tokens, "What a call without a retry gives back.")
    }

    private static let jobs = Choice<Int?>(
        what: "a number of jobs", words: [.init("none", nil)],
        scalar: integer(1...1_000_000, "a number of jobs").map { .some($0) }
    ).form

    private static let pool = part("a pool", ClientLimits.Pool(size: 1)) { pool, fields in
        fields.required("size", &pool.size, integer(1...1_000_000, "a number of connections"), "Its connections.")
        fields.optional("wait", &pool.wait, length, "How long a call waits for one; as long as its job by default.")
    }

    private static let rate = part("a rate limit", ClientLimits.Rate(limit: 1, per: .zero)) { rate, fields in
        fields.required("limit", &rate.limit, calls, "Calls for each `per` in the long run.")
        fields.required("per", &rate.per, positiveLength, "The time that the limit is for.")
        rate.burst = rate.limit
        fields.optional("burst", &rate.burst, calls, "The most calls at once; as the limit by default.")
    }

    private static let breaker = part(
        "a circuit breaker", ClientLimits.Breaker(failures: 1, open: .zero)
    ) { breaker, fields in
        fields.required("failures", &breaker.failures, calls, "Failures in a row that open it.")
        fields.required("open", &breaker.open, positiveLength, "How long it stays open.")
        fields.optional("trials", &breaker.trials, calls, "The calls that try when it is half open; 1 by default.")
    }

    private static let hedge = part("hedging", ClientLimits.Hedge(after: .zero)) { hedge, fields in
        fields.required("after", &hedge.after, positiveLength, "How long there is no answer.")
        if let operations = fields.optional(
            "operations", .list(operation, count: 1...3),
            "Which calls; status and download by default. A generate that is hedged is bought twice.")
        {
            hedge.generate = operations.contains(.generate)
            hedge.status = operations.contains(.status)
            hedge.download = operations.contains(.download)
        }
    }
}
