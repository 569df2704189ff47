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

    package static let names = allCases.map(\.rawValue)

    /// Sets the field.
    ///
    /// - Returns: False when the text is no value of it.
    package func set(_ text: String, in policy: inout RetryPolicy) -> Bool {
        switch self {
        case .base: return Self.set(&policy.base, text)
        case .throttledBase: return Self.set(&policy.throttledBase, text)
        case .pollBase: return Self.set(&policy.pollBase, text)
        case .cap: return Self.set(&policy.cap, text)
        case .deadline: return Self.set(&policy.deadline, text)
        case .requestTimeout: return Self.set(&policy.requestTimeout, text)
        case .retryAfterCap: return Self.set(&policy.retryAfterCap, text)
        case .factor:
            guard let factor = Double(text), factor >= 1, factor <= 100 else { return false }
            policy.factor = factor
        case .jitter:
            guard let jitter = RetryPolicy.Jitter(rawValue: text) else { return false }
            policy.jitter = jitter
        case .maxAttempts:
            guard let count = Int(text), (1...1_000_000).contains(count) else { return false }
            policy.maxAttempts = count
        case .budgetTokens, .budgetCost: return setBudget(text, in: &policy)
        case .honoursRetryAfter:
            guard let flag = Bool(text) else { return false }
            policy.honoursRetryAfter = flag
        case .resendsUnknown:
            guard let flag = Bool(text) else { return false }
            policy.resendsUnknown = flag
        case .retriesRefusals:
            guard let flag = Bool(text) else { return false }
            policy.retriesRefusals = flag
        }
        return true
    }

    private func setBudget(_ text: String, in policy: inout RetryPolicy) -> Bool {
        if text == "none" {
            policy.retryBudget = nil
            return true
        }
        guard let count = Int(text), (0...1_000_000_000).contains(count) else { return false }
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

    /// What a value of the field looks like.
    package var expected: String {
        switch self {
        case .factor: "a number from 1 to 100"
        case .jitter: "one of \(RetryPolicy.Jitter.allCases.map(\.rawValue).joined(separator: ", "))"
        case .maxAttempts: "a whole number from 1 to 1000000"
        case .budgetTokens, .budgetCost: "a whole number, or none"
        case .honoursRetryAfter, .resendsUnknown, .retriesRefusals: "true or false"
        default: "a length of time such as 250ms or 2s"
        }
    }
}

/// One axis of a grid.
package struct SweepAxis: Sendable, Hashable {
    package var field: PolicyField
    package var values: [String]

    /// Reads `base=0.5s,1s,2s`.
    package init(_ text: String) throws(FleetError) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw .badSweep(text, reason: "write FIELD=VALUE,VALUE,…") }
        let name = parts[0].replacing("-", with: "_")
        guard let field = PolicyField(rawValue: name) else {
            throw .unknownField(parts[0], suggestion: Spelling.nearest(to: name, in: PolicyField.names))
        }
        self.field = field
        values = parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard values != [""] else { throw .badSweep(text, reason: "no value is given") }
        var probe = RetryPolicy.standard
        for (index, value) in values.enumerated() {
            guard field.set(value, in: &probe) else {
                throw .badSweep(text, reason: "\"\(value)\" is not \(field.expected)")
            }
            guard !values[..<index].contains(value) else {
                throw .badSweep(text, reason: "\"\(value)\" is given twice")
            }
        }
    }
}
