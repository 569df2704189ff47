internal import ClipriseEngine
internal import ClipriseState
internal import ClipriseWire

/// Accounts that survive the process.
extension Service {
    /// Takes over the accounts of the state file, and makes those of the command line and of scenarios that it has not.
    func goOn(from keeper: StateKeeper) {
        let state = keeper.begin { [clock, wallAtZero] in
            let instant = clock()
            return HostTime(instant, wall: wallAtZero + instant.nanoseconds)
        }
        let (host, keepTasks) = (now, configuration.keepTasks)
        directory.adopt(state) { entry in
            entry.account.keeping = keepTasks
            entry.account.wake(after: Instant(nanoseconds: host.wall).since(Instant(nanoseconds: entry.wall)), at: host)
            // A scenario whose text was changed meanwhile swaps the rules, as with --watch.
            if let edition = entry.edition { entry.account.follow(edition) }
        }
        keeper.together {
            for account in firstAccounts { _ = directory.add(account.key, credits: account.credits) }
        }
    }

    /// Makes the callbacks that a state file had, once it is known where files are fetched from.
    func wakeCallbacks() {
        guard configuration.state != nil else { return }
        for cell in directory.all {
            let callsBack = cell.withLock { $0.world.scenario.callbacks != nil }
            if callsBack { visit(cell) { _, _ in } }
        }
    }

    /// The answer to new work while the state file cannot be written.
    static var noRoom: Decision {
        Decision(
            ResponsePlan(
                status: 503, contentType: .json, fields: [.init("Retry-After", "1")],
                body: .plain(Array(#"{"error":"The mock\u0027s state file cannot be written."}"#.utf8))),
            DecisionEvent(.generate, nil, hint: "the state file cannot be written"))
    }
}
