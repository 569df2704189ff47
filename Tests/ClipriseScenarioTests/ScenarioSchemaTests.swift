import ClipriseScenario
import Foundation
import RawSocket
import Testing

/// Holds the schema against the loader, with another implementation's eyes: Python's `jsonschema` and `yaml`.
@Suite(.ownThreads, .enabled(if: Python.canCheckSchemas, "needs Python with jsonschema and yaml"))
struct ScenarioSchemaTests {
    private static let checker = """
        import json, sys, yaml, jsonschema
        schema = json.load(open(sys.argv[1]))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        words = []
        for text in json.load(open(sys.argv[2])):
            try:
                document = yaml.safe_load(text)
            except yaml.YAMLError:
                words.append("unread")
                continue
            words.append("valid" if validator.is_valid(document) else "refused")
        print(" ".join(words))
        """

    /// What the schema says of each document: `valid`, `refused`, or `unread` for what is no YAML.
    private func verdicts(_ documents: [String]) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scenario-schema-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let schema = folder.appending(path: "schema.json")
        let list = folder.appending(path: "documents.json")
        try Data(ScenarioSchema.text.utf8).write(to: schema)
        try JSONEncoder().encode(documents).write(to: list)
        let words = try Python.run(Self.checker, [schema.path, list.path])
        return words.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    @Test func `the schema accepts every built-in scenario and the example of the documentation`() throws {
        var documents = try ScenarioLibrary.names.map {
            String(decoding: try ScenarioLibrary.text(named: $0), as: UTF8.self)
        }
        documents.append(ScenarioLoadingTests.example)
        let verdicts = try verdicts(documents)
        #expect(verdicts.count == documents.count)
        for (document, verdict) in zip(documents, verdicts) where verdict != "valid" { Issue.record("\(document)") }
    }

    @Test func `the schema accepts every form that the loader reads`() throws {
        let head = "schema: cliprise-mock/v1\n"
        let documents =
            FaultFormTests.forms.map { "\(head)rules: [{plan: [\($0.text)]}]" }
            + RuleFormTests.forms.map { "\(head)rules: [\($0.text)]" }
            + LineFormTests.tasks.map { "\(head)tasks: [\($0.text)]" }
            + LineFormTests.expectations.map { "\(head)expect: [\($0.text)]" }
            + ScenarioLoadingTests.clocks.map { "\(head)clock: \($0.0)" }
        let verdicts = try verdicts(documents)
        #expect(verdicts.count == documents.count)
        for (document, verdict) in zip(documents, verdicts) where verdict != "valid" { Issue.record("\(document)") }
    }

    @Test func `the schema refuses what the loader refuses, but for what spans values`() throws {
        let verdicts = try verdicts(Mistake.all.map(\.document))
        #expect(verdicts.count == Mistake.all.count)
        for (mistake, verdict) in zip(Mistake.all, verdicts) where verdict != "unread" {
            #expect((verdict == "refused") == mistake.isSeenBySchema, "\(mistake.testDescription): \(verdict)")
        }
    }
}
