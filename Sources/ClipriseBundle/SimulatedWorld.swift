package import ClipriseCatalog
package import ClipriseEngine
package import ClipriseScenario
package import ClipriseWire

/// The engine with its accounts, hosted in virtual time: no socket, no lock, no clock of its own.
///
/// It decides with the very engine that the server runs. Time is an argument of every call.
package struct SimulatedWorld: Sendable {
    package struct Setup: Sendable {
        package var catalog: Catalog
        package var settings: EngineSettings
        package var scenarios: [Scenario]
        /// Whether accounts keep the clocks of their scenarios; otherwise all follow the time of the calls, so that
        /// pauses are lived through in virtual time.
        package var keepsClocks = false
        /// Whether an unknown key gets an account.
        package var isOpen = false
        /// The credits of an account that is opened for an unknown key.
        package var openCredits: Int64 = 10_000
        /// The most events that the journal of an account keeps.
        package var journalLimit = 0
        /// Of the accounts in the order of their making, each so many-th keeps a journal, the first included.
        package var journalStride = 1
        /// How many accounts other worlds have before the first of this one, for the stride.
        package var firstAccount = 0
        /// The port in URLs that are handed out to clients that name another host.
        package var port: UInt16 = 80
        /// Nanoseconds since 1970 at the instant 0.
        package var wallAtZero = AccountClock.virtualEpoch * 1_000_000_000
        package var files = FileBodies.standIn

        package init(catalog: Catalog, settings: EngineSettings = EngineSettings(), scenarios: [Scenario] = []) {
            self.catalog = catalog
            self.settings = settings
            self.scenarios = scenarios
        }
    }

    /// A decision, and the position of the account that it is about; nil when there is none.
    package struct Decided: Sendable {
        package var decision: Decision
        package var account: Int?

        package init(decision: Decision, account: Int? = nil) {
            self.decision = decision
            self.account = account
        }
    }

    /// Events of a journal: room for the run of an account that thousands of clients share, half a gigabyte when it is
    /// used up.
    package static let usualJournalLimit = 5_000_000
    package static let accountLimit = 1_000_000

    package let setup: Setup
    package let engine: Engine
    package var accounts: [Account] = []
    let worlds: WorldSet
    /// What a service without room returns.
    private let refusal: Fault
    private var keys = ByteIndex()

    /// A world with the accounts that its scenarios declare.
    ///
    /// - Parameter makesDeclared: False for a world whose accounts are all added by hand.
    package init(_ setup: Setup, makesDeclared: Bool = true) {
        self.setup = setup
        engine = Engine(settings: setup.settings, catalog: setup.catalog)
        let scenarios = setup.scenarios.map { scenario in
            var scenario = scenario
            if !setup.keepsClocks { scenario.clock = .real }
            return scenario
        }
        refusal = Fault(.status(scenarios.compactMap(\.capacity).first?.refusal ?? StatusFault(code: 503)))
        worlds = WorldSet(scenarios, models: setup.catalog.models.ids)
        guard makesDeclared else { return }
        for account in worlds.declared { _ = add(account.key, credits: account.credits) }
    }

    package var declared: [WorldSet.Declared] { worlds.declared }

    /// What a bundle of this world's run begins with: its settings, and the accounts that there are.
    package func bundleHeader(version: String, scenario: Bundle.Source) -> Bundle.Header {
        var header = Bundle.Header()
        (header.version, header.settings, header.scenarios) = (version, setup.settings, [scenario])
        (header.keepsClocks, header.isOpen) = (setup.keepsClocks, setup.isOpen)
        header.catalogue = setup.catalog.contentHash
        header.accounts = accounts.map { .init(key: $0.key, credits: $0.ledger.paidIn) }
        (header.port, header.wallAtZero) = (setup.port, setup.wallAtZero)
        header.hasFiles = if case .standIn = setup.files { false } else { true }
        return header
    }

    package func time(_ now: Instant) -> HostTime {
        HostTime(now, wall: setup.wallAtZero + now.nanoseconds)
    }

    /// Makes an account.
    ///
    /// - Returns: Its position; nil when the key is taken or the world is full.
    package mutating func add(_ key: [UInt8], credits: Int64, at now: Instant = .start) -> Int? {
        guard accounts.count < Self.accountLimit, keys.number(of: key[...]) == nil else { return nil }
        let limit = (setup.firstAccount + accounts.count) % setup.journalStride == 0 ? setup.journalLimit : 0
        let world = AccountWorld(worlds.world(for: key), seed: setup.settings.seed, at: now, journalLimit: limit)
        let account = Account(
            key: key, credits: credits, seed: world.seed, world: world, at: now, wall: time(now).wall)
        accounts.append(account)
        return keys.add(key)
    }

    /// The position of an account, or nil.
    package func position(of key: ArraySlice<UInt8>) -> Int? { keys.number(of: key) }

    /// Decides the answer to a request that is not for the admin API; nil for one that is.
    ///
    /// - Parameters:
    ///   - now: Never earlier than in the call before for the same account.
    ///   - isRejected: Whether the service has no room for it.
    package mutating func decide(_ request: Request, at now: Instant, isRejected: Bool = false) -> Decided? {
        switch engine.receive(request, port: setup.port) {
        case .decided(let decision): return Decided(decision: decision)
        case .keyed(let head):
            guard let account = account(head.key, at: now) else { return Decided(decision: engine.refuse(head)) }
            let decision = engine.decide(
                head, request, for: &accounts[account], at: time(now), rejected: isRejected ? refusal : nil)
            return Decided(decision: decision, account: account)
        case .admin: return nil
        }
    }

    /// The whole plan of the answer to a request, files included; nil for a request to the admin API.
    ///
    /// Equal requests at equal instants get the plan that the live server sends.
    package mutating func answer(
        _ request: Request, at now: Instant, isRejected: Bool = false
    ) throws -> ResponsePlan? {
        guard let decided = decide(request, at: now, isRejected: isRejected) else { return nil }
        return try plan(of: decided, for: request, at: now)
    }

    /// The plan of a decision; one about a file gets its bytes here.
    package mutating func plan(of decided: Decided, for request: Request, at now: Instant) throws -> ResponsePlan {
        switch decided.decision.answer {
        case .plan(let plan): return plan
        case .file(let spec):
            let file = try setup.files.file(spec)
            let whole = FileAnswer.plan(
                file.bytes, contentType: file.contentType, fileName: file.name, entityTag: spec.entityTag,
                for: request)
            guard let account = decided.account, let sequence = decided.decision.sequence else {
                return decided.decision.treated(whole)
            }
            return accounts[account].fileAnswer(whole, of: decided.decision, sequence, at: time(now))
        }
    }

    /// Lets every task end that ends by itself, each at its own instant.
    package mutating func settleAll() {
        for index in accounts.indices {
            while let next = accounts[index].nextEnd { accounts[index].settle(at: next, wall: time(next).wall) }
        }
    }

    /// Brings all accounts to an instant: what fell due by then has settled.
    package mutating func settle(at now: Instant) {
        for index in accounts.indices { accounts[index].settle(at: now, wall: time(now).wall) }
    }

    private mutating func account(_ key: ArraySlice<UInt8>, at now: Instant) -> Int? {
        if let known = keys.number(of: key) { return known }
        guard setup.isOpen, AccountKey.isValid(key) else { return nil }
        return add(Array(key), credits: setup.openCredits, at: now)
    }
}
