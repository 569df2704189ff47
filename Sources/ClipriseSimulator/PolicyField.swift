internal import ClipriseClient
internal import ClipriseWire

/// A field of a policy that can be set by text.
package struct PolicyField: Sendable {
    package let name: String
    /// What a value of the field looks like.
    let expected: String
    /// Sets the field; false when the text is no value of it.
    let set: @Sendable (_ text: String, _ policy: inout RetryPolicy) -> Bool

    private init<Value>(
        _ name: String, _ kind: Kind<Value>, _ change: @escaping @Sendable (inout RetryPolicy, Value) -> Void
    ) {
        (self.name, expected) = (name, kind.expected)
        set = { text, policy in
            guard let value = kind.read(text) else { return false }
            change(&policy, value)
            return true
        }
    }

    /// A field of what a policy has or has not: setting it gives the policy that, with the usual rest.
    private init<Part, Value>(
        _ name: String, _ kind: Kind<Value?>, of path: any WritableKeyPath<RetryPolicy, Part?> & Sendable,
        usually usual: Part, _ change: @escaping @Sendable (inout Part, Value) -> Void
    ) where Part: Sendable {
        self.init(name, kind) { policy, value in
            guard let value else { return policy[keyPath: path] = nil }
            var part = policy[keyPath: path] ?? usual
            change(&part, value)
            policy[keyPath: path] = part
        }
    }

    /// In the order in which they are set: what belongs to a part comes behind the part itself.
    package static let all: [PolicyField] = [
        .init("base", length) { $0.base = $1 },
        .init("throttled_base", length) { $0.throttledBase = $1 },
        // Where polls have a schedule of their own, it is that whose first wait is meant.
        .init("poll_base", length) { policy, base in
            policy.pollBase = base
            if policy.polling != nil { policy.polling = policy.pollWaits.changed(base: base) }
        },
        .init("cap", length) { $0.cap = $1 },
        .init("factor", factor) { $0.factor = $1 },
        .init("jitter", jitter) { $0.jitter = $1 },
        .init("max_attempts", attempts) { $0.maxAttempts = $1 },
        .init("deadline", length) { $0.deadline = $1 },
        .init("request_timeout", length) { $0.requestTimeout = $1 },
        .init("retry_after_cap", length) { $0.retryAfterCap = $1 },
        .init("budget_tokens", tokens.orNone, of: \.retryBudget, usually: RetryBudget()) { $0.tokens = $1 },
        .init("budget_cost", tokens.orNone, of: \.retryBudget, usually: RetryBudget()) {
            ($0.cost, $0.throttledCost) = ($1, $1)
        },
        .init("honours_retry_after", flag) { $0.honoursRetryAfter = $1 },
        .init("resends_unknown", flag) { $0.resendsUnknown = $1 },
        .init("retries_refusals", flag) { $0.retriesRefusals = $1 },
        .init("resends", word(Resending.self)) { $0.resends = $1 },
        .init("job_attempts", count("a whole number", upTo: 1_000)) { $0.jobAttempts = $1 },
        .init("generate_attempts", attempts) { $0.generateRetry = rule($1, $0.generateRetry) },
        .init("status_attempts", attempts) { $0.statusRetry = rule($1, $0.statusRetry) },
        .init("download_attempts", attempts) { $0.downloadRetry = rule($1, $0.downloadRetry) },
        .init("poll_every", positive) { $0.polling = .every($1) },
        .init("poll_factor", factor) { $0.polling = $0.pollWaits.changed(factor: $1) },
        .init("poll_cap", positive) { $0.polling = $0.pollWaits.changed(cap: $1) },
        .init("poll_jitter", jitter) { $0.polling = $0.pollWaits.changed(jitter: $1) },
        .init("max_jobs", count("a number of jobs").orNone) { $0.limits.jobs = $1 },
        .init("pool", count("a number of connections").orNone, of: \.limits.pool, usually: pool) { $0.size = $1 },
        .init("pool_wait", length.orNone) { policy, wait in
            if wait != nil, policy.limits.pool == nil { policy.limits.pool = pool }
            policy.limits.pool?.wait = wait
        },
        .init("rate_limit", rate.orNone) { policy, rate in
            let burst = policy.limits.rate.flatMap { $0.burst == $0.limit ? nil : $0.burst }
            policy.limits.rate = rate
            if let burst { policy.limits.rate?.burst = burst }
        },
        .init("rate_burst", calls, of: \.limits.rate, usually: .init(limit: 10, per: .seconds(1))) { $0.burst = $1 },
        .init("breaker", count("a number of failures in a row").orNone, of: \.limits.breaker, usually: breaker) {
            $0.failures = $1
        },
        .init("breaker_open", positive.asOptional, of: \.limits.breaker, usually: breaker) { $0.open = $1 },
        .init("breaker_trials", calls, of: \.limits.breaker, usually: breaker) { $0.trials = $1 },
        .init("hedge", positive.orNone, of: \.limits.hedge, usually: .init(after: .zero)) { $0.after = $1 },
        .init("adaptive_rate", flag) { $0.limits.adapts = $1 },
    ]

    package static let names = all.map(\.name)

    /// The field that somebody probably meant who wrote a name that none has.
    static func meant(by name: String) -> String? {
        // As the keys of policy files, and what stands within them.
        let others = [
            "budget": "budget_tokens", "poll": "poll_every", "retry": "status_attempts", "attempts": "max_attempts",
            "retries": "max_attempts", "pool_size": "pool", "connections": "pool", "rate": "rate_limit",
            "rate_limit_burst": "rate_burst", "burst": "rate_burst", "breaker_failures": "breaker",
            "hedge_after": "hedge", "timeout": "request_timeout", "adaptive": "adaptive_rate", "jobs": "max_jobs",
            "concurrency": "max_jobs",
        ]
        return others[name] ?? Spelling.nearest(to: name, in: names)
    }

    private static let pool = ClientLimits.Pool(size: 10)
    private static let breaker = ClientLimits.Breaker(failures: 5, open: .seconds(30))

    private static func rule(_ attempts: Int, _ rule: RetryRule?) -> RetryRule {
        RetryRule(maxAttempts: attempts, waits: rule?.waits)
    }

    // MARK: Values

    /// What values of some fields look like.
    private struct Kind<Value>: Sendable {
        let expected: String
        let read: @Sendable (String) -> Value?

        var asOptional: Kind<Value?> { Kind<Value?>(expected: expected) { read($0).map { .some($0) } } }

        var orNone: Kind<Value?> {
            Kind<Value?>(expected: expected + ", or none") { $0 == "none" ? .some(nil) : read($0).map { .some($0) } }
        }
    }

    private static let length = Kind(expected: "a length of time such as 250ms or 2s") { text in
        TimeSpan(text: text).map { Duration.nanoseconds($0.nanoseconds) }
    }

    private static let positive = Kind(expected: "a length of time above zero such as 250ms or 2s") { text in
        length.read(text).flatMap { $0 > .zero ? $0 : nil }
    }

    private static let factor = Kind(expected: "a number from 1 to 100") { text in
        DecimalText.number(text).flatMap { (1...100).contains($0) ? $0 : nil }
    }

    private static let flag = Kind(expected: "true or false") { Bool($0) }
    private static let jitter = word(RetryPolicy.Jitter.self)
    private static let attempts = count("a whole number")
    private static let calls = count("a number of calls").asOptional
    private static let tokens = whole("a whole number", 0...1_000_000_000)

    private static func count(_ what: String, upTo most: Int = 1_000_000) -> Kind<Int> {
        whole("\(what) from 1 to \(most)", 1...most)
    }

    private static func whole(_ expected: String, _ range: ClosedRange<Int>) -> Kind<Int> {
        Kind(expected: expected) { text in DecimalText.whole(text).flatMap { range.contains($0) ? $0 : nil } }
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _: Word.Type
    ) -> Kind<Word> {
        Kind(expected: "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))") { Word(rawValue: $0) }
    }

    /// `10/s`, `300/m` or `1000/h`.
    private static let rate = Kind<ClientLimits.Rate>(
        expected: "a number of calls a second, minute or hour such as 10/s or 300/m"
    ) { text in
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let units: [Substring: Int64] = ["s": 1, "m": 60, "h": 3_600]
        guard parts.count == 2, let limit = attempts.read(String(parts[0])), let unit = units[parts[1]] else {
            return nil
        }
        return ClientLimits.Rate(limit: limit, per: .seconds(unit))
    }
}

extension PolicyField: Hashable {
    package static func == (one: PolicyField, other: PolicyField) -> Bool { one.name == other.name }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
