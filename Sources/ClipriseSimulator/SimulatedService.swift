internal import ClipriseBundle
internal import ClipriseCatalog
public import ClipriseClient
internal import ClipriseEngine
package import ClipriseJournal
internal import ClipriseLocks
internal import ClipriseScenario
internal import ClipriseWire

/// The service that client code meets in a simulation, and the time that passes there.
public final class SimulatedService: Sendable {
    /// The money of an account, in credits.
    public struct AccountState: Sendable, Hashable {
        /// What can be spent.
        public var available: Int64
        /// Set aside for tasks that have not ended.
        public var held: Int64
        /// Taken.
        public var spent: Int64
        /// Tasks that were accepted.
        public var tasks: Int
    }

    struct State: Sendable {
        var world: SimulatedWorld
        var gateway: Gateway?
        var requests = 0
        /// What `prove` notes of a run.
        var course: ProofCourse?
    }

    let time: VirtualTime
    let state: Locked<State>
    private let wallAtZero: Int64

    init(
        _ scenario: Scenario?, seed: UInt64, timeScale: Double, files: FileBodies, catalog: Catalog? = nil,
        time: VirtualTime
    ) throws(SimulationError) {
        let builtIn: Catalog
        if let catalog { builtIn = catalog } else { builtIn = try Self.builtInCatalog() }
        var setup = SimulatedWorld.Setup(
            catalog: builtIn, settings: EngineSettings(seed: seed, pace: .scaled(timeScale)),
            scenarios: scenario.map { [$0] } ?? [])
        setup.journalLimit = SimulatedWorld.usualJournalLimit
        setup.files = files
        wallAtZero = setup.wallAtZero
        var world = SimulatedWorld(setup)
        if world.accounts.isEmpty { _ = world.add(Array("test-key".utf8), credits: 10_000) }
        let gateway = scenario?.capacity.map { Gateway($0, seed: scenario?.seed ?? seed) }
        state = Locked(State(world: world, gateway: gateway))
        self.time = time
    }

    /// - Throws: `SimulationError.badScenario`.
    static func builtInCatalog() throws(SimulationError) -> Catalog {
        do { return try Catalog.builtIn() } catch { throw .badScenario(error.description) }
    }

    // MARK: Time

    /// The virtual time since the start of the simulation.
    public var now: Duration { .nanoseconds(time.now) }

    /// Returns when this much virtual time has passed; throws `CancellationError` when the task is cancelled.
    public func sleep(for duration: Duration) async throws {
        try await time.sleep(until: time.now &+ max(0, duration.nanoseconds))
    }

    /// The clock for `ClipriseClient`.
    public var clock: ClientClock {
        let time = time
        let wallAtZero = wallAtZero
        return ClientClock(
            elapsed: { .nanoseconds(time.now) },
            sleep: { try await time.sleep(until: time.now &+ max(0, $0.nanoseconds)) },
            wallSeconds: { (wallAtZero + time.now) / 1_000_000_000 })
    }

    /// What unstructured tasks of the simulation must prefer.
    public var executor: any TaskExecutor { time }

    // MARK: Clients

    /// A transport that carries requests to this service.
    public var transport: any ClipriseTransport { SimulatedTransport(service: self) }

    /// The reference client, with this service's transport and clock.
    ///
    /// - Parameters:
    ///   - key: Of an account; see `addAccount`.
    ///   - seed: Its waits follow from it.
    /// - Throws: `SimulationError.badKey`.
    public func client(key: String, policy: RetryPolicy = .standard, seed: UInt64 = 1) throws -> ClipriseClient {
        guard let apiKey = APIKey(key) else { throw SimulationError.badKey(key) }
        var configuration = try ClientConfiguration(key: apiKey, policy: policy)
        configuration.seed = seed
        return ClipriseClient(configuration, transport: transport, clock: clock)
    }

    // MARK: Accounts

    /// Makes an account.
    ///
    /// - Throws: `SimulationError`.
    public func addAccount(_ key: String, credits: Int64 = 10_000) throws {
        guard AccountKey.isValid(key.utf8) else {
            throw SimulationError.badKey(key)
        }
        let now = Instant(nanoseconds: time.now)
        let isAdded = state.withLock { state in
            state.world.add(Array(key.utf8), credits: min(max(0, credits), Ledger.limit), at: now) != nil
        }
        guard isAdded else { throw SimulationError.keyTaken(key) }
    }

    /// The money of an account now; nil for a key that no account has.
    public func account(_ key: String) -> AccountState? {
        let now = Instant(nanoseconds: time.now)
        return state.withLock { state in
            guard let position = state.world.position(of: Array(key.utf8)[...]) else { return nil }
            state.world.accounts[position].settle(at: now, wall: state.world.time(now).wall)
            let account = state.world.accounts[position]
            return AccountState(
                available: account.ledger.available, held: account.ledger.held, spent: account.ledger.captured,
                tasks: account.taskCount)
        }
    }

    /// The journal of an account now, ready to be judged; nil for a key that no account has.
    package func journal(_ key: String) -> JournalView? {
        let now = Instant(nanoseconds: time.now)
        return state.withLock { state in
            guard let position = state.world.position(of: Array(key.utf8)[...]) else { return nil }
            state.world.accounts[position].settle(at: now, wall: state.world.time(now).wall)
            return state.world.accounts[position].journalView(models: state.world.setup.catalog.models.ids)
        }
    }

    /// The requests that the service has got.
    public var requests: Int { state.withLock(\.requests) }
}
