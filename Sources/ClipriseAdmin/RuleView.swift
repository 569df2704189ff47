internal import ClipriseWire

/// A rule of an account.
package struct RuleView: Sendable, Hashable {
    var id: Int
    var name: String
    var key: [UInt8]
    var acted: Int
    /// The rule in the language of scenarios, as JSON.
    var json: String

    package init(id: Int, name: String, key: [UInt8], acted: Int, json: String) {
        self.id = id
        self.name = name
        self.key = key
        self.acted = acted
        self.json = json
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("name", name)
            $0.member("account", String(decoding: key, as: UTF8.self))
            $0.member("acted", acted)
            $0.key("rule")
            $0.raw(json.utf8)
        }
    }
}

/// The ids that a new rule got.
package struct RuleIDs: Sendable, Hashable {
    package var key: [UInt8]
    package var id: Int

    package init(key: [UInt8], id: Int) {
        self.key = key
        self.id = id
    }
}
