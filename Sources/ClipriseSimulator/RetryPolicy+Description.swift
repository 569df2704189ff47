package import ClipriseClient
package import ClipriseScenario
internal import ClipriseWire

extension RetryPolicy {
    /// The policy that a description stands for.
    ///
    /// - Throws: `UnknownPolicyError` for a policy to build on that there is not.
    package init(_ description: PolicyDescription) throws(UnknownPolicyError) {
        var policy = RetryPolicy.standard
        if let builtOn = description.builtOn { policy = try ClientModels.policy(named: builtOn) }
        policy.name = description.name.printable
        func set(_ path: WritableKeyPath<RetryPolicy, Duration>, _ span: TimeSpan?) {
            if let span { policy[keyPath: path] = .nanoseconds(span.nanoseconds) }
        }
        set(\.base, description.base)
        set(\.cap, description.cap)
        set(\.deadline, description.deadline)
        set(\.requestTimeout, description.requestTimeout)
        set(\.retryAfterCap, description.retryAfterCap)
        if let span = description.throttledBase { policy.throttledBase = .nanoseconds(span.nanoseconds) }
        if let span = description.pollBase { policy.pollBase = .nanoseconds(span.nanoseconds) }
        if let jitter = description.jitter.flatMap({ Jitter(rawValue: $0.rawValue) }) { policy.jitter = jitter }
        policy.factor = description.factor ?? policy.factor
        policy.maxAttempts = description.maxAttempts ?? policy.maxAttempts
        policy.honoursRetryAfter = description.honoursRetryAfter ?? policy.honoursRetryAfter
        policy.resendsUnknown = description.resendsUnknown ?? policy.resendsUnknown
        policy.retriesRefusals = description.retriesRefusals ?? policy.retriesRefusals
        switch description.budget {
        case nil: break
        case .some(.none): policy.retryBudget = nil
        case .tokens(let tokens, let cost, let throttledCost, let plainRefund)?:
            let usual = RetryBudget()
            policy.retryBudget = RetryBudget(
                tokens: tokens, cost: cost ?? usual.cost, throttledCost: throttledCost ?? cost ?? usual.throttledCost,
                plainRefund: plainRefund ?? usual.plainRefund)
        }
        policy.polling = description.poll.map(WaitSchedule.init) ?? policy.polling
        policy.generateRetry = description.generate.map(RetryRule.init) ?? policy.generateRetry
        policy.statusRetry = description.status.map(RetryRule.init) ?? policy.statusRetry
        policy.downloadRetry = description.download.map(RetryRule.init) ?? policy.downloadRetry
        policy.resends = description.resends.flatMap { Resending(rawValue: $0.rawValue) } ?? policy.resends
        policy.jobAttempts = description.jobAttempts ?? policy.jobAttempts
        policy.limits.take(description)
        self = policy
    }
}

extension WaitSchedule {
    fileprivate init(_ waits: PolicyDescription.Waits) {
        func length(_ span: TimeSpan) -> Duration { .nanoseconds(span.nanoseconds) }
        switch waits {
        case .list(let spans): self = .list(spans.map(length))
        case .backoff(let base, let factor, let cap, let jitter):
            self = .backoff(
                base: length(base), factor: factor ?? 2, cap: cap.map(length) ?? .seconds(30),
                jitter: jitter.flatMap { RetryPolicy.Jitter(rawValue: $0.rawValue) } ?? .none)
        }
    }
}

extension RetryRule {
    fileprivate init(_ retry: PolicyDescription.Retry) {
        self.init(maxAttempts: retry.maxAttempts, waits: retry.waits.map(WaitSchedule.init))
    }
}
