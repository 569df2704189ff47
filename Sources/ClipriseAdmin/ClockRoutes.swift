internal import ClipriseJSON
internal import ClipriseScenario
internal import ClipriseWire

extension AdminRoutes {
    private enum Mode: String, CaseIterable { case real, virtual }
    private enum Run: String, CaseIterable { case untilIdle = "until-idle" }

    static let clocks: [AdminRoute] = [
        AdminRoute(.get, "accounts/{key}/clock", "What an account's clock says") { (request) throws(AdminProblem) in
            .clock(key: request.values[0], .show)
        },
        AdminRoute(
            .post, "accounts/{key}/clock", "Moves an account's clock, and answers when all that fell due has settled",
            body: [
                AdminMember("advance", .span, "How far a virtual clock is moved."),
                AdminMember("run", .words(["until-idle"]), "Moves a virtual clock until nothing is due any more."),
                AdminMember(
                    "freeze", .flag,
                    "true lets the clock stand still, false lets it go by its scenario's rule again (real without one)."
                ),
                AdminMember("mode", .words(["real", "virtual"]), "Where time comes from."),
                AdminMember("tickPerPoll", .span, "With mode virtual: the step that each status poll moves the clock."),
                AdminMember("delays", .words(["hold", "pass"]), "With mode virtual: what a pause in an answer does."),
            ]
        ) { (request) throws(AdminProblem) in
            let key = request.values[0]
            return try request.read { (body) throws(AdminProblem) in .clock(key: key, try move(body)) }
        },
    ]

    private static func move(_ body: AdminBody) throws(AdminProblem) -> ClockCommand {
        let ways: [StaticString] = ["advance", "run", "freeze", "mode"]
        guard ways.count(where: body.has) == 1 else {
            throw .bad("Bad clock", "Give exactly one of \"advance\", \"run\", \"freeze\" and \"mode\".")
        }
        let mode = try body.word("mode", Mode.self)
        guard mode == .virtual || !(body.has("tickPerPoll") || body.has("delays")) else {
            throw .bad("Bad clock", "\"tickPerPoll\" and \"delays\" go with \"mode\": \"virtual\".")
        }
        if let span = try body.span("advance") { return .advance(by: span) }
        if try body.word("run", Run.self) != nil { return .runUntilIdle }
        if let freezes = try body.boolean("freeze") { return freezes ? .freeze : .unfreeze }
        guard mode == .virtual else { return .becomeReal }
        return .becomeVirtual(
            tickPerPoll: try body.span("tickPerPoll") ?? .zero,
            delays: try body.word("delays", ClockRule.Delays.self) ?? .hold)
    }
}
