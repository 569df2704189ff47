package import ClipriseClient
package import ClipriseScenario
internal import ClipriseWire

extension RetryPolicy {
    /// The policy that a description stands for.
    ///
    /// - Throws: `UnknownPolicyError` for a policy to build on that there is not.
    package init(_ description: PolicyDescription) throws(UnknownPolicyError) {
        var policy = RetryPolicy.standard
        if let builtOn = description.builtOn { policy = try RetryPolicy(named: builtOn) }
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
        self = policy
    }
}
