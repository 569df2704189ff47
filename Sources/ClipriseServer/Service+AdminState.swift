internal import ClipriseAdmin
internal import ClipriseEngine
internal import ClipriseJournal

/// The state of all accounts: resets and counts.
extension Service {
    func perform(_ command: StateCommand) throws(AdminProblem) -> AdminAnswer {
        switch command {
        case .reset(.all, nil), .reset(.accounts, nil):
            var cleared = removed(directory.replaceAll(with: firstAccounts))
            cleared.count(unmatched: unmatched.clear(keepingTally: false))
            return .cleared(cleared)
        case .reset(.all, let key?), .reset(.accounts, let key?):
            let opening = look(try account(key)) { $0.ledger.opening }
            return .cleared(removed(directory.restart(key, credits: opening).map { [$0] } ?? []))
        case .snapshot:
            return .json(
                SnapshotDocument(models: models, accounts: directory.all.map { look($0) { $0 }.snapshot }).json)
        case .restore(let document): return try restore(document)
        case .reset(let scope, let key):
            var cleared = reset(scope, try accounts(key))
            if scope == .journal, key == nil { cleared.count(unmatched: unmatched.clear(keepingTally: true)) }
            return .cleared(cleared)
        }
    }

    /// Counts accounts that are given up, and lets their answers go.
    private func removed(_ cells: [AccountCell]) -> Cleared {
        for cell in cells { cell.releaseAll() }
        return Cleared(accounts: cells.count, tasks: cells.reduce(0) { $0 + $1.withLock(\.taskCount) })
    }

    private func reset(_ scope: ResetScope, _ cells: [AccountCell]) -> Cleared {
        var cleared = Cleared()
        for cell in cells {
            switch scope {
            case .tasks:
                let forgotten = visit(cell) { account, host in account.forgetTasks(at: host) }
                cleared.tasks = (cleared.tasks ?? 0) + forgotten.tasks
                cleared.events = (cleared.events ?? 0) + forgotten.events
            case .rules: cleared.rules = (cleared.rules ?? 0) + look(cell) { $0.forgetRules() }
            case .journal: cleared.events = (cleared.events ?? 0) + look(cell) { $0.world.journal.clear() }
            case .clock:
                release(visit(cell) { account, host in account.resetClock(host) }, of: cell)
                cleared.clocks = (cleared.clocks ?? 0) + 1
            case .all, .accounts: break
            }
        }
        return cleared
    }

    var metrics: Metrics {
        var metrics = Metrics(version: Self.version, models: models)
        for cell in directory.all {
            metrics.add(look(cell) { $0 })
        }
        metrics.add(unmatched: unmatched.tally)
        return metrics
    }
}
