internal import ClipriseJournal
package import ClipriseWire

/// What of an account is not yet in its host's state file; accounts of a host without one keep no such list.
struct AccountChanges: Sendable {
    /// Positions of tasks that are new or changed; one may stand there twice.
    var tasks: [Int] = []
    /// Bodies that were counted.
    var bodies: [UInt64] = []
    /// Ledger entries that the file has.
    var savedEntries = 0
    /// Whether the file is to forget all that it has of the account first.
    var isAnew = true
    /// How many tasks the file has, and how many it has when what is on its way has arrived.
    var savedTasks = 0
    var takenTasks = 0
    /// The first position from which on the file has all tasks.
    var savedFirst = 0
    /// Tasks before it that the file has and is to forget.
    var dropped: [Int] = []
    /// Whether there is something, beside new tasks, that a client may not be told of before it is in the file.
    var isUrgent = true
    /// Whether such a thing is on its way to the file.
    var isOnItsWay = false
    /// What the file has of the journal; nil when it is not to have it.
    var journal: SavedEvents?
    /// What the host was told last.
    var told = Account.News.none

    mutating func touch(_ position: Int, isUrgent: Bool) {
        // A task that is polled again and again stands there once.
        if tasks.last != position { tasks.append(position) }
        if isUrgent { self.isUrgent = true }
    }
}

extension Account {
    /// What a host with a state file should know of an account that was visited.
    package enum News: Int, Sendable, Comparable {
        case none
        /// Something changed that time brings again by itself, or that no client is told of.
        case minor
        /// Something changed that a client must not be told of before it is in the file.
        case urgent

        package static func < (left: News, right: News) -> Bool { left.rawValue < right.rawValue }
    }

    /// Whether the account keeps a list of what is not in a state file.
    package var isKept: Bool { changes != nil }

    /// Begins the list of changes: all of the account is new to the file.
    ///
    /// - Parameter journal: Whether the file is to have the journal too.
    package mutating func keepChanges(journal: Bool = false) {
        changes = AccountChanges()
        if journal { changes?.journal = SavedEvents() }
    }

    /// Goes on with a file that has all of the account; whether it is to have the journal too.
    package mutating func keepJournal() {
        changes?.journal = SavedEvents(last: world.journal.total)
    }

    /// Notes that more became known of an event that the file may have.
    mutating func amend(_ sequence: Int) {
        if let saved = changes?.journal, sequence <= saved.last { changes?.journal?.amended.append(sequence) }
    }

    /// What the host has not been told of since the last changes were taken.
    package mutating func takeNews() -> News {
        guard let changes else { return .none }
        let news: News =
            hasUrgentChanges || changes.takenTasks < taskCount
            ? .urgent
            : !changes.tasks.isEmpty || !changes.bodies.isEmpty || !changes.dropped.isEmpty
                || changes.savedFirst != tasks.first || changes.savedEntries != ledger.entries.count
                || world.callbacksChanged || changes.journal?.differ(from: world.journal) == true ? .minor : .none
        guard news > changes.told else { return .none }
        self.changes?.told = news
        return news
    }

    private var hasUrgentChanges: Bool {
        changes?.isUrgent == true || world.isChanged || world.states.isChanged
    }

    /// Whether an answer of this moment tells of something that is not in the file yet.
    ///
    /// - Parameter task: The task that it tells of; nil for an answer that may tell of all of them.
    package func isAhead(telling task: TaskID?) -> Bool {
        guard let changes else { return false }
        let told = task.flatMap { position(of: $0) } ?? taskCount - 1
        return told >= changes.savedTasks || changes.isOnItsWay || hasUrgentChanges
    }

    /// What is on its way to the file has arrived.
    package mutating func arrived() {
        changes?.isOnItsWay = false
        if let taken = changes?.takenTasks { changes?.savedTasks = taken }
    }

    /// Takes all that is not in the file yet.
    ///
    /// - Parameters:
    ///   - places: The position of each model of the catalogue in the file.
    ///   - models: The ids of the catalogue, by position.
    package mutating func takeChanges(places: [Int], models: [String]) -> AccountDelta? {
        guard let changes else { return nil }
        var delta = AccountDelta(
            head: head, scenario: world.scenario, isAnew: changes.isAnew, firstEntry: changes.savedEntries)
        if changes.isAnew {
            delta.firstEntry = ledger.entries.first
            for position in positions(0..<keptTasks) { pack(position, places, into: &delta) }
            delta.bodies = world.bodyCounts.map { AccountSnapshot.BodyCount(hash: $0.key, count: $0.value) }
        } else {
            var positions = changes.tasks
            positions.sort()
            var last = -1
            for position in positions where position != last && tasks.contains(position) {
                pack(position, places, into: &delta)
                last = position
            }
            delta.droppedTasks = changes.savedFirst..<tasks.first
            delta.droppedAside = changes.dropped
            delta.firstEntry = max(delta.firstEntry, ledger.entries.first)
            delta.bodies = Set(changes.bodies).compactMap { hash in
                world.bodyCounts[hash].map { AccountSnapshot.BodyCount(hash: hash, count: $0) }
            }
        }
        for index in delta.firstEntry..<ledger.entries.count { ledger.entries[index].pack(into: &delta.ledger) }
        delta.droppedEntries = ledger.entries.first
        delta.sums = AccountDelta.Sums(ledger, tasks: tasks.count)
        var rest = AccountChanges()
        rest.isAnew = false
        rest.isOnItsWay = changes.isOnItsWay || hasUrgentChanges
        rest.isUrgent = false
        rest.savedTasks = changes.savedTasks
        rest.takenTasks = taskCount
        rest.savedEntries = ledger.entries.count
        rest.savedFirst = tasks.first
        if let saved = changes.journal {
            delta.journal = JournalDelta(
                world.journal, after: saved, ids: ids, models: models, rules: world.rules.names)
            rest.journal = SavedEvents(last: world.journal.total, evicted: world.journal.evicted)
        }
        self.changes = rest
        world.isChanged = false
        world.states.isChanged = false
        world.callbacksChanged = false
        return delta
    }

    private func pack(_ position: Int, _ places: [Int], into delta: inout AccountDelta) {
        let start = delta.taskBytes.count
        let record = tasks[position]
        var failure: String?
        if case .failed(let message) = record.state { failure = failures[Int(message)] }
        record.pack(
            place: places[Int(record.model)], prompt: tasks.prompt(at: position), url: tasks.url(at: position),
            failure: failure, record.isSpecial ? specials[position] : nil, into: &delta.taskBytes)
        delta.tasks.append((position, delta.taskBytes.count - start))
    }
}

/// What changed of an account since it was last saved, as bytes that a file can keep.
package struct AccountDelta: Sendable {
    /// What the ledger comes to.
    package struct Sums: Sendable, Hashable {
        package var available: Int64
        package var held: Int64
        package var captured: Int64
        package var paidIn: Int64
        package var entries: Int
        package var tasks: Int

        package init(
            available: Int64, held: Int64, captured: Int64, paidIn: Int64, entries: Int, tasks: Int
        ) {
            self.available = available
            self.held = held
            self.captured = captured
            self.paidIn = paidIn
            self.entries = entries
            self.tasks = tasks
        }

        init(_ ledger: Ledger, tasks: Int) {
            self.init(
                available: ledger.available, held: ledger.held, captured: ledger.captured, paidIn: ledger.paidIn,
                entries: ledger.entries.count, tasks: tasks)
        }
    }

    /// The account without its tasks, ledger and counted bodies.
    package var head: AccountSnapshot
    /// The scenario that the account follows.
    package var scenario: WorldScenario
    /// Whether what is saved of the account is to be forgotten first.
    package var isAnew: Bool
    /// Positions of which the file is to forget all tasks, before it gets those in `taskBytes`.
    package var droppedTasks = 0..<0
    /// Single ones.
    package var droppedAside: [Int] = []
    /// Positions and lengths of the tasks in `taskBytes`.
    package var tasks: [(position: Int, length: Int)] = []
    package var taskBytes: [UInt8] = []
    /// The number of the first entry in `ledger`.
    package var firstEntry: Int
    package var ledger: [UInt8] = []
    /// Entries before this number are gone.
    package var droppedEntries = 0
    package var bodies: [AccountSnapshot.BodyCount] = []
    /// Nil when the file is not to have the journal.
    package var journal: JournalDelta?
    package var sums = Sums(available: 0, held: 0, captured: 0, paidIn: 0, entries: 0, tasks: 0)

    /// The length of each entry in `ledger`.
    package static let entryLength = Ledger.Entry.packedLength

    /// The place of a packed task's model; nil for one that is cut short.
    package static func place(ofTask bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 34 else { return nil }
        return Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 32, as: UInt16.self)))
    }

    init(head: AccountSnapshot, scenario: WorldScenario, isAnew: Bool, firstEntry: Int) {
        self.head = head
        self.scenario = scenario
        self.isAnew = isAnew
        self.firstEntry = firstEntry
    }
}
