package import ClipriseClient
package import ClipriseScenario
internal import ClipriseWire

extension ClientLimits {
    /// Takes over what a description says.
    package mutating func take(_ description: PolicyDescription) {
        Self.set(&jobs, description.maxJobs) { $0 }
        Self.set(&pool, description.pool) { Pool(size: $0.size, wait: $0.wait.map(Self.length)) }
        Self.set(&rate, description.rateLimit) { Rate(limit: $0.limit, per: Self.length($0.per), burst: $0.burst) }
        Self.set(&breaker, description.breaker) {
            Breaker(failures: $0.failures, open: Self.length($0.open), trials: $0.trials ?? 1)
        }
        Self.set(&hedge, description.hedge) { hedge in
            guard let operations = hedge.operations else { return Hedge(after: Self.length(hedge.after)) }
            return Hedge(
                after: Self.length(hedge.after), generate: operations.contains(.generate),
                status: operations.contains(.status), download: operations.contains(.download))
        }
        adapts = description.adaptiveRate ?? adapts
    }

    private static func set<Value, Written>(
        _ field: inout Value?, _ limit: PolicyDescription.Limit<Written>?, _ make: (Written) -> Value
    ) {
        switch limit {
        case nil: break
        case .some(.none): field = nil
        case .some(.some(let written)): field = make(written)
        }
    }

    private static func length(_ span: TimeSpan) -> Duration { .nanoseconds(span.nanoseconds) }
}
