public import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

public struct RuleView: Sendable, Hashable {
    var id: Int
    var name: String
    var key: [UInt8]
    var acted: Int
    /// The rule in the language of scenarios, as JSON.
    var json: String

    /// The rules in force, in the order in which they are tried.
    public static func all(of account: Account) -> [RuleView] {
        let acts = account.ruleActs
        return account.world.rules.entries.map { entry in
            RuleView(
                id: entry.id, name: entry.rule.name, key: account.key, acted: acts[entry.id], json: entry.rule.json)
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("name", name)
            $0.member("account", String(decoding: key, as: UTF8.self))
            $0.member("acted", acted)
            $0.member("rule", json: json)
        }
    }
}

/// The ids that a new rule got.
public struct RuleIDs: Sendable, Hashable {
    public var key: [UInt8]
    public var id: Int

    public init(key: [UInt8], id: Int) {
        self.key = key
        self.id = id
    }
}
