internal import ClipriseAdmin
package import ClipriseCatalog
package import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

/// All accounts of a state file.
package struct SavedState: Sendable {
    package struct Entry: Sendable {
        package var account: Account
        /// The account's number in the file.
        package var id: Int64
        /// Where it stands among all that there ever were.
        package var place: Int
        /// Nanoseconds since 1970 when the account was as it is.
        package var wall: Int64
        /// A scenario of the same name that is in force now, with another text.
        package var edition: WorldScenario?
    }

    /// In the order of their making.
    package var entries: [Entry] = []
    /// Accounts ever made, and keys ever chosen.
    package var made = 0
    package var chosen: UInt64 = 0
    /// The highest number of an account.
    package var lastID: Int64 = 0

    package init() {}
}

extension StateFile {
    /// Reads all accounts; every number is checked, and so is every ledger.
    ///
    /// - Parameters:
    ///   - worlds: The scenarios in force.
    ///   - journals: What becomes of journals.
    package func load(
        catalog: Catalog, worlds: [WorldScenario], journals: JournalKeeping
    ) throws(StateError) -> SavedState {
        try use { (open) throws(StateError) in
            var state = SavedState()
            state.made = Int(try open.database.number("SELECT value FROM meta WHERE name = 'made'"))
            state.chosen = UInt64(
                bitPattern: try open.database.number("SELECT value FROM meta WHERE name = 'chosen'"))
            state.lastID = try open.database.number("SELECT max(id) FROM account")
            var scenarios = KnownScenarios(worlds: worlds, models: catalog.models.ids)
            var heads: [SavedHead] = []
            try open.database.query(
                """
                SELECT id, place, wall, head, available, held, captured, paid_in, entries, tasks
                FROM account ORDER BY place, id
                """
            ) { row in
                heads.append(
                    SavedHead(
                        id: row.integer(0), place: Int(row.integer(1)), wall: row.integer(2),
                        text: Array(row.bytes(3)),
                        sums: AccountDelta.Sums(
                            available: row.integer(4), held: row.integer(5), captured: row.integer(6),
                            paidIn: row.integer(7), entries: Int(row.integer(8)), tasks: Int(row.integer(9)))))
            }
            let isSound =
                Self.accounts.contains(Int64(state.made))
                && heads.allSatisfy { Self.ids.contains($0.id) && Self.accounts.contains(Int64($0.place)) }
            guard isSound else {
                let reason = "the numbers of its accounts are none that ever were"
                throw StateError(.damaged, path, "is damaged (\(reason)); \(StateError.advice)")
            }
            for head in heads {
                state.entries.append(
                    try open.account(head, catalog.models, &scenarios, journals))
            }
            return state
        }
    }

    /// How many accounts there may ever have been, far from what an integer holds.
    private static let accounts: ClosedRange<Int64> = 0...(1 << 40)
    /// The numbers of accounts: those of their tasks and of their ledger begin with them.
    private static let ids: ClosedRange<Int64> = 1...Int64(Int32.max)

    /// Looks for pages and rows that SQLite takes for damaged.
    package func checkPages() throws(StateError) {
        try use { (open) throws(StateError) in
            var finding: String?
            try open.database.query("PRAGMA quick_check(1)") { finding = $0.text(0) }
            guard let finding, finding != "ok" else { return }
            throw StateError(.damaged, path, "is damaged (\(finding.printable)); \(StateError.advice)")
        }
    }
}

/// A row of the table of accounts.
private struct SavedHead {
    var id: Int64
    var place: Int
    var wall: Int64
    var text: [UInt8]
    var sums: AccountDelta.Sums
}

/// The scenarios that accounts of a file can follow.
private struct KnownScenarios {
    var worlds: [WorldScenario]
    let models: [String]
    var read: [StateFile.ScenarioName: WorldScenario] = [:]

    mutating func find(
        _ name: StateFile.ScenarioName, _ open: borrowing StateFile.Open
    ) throws(StateError) -> WorldScenario? {
        if let world = worlds.first(where: { $0.name == name.name && $0.hash == name.hash }) { return world }
        if name.name == WorldScenario.none.name, name.hash == WorldScenario.none.hash { return WorldScenario.none }
        if let world = read[name] { return world }
        var found: Scenario?
        try open.database.query(
            "SELECT source, builtin, text FROM scenario WHERE name = ? AND hash = ?",
            [.text(name.name), .integer(Int64(bitPattern: name.hash))]
        ) { row in
            found = try? Scenario(yaml: Array(row.bytes(2)), source: row.text(0))
            found?.isBuiltIn = row.integer(1) != 0
        }
        guard var scenario = found else { return nil }
        scenario.hash = name.hash
        let world = WorldScenario(scenario, models: models)
        read[name] = world
        return world
    }
}

extension StateFile.Open {
    fileprivate func account(
        _ saved: SavedHead, _ models: Catalog.Models, _ scenarios: inout KnownScenarios, _ journals: JournalKeeping
    ) throws(StateError) -> SavedState.Entry {
        func damaged(_ reason: String) -> StateError {
            StateError(.damaged, database.path, "is damaged (\(reason)); \(StateError.advice)")
        }
        guard let head = (try? SnapshotDocument(json: saved.text))?.accounts.first else {
            throw damaged("account \(saved.id) cannot be read")
        }
        let key = ShortenedKey.text(head.key)
        let name = StateFile.ScenarioName(name: head.scenarioName, hash: head.scenarioHash)
        guard let scenario = try scenarios.find(name, self) else {
            throw damaged("the scenario of account \(key) is not in it")
        }
        let rows = rows(of: saved.id)
        let bounds: [Database.Value] = [.integer(rows.lowerBound), .integer(rows.upperBound)]
        func checked(_ body: () throws(SnapshotBreach) -> Void) throws(StateError) {
            do throws(SnapshotBreach) {
                try body()
            } catch {
                throw damaged("account \(key): \(error.message)")
            }
        }
        let journal = try journal(of: saved.id, head, models.ids, journals)
        var started: AccountLoading?
        try checked { () throws(SnapshotBreach) in
            started = try AccountLoading(
                head, tasks: saved.sums.tasks, scenario: scenario, models: models, journal: journal)
        }
        guard var loading = started else { throw damaged("account \(key)") }
        started = nil
        try database.query("SELECT id, data FROM task WHERE id BETWEEN ? AND ? ORDER BY id", bounds) {
            (row) throws(StateError) in
            let bytes = row.bytes(1)
            try look(bytes)
            try checked { () throws(SnapshotBreach) in
                try loading.add(task: bytes, at: Int(row.integer(0) - rows.lowerBound), places: self.models)
            }
        }
        try database.query("SELECT id, data FROM ledger WHERE id BETWEEN ? AND ? ORDER BY id", bounds) {
            (row) throws(StateError) in
            try checked { () throws(SnapshotBreach) in
                try loading.add(ledger: row.bytes(1), first: Int(row.integer(0) - rows.lowerBound))
            }
        }
        try database.query("SELECT hash, count FROM body WHERE account = ?", [.integer(saved.id)]) {
            (row) throws(StateError) in
            try checked { () throws(SnapshotBreach) in
                try loading.add(body: UInt64(bitPattern: row.integer(0)), count: Int(row.integer(1)))
            }
        }
        var account: Account?
        try checked { () throws(SnapshotBreach) in account = try loading.finish(saved.sums) }
        guard var account else { throw damaged("account \(key)") }
        if journals.areInFile { account.keepJournal() }
        let edition = scenarios.worlds.first { $0.name == name.name && $0.hash != name.hash }
        return SavedState.Entry(
            account: account, id: saved.id, place: saved.place, wall: saved.wall,
            edition: scenario === WorldScenario.none ? nil : edition)
    }

    /// A task of a model that the catalogue does not have is no damage: it says which model is missing.
    private func look(_ task: UnsafeRawBufferPointer) throws(StateError) {
        guard let place = AccountDelta.place(ofTask: task), models.indices.contains(place), models[place] < 0 else {
            return
        }
        throw StateError(
            .doesNotFit, database.path,
            "has tasks of the model \(modelNames[place].printable), which the catalogue does not have; "
                + "start with the --catalog that it had")
    }
}
