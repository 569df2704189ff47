public import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

/// The scenario that an account follows, with the rules as they were when it was looked at.
public struct ScenarioView: Sendable {
    let json: [UInt8]

    public init(_ account: Account) {
        let scenario = account.world.scenario
        json = JSONWriter.object { writer in
            writer.member("name", scenario.name)
            writer.member("about", scenario.about)
            writer.member("hash", scenario.hash.hex)
            writer.member("seed", account.world.seed)
            writer.member("rules", array: account.world.rules.entries) { $0.raw($1.rule.json.utf8) }
            writer.member("expect", array: scenario.expectations) { $0.raw($1.json.utf8) }
        }
    }
}
