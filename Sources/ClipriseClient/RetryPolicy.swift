/// How long a client waits before it asks again, and when it stops asking.
///
/// A value without a clock or a generator of its own: the client uses it in real time, the simulator in virtual time.
/// Both the waits between two polls and those after an error come from it. All lengths of time are kept in whole
/// nanoseconds; negative ones count as zero, those beyond 146 years as 146 years.
public struct RetryPolicy: Sendable, Hashable {
    /// What chance does to a computed delay `d`, which is `min(cap, base × factorⁿ)`.
    public enum Jitter: String, Sendable, Hashable, CaseIterable {
        /// Waits `d`.
        case none
        /// Waits between 0 and `d`.
        case full
        /// Waits between `d`/2 and `d`.
        case equal
        /// Waits between `base` and three times the last wait, at most `cap`.
        case decorrelated
    }

    /// What the policy is called in reports.
    public var name: String
    /// What chance does to the delays.
    public var jitter: Jitter
    /// The growth from one delay to the next, at least 1.
    public var factor: Double
    /// The most times that one call is sent, the first time included; at least 1.
    ///
    /// A poll that is answered, and a download that comes further, begin to count anew.
    public var maxAttempts: Int
    /// The bank that retries are paid from; nil for none.
    public var retryBudget: RetryBudget?
    /// Whether a Retry-After of the server counts.
    public var honoursRetryAfter: Bool
    /// Whether `retryAfterCap` is counted from the policy's own delay, as the AWS standard mode of 2026 does.
    ///
    /// Then the wait is the Retry-After, held between the own delay and `retryAfterCap` more. Otherwise it is the
    /// Retry-After, at most `retryAfterCap`, and with any jitter the own delay on top, so that clients that were told
    /// the same do not come back as one.
    public var capsRetryAfterAboveDelay: Bool
    /// After what a generate whose fate is unknown is sent again.
    ///
    /// It may be charged twice: only for comparison, or when the caller has asked for it.
    public var resends: Resending
    /// Whether a generate whose fate is unknown is sent again, whatever came.
    public var resendsUnknown: Bool {
        get { resends == .always }
        set { resends = newValue ? .always : .never }
    }
    /// The waits between polls; nil takes `pollBase`, `factor`, `cap` and `jitter`.
    public var polling: WaitSchedule?
    /// How generates, polls and downloads are tried again; nil for as all calls are.
    public var generateRetry: RetryRule?
    public var statusRetry: RetryRule?
    public var downloadRetry: RetryRule?
    /// How often a whole job is begun, the first time included: a job that ended without a result is paid for again.
    ///
    /// Only for comparison; 1 in every named policy.
    public var jobAttempts = 1
    /// Whether a generate that was refused for good (a wrong key, no credits, a bad field) is sent again.
    public var retriesRefusals: Bool
    /// What a simulated client does around its calls.
    package var limits = ClientLimits()

    var baseNanoseconds: Int64
    var throttledBaseNanoseconds: Int64
    var pollBaseNanoseconds: Int64
    var capNanoseconds: Int64
    var deadlineNanoseconds: Int64
    var requestTimeoutNanoseconds: Int64
    var retryAfterCapNanoseconds: Int64

    /// Makes a policy; the defaults are those of `full-jitter`.
    ///
    /// - Parameters:
    ///   - base: The first delay before chance.
    ///   - throttledBase: The same after a 429; nil for `base`.
    ///   - pollBase: The same between two polls; nil for `base`.
    ///   - cap: The longest delay of the policy's own.
    ///   - deadline: The most time from the start of a job to its end.
    ///   - requestTimeout: The most time to wait for one answer, or for the next piece of a download.
    ///   - retryAfterCap: The most that a Retry-After is obeyed.
    public init(
        name: String, base: Duration = .seconds(1), throttledBase: Duration? = nil, pollBase: Duration? = nil,
        cap: Duration = .seconds(30), factor: Double = 2, jitter: Jitter = .full, maxAttempts: Int = 10,
        deadline: Duration = .seconds(1_800), requestTimeout: Duration = .seconds(30),
        retryBudget: RetryBudget? = RetryBudget(), honoursRetryAfter: Bool = true,
        retryAfterCap: Duration = .seconds(120), capsRetryAfterAboveDelay: Bool = false, resendsUnknown: Bool = false,
        retriesRefusals: Bool = false
    ) {
        self.name = name
        self.jitter = jitter
        self.factor = factor
        self.maxAttempts = maxAttempts
        self.retryBudget = retryBudget
        self.honoursRetryAfter = honoursRetryAfter
        self.capsRetryAfterAboveDelay = capsRetryAfterAboveDelay
        resends = resendsUnknown ? .always : .never
        self.retriesRefusals = retriesRefusals
        baseNanoseconds = Self.length(base)
        throttledBaseNanoseconds = throttledBase.map(Self.length) ?? -1
        pollBaseNanoseconds = pollBase.map(Self.length) ?? -1
        capNanoseconds = Self.length(cap)
        deadlineNanoseconds = Self.length(deadline)
        requestTimeoutNanoseconds = Self.length(requestTimeout)
        retryAfterCapNanoseconds = Self.length(retryAfterCap)
    }

    /// 2⁶² ns, 146 years, is the most: sums of two stay within 64 bits, and `Double` holds it exactly.
    static func length(_ duration: Duration) -> Int64 { min(1 << 62, max(0, duration.wholeNanoseconds)) }

    /// The first delay before chance.
    public var base: Duration {
        get { .nanoseconds(baseNanoseconds) }
        set { baseNanoseconds = Self.length(newValue) }
    }

    /// The first delay after a 429; nil for `base`.
    public var throttledBase: Duration? {
        get { throttledBaseNanoseconds < 0 ? nil : .nanoseconds(throttledBaseNanoseconds) }
        set { throttledBaseNanoseconds = newValue.map(Self.length) ?? -1 }
    }

    /// The first delay between two polls; nil for `base`.
    public var pollBase: Duration? {
        get { pollBaseNanoseconds < 0 ? nil : .nanoseconds(pollBaseNanoseconds) }
        set { pollBaseNanoseconds = newValue.map(Self.length) ?? -1 }
    }

    /// The longest delay of the policy's own, before chance.
    public var cap: Duration {
        get { .nanoseconds(capNanoseconds) }
        set { capNanoseconds = Self.length(newValue) }
    }

    /// The most time from the start of a job to its end.
    public var deadline: Duration {
        get { .nanoseconds(deadlineNanoseconds) }
        set { deadlineNanoseconds = Self.length(newValue) }
    }

    /// The most time to wait for one answer, or for the next piece of a download.
    public var requestTimeout: Duration {
        get { .nanoseconds(requestTimeoutNanoseconds) }
        set { requestTimeoutNanoseconds = Self.length(newValue) }
    }

    /// The most that a Retry-After is obeyed.
    public var retryAfterCap: Duration {
        get { .nanoseconds(retryAfterCapNanoseconds) }
        set { retryAfterCapNanoseconds = Self.length(newValue) }
    }
}

/// A bank of tokens that retries are paid from, so that a broken server does not meet a flood of them.
///
/// The first try of a call never costs anything. A call that succeeds after retries gives back what its last retry cost,
/// one that succeeds at once gives `plainRefund`.
public struct RetryBudget: Sendable, Hashable {
    /// The tokens at the start, and the most there can be.
    public var tokens: Int
    /// What a retry costs after a failure.
    public var cost: Int
    /// What a retry costs after a 429.
    public var throttledCost: Int
    /// What a call that needed no retry gives back.
    public var plainRefund: Int

    /// Makes a full bank; none of the numbers may be negative.
    ///
    /// The defaults are those of the AWS standard mode before 2026.
    public init(tokens: Int = 500, cost: Int = 5, throttledCost: Int = 5, plainRefund: Int = 1) {
        precondition(tokens >= 0 && cost >= 0 && throttledCost >= 0 && plainRefund >= 0, "a budget counts from 0")
        self.tokens = tokens
        self.cost = cost
        self.throttledCost = throttledCost
        self.plainRefund = plainRefund
    }
}
