internal import ClipriseJSON
internal import ClipriseScenario
internal import ClipriseWire

extension AdminRoutes {
    static let scenarioMember = AdminMember(
        "scenario", .wordOrObject, "The name of a scenario, or a scenario in its language, as JSON.")

    static let scenarios: [AdminRoute] = [
        AdminRoute(.get, "accounts/{key}/scenario", "What an account follows") { (request) throws(AdminProblem) in
            .account(.showScenario(key: request.values[0]))
        },
        AdminRoute(
            .put, "accounts/{key}/scenario",
            "Follows another scenario from now on; credits, tasks and journal stay, the clock becomes the scenario's",
            body: [
                AdminMember("name", .text, "The name of a scenario."),
                AdminMember("scenario", .object, "A scenario in its language, as JSON."),
            ]
        ) { (request) throws(AdminProblem) in
            let key = request.values[0]
            return try request.read { (body) throws(AdminProblem) in
                guard body.has("name") != body.has("scenario") else {
                    throw .bad("Bad scenario", "Give either \"name\" or \"scenario\".")
                }
                let choice: ScenarioChoice =
                    if let name = try body.string("name") { .named(name) } else { .given(try given(body)) }
                return .account(.follow(key: key, choice))
            }
        },
    ]

    /// The choice under the key `scenario`; nil without one.
    static func scenario(_ body: AdminBody) throws(AdminProblem) -> ScenarioChoice? {
        guard let value = body.value("scenario") else { return nil }
        if let name = value.string { return .named(name) }
        return .given(try given(body))
    }

    private static func given(_ body: AdminBody) throws(AdminProblem) -> Scenario {
        guard let text = body.masked("scenario") else {
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
