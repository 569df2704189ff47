internal import ClipriseAdmin
internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

extension Service {
    func perform(
        _ command: ClockCommand, _ cell: AccountCell, _ caller: Caller
    ) throws(AdminProblem) -> AdminAnswer? {
        switch command {
        case .show: break
        case .advance(let span): return try move(cell, caller, by: span)
        case .runUntilIdle: return try move(cell, caller, by: nil)
        case .freeze:
            visit(cell) { account, host in
                account.settle(at: account.world.clock.now(host.monotonic), wall: host.wall)
                account.world.clock.freeze(at: host.monotonic)
            }
        case .unfreeze: release(visit(cell) { account, host in account.resetClock(host) }, of: cell)
        case .becomeReal: release(visit(cell) { account, host in account.followHost(host) }, of: cell)
        case .becomeVirtual(let tick, let delays):
            let rule = ClockRule.virtual(tickPerPoll: tick, delays: delays)
            release(visit(cell) { account, host in account.adopt(rule, host) }, of: cell)
        }
        return .clock(look(cell) { ClockView($0) })
    }

    private func move(_ cell: AccountCell, _ caller: Caller, by span: TimeSpan?) throws(AdminProblem) -> AdminAnswer? {
        let start = look(cell) { account in account.world.clock.isVirtual ? account.lastSeen : nil }
        guard let start else {
            throw AdminProblem(
                status: 409, title: "Clock is real",
                detail: "Only a clock that stands still can be moved; send {\"freeze\": true} first.")
        }
        let answer = LaterAnswer(caller.later)
        ClockMove(self, cell, from: start, to: span.map(start.advanced(by:))) { answer.give($0) }.run()
        return try answer.take()
    }
}
