internal import ClipriseOpenAPI
internal import ClipriseScenario
internal import ClipriseWire

/// The resources: the built-in scenarios, and the clauses of the contract.
enum Library {
    static let all: [JSONTree] =
        Clause.allCases.map { clause in
            [
                "uri": .text("clause://\(clause.rawValue)"), "name": .text(clause.rawValue),
                "description": .text(ContractClause(clause: clause).text), "mimeType": "text/plain",
            ]
        }
        + ScenarioLibrary.names.map { name in
            [
                "uri": .text("scenario://\(name)"), "name": .text(name),
                "description": "A built-in scenario, as start and run_scenario take it.",
                "mimeType": "application/yaml",
            ]
        }

    static func read(_ uri: String) -> (type: String, text: String)? {
        if uri.hasPrefix("clause://") {
            return Clause(rawValue: String(uri.dropFirst(9))).map { ("text/plain", text(of: $0)) }
        }
        guard uri.hasPrefix("scenario://"), let text = try? ScenarioLibrary.text(named: String(uri.dropFirst(11)))
        else {
            return nil
        }
        return ("application/yaml", String(decoding: text, as: UTF8.self))
    }

    static func text(of clause: Clause) -> String {
        let words = ContractClause(clause: clause)
        return "\(clause.rawValue): \(words.text) [\(words.from)]"
    }
}
