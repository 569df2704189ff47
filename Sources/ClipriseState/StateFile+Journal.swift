internal import ClipriseEngine
package import ClipriseJournal
internal import ClipriseReport
internal import ClipriseWire

/// What becomes of the journals of a state file's accounts.
package struct JournalKeeping: Sendable {
    /// The most events of an account.
    package var limit: Int
    /// Which bodies are kept, in memory only.
    package var bodies: BodyPolicy
    /// Whether the file has the events too.
    package var areInFile: Bool

    package init(limit: Int, bodies: BodyPolicy = .none, areInFile: Bool = false) {
        self.limit = limit
        self.bodies = bodies
        self.areInFile = areInFile
    }
}

/// Events in the file: a row for each, with the line that an exported journal has for it.
extension StateFile.Open {
    func save(_ journal: JournalDelta, of id: Int64) throws(StateError) {
        try database.run(
            "DELETE FROM event WHERE account = ? AND sequence <= ?", .integer(id), .integer(Int64(journal.evicted)))
        try database.run(
            "INSERT INTO journal (account, cleared) VALUES (?1, ?2) ON CONFLICT (account) DO UPDATE SET cleared = ?2 "
                + "WHERE cleared <> ?2",
            .integer(id), .integer(Int64(journal.cleared)))
        let view = journal.view
        guard !view.events.isEmpty else { return }
        let database = database
        try JournalLines.write([view]).withBytes { (bytes) throws(StateError) in
            // The first line is the header, which is made anew when it is read.
            var start = Self.end(ofLineAt: 0, bytes)
            for event in view.events {
                let end = Self.end(ofLineAt: start, bytes)
                try database.run(
                    "INSERT OR REPLACE INTO event (account, sequence, line) VALUES (?, ?, ?)", .integer(id),
                    .integer(Int64(event.sequence)), .bytes(UnsafeRawBufferPointer(rebasing: bytes[start..<end])))
                start = end
            }
        }
    }

    /// Where the next line begins.
    private static func end(ofLineAt start: Int, _ bytes: UnsafeRawBufferPointer) -> Int {
        (bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count - 1) + 1
    }

    /// The journal of an account, as far as the file has it up to the account's last event.
    ///
    /// A server that ran without the option in between leaves a gap; what is before it is not taken up again.
    func journal(
        of id: Int64, _ head: AccountSnapshot, _ models: [String], _ keeping: JournalKeeping
    ) throws(StateError) -> SavedJournal {
        let none = SavedJournal(limit: keeping.limit, bodies: keeping.bodies)
        guard keeping.areInFile else { return none }
        var cleared = 0
        try database.query("SELECT cleared FROM journal WHERE account = ?", [.integer(id)]) {
            cleared = Int(clamping: $0.integer(0))
        }
        let lines = try lines(of: id, upTo: head.eventTotal, atMost: keeping.limit)
        guard !lines.isEmpty else { return none }
        let evicted = head.eventTotal - lines.count
        let newline = UInt8(ascii: "\n")
        if let odd = lines.firstIndex(where: { $0.isEmpty || $0.firstIndex(of: newline) != $0.indices.last }) {
            throw damaged(head, "event \(evicted + 1 + odd) is not one line")
        }
        let header = JournalView(
            account: ShortenedKey.text(head.key), events: [], evicted: evicted, models: models,
            rules: head.ruleStates.map(\.name))
        let text = JournalLines.header(of: header, events: lines.count) + lines.joined()
        let events: [JournalEvent]
        do throws(JournalLinesError) {
            events = try JournalLines.read(text, hasContents: false).first?.events ?? []
        } catch {
            // The header is the first line.
            throw damaged(head, "event \(evicted + error.line - 1), \(error.message)")
        }
        guard events.last?.sequence == head.eventTotal, events.count == lines.count else {
            throw damaged(head, "events are missing")
        }
        return SavedJournal(limit: keeping.limit, bodies: keeping.bodies, events: events, cleared: max(0, cleared))
    }

    private func damaged(_ head: AccountSnapshot, _ reason: String) -> StateError {
        StateError(
            .damaged, database.path,
            "has a journal that cannot be read (account \(ShortenedKey.text(head.key)): \(reason.printable)); start "
                + "without --state-journal to go on without it, or \(StateError.advice)")
    }

    /// The lines of the last events, oldest first, without a gap up to `total`.
    private func lines(of id: Int64, upTo total: Int, atMost limit: Int) throws(StateError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var isWhole = true
        try database.query(
            "SELECT sequence, line FROM event WHERE account = ? AND sequence <= ? ORDER BY sequence DESC LIMIT ?",
            [.integer(id), .integer(Int64(total)), .integer(Int64(limit))]
        ) { row in
            isWhole = isWhole && row.integer(0) == Int64(total - lines.count)
            if isWhole { lines.append(Array(row.bytes(1))) }
        }
        return lines.reversed()
    }
}
