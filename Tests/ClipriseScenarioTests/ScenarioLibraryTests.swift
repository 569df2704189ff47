import ClipriseScenario
import Foundation
import Testing

@Suite struct ScenarioLibraryTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `the list in C names exactly the files of the folder, in the order of their names`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "scenarios").path)
        let source = Self.root.appending(path: "Sources/CClipriseData/scenarios.c")
        let lines = try String(contentsOf: source, encoding: .utf8).split(separator: "\n")
        let embedded = lines.compactMap { line in
            line.wholeMatch(of: /#embed "..\/..\/scenarios\/(.+)"/).map { String($0.1) }
        }
        let entries = lines.compactMap { $0.wholeMatch(of: /\s+{"(.+)", (\w+), sizeof (\w+)},/) }
        func names(_ files: [String]) -> [Substring] { files.map { $0.dropLast(".yaml".count) } }
        #expect(names(embedded) == names(files).sorted())
        #expect(entries.map { String($0.1) } == embedded)
        for entry in entries {
            #expect("scenario_\(entry.1.dropLast(".yaml".count).replacing("-", with: "_"))" == entry.2)
            #expect(entry.2 == entry.3)
        }
    }

    @Test func `the library has the scenarios that the documentation promises`() {
        let promised: Set<String> = [
            "quiet-day", "slow-videos", "flaky-polling", "outage-30s", "rate-limited", "lost-reply",
            "reset-mid-download", "truncated-zip", "corrupt-zip", "gateway-html", "empty-bodies", "bare-object",
            "stuck-task", "failed-moderation", "flapping-status", "lost-task", "key-revoked", "credits-run-dry",
            "thundering-herd", "callbacks-duplicate-late", "expired-link", "snapshot", "later", "slow-drip",
            "late-answers", "storm",
        ]
        #expect(promised.isSubset(of: ScenarioLibrary.names))
        #expect(ScenarioLibrary.names == ScenarioLibrary.names.sorted())
    }

    @Test(arguments: ScenarioLibrary.names)
    func `a built-in scenario reads without an error and says what it is`(name: String) throws {
        let text = String(decoding: try ScenarioLibrary.text(named: name), as: UTF8.self)
        let scenario = try ScenarioLibrary.load(named: name)
        #expect(text.hasPrefix("# yaml-language-server: $schema=scenario.schema.json\nschema: cliprise-mock/v1\n"))
        #expect(scenario.name == name)
        #expect(scenario.source == "\(name).yaml")
        #expect(scenario.file == nil)
        #expect(try Scenario(yaml: text, source: "\(name).yaml").file == "\(name).yaml")
        #expect(scenario.about.hasSuffix(".") && !scenario.about.contains(". "), "one sentence: \(scenario.about)")
        #expect(scenario.seed != nil)
        #expect(scenario.accounts.first == AccountRule(key: "test-key", credits: 10_000))
        #expect(!scenario.expectations.isEmpty)
    }

    @Test(arguments: ScenarioLibrary.names)
    func `every rule of a built-in scenario has a name of its own`(name: String) throws {
        for rule in try ScenarioLibrary.load(named: name).rules { #expect(!rule.name.hasPrefix("rule ")) }
    }

    @Test func `a misspelt name is answered with the one that was meant`() {
        let error = #expect(throws: UnknownScenario.self) { try ScenarioLibrary.load(named: "lost-replay") }
        #expect(error?.description == #"no built-in scenario is called "lost-replay"; did you mean "lost-reply"?"#)
        let other = #expect(throws: UnknownScenario.self) { try ScenarioLibrary.text(named: "x") }
        #expect(other?.description == #"no built-in scenario is called "x"; "scenario list" names all"#)
    }
}
