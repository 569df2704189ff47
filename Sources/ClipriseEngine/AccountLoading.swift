public import ClipriseCatalog
public import ClipriseWire

/// Makes an account from what a state file has of it: first its tasks in their order, then its ledger.
///
/// Every number is checked, and every entry of the ledger: what could never have been is rejected.
public struct AccountLoading: Sendable {
    private var account: Account
    private let models: Catalog.Models
    private let head: AccountSnapshot
    /// How many prices each model has, once it was needed.
    private var rows: [Int?]
    private var replay: LedgerReplay

    /// - Parameters:
    ///   - head: The account without its tasks, ledger and counted bodies.
    ///   - tasks: How many tasks it ever had.
    ///   - journal: What there is of its journal.
    public init(
        _ head: AccountSnapshot, tasks: Int, scenario: WorldScenario, models: Catalog.Models, journal: SavedJournal
    ) throws(SnapshotBreach) {
        guard (0...AccountWorld.countLimit).contains(tasks) else {
            throw SnapshotBreach("no account has so many tasks")
        }
        try Account.check(head, scenario, taskCount: tasks)
        replay = try LedgerReplay(after: head.dropped)
        self.models = models
        let goingOn = try journal.goingOn(from: head, tasks: tasks, models: models.ids.count)
        var world = AccountWorld(head, scenario, models: models.ids, at: .start, journal: goingOn)
        world.warned = journal.warned
        account = Account(
            key: head.key, ledger: Ledger(opening: 0, at: .start), world: world, lastSeen: head.clock.now)
        account.label = head.label
        account.tasks = TaskList(first: head.dropped?.first ?? 0)
        self.head = head
        rows = models.ids.map { _ in nil }
    }

    /// - Parameters:
    ///   - position: Must be the next one, or one of those that are aside.
    ///   - places: The catalogue's positions of the file's models; −1 for one that the catalogue has not.
    public mutating func add(
        task bytes: UnsafeRawBufferPointer, at position: Int, places: [Int]
    ) throws(SnapshotBreach) {
        let isAside = position < account.tasks.first
        guard isAside || position == account.tasks.count else {
            throw SnapshotBreach("task \(account.tasks.count + 1) is missing")
        }
        do throws(SnapshotBreach) {
            let packed = try PackedTask(bytes, models: places)
            let model = packed.model
            let rowCount = rows[model] ?? models[model].price.rows.count
            rows[model] = rowCount
            guard Int(packed.row) < rowCount else { throw SnapshotBreach("it was never possible") }
            var state = packed.state
            if let text = packed.failure {
                guard let known = account.keep(text) else {
                    throw SnapshotBreach("there are too many different messages of failure")
                }
                state = .failed(known)
            }
            let terms = packed.terms
            let record = packed.record(
                state, terms: account.tasks.number(of: terms),
                prompt: account.tasks.keep(prompt: isAside ? Self.nothing : packed.prompt),
                callBackURL: account.tasks.keep(url: isAside ? Self.nothing : packed.url))
            guard Account.isSound(record, terms, packed.special, account.lastSeen) else {
                throw SnapshotBreach("it was never possible")
            }
            switch record.state {
            case .processing: if record.dueAt.nanoseconds != .max { account.due.add(position, at: record.dueAt) }
            case .succeeded: account.succeededCount += 1
            case .failed: account.failedCount += 1
            }
            if let special = packed.special { account.specials[position] = special }
            guard !isAside else {
                return account.tasks.setAside(
                    record, at: position, prompt: Array(packed.prompt), url: Array(packed.url))
            }
            account.tasks.append(record)
            if record.state != .processing { account.tasks.layTextsToRest(at: position) }
            replay.addTask()
        } catch {
            throw SnapshotBreach("task \(position + 1): \(error.message)")
        }
    }

    private static var nothing: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

    /// - Parameter first: The number of the first entry; must be the next one, but for entries that are dropped.
    public mutating func add(ledger bytes: UnsafeRawBufferPointer, first: Int) throws(SnapshotBreach) {
        var reader = PackedReader(bytes)
        if let dropped = head.dropped?.entries, first < dropped {
            // Rows go whole: of one that is still there the first entries may be dropped.
            let count = min(dropped - first, bytes.count / AccountDelta.entryLength)
            try reader.skip(count * AccountDelta.entryLength)
            guard !reader.isAtEnd else { return }
        } else if first != replay.entries {
            throw SnapshotBreach("ledger entry \(replay.entries) is missing")
        }
        while !reader.isAtEnd {
            let code = try reader.number(UInt8.self)
            let task = try reader.number(Int32.self)
            let credits = try reader.int64()
            let at = Instant(nanoseconds: try reader.int64())
            let position = task < 0 ? nil : Int(task)
            guard let kind = Ledger.Kind(rawValue: code), at <= account.lastSeen, task >= -1,
                replay.add(kind, position, credits, at: at, task: account.price(of: position))
            else { throw replay.problem }
        }
    }

    public mutating func add(body hash: UInt64, count: Int) throws(SnapshotBreach) {
        guard (1...AccountWorld.countLimit).contains(count),
            account.world.bodyCounts.count < AccountWorld.bodyCountLimit
        else {
            throw SnapshotBreach("a body was sent once or more, and at most \(AccountWorld.bodyCountLimit) are counted")
        }
        account.world.bodyCounts.set(hash, to: count)
    }

    /// The account, when all of it is there and the money adds up.
    public consuming func finish(_ sums: AccountDelta.Sums) throws(SnapshotBreach) -> Account {
        guard AccountDelta.Sums(replay.ledger, tasks: account.tasks.count) == sums else {
            throw SnapshotBreach("the ledger does not come to the sums that are noted beside it")
        }
        try account.finish(head, replay)
        account.world.isChanged = false
        account.world.callbacksChanged = false
        var changes = AccountChanges()
        changes.isAnew = false
        changes.isUrgent = false
        changes.savedEntries = replay.entries
        changes.savedTasks = account.tasks.count
        changes.takenTasks = account.tasks.count
        changes.savedFirst = account.tasks.first
        account.changes = changes
        return account
    }
}

extension Account {
    /// Goes on after a time in a file: a real clock has run on meanwhile, and what fell due settles.
    public mutating func wake(after span: TimeSpan, at host: HostTime) {
        world.clock.wake(after: span, at: host.monotonic)
        settle(at: world.clock.now(host.monotonic), wall: host.wall)
    }
}
