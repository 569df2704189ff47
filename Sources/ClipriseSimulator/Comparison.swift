package import ClipriseClient
internal import ClipriseScenario
internal import ClipriseWire

/// The results of several policies that met the same arrivals in the same scenario.
package struct Comparison: Sendable, Hashable {
    package var fleet: FleetOutline
    package var seed: UInt64
    /// In the order in which the policies were named.
    package var results: [RunResult]
    /// Windows in which rules of the scenario act, in nanoseconds.
    package var outages: [Outage]

    package struct Outage: Sendable, Hashable {
        package var name: String
        package var from: Int64
        package var to: Int64
    }
}

extension Comparison {
    /// The most policies side by side: more than there are colours that can be told apart.
    package static let policyLimit = 8

    /// Runs all policies on all cores; the order of the results does not depend on who ends first.
    ///
    /// - Parameter progress: Called from any thread with the part that is done, 0 to 1.
    package static func run(
        _ settings: FleetSettings, policies: [RetryPolicy], arrival: String, version: String,
        progress: (@Sendable (Double) -> Void)? = nil
    ) throws(FleetError) -> Comparison {
        try check(policies)
        let results = try Parallel.map(policies.count, progress: progress) { (index, progress) throws(FleetError) in
            try FleetRun.run(settings, policy: policies[index], progress: progress)
        }
        return Comparison(settings, results, arrival: arrival, version: version)
    }

    package static func check(_ policies: [RetryPolicy]) throws(FleetError) {
        try check(policies, names: policies.map(\.name))
    }

    static func check(_ policies: [RetryPolicy], names: [String]) throws(FleetError) {
        guard names.count <= policyLimit else { throw .tooManyPolicies(names.count, limit: policyLimit) }
        for (index, name) in names.enumerated() where names[..<index].contains(name) { throw .samePolicyTwice(name) }
    }

    package init(_ settings: FleetSettings, _ results: [RunResult], arrival: String, version: String) {
        fleet = FleetOutline(settings, arrival: arrival, version: version)
        seed = settings.seed
        self.results = results
        outages = settings.scenario.rules.compactMap { rule in
            rule.during.map { window in
                Outage(
                    name: rule.name, from: window.from.nanoseconds,
                    to: window.from.nanoseconds &+ window.length.nanoseconds)
            }
        }
    }

    /// Whether some run broke an expectation, or its books.
    package var failed: Bool {
        results.contains { !$0.money.breaches.isEmpty || $0.grade?.breaksExpectations == true }
    }
}
