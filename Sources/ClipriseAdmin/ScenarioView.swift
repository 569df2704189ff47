public import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

/// The scenario that an account follows, with the rules as they are now.
public struct ScenarioView: Sendable {
    private let scenario: WorldScenario
    private let seed: UInt64
    private let rules: [String]

    public init(_ account: Account) {
        scenario = account.world.scenario
        seed = account.world.seed
        rules = account.world.rules.entries.map(\.rule.json)
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", scenario.name)
            writer.member("about", scenario.about)
            writer.member("hash", scenario.hash.hex)
            writer.member("seed", seed)
            writer.member("rules", array: rules) { $0.raw($1.utf8) }
            writer.member("expect", array: scenario.expectations) { $0.raw($1.json.utf8) }
        }
    }
}
