public import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

public struct RuleView: Sendable, Hashable {
    let json: [UInt8]

    /// The rules in force, in the order in which they are tried.
    public static func all(of account: Account) -> [RuleView] {
        let acts = account.ruleActs
        return account.world.rules.entries.map { entry in
            let json = JSONWriter.object {
                $0.member("id", entry.id)
                $0.member("name", entry.rule.name)
                $0.member("account", String(decoding: account.key, as: UTF8.self))
                $0.member("acted", acts[entry.id])
                $0.member("rule", json: entry.rule.json)
            }
            return RuleView(json: json)
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
