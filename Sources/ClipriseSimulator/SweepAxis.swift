internal import ClipriseClient

package struct SweepAxis: Sendable, Hashable {
    package var field: PolicyField
    package var values: [String]

    /// Reads `base=0.5s,1s,2s`.
    package init(_ text: String) throws(FleetError) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw .badSweep(text, reason: "write FIELD=VALUE,VALUE,…") }
        let name = parts[0].replacing("-", with: "_")
        guard let field = PolicyField.all.first(where: { $0.name == name }) else {
            throw .unknownField(parts[0], suggestion: PolicyField.meant(by: name))
        }
        self.field = field
        values = parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard values != [""] else { throw .badSweep(text, reason: "no value is given") }
        var probe = RetryPolicy.standard
        for (index, value) in values.enumerated() {
            guard field.set(value, &probe) else {
                throw .badSweep(text, reason: "\"\(value)\" is not \(field.expected)")
            }
            guard !values[..<index].contains(value) else {
                throw .badSweep(text, reason: "\"\(value)\" is given twice")
            }
        }
    }
}

extension SweepAxis {
    /// Refuses axes that cancel each other, and those that change nothing in a policy.
    ///
    /// - Throws: `FleetError.badSweep`.
    static func check(_ axes: [SweepAxis], of policy: RetryPolicy) throws(FleetError) {
        let fields = axes.map(\.field.name)
        for (one, other) in [("poll_base", "poll_every"), ("resends_unknown", "resends")]
        where fields.contains(one) && fields.contains(other) {
            throw .badSweep(one, reason: "\(other) says the same otherwise: give one of them")
        }
        let rules = [policy.generateRetry, policy.statusRetry, policy.downloadRetry]
        guard rules.allSatisfy({ $0 != nil }) else { return }
        if fields.contains("max_attempts") {
            throw .badSweep(
                "max_attempts",
                reason: "\(policy.name) has attempts of its own for each operation: sweep generate_attempts, "
                    + "status_attempts or download_attempts")
        }
        let waits = ["base", "throttled_base", "factor", "cap", "jitter"]
        guard policy.polling != nil, rules.allSatisfy({ $0?.waits != nil }) else { return }
        if let field = fields.first(where: waits.contains) {
            throw .badSweep(
                field,
                reason: "\(policy.name) has waits of its own for each operation, so that this changes nothing")
        }
    }
}
