internal import ClipriseJSON
internal import ClipriseScenario
internal import ClipriseWire

extension AccountCommand {
    static let scenarioRoutes: [ReadRoute<AccountCommand>] = [
        ReadRoute(.get, "accounts/{key}/scenario", "What an account follows") { (request) throws(AdminProblem) in
            .showScenario(key: request.values[0])
        },
        ReadRoute(
            .put, "accounts/{key}/scenario",
            "Follows another scenario from now on; credits, tasks and journal stay, the clock becomes the scenario's",
            body: { (body) throws(AdminProblem) in
                let name = try body.string("name", "The name of a scenario.")
                let text = body.masked("scenario", .object, "A scenario in its language, as JSON.")
                guard (name != nil) != (text != nil) else {
                    throw .bad("Bad scenario", "Give either \"name\" or \"scenario\".")
                }
                return if let name { ScenarioChoice.named(name) } else { ScenarioChoice.given(try given(text)) }
            }
        ) { (request, choice) throws(AdminProblem) in .follow(key: request.values[0], choice) },
    ]

    /// The choice under the key `scenario`; nil without one.
    static func scenario(_ body: inout AdminBody) throws(AdminProblem) -> ScenarioChoice? {
        let about = "The name of a scenario, or a scenario in its language, as JSON."
        guard let value = body.value("scenario", .wordOrObject, about) else { return nil }
        if let name = value.string { return .named(name) }
        return .given(try given(body.masked("scenario", .wordOrObject, about)))
    }

    private static func given(_ text: [UInt8]?) throws(AdminProblem) -> Scenario {
        guard let text else {
            throw .bad(
                "Bad scenario", "\"scenario\" is a scenario, such as {\"schema\": \"cliprise-mock/v1\", \"rules\": []}."
            )
        }
        do throws(ScenarioErrors) {
            return try Scenario(yaml: text, source: "body")
        } catch {
            throw .bad("Bad scenario", error.summary)
        }
    }
}
