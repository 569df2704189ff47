import ClipriseCatalog
import ClipriseJournal
import ClipriseScenario
import ClipriseWire

@testable import ClipriseEngine

/// One account that follows a scenario, and a clock that the test moves.
struct Bench {
    static let body = Array(EngineTests.body.utf8)

    let engine: Engine
    var account: Account
    var host = Instant.start
    /// Nanoseconds since 1970 at the host's zero.
    static let wallAtZero: Int64 = 1_700_000_000_000_000_000

    init(_ yaml: String, key: String = "test-key", credits: Int64 = 1_000, seed: UInt64 = 1) throws {
        try self.init(
            Scenario(yaml: "schema: cliprise-mock/v1\nname: bench\n" + yaml, source: "bench.yaml"), key: key,
            credits: credits, seed: seed)
    }

    init(_ scenario: Scenario, key: String = "test-key", credits: Int64 = 1_000, seed: UInt64 = 1) throws {
        engine = try EngineTests.engine()
        let world = AccountWorld(
            WorldScenario(scenario, models: engine.catalog.models.map(\.id)), seed: seed, at: .start, bodies: .all)
        account = Account(key: Array(key.utf8), credits: credits, seed: world.seed, world: world, at: .start)
    }

    var time: HostTime { HostTime(host, wall: Self.wallAtZero + host.nanoseconds) }

    mutating func advance(_ span: TimeSpan) { host = host.advanced(by: span) }

    /// The answer to a generate; the prompt tells bodies apart.
    mutating func generate(prompt: String = "A pier", fields: [(name: String, value: String)] = []) -> Decision {
        let text = EngineTests.body.replacing("A pier", with: prompt)
        let request = Request(
            method: .post, target: Array("/app/cliprise/generate".utf8), fields: HeaderFields(fields),
            body: Array(text.utf8))
        return engine.decide(Ask(engine.order(request.body)), request, for: &account, at: time)
    }

    /// Makes a task and answers its id.
    mutating func task(prompt: String = "A pier") -> TaskID {
        let sequence = account.taskCount
        _ = generate(prompt: prompt)
        return account.id(of: sequence)
    }

    /// - Parameter looksForKey: Whether the host looks for a leaked key itself, as the server does.
    mutating func status(
        _ id: TaskID, download: Bool = false, rejected: Fault? = nil, looksForKey: Bool = false
    ) throws -> Decision {
        let target = "/app/cliprise/status?apiKey=k&taskId=\(id)" + (download ? "&download=true" : "")
        let request = Request(method: .get, target: Array(target.utf8), fields: HeaderFields(EngineTests.hosts))
        guard case .keyed(.status(let query)) = engine.receive(request, port: 8_080) else { throw NotAStatus() }
        let leaks = looksForKey ? KeyLeak.find(in: request, account.keySearch, operation: .status) : nil
        return engine.decide(.status(query), request, for: &account, at: time, leaks: leaks, rejected: rejected)
    }

    struct NotAStatus: Error {}

    /// The exchanges of the journal.
    var exchanges: [ExchangeEvent] {
        account.world.journal.events().compactMap { if case .exchange(let event) = $0.kind { event } else { nil } }
    }
}

extension Decision {
    /// The plan; a file is one of status 200.
    var plan: ResponsePlan {
        if case .plan(let plan) = answer { return plan }
        return ResponsePlan(status: 200, contentType: .custom("file"))
    }

    var text: String { String(decoding: plan.bytes, as: UTF8.self) }
    var steps: [ResponsePlan.Step] { if case .steps(_, let steps) = plan.body { steps } else { [] } }
}
