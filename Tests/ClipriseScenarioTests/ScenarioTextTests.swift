import ClipriseScenario
import ClipriseWire
import Testing

@Suite struct ScenarioTextTests {
    @Test(arguments: ScenarioLibrary.names)
    func `a scenario that is written reads back to the same`(name: String) throws {
        var scenario = try ScenarioLibrary.load(named: name)
        var again = try Scenario(yaml: scenario.text, source: scenario.source)
        forgetPlaces(&scenario)
        forgetPlaces(&again)
        #expect(again == scenario)
    }

    private func forgetPlaces(_ scenario: inout Scenario) {
        let nowhere = Place(line: 0, column: 0)
        scenario.hash = 0
        scenario.isBuiltIn = false
        for index in scenario.rules.indices { scenario.rules[index].place = nowhere }
        for index in scenario.expectations.indices { scenario.expectations[index].place = nowhere }
    }
}
