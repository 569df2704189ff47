internal import ClipriseWire

extension Forms {
    private static let attempts = integer(1...1_000_000, "a number of attempts")
    private static let tokens = integer(0...1_000_000_000, "a number of tokens")

    /// A retry policy of one's own.
    static let policy = Form<PolicyDescription>.object("a policy") { fields in
        var policy = PolicyDescription(name: "", builtOnPlace: fields.place(of: "on"))
        fields.required("name", &policy.name, Forms.name, "What it is called in reports.")
        fields.optional("on", &policy.builtOn, Forms.name, "The policy that it builds on; full-jitter by default.")
        fields.optional("base", &policy.base, span, "The first delay before chance.")
        fields.optional("throttled_base", &policy.throttledBase, span, "The same after a 429.")
        fields.optional("poll_base", &policy.pollBase, span, "The same between two polls.")
        fields.optional("cap", &policy.cap, positiveSpan, "The longest delay.")
        fields.optional("factor", &policy.factor, number(1...100, "a factor"), "From one delay to the next.")
        fields.optional(
            "jitter", &policy.jitter, word("a jitter", PolicyDescription.Jitter.self), "What chance does to delays.")
        fields.optional("max_attempts", &policy.maxAttempts, attempts, "The most times that one call is sent.")
        fields.optional("deadline", &policy.deadline, positiveSpan, "The most time for one job.")
        fields.optional("request_timeout", &policy.requestTimeout, positiveSpan, "The most time for one answer.")
        fields.optional("retry_after_cap", &policy.retryAfterCap, span, "The most that a Retry-After is obeyed.")
        fields.optional("honours_retry_after", &policy.honoursRetryAfter, boolean, "Whether a Retry-After counts.")
        fields.optional(
            "resends_unknown", &policy.resendsUnknown, boolean, "Whether a generate of unknown fate is sent again.")
        fields.optional(
            "retries_refusals", &policy.retriesRefusals, boolean, "Whether a refused generate is sent again.")
        fields.optional("budget", &policy.budget, Forms.budget, "The bank that retries are paid from.")
        fields.optional("poll", &policy.poll, Forms.waits, "The waits between polls, apart from those of retries.")
        let retry = fields.optional("retry", Forms.retries, "How the calls of single operations are tried again.")
        fields.optional(
            "resends", &policy.resends, word("what a generate is sent again after", PolicyDescription.Resends.self),
            "After what a generate of unknown fate is sent again.")
        fields.optional(
            "job_attempts", &policy.jobAttempts, integer(1...1_000, "a number of times"),
            "How often a whole job is begun.")
        fields.optional("max_jobs", &policy.maxJobs, Forms.maxJobs, "The most jobs that one client has under way.")
        fields.optional("pool", &policy.pool, Forms.pool, "The connections of one client.")
        fields.optional("rate_limit", &policy.rateLimit, Forms.clientRate, "The most calls that one client sends.")
        fields.optional("breaker", &policy.breaker, Forms.breaker, "When one client stops sending, and for how long.")
        fields.optional(
            "hedge", &policy.hedge, Forms.hedge, "When a call without an answer is sent once more beside it.")
        fields.optional(
            "adaptive_rate", &policy.adaptiveRate, boolean,
            "Whether one client's rate of calls adapts to 429, as in the AWS SDKs.")
        policy.generate = retry?["generate"]
        policy.status = retry?["status"]
        policy.download = retry?["download"]
        return policy
    }

    /// `{every: 5s}`, `{base: 1s, factor: 2, cap: 30s, jitter: full}`, or a list of waits whose last one repeats.
    private static let waits = Choice<PolicyDescription.Waits>(
        what: "waits",
        keyed: [
            .init(
                "every",
                .object("waits") { fields in
                    fields.required("every", span, "The same wait each time.").map { .list([$0]) }
                }),
            .init(
                "base",
                .object("waits") { fields in
                    let base = fields.required("base", span, "The first before chance.")
                    let factor = fields.optional("factor", number(1...100, "a factor"), "From one to the next.")
                    let cap = fields.optional("cap", positiveSpan, "The longest.")
                    let jitter = fields.optional(
                        "jitter", word("a jitter", PolicyDescription.Jitter.self), "What chance does to each.")
                    return base.map { .backoff(base: $0, factor: factor, cap: cap, jitter: jitter) }
                }),
        ],
        list: Form<[TimeSpan]>.list(span, count: 1...1_000).map { PolicyDescription.Waits.list($0) }
    ).form

    private static let retries = Form<[String: PolicyDescription.Retry]>.object("retries") { fields in
        var rules: [String: PolicyDescription.Retry] = [:]
        for operation in ["generate", "status", "download"] {
            rules[operation] = fields.optional(operation, Forms.retry, "How calls of this operation are tried again.")
        }
        return rules
    }

    private static let retry = Choice<PolicyDescription.Retry>(
        what: "retries",
        words: [.init("none", PolicyDescription.Retry(maxAttempts: 1))],
        object: .object("retries") { fields in
            let count = fields.required("max_attempts", attempts, "The most times that one call is sent.")
            let waits = fields.optional("waits", Forms.waits, "The waits between them.")
            return count.map { PolicyDescription.Retry(maxAttempts: $0, waits: waits) }
        }
    ).form

    private static let budget = Choice<PolicyDescription.Budget>(
        what: "a budget",
        words: [.init("none", PolicyDescription.Budget.none)],
        object: .object("a budget") { fields in
            let all = fields.required("tokens", tokens, "Tokens at the start, and the most.")
            let cost = fields.optional("cost", tokens, "What a retry costs after a failure.")
            let throttled = fields.optional("throttled_cost", tokens, "What it costs after a 429.")
            let refund = fields.optional("plain_refund", tokens, "What a call without a retry gives back.")
            return all.map { .tokens($0, cost: cost, throttledCost: throttled, plainRefund: refund) }
        }
    ).form
}
