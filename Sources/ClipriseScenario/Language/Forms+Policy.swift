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
        return policy
    }

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
