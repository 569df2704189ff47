public import ClipriseJournal
public import ClipriseScenario
public import ClipriseWire

/// What a scenario gives an account, and what the account remembers of it.
public struct AccountWorld: Sendable {
    public var scenario: WorldScenario { didSet { isChanged = true } }
    public var clock: AccountClock { didSet { isChanged = true } }
    public internal(set) var rules: RuleBook { didSet { isChanged = true } }
    var states: RuleStates
    /// How often each rule of the scenario's tasks decided one, by position.
    var taskRuleUses: [Int] = [] { didSet { isChanged = true } }
    public var journal: Journal
    public internal(set) var isRevoked = false { didSet { isChanged = true } }
    /// How often each body was sent, by its hash.
    var bodyCounts = BodyCounts()
    /// The numbers in the journal of generates that were let in with a warning, by the 0-based positions of their tasks.
    var warned: [Int: Int] = [:]
    /// Answers that wait on a virtual clock.
    public internal(set) var held = HeldAnswers()
    var callbacks = CallbackQueue() { didSet { callbacksChanged = true } }
    /// Whether anything here changed since it was last saved; callbacks and rules count by themselves.
    var isChanged = false
    var callbacksChanged = false
    public let seed: UInt64
    /// As the account's first scenario has it: a journal must be read by one rule.
    let charge: ChargePolicy

    var chargesOnAccept: Bool { if case .onAccept = charge { true } else { false } }
    /// Whether any rule, of requests or of tasks, looks at a generate.
    var hasRules: Bool { !rules.isEmpty || hasTaskRules }
    var hasTaskRules: Bool { !scenario.tasks.rules.isEmpty }

    /// The most different bodies that are counted; beyond them each counts as its first.
    static let bodyCountLimit = 100_000
    static let countLimit = BodyCounts.mostTimes

    /// - Parameters:
    ///   - seed: The host's; a scenario's own goes before it.
    ///   - now: The host's time.
    public init(
        _ scenario: WorldScenario = WorldScenario.none, seed: UInt64, at now: Instant,
        journalLimit: Int = Journal.usualLimit, bodies: BodyPolicy = .none
    ) {
        self.scenario = scenario
        self.seed = scenario.seed ?? seed
        clock = AccountClock(scenario.clock, at: now)
        charge = scenario.charge
        rules = scenario.rules
        states = RuleStates(origin: clock.now(now))
        journal = Journal(limit: journalLimit, bodies: bodies)
    }
}

extension AccountWorld {
    /// A world as a snapshot has it, with an empty journal that goes on counting.
    init(_ snapshot: AccountSnapshot, _ scenario: WorldScenario, models: [String], at now: Instant, journal: Journal) {
        self.scenario = scenario
        charge = snapshot.charge
        seed = snapshot.seed
        clock = AccountClock(snapshot.clock, at: now)
        rules = RuleBook(
            snapshot.rules.map { ($0.id, $0.rule) }, names: snapshot.ruleStates.map(\.name), models: models)
        states = RuleStates(snapshot.ruleStates, rules, account: snapshot.key)
        taskRuleUses = snapshot.taskRuleUses
        isRevoked = snapshot.isRevoked
        for body in snapshot.bodyCounts { bodyCounts.set(body.hash, to: body.count) }
        self.journal = journal
    }
}

/// The part of a scenario that accounts follow, made ready once and shared by all of them.
public final class WorldScenario: Sendable {
    public let name: String
    public let about: String
    public let hash: UInt64
    public let seed: UInt64?
    public let clock: ClockRule
    public let profile: ContractProfile?
    /// As it was read.
    public let source: Scenario
    let charge: ChargePolicy
    let tasks: TaskRuleBook
    public let rules: RuleBook
    public let callbacks: CallbackRule?
    public let callsBack: Bool
    public let expectations: [Expectation]
    /// As `Scenario.file`.
    public let file: String?

    public static let none = WorldScenario(Scenario(), models: [])

    /// - Parameter models: The ids of the catalogue, by position.
    public init(_ scenario: Scenario, models: [String]) {
        name = scenario.name
        about = scenario.about
        hash = scenario.hash
        seed = scenario.seed
        clock = scenario.clock
        profile = scenario.profile
        charge = scenario.charge
        tasks = TaskRuleBook(scenario.tasks, models: models)
        rules = RuleBook(scenario.rules, models: models)
        callbacks = scenario.callbacks
        callsBack = scenario.callbacks != nil
        expectations = scenario.expectations
        source = scenario
        file = scenario.file
    }
}

/// The answers of one account that wait until its clock has come to them.
public struct HeldAnswers: Sendable {
    private struct Item: Sendable {
        var due: Instant
        var exchange: Int
    }

    /// First due first; equal instants in the order of arrival.
    private var items: [Item] = []
    /// When the latest wait of an exchange ended that is not over yet.
    private var released: [Int: Instant] = [:]

    public var next: Instant? { items.first?.due }

    /// - Parameter exchange: The exchange's sequence number in the journal.
    mutating func add(_ exchange: Int, at due: Instant) {
        var index = items.count
        while index > 0, items[index - 1].due > due { index -= 1 }
        items.insert(Item(due: due, exchange: exchange), at: index)
    }

    /// Removes and answers those that are due, each once for every wait that is over.
    mutating func take(by now: Instant) -> [Int] {
        guard let first = items.first, first.due <= now else { return [] }
        let count = items.firstIndex { $0.due > now } ?? items.count
        for item in items[..<count] { released[item.exchange] = item.due }
        defer { items.removeFirst(count) }
        return items[..<count].map(\.exchange)
    }

    /// Forgets the waits of an exchange that is over.
    ///
    /// - Returns: When its last wait ended, or nil when none had.
    mutating func end(_ exchange: Int) -> Instant? {
        items.removeAll { $0.exchange == exchange }
        return released.removeValue(forKey: exchange)
    }
}
