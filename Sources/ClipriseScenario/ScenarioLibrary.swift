internal import ClipriseFiles
internal import ClipriseWire

/// The scenarios that are built into the binary.
public enum ScenarioLibrary {
    /// The names in alphabetical order.
    public static let names = BuiltInFiles.scenarios.map { String($0.name.dropLast(ending.count)) }.sorted()

    private static let ending = ".yaml"

    /// The file of a scenario as it was written.
    ///
    /// - Throws: `UnknownScenario` when there is none of this name.
    public static func text(named name: String) throws(UnknownScenario) -> [UInt8] {
        guard let file = BuiltInFiles.scenarios.first(where: { $0.name == name + ending }) else {
            throw UnknownScenario(name: name, suggestion: Spelling.nearest(to: name, in: names))
        }
        return Array(file.bytes)
    }

    /// A scenario, read.
    ///
    /// - Throws: `UnknownScenario`; no other error, for a test reads every file.
    public static func load(named name: String) throws -> Scenario {
        var scenario = try Scenario(yaml: text(named: name), source: "\(name)\(ending)")
        scenario.isBuiltIn = true
        return scenario
    }
}

/// No scenario of this name is built in.
public struct UnknownScenario: Error, Sendable, Hashable {
    public let name: String
    public let suggestion: String?
}

extension UnknownScenario: CustomStringConvertible {
    public var description: String {
        let meant = suggestion.map { "did you mean \"\($0)\"?" } ?? "\"scenario list\" names all"
        return "no built-in scenario is called \"\(name.printable)\"; \(meant)"
    }
}
