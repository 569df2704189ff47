internal import ClipriseAdmin
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

extension Service {
    /// Makes all accounts first, and puts them in the place of all only when each of them could be made.
    func restore(_ document: SnapshotDocument) throws(AdminProblem) -> AdminAnswer {
        guard document.accounts.count <= AccountDirectory.limit else {
            throw Self.bad("it has more than \(AccountDirectory.limit) accounts")
        }
        let snapshots: [AccountSnapshot]
        do throws(SnapshotBreach) {
            snapshots = try document.accounts(in: models)
        } catch {
            throw Self.bad(error.message)
        }
        var accounts: [Account] = []
        for snapshot in snapshots { accounts.append(try restored(snapshot)) }
        let old = directory.replaceAll(with: accounts)
        for cell in old { cell.releaseAll() }
        return .restored(accounts: accounts.count, tasks: accounts.reduce(0) { $0 + $1.taskCount })
    }

    private func restored(_ snapshot: AccountSnapshot) throws(AdminProblem) -> Account {
        let scenario = try scenario(of: snapshot)
        do throws(SnapshotBreach) {
            var account = try Account(
                restoring: snapshot, scenario: scenario, models: configuration.catalog.models, at: now,
                journal: Journal(
                    limit: configuration.journalLimit, evicted: snapshot.eventTotal, events: [],
                    bodies: configuration.bodies))
            account.keeping = configuration.keepTasks
            return account
        } catch {
            throw Self.bad("account \(ShortenedKey.text(snapshot.key)): \(error.message)")
        }
    }

    /// The scenario that the account followed: one in force, its own, a built-in one, or none.
    private func scenario(of snapshot: AccountSnapshot) throws(AdminProblem) -> WorldScenario {
        func isMeant(_ scenario: WorldScenario) -> Bool {
            scenario.hash == snapshot.scenarioHash && scenario.name == snapshot.scenarioName
        }
        if let scenario = worldsInForce.first(where: isMeant) { return scenario }
        if let cell = directory.find(snapshot.key[...]) {
            let scenario = cell.withLock(\.world.scenario)
            if isMeant(scenario) { return scenario }
        }
        if isMeant(.none) { return .none }
        if let scenario = try? ScenarioLibrary.load(named: snapshot.scenarioName) {
            let world = WorldScenario(scenario, models: models)
            if isMeant(world) { return world }
        }
        throw Self.bad(
            "account \(ShortenedKey.text(snapshot.key)) follows the scenario \"\(snapshot.scenarioName.prefix(80))\", "
                + "which this server does not have; start it with --scenario")
    }

    private static func bad(_ reason: String) -> AdminProblem {
        AdminProblem(
            status: 409, title: "Snapshot does not fit",
            detail: "The snapshot cannot be restored: \(reason). Nothing was changed.")
    }
}
