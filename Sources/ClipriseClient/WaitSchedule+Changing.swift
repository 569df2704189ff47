extension WaitSchedule {
    /// The same waits but for what is named; a list becomes waits that grow from its first one.
    package func changed(
        base: Duration? = nil, factor: Double? = nil, cap: Duration? = nil, jitter: RetryPolicy.Jitter? = nil
    ) -> WaitSchedule {
        let (oldBase, oldFactor, oldCap, oldJitter, noise): (Int64, Double, Int64, RetryPolicy.Jitter, Int64) =
            switch kind {
            case .backoff(let base, let factor, let cap, let jitter, let noise): (base, factor, cap, jitter, noise)
            case .list(let waits): (waits.first ?? 0, 1, max(30_000_000_000, waits.max() ?? 0), .none, 0)
            }
        return .backoff(
            base: base ?? .nanoseconds(oldBase), factor: factor ?? oldFactor, cap: cap ?? .nanoseconds(oldCap),
            jitter: jitter ?? oldJitter, noise: .nanoseconds(noise))
    }
}

extension RetryPolicy {
    /// The waits between polls, wherever they come from.
    package var pollWaits: WaitSchedule {
        polling ?? .backoff(base: pollBase ?? base, factor: factor, cap: cap, jitter: jitter)
    }
}
