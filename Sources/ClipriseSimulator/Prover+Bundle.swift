internal import ClipriseBundle
internal import ClipriseClient
package import ClipriseScenario
internal import ClipriseWire

extension Prover {
    /// The scenario of a schedule: one rule whose plan names what each request meets.
    package func scenario(of outcome: Outcome) -> Scenario {
        var faults = outcome.steps.map { $0.fault?.fault }
        while faults.count > 1, faults[faults.count - 1] == nil { faults.removeLast() }
        var scenario = Scenario(
            name: "prove-\(policy.name)",
            about:
                "Lost by \(DecimalText.count(outcome.faults, "fault")): \(DecimalText.count(outcome.lost, "credit")).",
            tasks: [TaskRule(life: .polls(polls))],
            rules: [Rule(name: "schedule", act: .plan(faults, repeats: false))],
            expectations: [Expectation(.property(.noDoubleCharge))])
        scenario.seed = 1
        return scenario
    }

    /// The run of a schedule as a bundle, for `replay` and `shrink`.
    ///
    /// - Returns: Nil when the recorded run does not lose what the search found, which would be a mistake of ours.
    package func bundle(of outcome: Outcome, version: String) throws -> [UInt8]? {
        let text = Array(scenario(of: outcome).text.utf8)
        let source = Bundle.Source(name: "prove.yaml", text: text)
        var settings = FleetSettings(catalog: catalog, scenario: try Scenario(yaml: text, source: source.name))
        settings.clients = 1
        settings.jobs = [.init(model: model, share: 1)]
        settings.credits = 1_000_000
        var bytes: [UInt8] = []
        let result = try FleetRun.record(settings, policy: policy, version: version, scenario: source) { bytes += $0 }
        let isSame =
            result.money.doubleCharged == outcome.doubleCharged && result.money.neverFetched == outcome.neverFetched
        return isSame ? bytes : nil
    }
}
