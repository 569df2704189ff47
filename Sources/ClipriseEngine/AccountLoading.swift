package import ClipriseCatalog
internal import ClipriseJournal
internal import ClipriseScenario
package import ClipriseWire

/// Makes an account from what a state file has of it: first its tasks in their order, then its ledger.
///
/// Every number is checked, and the ledger is gone through entry by entry: what could never have been is refused.
package struct AccountLoading: Sendable {
    private enum Progress: UInt8 { case none, held, captured, released, refunded }

    private var account: Account
    private let models: Catalog.Models
    private let head: AccountSnapshot
    private let callbackRule: CallbackRule
    /// How many prices each model has, once it was needed.
    private var rows: [Int?]
    private var progress: [Progress] = []
    private var holds = 0
    private var entries = 0
    private var lastEntry = Instant.start

    /// - Parameters:
    ///   - head: The account without its tasks, ledger and counted bodies.
    ///   - tasks: How many tasks it has.
    package init(
        _ head: AccountSnapshot, tasks: Int, scenario: WorldScenario, models: Catalog.Models, journalLimit: Int
    ) throws(SnapshotBreach) {
        try Account.check(head, scenario, taskCount: tasks)
        self.models = models
        let journal = Journal(limit: journalLimit, evicted: head.eventTotal, events: [])
        let world = World(head, scenario, models: models.ids, at: .start, journal: journal)
        account = Account(
            key: head.key, ledger: Ledger(opening: 0, at: .start), world: world, lastSeen: head.clock.now)
        account.label = head.label
        self.head = head
        callbackRule = scenario.callbacks ?? CallbackRule()
        rows = models.ids.map { _ in nil }
    }

    /// - Parameters:
    ///   - position: Must be the next one.
    ///   - places: The catalogue's positions of the file's models; −1 for one that the catalogue has not.
    package mutating func add(
        task bytes: UnsafeRawBufferPointer, at position: Int, places: [Int]
    ) throws(SnapshotBreach) {
        guard position == account.tasks.count else {
            throw SnapshotBreach("task \(account.tasks.count + 1) is missing")
        }
        do throws(SnapshotBreach) {
            var packed = try PackedTask(bytes, models: places) { text, isURL in
                isURL ? account.callBackURLs.keep(Array(text)) : account.prompts.keep(Array(text))
            }
            let record = packed.record
            let model = Int(record.model)
            let rowCount = rows[model] ?? models[model].price.rows.count
            rows[model] = rowCount
            guard Int(record.row) < rowCount, Account.isSound(record, packed.special, account.lastSeen) else {
                throw SnapshotBreach("it was never possible")
            }
            switch record.state {
            case .processing: if record.dueAt.nanoseconds != .max { account.due.add(position, at: record.dueAt) }
            case .succeeded: account.succeededCount += 1
            case .failed:
                guard let known = account.keep(packed.failure ?? "") else {
                    throw SnapshotBreach("there are too many different messages of failure")
                }
                packed.record.state = .failed(known)
                account.failedCount += 1
            }
            if let special = packed.special { account.specials[position] = special }
            account.tasks.append(packed.record)
            progress.append(.none)
        } catch {
            throw SnapshotBreach("task \(position + 1): \(error.message)")
        }
    }

    /// - Parameter first: The number of the first entry; must be the next one.
    package mutating func add(ledger bytes: UnsafeRawBufferPointer, first: Int) throws(SnapshotBreach) {
        guard first == entries else { throw SnapshotBreach("ledger entry \(entries) is missing") }
        var reader = PackedReader(bytes)
        while !reader.isAtEnd {
            let code = try reader.number(UInt8.self)
            let position = try reader.number(Int32.self)
            let credits = try reader.int64()
            let at = Instant(nanoseconds: try reader.int64())
            guard let kind = Ledger.Kind(rawValue: code), at >= lastEntry, at <= account.lastSeen,
                (-Ledger.limit...Ledger.limit).contains(credits), position >= -1,
                replay(kind, position < 0 ? nil : Int(position), credits, at), account.ledger.breach == nil
            else { throw SnapshotBreach("ledger entry \(entries) was never possible") }
            lastEntry = at
            entries += 1
        }
    }

    private mutating func replay(_ kind: Ledger.Kind, _ task: Int?, _ credits: Int64, _ at: Instant) -> Bool {
        if entries == 0 {
            guard kind == .opening, task == nil, credits >= 0 else { return false }
            account.ledger = Ledger(opening: credits, at: at)
            return true
        }
        guard let task else {
            switch kind {
            case .topUp: return credits > 0 && account.ledger.topUp(credits, at: at)
            case .adjustment: return account.ledger.adjust(by: credits, at: at)
            case .drain:
                let rest = account.ledger.available + credits
                guard credits < 0, rest >= 0 else { return false }
                return account.ledger.drain(to: rest, at: at) == -credits
            case .opening, .hold, .capture, .release, .refund: return false
            }
        }
        guard account.tasks.indices.contains(task), account.tasks[task].credits == credits else { return false }
        switch (kind, progress[task]) {
        case (.hold, .none) where task == holds:
            holds += 1
            progress[task] = .held
            return account.ledger.hold(credits, task: task, at: at)
        case (.capture, .held):
            progress[task] = .captured
            account.ledger.capture(credits, task: task, at: at)
        case (.release, .held):
            progress[task] = .released
            account.ledger.release(credits, task: task, at: at)
        case (.refund, .captured):
            progress[task] = .refunded
            account.ledger.refund(credits, task: task, at: at)
        default: return false
        }
        return true
    }

    package mutating func add(body hash: UInt64, count: Int) throws(SnapshotBreach) {
        guard count > 0, account.world.bodyCounts.count < World.bodyCountLimit else {
            throw SnapshotBreach("a body was sent once or more, and at most \(World.bodyCountLimit) are counted")
        }
        account.world.bodyCounts[hash] = count
    }

    /// The account, when all of it is there and the money adds up.
    package consuming func finish(_ sums: AccountDelta.Sums) throws(SnapshotBreach) -> Account {
        guard entries > 0, AccountDelta.Sums(account.ledger, tasks: account.tasks.count) == sums else {
            throw SnapshotBreach("the ledger does not come to the sums that are noted beside it")
        }
        guard holds == account.tasks.count else {
            throw SnapshotBreach("\(account.tasks.count) tasks have \(holds) holds")
        }
        for position in account.tasks.indices where progress[position] != Self.end(of: position, account) {
            throw SnapshotBreach("the ledger does not agree with what became of task \(position + 1)")
        }
        let (specials, rule) = (account.specials, callbackRule)
        account.world.callbacks = CallbackQueue(head) { callback in
            CallbackJob(
                position: callback.task, attempt: callback.attempt,
                fault: callback.hasFault ? specials[callback.task]?.callback : nil,
                rule: rule)
        }
        account.world.isChanged = false
        account.world.callbacksChanged = false
        var changes = AccountChanges()
        changes.isAnew = false
        changes.isUrgent = false
        changes.savedEntries = entries
        changes.savedTasks = account.tasks.count
        changes.takenTasks = account.tasks.count
        account.changes = changes
        return account
    }

    /// Where the entries of a task must have ended.
    private static func end(of position: Int, _ account: Account) -> Progress {
        let task = account.tasks[position]
        let isPaid = task.isSpecial && account.specials[position]?.isPaid == true
        return switch task.state {
        case .processing: isPaid ? .captured : .held
        case .succeeded: .captured
        case .failed: isPaid ? .refunded : .released
        }
    }
}

extension Account {
    /// Goes on after a time in a file: a real clock has gone on meanwhile, and what fell due settles.
    package mutating func wake(after span: TimeSpan, at host: HostTime) {
        world.clock.wake(after: span, at: host.monotonic)
        settle(at: world.clock.now(host.monotonic), wall: host.wall)
    }
}
