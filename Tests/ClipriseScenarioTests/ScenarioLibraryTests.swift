import ClipriseScenario
import Foundation
import Testing

@Suite struct ScenarioLibraryTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `the files of the folder are built in, byte by byte and by their names`() throws {
        let folder = Self.root.appending(path: "scenarios")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(ScenarioLibrary.names == files.map { String($0.dropLast(".yaml".count)) }.sorted())
        for file in files {
            let text = try ScenarioLibrary.text(named: String(file.dropLast(".yaml".count)))
            #expect(text == Array(try Data(contentsOf: folder.appending(path: file))), "\(file)")
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
