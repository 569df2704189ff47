internal import ClipriseWire

extension Forms {
    private static let attempts = integer(1...1_000_000, "a number of attempts")
    private static let tokens = integer(0...1_000_000_000, "a number of tokens")

    /// A retry policy of one's own.
    static let policy = Form<PolicyDescription>.object("a policy") { fields in
        let name = fields.required("name", Forms.name, "What it is called in reports.")
        let builtOn = fields.optional("on", Forms.name, "The policy that it builds on; full-jitter by default.")
        let base = fields.optional("base", span, "The first delay before chance.")
        let throttled = fields.optional("throttled_base", span, "The same after a 429.")
        let poll = fields.optional("poll_base", span, "The same between two polls.")
        let cap = fields.optional("cap", positiveSpan, "The longest delay.")
        let factor = fields.optional("factor", number(1...100, "a factor"), "From one delay to the next.")
        let jitter = fields.optional(
            "jitter", word("a jitter", PolicyDescription.Jitter.self), "What chance does to delays.")
        let maxAttempts = fields.optional("max_attempts", attempts, "The most times that one call is sent.")
        let deadline = fields.optional("deadline", positiveSpan, "The most time for one job.")
        let timeout = fields.optional("request_timeout", positiveSpan, "The most time for one answer.")
        let retryAfterCap = fields.optional("retry_after_cap", span, "The most that a Retry-After is obeyed.")
        let honours = fields.optional("honours_retry_after", boolean, "Whether a Retry-After counts.")
        let resends = fields.optional("resends_unknown", boolean, "Whether a generate of unknown fate is sent again.")
        let refusals = fields.optional("retries_refusals", boolean, "Whether a refused generate is sent again.")
        let budget = fields.optional("budget", Forms.budget, "The bank that retries are paid from.")
        let polling = fields.optional("poll", Forms.waits, "The waits between polls, apart from those of retries.")
        let retry = fields.optional("retry", Forms.retries, "How the calls of single operations are tried again.")
        let resending = fields.optional(
            "resends", word("what a generate is sent again after", PolicyDescription.Resends.self),
            "After what a generate of unknown fate is sent again.")
        let jobAttempts = fields.optional(
            "job_attempts", integer(1...1_000, "a number of times"), "How often a whole job is begun.")
        let maxJobs = fields.optional("max_jobs", Forms.maxJobs, "The most jobs that one client has under way.")
        let pool = fields.optional("pool", Forms.pool, "The connections of one client.")
        let rate = fields.optional("rate_limit", Forms.clientRate, "The most calls that one client sends.")
        let breaker = fields.optional("breaker", Forms.breaker, "When one client stops sending, and for how long.")
        let hedge = fields.optional("hedge", Forms.hedge, "When a call without an answer is sent once more beside it.")
        let adaptive = fields.optional(
            "adaptive_rate", boolean, "Whether one client's rate of calls adapts to 429, as in the AWS SDKs.")
        guard let name else { return nil }
        var policy = PolicyDescription(name: name, builtOn: builtOn, builtOnPlace: fields.place(of: "on"))
        policy.base = base
        policy.throttledBase = throttled
        policy.pollBase = poll
        policy.cap = cap
        policy.factor = factor
        policy.jitter = jitter
        policy.maxAttempts = maxAttempts
        policy.deadline = deadline
        policy.requestTimeout = timeout
        policy.retryAfterCap = retryAfterCap
        policy.honoursRetryAfter = honours
        policy.resendsUnknown = resends
        policy.retriesRefusals = refusals
        policy.budget = budget
        policy.poll = polling
        policy.generate = retry?["generate"]
        policy.status = retry?["status"]
        policy.download = retry?["download"]
        policy.resends = resending
        policy.jobAttempts = jobAttempts
        policy.maxJobs = maxJobs
        policy.pool = pool
        policy.rateLimit = rate
        policy.breaker = breaker
        policy.hedge = hedge
        policy.adaptiveRate = adaptive
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
