// Joins the engine to accounts and a clock. Everything of the server but the socket: tests and the listener use it alike.

internal import ClipriseAdmin
internal import ClipriseCatalog
package import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseLocks
internal import ClipriseScenario
internal import ClipriseVersion
package import ClipriseWire
internal import MicroHTTPD

/// Where time comes from: nanoseconds since the server's start.
package typealias ServerClock = @Sendable () -> Instant

package final class Service: Sendable {
    package static let version = Version.number

    let configuration: ServerConfiguration
    let engine: Engine
    let directory: AccountDirectory
    let admin: AdminAPI
    private let worlds: Locked<WorldSet>
    let models: [String]
    /// The same for the log.
    let modelNames: [ModelName]
    let callbacks: CallbackDriver
    /// Looks at journals for those who wait for events.
    let watch = JournalWatch()
    let files = FileStore()
    /// What reached no account.
    let unmatched = UnmatchedRequests()
    /// Admin requests that may take long, one at a time.
    let longWork = QuietThread()
    /// Keeps the journals of all accounts within their memory.
    let journalBudget: JournalBudget
    /// The same for what exchanges said.
    let contentBudget: JournalBudget
    let clock: ServerClock
    let start: Instant
    /// Nanoseconds since 1970 at the clock's zero.
    let wallAtZero: Int64

    /// - Parameter wallAtZero: Nanoseconds since 1970 when the clock shows zero.
    package init(_ configuration: ServerConfiguration, wallAtZero: Int64 = 0, clock: @escaping ServerClock) {
        self.configuration = configuration
        self.clock = clock
        self.wallAtZero = wallAtZero
        start = clock()
        engine = Engine(settings: configuration.engine, catalog: configuration.catalog)
        models = configuration.catalog.models.ids
        modelNames = models.map(ModelName.init)
        let worlds = Locked(WorldSet(configuration.scenarios, models: models))
        self.worlds = worlds
        let (seed, journalLimit, bodies) = (
            configuration.engine.seed, configuration.journalLimit, configuration.bodies
        )
        let (recorder, keepTasks) = (configuration.recorder, configuration.keepTasks)
        directory = AccountDirectory(seed: seed, keeper: configuration.state) { key, credits in
            let now = clock()
            recorder?.accountMade(key, credits, now)
            let world = AccountWorld(
                worlds.withLock { $0.world(for: key) }, seed: seed, at: now, journalLimit: journalLimit,
                bodies: bodies)
            var account = Account(
                key: key, credits: credits, seed: world.seed, world: world, at: now,
                wall: wallAtZero + now.nanoseconds)
            account.keeping = keepTasks
            return account
        }
        journalBudget = JournalBudget(configuration.journalMemory)
        contentBudget = JournalBudget(ContentRing.budget, of: .contents)
        callbacks = CallbackDriver(configuration.callbacks, models: models) {
            let now = clock()
            return HostTime(now, wall: wallAtZero + now.nanoseconds)
        }
        admin = AdminAPI(
            gate: AdminGate(
                token: configuration.adminToken, acceptedHosts: configuration.engine.acceptedHosts))
        guard let keeper = configuration.state else {
            _ = directory.replaceAll(with: firstAccounts)
            return
        }
        goOn(from: keeper)
    }

    var worldsInForce: [WorldScenario] { worlds.withLock(\.worlds) }

    func replaceWorlds(_ scenarios: [Scenario]) -> WorldSet {
        let set = WorldSet(scenarios, models: models)
        worlds.withLock { $0 = set }
        return set
    }

    /// What the host's clocks say now.
    var now: HostTime {
        let instant = clock()
        return HostTime(instant, wall: wallAtZero + instant.nanoseconds)
    }

    /// The accounts that there are at the start and after a reset: those of the command line, then those of scenarios.
    var firstAccounts: [(key: [UInt8], credits: Int64)] {
        configuration.accounts.map { (Array($0.key.utf8), $0.credits) }
            + worlds.withLock(\.declared).map { ($0.key, $0.credits) }
    }

    /// A decision, and the account that it is about.
    struct Handled: Sendable {
        var decision: Decision
        var cell: AccountCell?
        /// The key that the request named, for the log, when no account has it.
        var key: ArraySlice<UInt8> = []
        /// What the account is called, for the log.
        var label: String?
        /// The number that a recorder gave the exchange.
        var recording: Int?
        /// When it was decided, on the machine's clock; nanoseconds since 1970, nil when no account was asked.
        var wall: Int64?
        /// Whether the answer reports what is not in the state file yet.
        var isAhead = false
    }

    /// Decides the answer to one request that is not for the admin API.
    ///
    /// - Parameters:
    ///   - port: The port that is listened on.
    ///   - exchange: Released when a wait on the account's clock is over; nil for hosts that keep no exchanges.
    ///   - memory: Keeps what was read, for a client that sends it again.
    /// - Returns: Nil for a request to the admin API.
    func handle(_ request: Request, port: UInt16, exchange: ExchangeHandle?, _ memory: inout HandlerMemory) -> Handled?
    {
        if let known = memory.known {
            if known.isTrue(of: directory) { return answer(known, request, exchange, &memory) }
            // An account that was removed must not live on by a client that still asks for it.
            memory.reading = nil
        }
        // Before the account is looked up: one that takes its place meanwhile is not overlooked.
        let changes = directory.changes
        switch engine.receive(request, port: port) {
        case .decided(let decision):
            if let page = pageForBrowser(request) { return Handled(decision: page) }
            return unmatched(decision, request)
        case .keyed(let keyed):
            guard let cell = cell(keyed.key) else { return unmatched(engine.refuse(keyed), request, key: keyed.key) }
            let leaks =
                configuration.journalLimit > 0
                ? KeyLeak.inHead(of: request, cell.keySearch, operation: keyed.operation) : nil
            let base: [UInt8]? = if case .generate(let order) = keyed { engine.unusualBase(of: order) } else { nil }
            let reading = HeadReading(keyed, cell, leaks, unusualBase: base, changes: changes)
            if memory.isRepeated { memory.reading = reading }
            return answer(reading, request, exchange, &memory)
        case .admin: return nil
        }
    }

    private func answer(
        _ reading: HeadReading, _ request: Request, _ exchange: ExchangeHandle?, _ memory: inout HandlerMemory
    ) -> Handled {
        var leaks = reading.leaks
        var (profile, hash, forms): (ContractProfile?, UInt64?, BodyForms?)
        if case .generate = reading.head {
            guard configuration.state?.trouble == nil else {
                return Handled(decision: Self.noRoom, key: reading.head.key)
            }
            // The body is checked before the account's lock is taken.
            let body = BodyHash.of(request.body)
            profile = reading.cell.withLock { account in
                account.expect(bodyHash: body)
                return account.profile(engine.settings)
            }
            (hash, forms) = (body, memory.ofLoop.forms)
        }
        if leaks != nil, !request.body.isEmpty, reading.cell.keySearch.isFound(in: request.body) {
            leaks?.insert(.body)
        }
        let ask = engine.ask(reading.head, request, profile: profile, forms: forms, bodyHash: hash)
        let handled = decide(ask, request, reading.cell, exchange, leaks: leaks)
        if let base = reading.unusualBase, let task = handled.decision.event.task {
            callbacks.note(base: base, of: task)
        }
        return handled
    }

    /// Leads a person who opens the server's address in a browser to the page; nil for all that the contract knows.
    private func pageForBrowser(_ request: Request) -> Decision? {
        guard request.method == .get || request.method == .head, request.target == [UInt8(ascii: "/")],
            let accept = request.fields.first("accept"), ByteSearch(Array("text/html".utf8)).isFound(in: Array(accept))
        else { return nil }
        return Decision(
            ResponsePlan(
                status: 302,
                fields: [.init("Location", "\(Contract.adminPath)/"), .init("Cache-Control", "no-store")]),
            DecisionEvent(.admin, .http2, hint: "a browser is led to the page"))
    }

    /// Notes a decision that no account has to do with.
    private func unmatched(_ decision: Decision, _ request: Request, key: ArraySlice<UInt8> = []) -> Handled {
        unmatched.note(decision, request, key: key, realTime: now.wall) { directory.find($0) != nil }
        return Handled(decision: decision, key: key)
    }

    /// Whether a CONNECT is answered with this server's own TLS.
    func takesTunnel(_ request: Request) -> Bool { engine.takesTunnel(request) }

    /// Notes what the listener refused before it came here.
    func noteRefused(_ refused: RefusedRequest) {
        unmatched.note(refused, realTime: now.wall) { directory.find($0) != nil }
    }

    private func decide(
        _ ask: Ask, _ request: Request, _ cell: AccountCell, _ exchange: ExchangeHandle?, leaks: ExchangeEvent.Leak?
    ) -> Handled {
        let handled = visit(cell) { account, host in
            let recording = configuration.recorder?.begin(account.key, request, host.monotonic)
            let decision = engine.decide(ask, request, for: &account, at: host, leaks: leaks)
            if decision.isTracked, account.world.clock.isVirtual, let exchange, let sequence = decision.sequence {
                cell.wait(sequence, exchange)
            }
            let isAhead = cell.isSaved && account.isAhead(reporting: decision.event.task)
            return Handled(
                decision: consume decision, cell: cell, label: account.label, recording: recording, wall: host.wall,
                isAhead: isAhead)
        }
        if case .plan(let plan) = handled.decision.answer { record(plan, handled) }
        return handled
    }

    /// Decides the answer to any request, without a socket.
    ///
    /// - Parameters:
    ///   - port: The port that is listened on.
    ///   - key: Set to the key that the request named, for the log.
    package func decide(_ request: Request, port: UInt16, key: inout ArraySlice<UInt8>) -> Decision {
        var memory = HandlerMemory()
        guard let handled = handle(request, port: port, exchange: nil, &memory) else {
            return Decision(answerAdmin(request, Caller(request)) ?? Self.needsListener, DecisionEvent(.admin, .http2))
        }
        key = handled.cell.map { $0.key[...] } ?? handled.key
        return handled.decision
    }

    /// The whole answer that carries a file, as faults and the account's clock leave it.
    ///
    /// - Parameter send: Told, too, whether the answer reports what is not in the state file yet.
    func fileAnswer(_ plan: ResponsePlan, _ handled: Handled, _ send: (ResponsePlan, _ isAhead: Bool) -> Void) {
        guard let cell = handled.cell, let sequence = handled.decision.sequence else {
            return send(handled.decision.treated(plan), handled.isAhead)
        }
        // Sent within the lock: no one may move the clock past a wait before the listener knows of it.
        visit(cell) { account, host in
            let plan = account.fileAnswer(plan, of: handled.decision, sequence, at: host)
            // Before it is sent: whoever has the answer may end the server at once.
            record(plan, handled)
            send(plan, account.isAhead(reporting: handled.decision.event.task))
        }
    }

    /// Notes how a tracked exchange ended.
    func ended(_ cell: AccountCell, _ sequence: Int, _ outcome: ExchangeEvent.Outcome) {
        cell.forget(sequence)
        visit(cell) { account, host in account.exchangeEnded(sequence, outcome, at: host) }
    }

    /// The name of a model by its position in the catalogue.
    func modelID(_ position: Int) -> String { models[position] }

    private func cell(_ key: ArraySlice<UInt8>) -> AccountCell? {
        if let cell = directory.find(key) { return cell }
        guard configuration.isOpen, AccountKey.isValid(key) else { return nil }
        return directory.findOrAdd(Array(key), credits: AccountCommand.defaultCredits)
    }
}
