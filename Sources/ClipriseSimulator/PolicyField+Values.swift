internal import ClipriseClient
internal import ClipriseWire

extension PolicyField {
    /// What a value of the field looks like.
    package var expected: String {
        switch self {
        case .factor, .pollFactor: "a number from 1 to 100"
        case .jitter, .pollJitter: "one of \(RetryPolicy.Jitter.allCases.map(\.rawValue).joined(separator: ", "))"
        case .resends: "one of \(Resending.allCases.map(\.rawValue).joined(separator: ", "))"
        case .maxAttempts, .generateAttempts, .statusAttempts, .downloadAttempts:
            "a whole number from 1 to 1000000"
        case .jobAttempts: "a whole number from 1 to 1000"
        case .budgetTokens, .budgetCost: "a whole number, or none"
        case .maxJobs: "a number of jobs from 1 to 1000000, or none"
        case .pool: "a number of connections from 1 to 1000000, or none"
        case .poolWait: "a length of time such as 250ms or 2s, or none"
        case .rateLimit: "a number of calls a second, minute or hour such as 10/s or 300/m, or none"
        case .rateBurst, .breakerTrials: "a number of calls from 1 to 1000000"
        case .breaker: "a number of failures in a row from 1 to 1000000, or none"
        case .hedge: "a length of time above zero such as 250ms or 2s, or none"
        case .pollEvery, .pollCap, .breakerOpen: "a length of time above zero such as 250ms or 2s"
        case .honoursRetryAfter, .resendsUnknown, .retriesRefusals, .adaptiveRate: "true or false"
        case .base, .throttledBase, .pollBase, .cap, .deadline, .requestTimeout, .retryAfterCap:
            "a length of time such as 250ms or 2s"
        }
    }

    /// The field that somebody probably meant who wrote a name that none has.
    static func meant(by name: String) -> String? {
        // As the keys of policy files, and what stands within them.
        let others: [String: PolicyField] = [
            "budget": .budgetTokens, "poll": .pollEvery, "retry": .statusAttempts, "attempts": .maxAttempts,
            "retries": .maxAttempts, "pool_size": .pool, "connections": .pool, "rate": .rateLimit,
            "rate_limit_burst": .rateBurst, "burst": .rateBurst, "breaker_failures": .breaker, "hedge_after": .hedge,
            "timeout": .requestTimeout, "adaptive": .adaptiveRate, "jobs": .maxJobs, "concurrency": .maxJobs,
        ]
        return others[name]?.rawValue ?? Spelling.nearest(to: name, in: names)
    }

    private static let counts = 1...1_000_000

    /// Reads a length above zero.
    static func positive(_ text: String) -> Duration? {
        guard let span = TimeSpan(text: text), span > .zero else { return nil }
        return .nanoseconds(span.nanoseconds)
    }

    static func setAttempts(_ rule: inout RetryRule?, _ text: String) -> Bool {
        guard let count: Int = DecimalText.whole(text), counts.contains(count) else { return false }
        rule = RetryRule(maxAttempts: count, waits: rule?.waits)
        return true
    }

    // MARK: Polls

    /// Where polls have a schedule of their own, it is that whose first wait is meant.
    func setPollBase(_ text: String, in policy: inout RetryPolicy) -> Bool {
        guard let span = TimeSpan(text: text) else { return false }
        let base = Duration.nanoseconds(span.nanoseconds)
        policy.pollBase = base
        if policy.polling != nil { policy.polling = policy.pollWaits.changed(base: base) }
        return true
    }

    func setPolling(_ text: String, in policy: inout RetryPolicy) -> Bool {
        let waits = policy.pollWaits
        switch self {
        case .pollFactor:
            guard let factor = DecimalText.number(text), factor >= 1, factor <= 100 else { return false }
            policy.polling = waits.changed(factor: factor)
        case .pollCap:
            guard let cap = Self.positive(text) else { return false }
            policy.polling = waits.changed(cap: cap)
        default:
            guard let jitter = RetryPolicy.Jitter(rawValue: text) else { return false }
            policy.polling = waits.changed(jitter: jitter)
        }
        return true
    }

    // MARK: What a client does around its calls

    /// A part that the policy has not gets the usual rest: ten connections, ten calls a second, five failures, 30 s.
    func setLimit(_ text: String, in limits: inout ClientLimits) -> Bool {
        switch (self, text) {
        case (.maxJobs, "none"): limits.jobs = nil
        case (.pool, "none"): limits.pool = nil
        case (.rateLimit, "none"): limits.rate = nil
        case (.breaker, "none"): limits.breaker = nil
        case (.hedge, "none"): limits.hedge = nil
        case (.poolWait, "none"): limits.pool?.wait = nil
        case (.adaptiveRate, _): return Self.set(&limits.adapts, text)
        case (.rateLimit, _): return Self.setRate(text, in: &limits)
        case (.poolWait, _):
            guard let span = TimeSpan(text: text) else { return false }
            var pool = limits.pool ?? ClientLimits.Pool(size: 10)
            pool.wait = .nanoseconds(span.nanoseconds)
            limits.pool = pool
        case (.hedge, _):
            guard let span = Self.positive(text) else { return false }
            var hedge = limits.hedge ?? ClientLimits.Hedge(after: span)
            hedge.after = span
            limits.hedge = hedge
        case (.breakerOpen, _):
            guard let span = Self.positive(text) else { return false }
            var breaker = limits.breaker ?? Self.usualBreaker
            breaker.open = span
            limits.breaker = breaker
        default: return setCount(text, in: &limits)
        }
        return true
    }

    private static let usualBreaker = ClientLimits.Breaker(failures: 5, open: .seconds(30))

    private func setCount(_ text: String, in limits: inout ClientLimits) -> Bool {
        guard let count: Int = DecimalText.whole(text), Self.counts.contains(count) else { return false }
        switch self {
        case .maxJobs: limits.jobs = count
        case .pool: limits.pool = ClientLimits.Pool(size: count, wait: limits.pool?.wait)
        case .rateBurst:
            var rate = limits.rate ?? ClientLimits.Rate(limit: 10, per: .seconds(1))
            rate.burst = count
            limits.rate = rate
        default:
            var breaker = limits.breaker ?? Self.usualBreaker
            if self == .breaker { breaker.failures = count } else { breaker.trials = count }
            limits.breaker = breaker
        }
        return true
    }

    /// Reads `10/s`, `300/m` or `1000/h`.
    private static func setRate(_ text: String, in limits: inout ClientLimits) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let units: [Substring: Int64] = ["s": 1, "m": 60, "h": 3_600]
        guard parts.count == 2, let count: Int = DecimalText.whole(parts[0]), counts.contains(count),
            let unit = units[parts[1]]
        else {
            return false
        }
        let burst = limits.rate.flatMap { $0.burst == $0.limit ? nil : $0.burst }
        limits.rate = ClientLimits.Rate(limit: count, per: .seconds(unit), burst: burst)
        return true
    }
}
