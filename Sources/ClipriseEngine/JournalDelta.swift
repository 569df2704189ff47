public import ClipriseJournal
internal import ClipriseWire

/// What a state file has of an account's journal.
struct SavedEvents: Sendable {
    /// The number of the last event that it has, and of the last that it has let go.
    var last = 0
    var evicted = 0
    /// Earlier ones of which more became known since.
    var amended: [Int] = []

    func differ(from journal: Journal) -> Bool {
        last != journal.total || evicted != journal.evicted || !amended.isEmpty
    }
}

/// What became of an account's journal since it was last saved.
public struct JournalDelta: Sendable {
    /// So many are taken out at once; of more the whole journal is shared, so that nobody waits while they are taken out.
    private static let few = 64

    /// Events up to this number are not kept any more.
    public let evicted: Int
    /// How many of these went because someone wished it.
    public let cleared: Int
    private let head: JournalView
    private let ids: TaskIDs
    private let numbers: [Int]
    private let events: [JournalEvent]
    /// Nil when the events are taken out already.
    private let journal: Journal?

    init(_ journal: Journal, after saved: SavedEvents, ids: TaskIDs, models: [String], rules: [String]) {
        (evicted, cleared, self.ids) = (journal.evicted, journal.cleared, ids)
        head = JournalView(account: "", events: [], models: models, rules: rules)
        let first = max(saved.last, journal.evicted) + 1
        let amended = Set(saved.amended).filter { $0 < first && $0 > journal.evicted }.sorted()
        numbers = amended + (first <= journal.total ? Array(first...journal.total) : [])
        guard numbers.count > Self.few else {
            events = numbers.compactMap { journal.event($0) }
            self.journal = nil
            return
        }
        events = []
        self.journal = journal
    }

    /// The events that are new, or of which more became known, with the names that they refer to.
    public var view: JournalView {
        var view = head
        view.events = journal.map { journal in numbers.compactMap { journal.event($0) } } ?? events
        for event in view.events {
            if let task = event.kind.task { view.taskIDs[task] = ids.id(of: task - 1) }
        }
        return view
    }
}

/// What a state file has of the journal of an account that is read.
public struct SavedJournal: Sendable {
    /// The most events kept.
    let limit: Int
    /// Which bodies are kept from now on.
    let bodies: BodyPolicy
    /// The last events of the account, without a gap.
    public let events: [JournalEvent]
    /// How many events went because someone wished it.
    let cleared: Int

    public init(limit: Int, bodies: BodyPolicy = .none, events: [JournalEvent] = [], cleared: Int = .max) {
        self.limit = limit
        self.bodies = bodies
        self.events = events.suffix(limit)
        self.cleared = cleared
    }

    /// A journal that goes on from the saved one.
    ///
    /// - Parameter names: How many names there are of what events refer to.
    func goingOn(
        from head: AccountSnapshot, tasks: Int, models: Int
    ) throws(SnapshotBreach) -> Journal {
        for event in events {
            guard event.kind.refersWithin(tasks: tasks, models: models, rules: head.ruleStates.count) else {
                throw SnapshotBreach("event \(event.sequence) of its journal is about what never was")
            }
        }
        let evicted = head.eventTotal - events.count
        var journal = Journal(limit: limit, evicted: evicted, events: events.map(\.overForClient), bodies: bodies)
        journal.goOn(cleared: min(cleared, evicted))
        return journal
    }

    /// The events whose warnings stand with their tasks, by the 0-based positions of these.
    var warned: [Int: Int] {
        var warned: [Int: Int] = [:]
        for event in events {
            guard case .exchange(let exchange) = event.kind, exchange.operation == .generate, let task = exchange.task,
                !exchange.warnings.isEmpty
            else { continue }
            warned[task - 1] = event.sequence
        }
        return warned
    }
}

extension JournalEvent {
    /// As it is once the server has ended: whoever waited for the answer saw the connection end with it.
    fileprivate var overForClient: JournalEvent {
        guard case .exchange(var exchange) = kind, exchange.outcome == .inFlight else { return self }
        exchange.outcome = .stopped
        var event = self
        event.kind = .exchange(exchange)
        return event
    }
}

extension JournalEvent.Kind {
    /// Whether all positions that the event names are within these counts.
    fileprivate func refersWithin(tasks: Int, models: Int, rules: Int) -> Bool {
        func isWithin(_ position: Int?, _ count: Int) -> Bool { position.map { (0..<count).contains($0) } ?? true }
        guard isWithin(task.map { $0 - 1 }, tasks) else { return false }
        return switch self {
        case .exchange(let exchange): isWithin(exchange.model, models) && isWithin(exchange.rule, rules)
        case .settled(let settled): isWithin(settled.model, models)
        case .callback, .money, .clock: true
        }
    }
}
