package import ClipriseClient
internal import ClipriseWire

/// A field of a policy that can be set by text.
package enum PolicyField: String, Sendable, Hashable, CaseIterable {
    case base
    case throttledBase = "throttled_base"
    case pollBase = "poll_base"
    case cap
    case factor
    case jitter
    case maxAttempts = "max_attempts"
    case deadline
    case requestTimeout = "request_timeout"
    case retryAfterCap = "retry_after_cap"
    case budgetTokens = "budget_tokens"
    case budgetCost = "budget_cost"
    case honoursRetryAfter = "honours_retry_after"
    case resendsUnknown = "resends_unknown"
    case retriesRefusals = "retries_refusals"
    case resends
    case jobAttempts = "job_attempts"
    case generateAttempts = "generate_attempts"
    case statusAttempts = "status_attempts"
    case downloadAttempts = "download_attempts"
    case pollEvery = "poll_every"
    case pollFactor = "poll_factor"
    case pollCap = "poll_cap"
    case pollJitter = "poll_jitter"
    case maxJobs = "max_jobs"
    case pool
    case poolWait = "pool_wait"
    case rateLimit = "rate_limit"
    case rateBurst = "rate_burst"
    case breaker
    case breakerOpen = "breaker_open"
    case breakerTrials = "breaker_trials"
    case hedge
    case adaptiveRate = "adaptive_rate"

    package static let names = allCases.map(\.rawValue)

    /// Sets the field.
    ///
    /// - Returns: False when the text is no value of it.
    package func set(_ text: String, in policy: inout RetryPolicy) -> Bool {
        switch self {
        case .base: return Self.set(&policy.base, text)
        case .throttledBase: return Self.set(&policy.throttledBase, text)
        case .pollBase: return setPollBase(text, in: &policy)
        case .cap: return Self.set(&policy.cap, text)
        case .deadline: return Self.set(&policy.deadline, text)
        case .requestTimeout: return Self.set(&policy.requestTimeout, text)
        case .retryAfterCap: return Self.set(&policy.retryAfterCap, text)
        case .factor:
            guard let factor = DecimalText.number(text), factor >= 1, factor <= 100 else { return false }
            policy.factor = factor
        case .jitter:
            guard let jitter = RetryPolicy.Jitter(rawValue: text) else { return false }
            policy.jitter = jitter
        case .maxAttempts:
            guard let count: Int = DecimalText.whole(text), (1...1_000_000).contains(count) else { return false }
            policy.maxAttempts = count
        case .budgetTokens, .budgetCost: return setBudget(text, in: &policy)
        case .honoursRetryAfter: return Self.set(&policy.honoursRetryAfter, text)
        case .resendsUnknown: return Self.set(&policy.resendsUnknown, text)
        case .retriesRefusals: return Self.set(&policy.retriesRefusals, text)
        case .resends:
            guard let resends = Resending(rawValue: text) else { return false }
            policy.resends = resends
        case .jobAttempts: return Self.set(&policy.jobAttempts, text, in: 1...1_000)
        case .generateAttempts: return Self.setAttempts(&policy.generateRetry, text)
        case .statusAttempts: return Self.setAttempts(&policy.statusRetry, text)
        case .downloadAttempts: return Self.setAttempts(&policy.downloadRetry, text)
        case .pollEvery:
            guard let span = Self.positive(text) else { return false }
            policy.polling = .every(span)
        case .pollFactor, .pollCap, .pollJitter: return setPolling(text, in: &policy)
        case .maxJobs, .pool, .poolWait, .rateLimit, .rateBurst, .breaker, .breakerOpen, .breakerTrials, .hedge,
            .adaptiveRate:
            return setLimit(text, in: &policy.limits)
        }
        return true
    }

    private func setBudget(_ text: String, in policy: inout RetryPolicy) -> Bool {
        if text == "none" {
            policy.retryBudget = nil
            return true
        }
        guard let count: Int = DecimalText.whole(text), (0...1_000_000_000).contains(count) else { return false }
        var budget = policy.retryBudget ?? RetryBudget()
        if self == .budgetTokens {
            budget.tokens = count
        } else {
            budget.cost = count
            budget.throttledCost = count
        }
        policy.retryBudget = budget
        return true
    }

    static func set(_ field: inout Bool, _ text: String) -> Bool {
        guard let flag = Bool(text) else { return false }
        field = flag
        return true
    }

    static func set(_ field: inout Int, _ text: String, in range: ClosedRange<Int>) -> Bool {
        guard let count: Int = DecimalText.whole(text), range.contains(count) else { return false }
        field = count
        return true
    }

    private static func set(_ field: inout Duration, _ text: String) -> Bool {
        guard let span = TimeSpan(text: text) else { return false }
        field = .nanoseconds(span.nanoseconds)
        return true
    }

    private static func set(_ field: inout Duration?, _ text: String) -> Bool {
        guard let span = TimeSpan(text: text) else { return false }
        field = .nanoseconds(span.nanoseconds)
        return true
    }
}
