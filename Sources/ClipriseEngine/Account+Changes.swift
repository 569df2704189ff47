internal import ClipriseJournal
public import ClipriseWire

extension Account {
    /// Begins the list of changes: all of the account is new to the file.
    ///
    /// - Parameter journal: Whether the file gets the journal too.
    public mutating func keepChanges(journal: Bool = false) {
        changes = AccountChanges()
        if journal { changes?.journal = SavedEvents() }
    }

    /// Goes on with a file that has all of the account; whether it gets the journal too.
    public mutating func keepJournal() {
        changes?.journal = SavedEvents(last: world.journal.total)
    }

    /// Notes that more became known of an event that the file may have.
    mutating func amend(_ sequence: Int) {
        if let saved = changes?.journal, sequence <= saved.last { changes?.journal?.amended.append(sequence) }
    }

    /// What the host has not seen since the last changes were taken.
    public mutating func takeNews() -> AccountNews {
        guard let changes else { return .none }
        let news: AccountNews =
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

    /// Whether an answer of this moment reports something that is not in the file yet.
    ///
    /// - Parameter task: The task that it reports; nil for an answer that may report any of them.
    public func isAhead(reporting task: TaskID?) -> Bool {
        guard let changes else { return false }
        let told = task.flatMap { position(of: $0) } ?? taskCount - 1
        return told >= changes.savedTasks || changes.isOnItsWay || hasUrgentChanges
    }

    /// What is on its way to the file has arrived.
    public mutating func arrived() {
        changes?.isOnItsWay = false
        if let taken = changes?.takenTasks { changes?.savedTasks = taken }
    }

    /// Takes all that is not in the file yet.
    ///
    /// - Parameters:
    ///   - places: The position of each model of the catalogue in the file.
    ///   - models: The ids of the catalogue, by position.
    public mutating func takeChanges(places: [Int], models: [String]) -> AccountDelta? {
        guard let changes else { return nil }
        var delta = AccountDelta(
            head: head, scenario: world.scenario, isAnew: changes.isAnew, firstEntry: changes.savedEntries)
        if changes.isAnew {
            delta.firstEntry = ledger.entries.first
            for position in positions(0..<keptTasks) { pack(position, places, into: &delta) }
            delta.bodies = world.bodyCounts.all.map { AccountSnapshot.BodyCount(hash: $0.hash, count: $0.count) }
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

    private mutating func pack(_ position: Int, _ places: [Int], into delta: inout AccountDelta) {
        let start = delta.taskBytes.count
        let record = tasks[position]
        var failure: String?
        if case .failed(let message) = record.state { failure = failures[Int(message)] }
        let terms = tasks.terms(of: record)
        record.pack(
            terms, place: places[Int(terms.model)], prompt: tasks.prompt(at: position), url: tasks.url(at: position),
            failure: failure, record.isSpecial ? specials[position] : nil, into: &delta.taskBytes)
        delta.tasks.append((position, delta.taskBytes.count - start))
    }
}
