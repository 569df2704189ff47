/// Waits of one kind, one after the other.
public struct WaitSchedule: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// Nanoseconds; `noise` is the most that chance adds behind all else.
        case backoff(base: Int64, factor: Double, cap: Int64, jitter: RetryPolicy.Jitter, noise: Int64)
        /// Nanoseconds, at least one; the last one repeats.
        case list([Int64])
    }

    let kind: Kind

    /// Waits that follow from each other, as those of a policy do.
    ///
    /// - Parameters:
    ///   - base: The first before chance.
    ///   - factor: From one to the next, at least 1.
    ///   - cap: The longest before chance.
    ///   - jitter: What chance makes of each.
    ///   - noise: The most that chance adds to each, whatever the jitter.
    public static func backoff(
        base: Duration, factor: Double = 2, cap: Duration = .seconds(30), jitter: RetryPolicy.Jitter = .none,
        noise: Duration = .zero
    ) -> WaitSchedule {
        WaitSchedule(
            kind: .backoff(
                base: RetryPolicy.length(base), factor: max(1, factor), cap: RetryPolicy.length(cap), jitter: jitter,
                noise: RetryPolicy.length(noise)))
    }

    /// The same wait each time.
    public static func every(_ wait: Duration) -> WaitSchedule { list([wait]) }

    /// These waits, and then the last one again and again; without any, no wait.
    public static func list(_ waits: [Duration]) -> WaitSchedule {
        WaitSchedule(kind: .list(waits.isEmpty ? [0] : waits.map(RetryPolicy.length)))
    }

    /// The shortest that a wait is before chance.
    public var shortest: Duration {
        switch kind {
        case .backoff(let base, _, let cap, _, _): .nanoseconds(min(base, cap))
        case .list(let waits): .nanoseconds(waits.min() ?? 0)
        }
    }

    /// Nanoseconds.
    ///
    /// - Parameters:
    ///   - step: The waits before this one.
    ///   - previous: The last of them, 0 before the first.
    func wait(step: Int32, previous: Int64, using generator: inout some RandomNumberGenerator) -> Int64 {
        switch kind {
        case .list(let waits): return waits[min(Int(step), waits.count - 1)]
        case .backoff(let base, let factor, let cap, let jitter, let noise):
            let delay = RetryPolicy.delay(
                first: base, factor: factor, cap: cap, jitter: jitter, step: step, previous: previous,
                using: &generator)
            return noise > 0 ? delay.addingSaturated(Int64(generator.unit() * Double(noise))) : delay
        }
    }
}

/// How the calls of one operation are tried again, where they differ from the rest of a policy.
public struct RetryRule: Sendable, Hashable {
    /// The most times that a call is sent, the first time included; at least 1.
    public var maxAttempts: Int
    /// The waits before each further time; nil for those of the policy.
    public var waits: WaitSchedule?

    /// Makes a rule.
    public init(maxAttempts: Int, waits: WaitSchedule? = nil) {
        self.maxAttempts = max(1, maxAttempts)
        self.waits = waits
    }
}

/// After what a generate of unknown fate is sent again; each time it may be charged twice.
public enum Resending: String, Sendable, Hashable, CaseIterable {
    /// Not at all.
    case never
    /// When the connection was lost.
    case lost
    /// When a gateway answered in the place of the service, or the service failed (5xx, 408).
    case gateway
    /// After both of these.
    case errors
    /// Whatever came, an answer without sense too.
    case always
}
