internal import ClipriseBundle
internal import ClipriseClient
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

/// Simulated clients of one policy, run in virtual time against one world.
///
/// Events happen in the order of (instant, sequence); nothing else decides what comes first. Between client and service
/// no time passes but what scenario and capacity make of it.
///
/// Not to be copied: a debug build would do so for each call of a method that changes nothing.
struct Fleet: ~Copyable {
    enum Happening: UInt8, Sendable {
        /// A wait of a job is over.
        case wake
        /// A request has come through the queue of the service.
        case work
        /// The answer to a job's request is complete, or given up.
        case answer
        /// A client of a closed model has thought; the slot is its number.
        case comeAgain
        /// The rate of a client lets a held call out.
        case permit
        /// A client with an adaptive rate looks at its line; the slot is its number.
        case look
        /// A connection came free for a held call.
        case connect
        /// A held call has waited long enough for a connection.
        case noConnection
        /// A call without an answer must be sent once more.
        case hedge
        /// The next job in the line of a client begins; the slot is its number.
        case nextJob
    }

    struct Event: BitwiseCopyable, Sendable {
        var happening: Happening
        /// The slot of a job, or of a queued request.
        var slot: Int32
        var exchange: UInt32 = 0
    }

    let settings: FleetSettings
    let groups: [FleetGroup]
    /// Of each group, and in it of each kind.
    let jobs: [[Job]]
    let bodies: [SampleBody]
    var world: SimulatedWorld
    var gateway: Gateway?
    /// From the beginning of the first window of the scenario to the end of the last, in nanoseconds.
    let outage: Range<Int64>?
    /// Whether every task ends by the clock, so that the instants of polls decide what they see.
    let livesByClock: Bool
    var queue = EventQueue<Event>()
    var now: Int64 = 0

    var running: [RunningJob] = []
    var freeSlots: [Int32] = []
    var queued: [QueuedRequest] = []
    var freeQueued: [Int32] = []
    /// What is left in the bank of retries of each client.
    var banks: [Int32]
    var tasks: [MadeTask] = []
    /// The tasks whose file has come; only asked for members.
    var fetched: Set<Int64> = []
    /// Of each group.
    var tallies: [Tally]
    /// The group of each client; empty where there is one group.
    let groupOfClient: [UInt8]
    var recorder: BundleWriter?
    /// Of each client; empty where no policy limits anything.
    var gates: [ClientGate]
    /// By slot: calls that wait within their client, and calls that may be sent once more.
    var heldCalls: [Int32: Call] = [:]
    var hedgedCalls: [Int32: Call] = [:]
    /// Of each group: whether its clients have a bank of retries.
    let hasBank: [Bool]
    /// Whether a poll that finds its task at work needs no request and no answer in bytes.
    private(set) var pollsQuickly = false
    /// Jobs that were begun.
    private var begun = 0
    let keys: [[UInt8]]
    /// The keys as they stand in queries.
    let encodedKeys: [[UInt8]]
    let statusFields: HeaderFields
    let generateFields: HeaderFields
    let accountOfClient: [Int32]
    private let shares: [Double]
    private let chance: UInt64

    /// A fleet of one policy.
    init(_ settings: FleetSettings, policy: RetryPolicy) throws(FleetError) {
        try self.init(
            settings, groups: [FleetGroup(name: policy.name, clients: settings.clients, policy: policy)])
    }

    /// - Parameters:
    ///   - groups: All clients of the settings, in the order of their numbers.
    ///   - slice: The numbers of those clients that this fleet has; nil for all.
    init(_ settings: FleetSettings, groups: [FleetGroup], slice: Range<Int>? = nil) throws(FleetError) {
        try settings.check()
        for group in groups { try Self.check(group.policy) }
        let clients = slice ?? 0..<settings.clients
        var setup = settings.worldSetup
        setup.firstAccount = clients.lowerBound
        var world = SimulatedWorld(setup, makesDeclared: false)
        let accounts = try Self.makeAccounts(settings, clients, &world)
        var bodies: [SampleBody] = []
        for share in settings.jobs { bodies.append(try SampleBody(share.model, engine: world.engine)) }
        self.init(settings, groups, clients, world, accounts, bodies)
    }

    /// Cannot fail: what may fail comes first, as half of a fleet cannot be thrown away.
    private init(
        _ settings: FleetSettings, _ groups: [FleetGroup], _ clients: Range<Int>, _ world: SimulatedWorld,
        _ accounts: (keys: [[UInt8]], ofClient: [Int32]), _ bodies: [SampleBody]
    ) {
        self.settings = settings
        self.groups = groups
        tallies = Array(repeating: Tally(), count: groups.count)
        groupOfClient =
            groups.count == 1 ? [] : Self.forEach(of: clients, groups) { index, _ in UInt8(index) }
        keys = accounts.keys
        encodedKeys = accounts.keys.map { key in
            var encoded: [UInt8] = []
            encoded.append(percentEncoded: key)
            return encoded == key ? key : encoded
        }
        accountOfClient = accounts.ofClient
        self.bodies = bodies
        jobs = groups.map { group in bodies.map { Job.run(body: $0.body(ofJob: 0), policy: group.policy) } }
        self.world = world
        outage = settings.scenario.outage
        livesByClock = settings.scenario.livesByClock
        gateway = settings.scenario.capacity.map { Gateway($0, seed: settings.seed) }
        banks = Self.forEach(of: clients, groups) { _, group in Int32(clamping: group.policy.retryBudget?.tokens ?? 0) }
        hasBank = groups.map { $0.policy.retryBudget != nil }
        gates =
            groups.allSatisfy(\.policy.limits.isNone)
            ? [] : Self.forEach(of: clients, groups) { _, group in ClientGate(group.policy.limits) }
        statusFields = HeaderFields([("Host", "\(Contract.host)"), ("Accept", "*/*")])
        generateFields = HeaderFields([("Host", "\(Contract.host)"), ("Content-Type", "application/json")])
        let total = settings.jobs.reduce(0) { $0 + $1.share }
        var sum = 0.0
        shares = settings.jobs.map { share in
            sum += share.share
            return sum / total
        }
        chance = Draw.mix(settings.seed, 0x666C_6565_74)
    }

    // MARK: The loop

    /// Runs until the last job has ended; then every task ends that does so by itself, so that all is charged that will be.
    ///
    /// - Parameter progress: Called now and then with the part that is done, 0 to 1.
    mutating func run(progress: ((Double) -> Void)? = nil) throws(FleetError) {
        run(try settings.allArrivals(), progress: progress)
    }

    /// - Parameter arrivals: Of this fleet's clients, which are numbered from 0 here, in order of time.
    mutating func run(_ arrivals: [Arrival], progress: ((Double) -> Void)? = nil) {
        if groups.count == 1 {
            tallies[0].timesToResult.reserveCapacity(arrivals.count)
            tallies[0].pollsPerJob.reserveCapacity(arrivals.count)
            tallies[0].requestsPerJob.reserveCapacity(arrivals.count)
        }
        pollsQuickly = recorder == nil && gateway == nil && gates.isEmpty
        var next = 0
        var turns = 0
        while true {
            turns &+= 1
            if turns & 0xFFFF == 0 { progress?(part(of: arrivals)) }
            let due = queue.next ?? .max
            if next < arrivals.count, arrivals[next].at <= due {
                now = arrivals[next].at
                begin(arrivals[next].client, ordinal: arrivals[next].ordinal)
                next += 1
                continue
            }
            guard let event = queue.pop() else { break }
            now = event.at
            let slot = Int(event.payload.slot)
            switch event.payload.happening {
            case .wake: advance(slot)
            case .work: work(slot)
            case .comeAgain: begin(slot)
            case .permit: permit(slot, event.payload.exchange)
            case .look: looked(slot, event.payload.exchange)
            case .connect: connect(slot, event.payload.exchange)
            case .noConnection: missConnection(slot, event.payload.exchange)
            case .hedge: hedge(slot, event.payload.exchange)
            case .nextJob:
                if let job = gates[slot].waitingJobs.popFirst() { start(job.ordinal, slot, arrivedAt: job.arrivedAt) }
            case .answer:
                if running[slot].exchange == event.payload.exchange { deliver(slot) }
            }
        }
        progress?(1)
        world.settle(at: Instant(nanoseconds: now))
        world.settleAll()
    }

    /// How far the run has come at least: by jobs that have ended, and by time, since jobs may all end at once.
    private func part(of arrivals: [Arrival]) -> Double {
        let jobs = tallies.reduce(0) { $0 + Double($1.requestsPerJob.count) } / Double(arrivals.count)
        let deadline = groups.map(\.policy.deadline.nanoseconds).max() ?? 0
        let longest = (arrivals.last?.at ?? 0) &+ max(1, deadline)
        return max(min(1, jobs), min(0.99, Double(now) / Double(longest)))
    }

    /// In a closed model, lets a client whose job has ended think and come again, as long as jobs arrive.
    ///
    /// - Parameter ordinal: Of the job that has ended; the pause follows from it.
    mutating func comeAgain(_ client: Int32, after ordinal: Int32) {
        guard case .closed(let think) = settings.arrivals, begun < FleetSettings.jobLimit else { return }
        let pause = Arrivals.pause(think, Draw.mix(chance, 0x7468_696E_6B00_0000 ^ UInt64(ordinal)))
        guard now &+ pause < settings.length.nanoseconds else { return }
        queue.add(Event(happening: .comeAgain, slot: client), at: now &+ pause)
    }

    /// - Parameter ordinal: Of the job; nil for the next.
    private mutating func begin(_ client: Int, ordinal: Int32? = nil) {
        let ordinal = ordinal ?? Int32(begun)
        begun += 1
        if !gates.isEmpty, !admitsJob(client, ordinal: ordinal) { return }
        start(ordinal, client, arrivedAt: now)
    }

    private mutating func start(_ ordinal: Int32, _ client: Int, arrivedAt: Int64) {
        let word = Draw.mix(chance, UInt64(ordinal))
        var kind = 0
        if shares.count > 1 {
            let draw = Draw.unit(Draw.mix(word, 1))
            kind = shares.firstIndex { draw < $0 } ?? shares.count - 1
        }
        let job = RunningJob(
            machine: JobMachine(jobs[group(of: Int32(client))][kind]), generator: SplitMix64(seed: word),
            startedAt: now, arrivedAt: arrivedAt, ordinal: ordinal, client: Int32(client),
            account: accountOfClient[client], kind: Int32(kind))
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = Int(free)
            // Counts on, so that an answer to the job before is known to be late.
            let exchange = running[slot].exchange
            running[slot] = job
            running[slot].exchange = exchange
        } else {
            slot = running.count
            running.append(job)
        }
        advance(slot)
    }

    @inline(__always)
    func group(of client: Int32) -> Int { groupOfClient.isEmpty ? 0 : Int(groupOfClient[Int(client)]) }

    /// Lets a job do all that it can do now.
    mutating func advance(_ slot: Int) {
        let client = Int(running[slot].client)
        let hasBank = hasBank[group(of: running[slot].client)]
        while true {
            if hasBank { running[slot].machine.retry.tokens = banks[client] }
            let move = running[slot].move(now: now)
            if hasBank { banks[client] = running[slot].machine.retry.tokens }
            switch move {
            case .wait(let nanoseconds):
                queue.add(Event(happening: .wake, slot: Int32(slot)), at: now &+ nanoseconds)
                return
            case .finish:
                if let result = running[slot].machine.result { finish(slot, result) }
                return
            case .poll, .send:
                if pollsQuickly, case .poll = move, running[slot].task >= 0 {
                    switch poll(slot) {
                    case .atWork: continue
                    case .later: return
                    case .answer(let answer):
                        take(answer, slot)
                        continue
                    }
                }
                let call = running[slot].machine.call
                if !gates.isEmpty {
                    switch admit(call, slot) {
                    case .now: break
                    case .later: return
                    case .never:
                        refuse(slot)
                        continue
                    }
                }
                guard let answer = send(call, slot) else {
                    if !gates.isEmpty { hedgeLater(call, slot) }
                    return
                }
                take(answer, slot)
            }
        }
    }

    /// The answer of a job's request has come.
    private mutating func deliver(_ slot: Int) {
        guard let pending = running[slot].pending else { return }
        running[slot].pending = nil
        // What the service still does for this request is nobody's any more.
        running[slot].exchange &+= 1
        if let ending = pending.ending { end(ending, as: ending.outcome) }
        take(pending.answer, slot)
        advance(slot)
    }

    /// Notes in the journal how an exchange ended.
    mutating func end(_ ending: Ending, as outcome: ExchangeEvent.Outcome) {
        world.accounts[ending.account].exchangeEnded(
            ending.sequence, outcome, at: world.time(Instant(nanoseconds: now)))
    }

    /// Hands an answer to the machine, and counts whether it was of use.
    mutating func take(_ answer: Answer, _ slot: Int) {
        let client = Int(running[slot].client)
        let polls = running[slot].machine.polls
        let hadTask = !running[slot].statusTarget.isEmpty
        var isUseful = false
        if case .file(let transfer) = answer { isUseful = transfer.isComplete && transfer.defect == nil }
        let group = group(of: running[slot].client)
        let hasBank = hasBank[group]
        if hasBank { running[slot].machine.retry.tokens = banks[client] }
        running[slot].receive(answer, now: now)
        if hasBank { banks[client] = running[slot].machine.retry.tokens }
        if hadTask, running[slot].machine.task == nil {
            // The whole job is begun again.
            forget(slot)
        } else if !hadTask, let task = running[slot].machine.task {
            know(task, slot)
            isUseful = true
        } else if running[slot].machine.polls > polls {
            isUseful = true
        }
        tallies[group].answered(at: now, isUseful: isUseful)
        if !gates.isEmpty { learn(from: answer, slot) }
    }
}
