internal import ClipriseWire

extension Scenario {
    /// Reads a scenario from YAML or JSON.
    ///
    /// - Parameters:
    ///   - text: UTF-8, at most 4 MiB, nested at most 32 deep.
    ///   - source: The file's name, for messages and for the name of a scenario that has none.
    /// - Throws: Everything that is wrong, each with its place.
    public init(yaml text: [UInt8], source: String) throws(ScenarioErrors) {
        let findings = Findings(source: source)
        var scenario: Scenario?
        if let tree = YAMLReader.tree(text, findings: findings) {
            Self.checkFirstKey(tree, findings)
            scenario = Forms.scenario.read(tree, findings)
            if var read = scenario, findings.errors.isEmpty {
                ScenarioCheck.finish(&read, findings)
                scenario = read
            }
        }
        if let errors = findings.thrown() { throw errors }
        guard var scenario else { throw Forms.unread(source) }
        if scenario.name.isEmpty { scenario.name = Self.name(of: source) }
        scenario.source = source
        scenario.hash = fnv1a(text)
        self = scenario
    }

    public init(yaml text: String, source: String) throws(ScenarioErrors) {
        try self.init(yaml: Array(text.utf8), source: source)
    }

    /// Everything that is wrong with a text, as lines `SOURCE:LINE:COLUMN: …`; empty for a sound one.
    public static func problems(inYAML text: [UInt8], source: String) -> [String] {
        do {
            _ = try Scenario(yaml: text, source: source)
            return []
        } catch {
            return error.lines
        }
    }

    private static func checkFirstKey(_ tree: SourceNode, _ findings: Findings) {
        guard case .object(let members) = tree.content, let first = members.first, first.key != "schema",
            members.contains(where: { $0.key == "schema" })
        else { return }
        findings.add(.senseless("the first key must be \"schema\""), at: first.keyPlace)
    }

    /// The file's name without folder and ending.
    private static func name(of source: String) -> String {
        let file = source.split(separator: "/").last ?? ""
        return String(file.split(separator: ".").first ?? file)
    }
}

extension Rule {
    /// Reads one rule as it stands in a scenario's `rules`, from YAML or JSON.
    ///
    /// - Parameters:
    ///   - text: As for a scenario.
    ///   - source: What stands for the file in messages.
    ///   - name: The name of a rule that has none.
    public init(yaml text: [UInt8], source: String, name: String) throws(ScenarioErrors) {
        var rule = try Forms.rule.whole(text, source: source)
        if rule.name.isEmpty { rule.name = name }
        self = rule
    }
}

extension Fault {
    /// Reads one fault from YAML or JSON: as in a rule, or `{fault: close, phase: after}`.
    public init(yaml text: [UInt8], source: String) throws(ScenarioErrors) {
        self = try Forms.wholeFault.whole(text, source: source)
    }
}

extension Form {
    /// Reads a text that is one value of this form.
    ///
    /// - Parameter what: What the text lacks where it is empty.
    package func whole(_ text: [UInt8], source: String, what: String = "value") throws(ScenarioErrors) -> Value {
        let findings = Findings(source: source)
        let value = YAMLReader.tree(text, findings: findings).flatMap { read($0, findings) }
        if let errors = findings.thrown() { throw errors }
        guard let value else { throw Forms.unread(source, what) }
        return value
    }
}

extension Forms {
    /// The error for a text of which no value came although nothing was found wrong with it.
    fileprivate static func unread(_ source: String, _ what: String = "value") -> ScenarioErrors {
        ScenarioErrors(errors: [
            ScenarioError(source: source, place: Place(line: 1, column: 1), reason: .notYAML("no \(what) in it"))
        ])
    }
}
