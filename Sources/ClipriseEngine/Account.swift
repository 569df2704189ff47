public import ClipriseCatalog
internal import ClipriseJournal
internal import ClipriseScenario
public import ClipriseWire

/// One sandbox: the credits, ledger, clock, rules, tasks and journal behind one API key.
///
/// All of it is one value, so that whoever holds it sees money and tasks agree. A task's state is a function of the
/// task and the time: whatever fell due settles, at the instant it fell due, before anything else is looked at.
public struct Account: Sendable {
    public let key: [UInt8]
    /// What takes this account's secrets out of texts.
    public let mask: SecretMask
    /// What looks for the key where it does not belong.
    public let keySearch: KeySearch
    /// What whoever made the account calls it; shown wherever the key is shortened.
    public var label: String? { didSet { world.isChanged = true } }
    public internal(set) var ledger: Ledger
    /// What a scenario gave the account, and what it remembers of it.
    public var world: AccountWorld
    var tasks = TaskList()
    var specials: [Int: TaskSpecial] = [:]
    /// Which tasks are kept once they ended; nil for all.
    public var keeping: TaskKeeping?
    /// Tasks that were dropped, by how they ended.
    var droppedSucceeded = 0
    var droppedFailed = 0
    /// Callbacks that a host with a limit of tasks makes at this moment, by the tasks' positions.
    var callsUnderWay: [Int: Int] = [:]
    private(set) var failures: [String] = []
    /// What is not in a state file yet; nil without one.
    var changes: AccountChanges?
    var due = DueQueue()
    /// Tasks that ended well, and those that did not.
    public internal(set) var succeededCount = 0
    public internal(set) var failedCount = 0
    public let ids: TaskIDs
    private let chance: UInt64
    /// The latest instant that the account was brought to.
    public internal(set) var lastSeen: Instant

    /// - Parameters:
    ///   - credits: The credits at the start, 0 to `Ledger.limit`.
    ///   - seed: Ids and lives follow from it, the key, and each task's position.
    ///   - now: The host's time.
    public init(
        key: [UInt8], credits: Int64, seed: UInt64, world: AccountWorld? = nil, at now: Instant, wall: Int64 = 0
    ) {
        (self.key, mask, keySearch) = (key, SecretMask(key: key), KeySearch(key))
        self.world = world ?? AccountWorld(seed: seed, at: now)
        let start = self.world.clock.now(now)
        ledger = Ledger(opening: credits, at: start)
        ids = TaskIDs(seed: seed, account: key)
        chance = Draw.mix(Draw.mix(seed, 0x6C69_6665), key)
        lastSeen = start
        self.world.journal.note(at: start, realTime: wall, .money(MoneyEvent(kind: .opening, credits: credits)))
    }

    /// An account without any past, for `Account.init(restoring:)`.
    init(key: [UInt8], ledger: Ledger, world: AccountWorld, lastSeen: Instant) {
        (self.key, mask, keySearch) = (key, SecretMask(key: key), KeySearch(key))
        self.ledger = ledger
        self.world = world
        self.lastSeen = lastSeen
        ids = TaskIDs(seed: world.seed, account: key)
        chance = Draw.mix(Draw.mix(world.seed, 0x6C69_6665), key)
    }

    public typealias Outcome = TaskOutcome
    /// The longest label, and the longest message of a failed task, in bytes.
    public static let labelLimit = 256
    public static let messageLimit = 4_000

    /// A task as a caller sees it.
    public struct Task: Sendable, Hashable {
        public var id: TaskID
        public var model: Int
        public var row: Int
        public var credits: Int64
        public var acceptedAt: Instant
        /// When it ends or ended; the end of time when it does not end by the clock.
        public var dueAt: Instant
        public var outcome: Outcome
        public var shape: ResultShape
        public var prompt: String
        public var callBackURL: String
        public var polls: Int
        public var downloads: Int
    }

    public var taskCount: Int { tasks.count }

    /// Tasks that have not ended.
    var runningCount: Int { tasks.count - succeededCount - failedCount }

    /// When the next task ends by itself, or nil.
    public var nextEnd: Instant? { due.next }

    /// Brings the account to `now`: every task that fell due by then settles, in the order of their instants.
    ///
    /// A `now` before the last one counts as the last one.
    public mutating func settle(at now: Instant, wall: Int64 = 0) {
        lastSeen = max(lastSeen, now)
        while let position = due.takeFirst(by: lastSeen) {
            // One that was ended by hand may have been dropped.
            guard tasks.contains(position) else { continue }
            let task = tasks[position]
            guard task.state == .processing else { continue }
            endByItself(position, at: task.dueAt, wall: wall)
        }
        if keeping != nil { dropOldTasks() }
    }

    /// The life of the next task when nothing but chance decides: within 20 % of `life`.
    public func usualLife(_ life: TimeSpan) -> TimeSpan {
        let factor = 0.8 + 0.4 * Draw.unit(Draw.mix(chance, UInt64(tasks.count)))
        return TimeSpan(rounding: Double(life.nanoseconds) * factor)
    }

    /// Accepts an order: holds its price and starts the life that is planned; nil, and nothing is done, when credits are
    /// short.
    ///
    /// - Parameter credits: The price, where it is not the order's own.
    public mutating func accept(
        _ order: borrowing Order, for credits: Int64? = nil, plan: TaskPlan, at now: Instant
    ) -> TaskID? {
        let credits = credits ?? order.credits
        settle(at: now)
        let position = tasks.count
        guard ledger.hold(credits, task: position, at: lastSeen) else { return nil }
        var dueAt = Instant(nanoseconds: .max)
        if case .after(let span) = plan.end, plan.fault != .stuck { dueAt = lastSeen.advanced(by: span) }
        let terms = TaskTerms(model: order.model, row: order.row, credits: credits, order.shape)
        var task = TaskRecord(
            acceptedAt: lastSeen, dueAt: dueAt, terms: tasks.number(of: terms),
            prompt: tasks.keep(promptOf: order),
            callBackURL: tasks.keep(url: order.callBackURL))
        if !plan.isUsual {
            task.isSpecial = true
            specials[position] = special(plan)
            if plan.chargesAtAccept { ledger.capture(credits, task: position, at: lastSeen) }
        }
        tasks.append(task)
        if dueAt.nanoseconds != .max { due.add(position, at: dueAt) }
        changes?.touch(position, isUrgent: false)
        return ids.id(of: position)
    }

    private func special(_ plan: TaskPlan) -> TaskSpecial {
        var special = TaskSpecial()
        special.fault = plan.fault
        special.callback = plan.callback
        special.isPaid = plan.chargesAtAccept
        if case .polls(let count) = plan.end { special.lifePolls = count }
        return special
    }

    /// The position of the task with this id in this account, or nil; nil also for one that was dropped.
    public func position(of id: TaskID) -> Int? {
        guard let position = ids.position(of: id), tasks.contains(position) else { return nil }
        return position
    }

    /// The model, price and state of the task at `position`, without its texts.
    public mutating func glance(at position: Int, at now: Instant) -> (outcome: Outcome, model: Int, credits: Int64) {
        settle(at: now)
        let task = tasks[position]
        let terms = tasks.terms(of: task)
        return (outcome(of: task), Int(terms.model), terms.credits)
    }

    /// The price of a task, and whether it was taken or is set aside, as of the last look.
    public func charge(at position: Int) -> (credits: Int64, isCharged: Bool) {
        let task = tasks[position]
        let credits = tasks.terms(of: task).credits
        if case .failed = task.state { return (credits, false) }
        return (credits, true)
    }

    public mutating func task(at position: Int, at now: Instant) -> Task {
        settle(at: now)
        let task = tasks[position]
        let terms = tasks.terms(of: task)
        return Task(
            id: ids.id(of: position), model: Int(terms.model), row: Int(terms.row), credits: terms.credits,
            acceptedAt: task.acceptedAt, dueAt: task.dueAt,
            outcome: outcome(of: task), shape: terms.shape,
            prompt: String(decoding: tasks.prompt(at: position), as: UTF8.self),
            callBackURL: String(decoding: tasks.url(at: position), as: UTF8.self), polls: Int(task.polls),
            downloads: Int(task.downloads))
    }

    mutating func prompt(at position: Int) -> ArraySlice<UInt8> { tasks.prompt(at: position) }

    /// Ends a task now, whatever its life had been; false when it had ended before.
    public mutating func force(_ outcome: Outcome, at position: Int, now: Instant, wall: Int64 = 0) -> Bool {
        settle(at: now, wall: wall)
        guard tasks.contains(position), tasks[position].state == .processing else { return false }
        changes?.isUrgent = true
        switch outcome {
        case .processing: return false
        case .succeeded: finish(position, .succeeded, at: lastSeen, wall: wall)
        case .failed(let message):
            guard let known = keep(message) else { return false }
            finish(position, .failed(known), at: lastSeen, wall: wall)
        }
        return true
    }

    public mutating func topUp(_ credits: Int64, at now: Instant, wall: Int64 = 0) -> Bool {
        settle(at: now, wall: wall)
        guard ledger.topUp(credits, at: lastSeen) else { return false }
        changes?.isUrgent = true
        note(.money(MoneyEvent(kind: .topUp, credits: credits)), wall: wall)
        return true
    }

    public mutating func adjust(by credits: Int64, at now: Instant, wall: Int64 = 0) -> Bool {
        settle(at: now, wall: wall)
        guard ledger.adjust(by: credits, at: lastSeen) else { return false }
        changes?.isUrgent = true
        note(.money(MoneyEvent(kind: .adjustment, credits: credits)), wall: wall)
        return true
    }

    mutating func drain(to rest: Int64, wall: Int64) {
        let taken = ledger.drain(to: rest, at: lastSeen)
        if taken > 0 { changes?.isUrgent = true }
        if taken > 0 { note(.money(MoneyEvent(kind: .drain, credits: -taken)), wall: wall) }
    }

    /// Notes an event at the latest instant.
    mutating func note(_ kind: JournalEvent.Kind, wall: Int64) {
        world.journal.note(at: lastSeen, realTime: wall, kind)
    }

    /// Forgets all tasks, and with them the ledger: the account has the credits that it began with.
    ///
    /// The events go too, since tasks to come get the same ids; their numbers stay used.
    public mutating func forgetTasks(at host: HostTime) -> (tasks: Int, events: Int) {
        settle(at: world.clock.now(host.monotonic), wall: host.wall)
        let opening = ledger.opening
        let cleared = (tasks: taskCount, events: world.journal.clear())
        tasks = TaskList()
        specials = [:]
        (droppedSucceeded, droppedFailed) = (0, 0)
        callsUnderWay = [:]
        world.warned = [:]
        failures = []
        due = DueQueue()
        succeededCount = 0
        failedCount = 0
        ledger = Ledger(opening: opening, at: lastSeen)
        if let changes { keepChanges(journal: changes.journal != nil) }
        world.callbacks = CallbackQueue()
        world.bodyCounts = BodyCounts()
        note(.money(MoneyEvent(kind: .opening, credits: opening)), wall: host.wall)
        return cleared
    }

    /// The id of the task that a ledger entry names.
    public func id(of position: Int) -> TaskID {
        ids.id(of: position)
    }

    /// Ends a task as it was planned.
    mutating func endByItself(_ position: Int, at instant: Instant, wall: Int64) {
        var state = TaskRecord.State.succeeded
        if tasks[position].isSpecial, case .fail(let text)? = specials[position]?.fault {
            let library = FailMessage.library
            let drawn = Int(Draw.mix(Draw.mix(chance, 0x6661_696C), UInt64(position)) % UInt64(library.count))
            // With more texts than are counted, the last ones share one.
            state = .failed(keep(text ?? library[drawn]) ?? 0)
        }
        finish(position, state, at: instant, wall: wall)
    }

    mutating func keep(_ message: String) -> UInt16? {
        // Byte by byte: `==` takes texts for equal that differ on the wire.
        let known = failures.firstIndex { $0.utf8.elementsEqual(message.utf8) } ?? failures.count
        guard known < Int(UInt16.max) else { return nil }
        if known == failures.count { failures.append(message) }
        return UInt16(known)
    }

    private mutating func finish(_ position: Int, _ state: TaskRecord.State, at instant: Instant, wall: Int64) {
        let terms = tasks.terms(at: position)
        let credits = terms.credits
        tasks[position].state = state
        tasks[position].dueAt = instant
        tasks.layTextsToRest(at: position)
        changes?.touch(position, isUrgent: false)
        let isPaid = tasks[position].isSpecial && specials[position]?.isPaid == true
        var event = SettledEvent(
            task: position + 1, model: Int(terms.model), succeeded: true, captured: 0, released: 0)
        if case .failed = state {
            failedCount += 1
            event.succeeded = false
            if isPaid {
                ledger.refund(credits, task: position, at: instant)
            } else {
                ledger.release(credits, task: position, at: instant)
            }
            event.released = credits
        } else {
            succeededCount += 1
            if !isPaid { ledger.capture(credits, task: position, at: instant) }
            event.captured = credits
        }
        if position < tasks.first { tasks.ended(aside: position) }
        world.journal.note(at: instant, realTime: wall, .settled(event))
        planCallbacks(of: position, at: instant)
    }

    func outcome(of task: TaskRecord) -> Outcome {
        switch task.state {
        case .processing: .processing
        case .succeeded: .succeeded
        case .failed(let message): .failed(message: failures[Int(message)])
        }
    }
}
