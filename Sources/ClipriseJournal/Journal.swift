public import ClipriseWire

/// The last events of one account, oldest first.
public struct Journal: Sendable {
    /// The most events that are kept unless said otherwise.
    public static let usualLimit = 100_000
    private static let chunkLength = 512

    /// Whole chunks, the first of which may have events that are no longer kept.
    private var chunks: [JournalChunk] = []
    /// The memory of the last chunk that went, for the next one: large pieces cost the system a lot to take and give.
    private var spare = JournalChunk()
    /// Events before those of the first chunk.
    private var base = 0
    /// Events that were cleared.
    private var floor = 0
    /// Events that went because someone wished it: those that were cleared, or that came before this journal began.
    public private(set) var cleared = 0
    private let limit: Int
    /// Counts of the events that are in no chunk any more.
    private var evictedTally = JournalTally()
    /// Events ever noted.
    public private(set) var total = 0
    /// About how much memory the events take.
    public private(set) var bytes = 0
    /// What the last exchanges said.
    public private(set) var contents: ContentRing

    /// - Parameters:
    ///   - limit: The most events kept; 0 keeps none, and only counts.
    ///   - bodies: Which bodies are kept as well.
    public init(limit: Int = Journal.usualLimit, bodies: BodyPolicy = .none) {
        precondition(limit >= 0, "a journal keeps 0 or more events")
        self.limit = limit
        contents = ContentRing(limit > 0 ? bodies : .none)
    }

    /// A journal that goes on from another one.
    ///
    /// - Parameters:
    ///   - evicted: How many events the other had no longer.
    ///   - events: Those behind them; their sequence numbers are given anew.
    public init(limit: Int, evicted: Int, events: [JournalEvent], bodies: BodyPolicy = .none) {
        self.init(limit: limit, bodies: bodies)
        total = evicted
        base = evicted
        floor = evicted
        cleared = evicted
        for event in events { note(at: event.at, realTime: event.realTime, event.kind) }
    }

    /// Notes how many of the events that are no longer kept went because someone wished it.
    public mutating func goOn(cleared: Int) { self.cleared = cleared }

    public var count: Int { total - evicted }
    /// Events that are no longer kept.
    public var evicted: Int { max(total - limit, floor) }

    /// Whether no event is ever kept, so that none need be made.
    public var keepsNothing: Bool { limit == 0 }

    /// Counts an event that would not be kept anyway.
    ///
    /// - Returns: Its sequence number.
    public mutating func pass() -> Int {
        precondition(limit == 0, "an event that would be kept must be noted")
        total += 1
        return total
    }

    /// Notes an event, whose sequence number is given here.
    ///
    /// - Returns: The number.
    @discardableResult
    public mutating func note(at: Instant, realTime: Int64, _ kind: JournalEvent.Kind) -> Int {
        total += 1
        guard limit > 0 else {
            evictedTally.add(kind)
            return total
        }
        makeRoom()
        bytes += chunks[chunks.count - 1].append(at: at, realTime: realTime, kind)
        dropChunks()
        return total
    }

    /// Notes an exchange of a journal that keeps events.
    ///
    /// - Returns: Its sequence number.
    public mutating func note(at: Instant, realTime: Int64, exchange: consuming ExchangeEvent) -> Int {
        precondition(limit > 0, "an event that would not be kept need not be made")
        total += 1
        makeRoom()
        bytes += chunks[chunks.count - 1].append(at: at, realTime: realTime, exchange)
        dropChunks()
        return total
    }

    /// Notes an exchange without words, in a journal that keeps events.
    ///
    /// - Returns: Its sequence number.
    public mutating func note(at: Instant, realTime: Int64, plain: PlainExchange) -> Int {
        precondition(limit > 0, "an event that would not be kept need not be made")
        total += 1
        makeRoom()
        bytes += chunks[chunks.count - 1].append(at: at, realTime: realTime, plain)
        dropChunks()
        return total
    }

    /// Begins a new chunk when the event, already counted, has no place in the last one.
    private mutating func makeRoom() {
        guard (total - 1 - base) % Self.chunkLength == 0 else { return }
        chunks.append(spare)
        spare = JournalChunk()
        // The first chunk grows by itself, so that an account with few events stays small.
        if chunks.count > 1 { chunks[chunks.count - 1].reserve(Self.chunkLength) }
    }

    private mutating func dropChunks() {
        while base + Self.chunkLength <= evicted, !chunks.isEmpty { dropFirstChunk() }
    }

    private mutating func dropFirstChunk() {
        var first = chunks.removeFirst()
        bytes -= first.bytes
        first.count(into: &evictedTally, areKept: false)
        base += first.count
        first.removeAll()
        spare = first
        if !contents.isEmpty { contents.forget(upTo: base) }
    }

    /// When the last kept event was noted, in nanoseconds since 1970; the beginning of time when none is kept.
    public var lastRealTime: Int64 { chunks.last?.lastRealTime ?? .min }

    /// Lets the oldest events go, some hundred at a time, until the others take no more memory than this.
    ///
    /// - Parameter keepsLast: Whether the last hundreds stay whatever they take.
    public mutating func shrink(to limit: Int, keepsLast: Bool) {
        while bytes > limit, chunks.count > (keepsLast ? 1 : 0) { dropFirstChunk() }
        floor = max(floor, base)
        if chunks.isEmpty { spare = JournalChunk() }
    }

    /// Keeps none of the events so far; their numbers stay used.
    ///
    /// - Returns: How many were kept.
    @discardableResult
    public mutating func clear() -> Int {
        let kept = count
        floor = total
        cleared = total
        dropChunks()
        contents.forget(upTo: total)
        return kept
    }

    /// Keeps what an exchange said.
    ///
    /// - Parameters:
    ///   - sequence: Its number, higher than all before.
    ///   - answer: Nil when it is not decided yet, or there is none.
    public mutating func keep(_ sequence: Int, _ request: Request, _ answer: ResponsePlan?) {
        contents.keep(sequence, request, answer)
    }

    /// Keeps an answer that was decided after its exchange was noted.
    public mutating func keep(answer: ResponsePlan, of sequence: Int, hasFile: Bool) {
        contents.keep(answer: answer, of: sequence, hasFile: hasFile)
    }

    /// Lets go what the oldest exchanges said, until the others take no more memory than this.
    public mutating func shrinkContents(to limit: Int) { contents.shrink(to: limit) }

    /// What an exchange said, without secrets; nil when it is not kept.
    public func content(_ sequence: Int, _ mask: SecretMask) -> ExchangeContent? {
        sequence > evicted ? contents.content(sequence, mask) : nil
    }

    /// Counts of all events ever noted.
    public var tally: JournalTally {
        var tally = evictedTally
        for chunk in chunks { chunk.count(into: &tally, areKept: true) }
        return tally
    }

    /// The event with this sequence number, or nil when it is not kept.
    public func event(_ sequence: Int) -> JournalEvent? {
        guard sequence > evicted, sequence <= total else { return nil }
        let index = sequence - 1 - base
        return chunks[index / Self.chunkLength].event(index % Self.chunkLength, sequence: sequence)
    }

    /// Notes how an exchange ended; nothing happens when it ended before, or is no longer kept.
    public mutating func end(
        _ sequence: Int, _ outcome: ExchangeEvent.Outcome, at: Instant, realTime: Int64
    ) {
        guard sequence > evicted, sequence <= total else { return }
        let index = sequence - 1 - base
        chunks[index / Self.chunkLength].end(index % Self.chunkLength, outcome, at: at, realTime: realTime)
    }

    /// Notes what an answer with a file turned out to be, once its bytes were there; nothing happens when it is not kept.
    public mutating func amend(
        _ sequence: Int, status: Int, shape: ExchangeEvent.Shape, bytes: Int, file: FilePart?
    ) {
        guard sequence > evicted, sequence <= total else { return }
        let index = sequence - 1 - base
        chunks[index / Self.chunkLength].amend(
            index % Self.chunkLength, status: status, shape: shape, bytes: bytes, file: file)
    }

    /// The kept events from the sequence number `start` on, at most `limit`.
    public func events(from start: Int = 1, limit: Int = .max) -> [JournalEvent] {
        let first = max(start, evicted + 1)
        guard first <= total, limit > 0 else { return [] }
        let last = min(total, limit > total - first ? total : first + limit - 1)
        var result: [JournalEvent] = []
        result.reserveCapacity(last - first + 1)
        for sequence in first...last { if let event = event(sequence) { result.append(event) } }
        return result
    }
}

/// A journal as it is read: events with the names that they refer to, and the money at the end.
public struct JournalView: Sendable, Hashable {
    /// The key of the account, shortened so that it is of no use.
    public var account: String
    /// What whoever made the account calls it; nil when it has no name.
    public var label: String?
    public var events: [JournalEvent]
    /// Events that were no longer kept.
    public var evicted: Int
    /// How many of them, from the first on, had been cleared by wish.
    public var cleared: Int
    /// Model ids by position in the catalogue.
    public var models: [String]
    /// Names of rules in the order of their adding.
    public var rules: [String]
    /// How often each rule acted.
    public var ruleActs: [Int]
    /// How often chance was asked whether each rule acts; 0 for rules that leave nothing to it, and empty when that is
    /// not known.
    public var ruleDraws: [Int]
    public var money: MoneySums
    public var seed: UInt64
    public var scenarioName: String
    public var scenarioHash: UInt64
    /// Whether the account's clock stands still unless something moves it: its stamps then say little of how long a
    /// client slept.
    public var isClockVirtual: Bool
    /// Whether prices are taken at acceptance (contract, CR-6): nothing is ever held then.
    public var chargesOnAccept: Bool
    /// The ids of the tasks that the events name, by 1-based position.
    public var taskIDs: [Int: TaskID]
    /// What exchanges said, by the sequence numbers of their events, as far as that is kept and was asked for.
    public var contents: [Int: ExchangeContent] = [:]
    /// Tasks that were still running and will never end by themselves, by 1-based position; nil when that is not known.
    public var endless: Set<Int>?
    /// Whether nothing more will come: what is still open then stays open.
    public var isOver = true

    public init(
        account: String, events: [JournalEvent], evicted: Int = 0, cleared: Int = 0, models: [String] = [],
        rules: [String] = [], ruleActs: [Int] = [], ruleDraws: [Int] = [], money: MoneySums = MoneySums(),
        seed: UInt64 = 0,
        scenarioName: String = "",
        scenarioHash: UInt64 = 0, isClockVirtual: Bool = false, chargesOnAccept: Bool = false,
        taskIDs: [Int: TaskID] = [:], label: String? = nil, endless: Set<Int>? = nil
    ) {
        self.account = account
        self.label = label
        self.endless = endless
        self.events = events
        self.evicted = evicted
        self.cleared = cleared
        self.models = models
        self.rules = rules
        self.ruleActs = ruleActs
        self.ruleDraws = ruleDraws
        self.money = money
        self.seed = seed
        self.scenarioName = scenarioName
        self.scenarioHash = scenarioHash
        self.isClockVirtual = isClockVirtual
        self.chargesOnAccept = chargesOnAccept
        self.taskIDs = taskIDs
    }

    /// Events that were evicted though nobody wished it: counts of the rest are too low by as many as that.
    public var lost: Int { max(0, evicted - cleared) }
}

/// The money of an account at the moment of reading, in credits.
public struct MoneySums: Sendable, Hashable {
    /// Opening credits, top-ups and adjustments.
    public var paidIn: Int64
    /// Taken, less what was given back after it had been taken.
    public var captured: Int64
    public var held: Int64
    /// Can be spent.
    public var available: Int64

    public init(paidIn: Int64 = 0, captured: Int64 = 0, held: Int64 = 0, available: Int64 = 0) {
        self.paidIn = paidIn
        self.captured = captured
        self.held = held
        self.available = available
    }
}
