package import ClipriseAdmin
package import ClipriseCatalog
package import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

extension SavedState {
    package var accounts: Int { entries.count }
    package var tasks: Int { entries.reduce(0) { $0 + $1.account.taskCount } }
    package var processing: Int {
        entries.reduce(0) { $0 + $1.account.taskCount - $1.account.succeededCount - $1.account.failedCount }
    }

    /// Events that are in the file; 0 when it was read without them.
    package var events: Int { entries.reduce(0) { $0 + $1.account.world.journal.count } }

    /// The sum of a part of all ledgers.
    package func sum(_ part: (Ledger) -> Int64) -> Int64 {
        entries.reduce(0) { sum, entry in
            let (total, overflow) = sum.addingReportingOverflow(part(entry.account.ledger))
            return overflow ? .max : total
        }
    }

    /// All accounts as `POST /__admin/snapshot` returns them.
    package func snapshot(catalog: Catalog) -> [UInt8] {
        SnapshotDocument(models: catalog.models.ids, accounts: entries.map { $0.account.snapshot }).json
    }
}

extension SnapshotDocument {
    /// The accounts, as a state file keeps them.
    ///
    /// - Parameters:
    ///   - worlds: The scenarios that accounts may follow, beside those that are built in.
    ///   - wall: Nanoseconds since 1970, for real clocks.
    package func restored(
        catalog: Catalog, worlds: [WorldScenario], wall: Int64
    ) throws(SnapshotBreach) -> [Account] {
        let ids = catalog.models.ids
        var restored: [Account] = []
        for snapshot in try accounts(in: ids) {
            let key = ShortenedKey.text(snapshot.key)
            guard let scenario = Self.scenario(of: snapshot, worlds, ids) else {
                let name = String(snapshot.scenarioName.prefix(80)).printable
                throw SnapshotBreach("account \(key) follows the scenario \"\(name)\"; name its file with --scenario")
            }
            do throws(SnapshotBreach) {
                restored.append(
                    try Account(
                        restoring: snapshot, scenario: scenario, models: catalog.models,
                        at: HostTime(.start, wall: wall),
                        journal: Journal(limit: 0, evicted: snapshot.eventTotal, events: [])))
            } catch {
                throw SnapshotBreach("account \(key): \(error.message)")
            }
        }
        return restored
    }

    private static func scenario(
        of snapshot: AccountSnapshot, _ worlds: [WorldScenario], _ models: [String]
    ) -> WorldScenario? {
        func isMeant(_ world: WorldScenario) -> Bool {
            world.hash == snapshot.scenarioHash && world.name == snapshot.scenarioName
        }
        if let world = worlds.first(where: isMeant) { return world }
        if isMeant(.none) { return WorldScenario.none }
        guard let scenario = try? ScenarioLibrary.load(named: snapshot.scenarioName) else { return nil }
        let world = WorldScenario(scenario, models: models)
        return isMeant(world) ? world : nil
    }
}

extension StateFile {
    /// Puts accounts into a file that has none.
    ///
    /// - Parameter wall: Nanoseconds since 1970, for real clocks.
    package func fill(with accounts: consuming [Account], catalog: Catalog, wall: Int64) throws(StateError) {
        var batch = StateBatch()
        batch.made = accounts.count
        for index in accounts.indices {
            accounts[index].keepChanges()
            guard let delta = accounts[index].takeChanges(places: places, models: catalog.models.ids) else { continue }
            batch.changes.append(.save(id: Int64(index + 1), place: index, wall: wall, delta))
        }
        try save(batch)
    }

    /// The error for a file that was to be empty.
    package func occupied(_ accounts: Int) -> StateError {
        StateError(.doesNotFit, path, "has \(accounts) accounts already; name a file that does not exist yet")
    }
}
