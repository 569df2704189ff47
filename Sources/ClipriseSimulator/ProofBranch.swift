internal import ClipriseBundle
internal import ClipriseClient
internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

/// A job of `prove` and the world that it has come to, as one value: a branch is a copy.
struct ProofBranch: Sendable {
    enum Waits: CaseIterable, Sendable { case shortest, longest }

    /// Draws that make every wait the shortest, or the longest, that chance can make it.
    private struct Extreme: RandomNumberGenerator {
        var waits: Waits
        func next() -> UInt64 { waits == .shortest ? 0 : .max }
    }

    private static let key = Array("prove".utf8)
    private static let credits: Int64 = 1_000_000
    /// The field that asks for a fault; no client sends it.
    private static let field = "X-Prove-Fault"

    var waits: Waits
    private(set) var now: Int64 = 0
    /// Faults that were met so far.
    private(set) var used = 0
    private var machine: JobMachine
    private var world: SimulatedWorld
    private let body: [UInt8]
    private var steps: [Prover.Step] = []
    /// The position of the task whose file was fetched.
    private var fetched: Int?

    init(_ prover: Prover, waits: Waits) throws(FleetError) {
        self.waits = waits
        var scenario = Scenario(name: "prove")
        scenario.tasks = [TaskRule(life: .polls(prover.polls))]
        scenario.rules = SearchedFault.all.enumerated().map { index, kind in
            Rule(
                name: kind.title,
                when: When(
                    operations: [kind.operation],
                    headers: [When.Header(name: Self.field.lowercased(), value: Glob("\(index)"))]),
                act: .fault(kind.fault))
        }
        let setup = SimulatedWorld.Setup(
            catalog: prover.catalog, settings: EngineSettings(pace: .scaled(1)), scenarios: [scenario])
        world = SimulatedWorld(setup, makesDeclared: false)
        _ = world.add(Self.key, credits: Self.credits)
        body = try SampleBody(prover.model, engine: world.engine).body(ofJob: 0)
        machine = JobMachine(.run(body: body, policy: prover.policy))
    }

    /// Waits until the job sends something; nil when it has ended.
    mutating func nextCall() -> Call? {
        var generator = Extreme(waits: waits)
        while true {
            switch machine.next(now: .nanoseconds(now), using: &generator) {
            case .wait(let span): now &+= max(1, span.nanoseconds)
            case .send(let call): return call
            case .finish(.success):
                if let task = machine.task, let id = TaskID(hex: Array(task.utf8)[...]) {
                    fetched = world.accounts[0].position(of: id)
                }
                return nil
            case .finish(.failure): return nil
            }
        }
    }

    /// All that the further course depends on but the time.
    var key: [Int64] {
        var key = machine.course(now: .nanoseconds(now)) + [Int64(used)]
        for position in 0..<world.accounts[0].taskCount {
            var account = world.accounts[0]
            let task = account.task(at: position, at: account.lastSeen)
            key += [task.outcome == .processing ? 0 : 1, Int64(task.polls)]
        }
        if let task = machine.task, let id = TaskID(hex: Array(task.utf8)[...]) {
            key.append(Int64(world.accounts[0].position(of: id) ?? -1))
        }
        return key
    }

    func kinds(for call: Call) -> [SearchedFault] {
        let operation = Self.operation(of: call)
        return SearchedFault.all.filter { $0.operation == operation }
    }

    static func operation(of call: Call) -> Operation {
        switch call {
        case .generate: .generate
        case .status: .status
        case .download: .download
        }
    }

    /// Lets the service answer a call, and hands the answer in.
    mutating func answer(_ call: Call, fault: SearchedFault?) {
        steps.append(Prover.Step(operation: Self.operation(of: call), fault: fault))
        if fault != nil { used += 1 }
        let patience = machine.patience(now: .nanoseconds(now)).nanoseconds
        let request = request(call, fault)
        let instant = Instant(nanoseconds: now)
        guard let decided = world.decide(request, at: instant),
            let plan = try? world.plan(of: decided, for: request, at: instant)
        else { preconditionFailure("a job asks for nothing but generates, statuses and files") }
        var isStream = false
        var from = 0
        if case .download(_, let start) = call, plan.status == 200 || plan.status == 206 {
            (isStream, from) = (true, plan.status == 206 ? start : 0)
        }
        let played = Playback(
            plan, from: now, limit: now &+ patience, patience: isStream ? patience : nil, keepsBytes: !isStream)
        now = max(now, played.at)
        machine.receive(
            Fleet.answer(
                plan, played, isStream: isStream, from: from, fault: decided.decision.treatment?.fault.kind),
            now: .nanoseconds(now))
    }

    private func request(_ call: Call, _ fault: SearchedFault?) -> Request {
        var fields = HeaderFields([("Host", "\(Contract.host)")])
        if let fault, let index = SearchedFault.all.firstIndex(of: fault) {
            fields.append(name: Self.field.utf8, value: "\(index)".utf8)
        }
        func target(_ task: String) -> [UInt8] {
            Array("\(Contract.statusPath)?apiKey=\(String(decoding: Self.key, as: UTF8.self))&taskId=\(task)".utf8)
        }
        switch call {
        case .generate(let body):
            fields.append(name: "Content-Type".utf8, value: "application/json".utf8)
            fields.append(name: "Authorization".utf8, value: "Bearer \(String(decoding: Self.key, as: UTF8.self))".utf8)
            return Request(method: .post, target: Array("\(Contract.generatePath)".utf8), fields: fields, body: body)
        case .status(let task): return Request(method: .get, target: target(task), fields: fields)
        case .download(let task, let from):
            if from > 0 { fields.append(name: "Range".utf8, value: "bytes=\(from)-".utf8) }
            return Request(method: .get, target: target(task) + Array("&download=true".utf8), fields: fields)
        }
    }

    /// What a job that has ended has cost; as `RunResult.Money` has it.
    func outcome() -> Prover.Outcome {
        var account = world.accounts[0]
        let charged = (0..<account.taskCount).compactMap { position -> (position: Int, credits: Int64)? in
            let glance = account.glance(at: position, at: account.lastSeen)
            // What only ends by polls that nobody asks is held for good.
            let isCharged = glance.outcome == .succeeded || glance.outcome == .processing
            return isCharged ? (position, glance.credits) : nil
        }
        let kept = charged.firstIndex { $0.position == fetched } ?? 0
        var outcome = Prover.Outcome(doubleCharged: 0, neverFetched: 0, steps: steps)
        for (index, charge) in charged.enumerated() {
            if index != kept {
                outcome.doubleCharged += charge.credits
            } else if charge.position != fetched {
                outcome.neverFetched += charge.credits
            }
        }
        return outcome
    }
}
