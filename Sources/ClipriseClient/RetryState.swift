/// Where a client stands in its policy: 24 bytes that belong to one job, beside a policy that many share.
public struct RetryState: Sendable, Hashable {
    /// The retries of the present call so far.
    public internal(set) var retries: Int32 = 0
    /// What is left in the bank; without meaning for a policy without a budget.
    public package(set) var tokens: Int32
    var previousDelay: Int64 = 0
    var lastCost: Int32 = 0

    /// The state before the first call.
    public init(_ policy: RetryPolicy) {
        tokens = Int32(clamping: policy.retryBudget?.tokens ?? 0)
    }
}

/// Why a call did not succeed, as far as a policy minds.
public enum Setback: Sendable, Hashable {
    /// The server failed, or the connection did.
    case transient
    /// The server asked for fewer requests (429).
    case throttled
    /// The request never left: a retry costs nothing from the budget.
    case notSent
}

/// What a policy says to a setback.
public enum RetryDecision: Sendable, Hashable {
    /// Try again after this long.
    case retry(after: Duration)
    /// The call was sent as often as it may be.
    case maxAttemptsExceeded
    /// The bank does not hold the price of a retry.
    case budgetExceeded
}

extension RetryPolicy {
    /// Decides what follows a setback: pure but for the draw from `generator`.
    ///
    /// - Parameters:
    ///   - retryAfter: What the server asked for, if it did; see `capsRetryAfterAboveDelay`.
    ///   - rule: What holds for the operation; nil for what holds for all.
    public func decide(
        after setback: Setback, retryAfter: Duration?, rule: RetryRule? = nil, state: inout RetryState,
        using generator: inout some RandomNumberGenerator
    ) -> RetryDecision {
        guard state.retries < (rule?.maxAttempts ?? maxAttempts) - 1 else { return .maxAttemptsExceeded }
        if setback != .notSent, let retryBudget {
            let price = Int32(clamping: setback == .throttled ? retryBudget.throttledCost : retryBudget.cost)
            guard state.tokens >= price else { return .budgetExceeded }
            state.tokens -= price
            state.lastCost = price
        }
        let first = setback == .throttled && throttledBaseNanoseconds >= 0 ? throttledBaseNanoseconds : baseNanoseconds
        let own =
            rule?.waits?.wait(step: state.retries, previous: state.previousDelay, using: &generator)
            ?? delay(first: first, step: state.retries, previous: state.previousDelay, using: &generator)
        state.retries += 1
        state.previousDelay = own
        return .retry(after: .nanoseconds(obeying(retryAfter?.wholeNanoseconds, own: own)))
    }

    /// Notes that a call was answered: the next one starts anew, and the bank gets its refund.
    public func succeed(state: inout RetryState) { Self.succeed(retryBudget, state: &state) }

    static func succeed(_ retryBudget: RetryBudget?, state: inout RetryState) {
        if let retryBudget {
            let refund = state.retries > 0 ? state.lastCost : Int32(clamping: retryBudget.plainRefund)
            state.tokens = min(Int32(clamping: retryBudget.tokens), state.tokens + refund)
        }
        state.retries = 0
        state.lastCost = 0
        state.previousDelay = 0
    }

    private func delay(
        first: Int64, step: Int32, previous: Int64, using generator: inout some RandomNumberGenerator
    ) -> Int64 {
        Self.delay(
            first: first, factor: factor, cap: capNanoseconds, jitter: jitter, step: step, previous: previous,
            using: &generator)
    }

    /// The cap counts before chance.
    static func delay(
        first: Int64, factor: Double, cap: Int64, jitter: Jitter, step: Int32, previous: Int64,
        using generator: inout some RandomNumberGenerator
    ) -> Int64 {
        let cap = Double(cap)
        if jitter == .decorrelated {
            let low = Double(first)
            let high = max(low, 3 * Double(previous == 0 ? first : previous))
            return Int64(min(cap, low + generator.unit() * (high - low)))
        }
        var delay = Double(first)
        var left = step
        while left > 0, delay < cap, factor > 1 {
            delay *= factor
            left -= 1
        }
        delay = min(cap, delay)
        switch jitter {
        case .none, .decorrelated: break
        case .full: delay *= generator.unit()
        case .equal: delay = delay / 2 + delay / 2 * generator.unit()
        }
        return Int64(delay)
    }

    private func obeying(_ retryAfter: Int64?, own: Int64) -> Int64 {
        guard honoursRetryAfter, let retryAfter, retryAfter > 0 else { return own }
        if capsRetryAfterAboveDelay {
            return max(own, min(retryAfter, own.addingSaturated(retryAfterCapNanoseconds)))
        }
        let asked = min(retryAfter, retryAfterCapNanoseconds)
        return jitter == .none ? max(own, asked) : asked.addingSaturated(own)
    }
}
