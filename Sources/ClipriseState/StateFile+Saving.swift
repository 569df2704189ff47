internal import ClipriseAdmin
package import ClipriseEngine
internal import ClipriseScenario

/// What is saved together: all of it or nothing.
package struct StateBatch: Sendable {
    package enum Change: Sendable {
        /// What an account became; `wall` is nanoseconds since 1970 when the account was as it is.
        case save(id: Int64, place: Int, wall: Int64, AccountDelta)
        case remove(id: Int64)
    }

    /// In their order.
    package var changes: [Change] = []
    /// Accounts ever made, and keys ever chosen.
    package var made = 0
    package var chosen: UInt64 = 0

    package init() {}
}

extension StateFile {
    /// The places that the file has for the models of the catalogue.
    package var places: [Int] { (try? use { (open) throws(StateError) in open.places }) ?? [] }

    /// Saves a batch; when this returns, it is on the disk.
    ///
    /// - Throws: Why nothing of it was saved.
    package func save(_ batch: StateBatch) throws(StateError) {
        try use { (open) throws(StateError) in
            try place.check(path)
            let scenarios = open.scenarios
            do throws(StateError) {
                try open.database.execute("BEGIN IMMEDIATE")
                for change in batch.changes {
                    switch change {
                    case .save(let id, let place, let wall, let delta): try open.save(id, place, wall, delta)
                    case .remove(let id): try open.remove(id)
                    }
                }
                try open.set("made", Int64(batch.made))
                try open.set("chosen", Int64(bitPattern: batch.chosen))
                try open.database.execute("COMMIT")
            } catch {
                // It may have been rolled back by itself.
                try? open.database.execute("ROLLBACK")
                open.scenarios = scenarios
                throw error
            }
            open.moveLogIfLong()
        }
    }
}

/// Where the rows of an account lie in the tables of tasks and of the ledger.
func rows(of account: Int64) -> ClosedRange<Int64> { (account << 32)...(account << 32 | 0xFFFF_FFFF) }

extension StateFile.Open {
    fileprivate func set(_ name: String, _ value: Int64) throws(StateError) {
        try database.run(
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value "
                + "WHERE value <> excluded.value",
            .text(name), .integer(value))
    }

    fileprivate func remove(_ id: Int64) throws(StateError) {
        try forget(id)
        try database.run("DELETE FROM account WHERE id = ?", .integer(id))
    }

    private func forget(_ id: Int64) throws(StateError) {
        let rows = rows(of: id)
        for table in ["task", "ledger"] {
            try database.run(
                "DELETE FROM \(table) WHERE id BETWEEN ? AND ?", .integer(rows.lowerBound), .integer(rows.upperBound))
        }
        for table in ["body", "event", "journal"] {
            try database.run("DELETE FROM \(table) WHERE account = ?", .integer(id))
        }
    }

    fileprivate mutating func save(
        _ id: Int64, _ place: Int, _ wall: Int64, _ delta: AccountDelta
    ) throws(StateError) {
        if delta.isAnew { try forget(id) }
        try save(delta.scenario)
        let base = id << 32
        let head = SnapshotDocument(models: [], accounts: [delta.head]).json
        let database = database
        try head.withBytes { (head) throws(StateError) in
            try database.run(
                """
                INSERT INTO account (id, place, wall, head, available, held, captured, paid_in, entries, tasks)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                ON CONFLICT (id) DO UPDATE SET wall = ?3, head = ?4, available = ?5, held = ?6, captured = ?7,
                    paid_in = ?8, entries = ?9, tasks = ?10
                """,
                .integer(id), .integer(Int64(place)), .integer(wall), .bytes(head), .integer(delta.sums.available),
                .integer(delta.sums.held), .integer(delta.sums.captured), .integer(delta.sums.paidIn),
                .integer(Int64(delta.sums.entries)), .integer(Int64(delta.sums.tasks)))
        }
        try forgetTasks(id, delta)
        if let journal = delta.journal { try save(journal, of: id) }
        try delta.taskBytes.withBytes { (bytes) throws(StateError) in
            var start = 0
            for (position, length) in delta.tasks {
                try database.run(
                    "INSERT OR REPLACE INTO task (id, data) VALUES (?, ?)", .integer(base | Int64(position)),
                    .bytes(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + length)])))
                start += length
            }
        }
        try delta.ledger.withBytes { (bytes) throws(StateError) in
            let step = Self.entriesPerRow * AccountDelta.entryLength
            for start in stride(from: 0, to: bytes.count, by: step) {
                let first = delta.firstEntry + start / AccountDelta.entryLength
                try database.run(
                    "INSERT INTO ledger (id, data) VALUES (?, ?)", .integer(base | Int64(first)),
                    .bytes(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + step, bytes.count)])))
            }
        }
        if delta.droppedEntries > 0 {
            // Rows go whole: the first one may begin before the first entry that is still needed.
            try database.run(
                """
                DELETE FROM ledger WHERE id >= ?1 AND id < (SELECT max(id) FROM ledger WHERE id BETWEEN ?1 AND ?2)
                """, .integer(base), .integer(base | Int64(delta.droppedEntries)))
        }
        for body in delta.bodies {
            try database.run(
                "INSERT INTO body (account, hash, count) VALUES (?1, ?2, ?3) "
                    + "ON CONFLICT (account, hash) DO UPDATE SET count = ?3",
                .integer(id), .integer(Int64(bitPattern: body.hash)), .integer(Int64(body.count)))
        }
    }

    private func forgetTasks(_ id: Int64, _ delta: AccountDelta) throws(StateError) {
        let base = id << 32
        if !delta.droppedTasks.isEmpty {
            try database.run(
                "DELETE FROM task WHERE id BETWEEN ? AND ?", .integer(base | Int64(delta.droppedTasks.lowerBound)),
                .integer(base | Int64(delta.droppedTasks.upperBound - 1)))
        }
        for position in delta.droppedAside {
            try database.run("DELETE FROM task WHERE id = ?", .integer(base | Int64(position)))
        }
    }

    private static let entriesPerRow = 4_096

    private mutating func save(_ scenario: WorldScenario) throws(StateError) {
        let name = StateFile.ScenarioName(name: scenario.name, hash: scenario.hash)
        guard scenario !== WorldScenario.none, scenarios.insert(name).inserted else { return }
        try database.run(
            "INSERT OR REPLACE INTO scenario (name, hash, source, builtin, text) VALUES (?, ?, ?, ?, ?)",
            .text(name.name), .integer(Int64(bitPattern: name.hash)), .text(scenario.source.source),
            .integer(scenario.source.isBuiltIn ? 1 : 0), .text(scenario.source.text))
    }
}
