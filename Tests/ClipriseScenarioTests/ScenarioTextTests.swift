import ClipriseWire
import Testing

@testable import ClipriseScenario

@Suite struct ScenarioTextTests {
    @Test(arguments: ScenarioLibrary.names)
    func `a scenario that is written reads back to the same`(name: String) throws {
        var scenario = try ScenarioLibrary.load(named: name)
        var again = try Scenario(yaml: scenario.text, source: scenario.source)
        forgetPlaces(&scenario)
        forgetPlaces(&again)
        #expect(again == scenario)
    }

    @Test(arguments: [
        "\u{0}\u{1}\u{1B}[31m", "a\u{7F}b", "next\u{85}line", "\u{2028}\u{2029}", "\u{FEFF}\u{FFFE}\u{FFFF}",
        "\u{202E}turned", "🏴\u{E0067}\u{E0062}\u{E007F}", "a\tb\r\nc\n", "\"quoted\" \\ 'single' # no comment: {}",
        String(repeating: "[", count: 200), String(repeating: "{\"a\":[", count: 300), "<script>if (a) { b[", "]]]}}}",
        "é\u{301} 漢字 %TAG", "",
    ])
    func `any text of an answer is written so that it reads back`(text: String) throws {
        let fault = StatusFault(code: 400, body: text.isEmpty ? .empty : .text(text, type: "text/html; charset=\"x\""))
        // Many of them, since brackets are counted over the whole file.
        let rules = (0..<80).map { Rule(name: "rule \($0)", act: .fault(Fault(.status(fault)))) }
        let scenario = Scenario(name: "odd", rules: rules)
        let again = try Scenario(yaml: scenario.text, source: "odd.yaml")
        #expect(again.rules.map(\.act) == scenario.rules.map(\.act))
    }

    private func forgetPlaces(_ scenario: inout Scenario) {
        let nowhere = Place(line: 0, column: 0)
        scenario.hash = 0
        scenario.isBuiltIn = false
        for index in scenario.rules.indices { scenario.rules[index].place = nowhere }
        for index in scenario.expectations.indices { scenario.expectations[index].place = nowhere }
    }
}
