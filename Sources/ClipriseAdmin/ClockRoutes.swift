public import ClipriseScenario
public import ClipriseWire

/// What is asked of an account's clock.
public enum ClockCommand: Sendable, Hashable {
    case show
    /// Moves a virtual clock.
    case advance(by: TimeSpan)
    /// Moves a virtual clock until nothing is due any more.
    case runUntilIdle
    case freeze
    /// Goes by the rule of its scenario again, from the time that it shows.
    case unfreeze
    /// Follows the machine's clock.
    case becomeReal
    case becomeVirtual(tickPerPoll: TimeSpan, delays: ClockRule.Delays)
}

extension ClockCommand {
    private enum Mode: String, CaseIterable { case real, virtual }
    private enum Run: String, CaseIterable { case untilIdle = "until-idle" }

    static let routes: [ReadRoute<(key: [UInt8], command: ClockCommand)>] = [
        ReadRoute(.get, "accounts/{key}/clock", "What an account's clock says") { (request) throws(AdminProblem) in
            (request.values[0], .show)
        },
        ReadRoute(
            .post, "accounts/{key}/clock", "Moves an account's clock, and answers when all that fell due has settled",
            body: move
        ) { (request, command) throws(AdminProblem) in (request.values[0], command) },
    ]

    @Sendable private static func move(_ body: inout AdminBody) throws(AdminProblem) -> ClockCommand {
        let span = try body.span("advance", "How far a virtual clock is moved.")
        let run = try body.word("run", Run.self, "Moves a virtual clock until nothing is due any more.")
        let freezes = try body.boolean(
            "freeze",
            "true lets the clock stand still, false lets it go by its scenario's rule again (real without one).")
        let mode = try body.word("mode", Mode.self, "Where time comes from.")
        let tick = try body.span("tickPerPoll", "With mode virtual: the step that each status poll moves the clock.")
        let delays = try body.word(
            "delays", ClockRule.Delays.self, "With mode virtual: what a pause in an answer does.")
        guard [span != nil, run != nil, freezes != nil, mode != nil].count(where: \.self) == 1 else {
            throw .bad("Bad clock", "Give exactly one of \"advance\", \"run\", \"freeze\" and \"mode\".")
        }
        guard mode == .virtual || (tick == nil && delays == nil) else {
            throw .bad("Bad clock", "\"tickPerPoll\" and \"delays\" go with \"mode\": \"virtual\".")
        }
        if let span { return .advance(by: span) }
        if run != nil { return .runUntilIdle }
        if let freezes { return freezes ? .freeze : .unfreeze }
        guard mode == .virtual else { return .becomeReal }
        return .becomeVirtual(tickPerPoll: tick ?? .zero, delays: delays ?? .hold)
    }
}
