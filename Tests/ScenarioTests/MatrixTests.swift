import ClipriseCatalog
import ClipriseClient
import ClipriseEngine
import ClipriseJournal
import ClipriseReport
import ClipriseScenario
import ClipriseServer
import ClipriseSimulator
import ClipriseWire
import MicroHTTPD
import Testing

/// The reference client against every scenario of the library.
@Suite struct MatrixTests {
    /// What only the machine's clock can tell of a client on a virtual one; it says nothing of a client that never sleeps.
    private static let timed: Set<String> = ["backoff", "jitter_present", "honours_retry_after", "poll_rate"]

    /// - Parameter sleeps: Whether the client's waits took time on some clock that the journal knows.
    private func check(_ name: String, _ endings: [Ending], _ view: JournalView, sleeps: Bool) throws {
        let row = try #require(MatrixRow.table[name], "a scenario without a row")
        for (index, ending) in endings.enumerated() {
            #expect(row.endings[index].contains(ending), "\(name): job \(index + 1) ended with \(ending)")
        }
        checkTruth(name, endings, view)
        let report = Grade.report(of: [view], expectations: try ScenarioLibrary.load(named: name).expectations)
        let failed = report.verdicts.filter {
            $0.outcome == .fail && ($0.isDemanded || $0.isProperty) && (sleeps || !Self.timed.contains($0.name))
        }
        for verdict in failed { Issue.record("\(name): \(verdict.title): \(verdict.seen)") }
        #expect(report.breaches.isEmpty)
        let isShown = view.rules.isEmpty || view.ruleActs.contains { $0 > 0 }
        #expect(isShown, "\(name): nothing was shown")
    }

    /// Compares what the client says with what the service knows.
    private func checkTruth(_ name: String, _ endings: [Ending], _ view: JournalView) {
        var jobs: [(body: UInt64, tasks: [Int])] = []
        var settled: [Int: SettledEvent] = [:]
        for event in view.events {
            switch event.kind {
            case .exchange(let exchange) where exchange.operation == .generate:
                if !jobs.contains(where: { $0.body == exchange.bodyHash }) { jobs.append((exchange.bodyHash, [])) }
                guard exchange.fate == .accepted || exchange.fate == .answerLost, let task = exchange.task else {
                    continue
                }
                jobs[jobs.firstIndex { $0.body == exchange.bodyHash } ?? 0].tasks.append(task)
            case .settled(let event): settled[event.task] = event
            default: continue
            }
        }
        #expect(endings.count == MatrixJob.all.count)
        #expect(jobs.count == endings.count, "\(name): each job has a body of its own")
        var (least, most): (Int64, Int64) = (0, 0)
        for ((job, ending), price) in zip(zip(jobs, endings), MatrixJob.all.map(\.price)) {
            #expect(job.tasks.count <= 1, "\(name): one job, \(job.tasks.count) tasks")
            most += job.tasks.isEmpty ? 0 : price
            let end = job.tasks.first.flatMap { settled[$0] }
            switch ending {
            case .downloaded:
                least += price
                #expect(end?.succeeded == true, "\(name): downloaded what never succeeded")
            case .failed:
                most -= price
                #expect(end?.succeeded == false, "\(name): failed what did not fail")
            case .noCredits: #expect(job.tasks.isEmpty, "\(name): refused for want of credits, and made all the same")
            case .lost, .deadline: #expect(job.tasks.count == 1)
            case .unknown, .empty, .refusedKey, .other: break
            }
        }
        let taken = view.money.captured + view.money.held
        #expect((least...most).contains(taken), "\(name): \(taken) credits were taken, \(least) to \(most) were owed")
    }

    @Test func `every row is of a scenario`() {
        #expect(MatrixRow.table.keys.sorted() == ScenarioLibrary.names)
    }

    @Test(arguments: ScenarioLibrary.names)
    func `in process, every job ends right, is paid at most once, and the run is graded clean`(name: String)
        async throws
    {
        let row = try #require(MatrixRow.table[name], "a scenario without a row")
        let (endings, view) = try await withJobFolder { folder in
            try await Simulation.run(.named(name), rendersFiles: row.needsFiles) { service in
                let endings = await MatrixJob.playAll(
                    try service.client(key: "test-key"), folder: row.needsFiles ? folder : nil,
                    isAtOnce: row.isAtOnce)
                // Tasks that the client gave up on end too, but for one that never does.
                try await service.sleep(for: .seconds(3_600))
                return (endings, service.journal("test-key"))
            }
        }
        try check(name, endings, #require(view), sleeps: true)
    }

    /// Scenarios whose accounts have clocks that polls move: with a client whose sleeps are at once over, nobody waits.
    ///
    /// The others have the machine's clock, because what they show is real waiting: over a socket they would take minutes.
    static let virtualNames = ScenarioLibrary.names.filter { name in
        guard case .virtual(let tick, _)? = (try? ScenarioLibrary.load(named: name))?.clock else { return false }
        return tick > .zero
    }

    @Test(arguments: virtualNames)
    func `over a socket, scenarios whose clocks the polls move have the same endings`(name: String) async throws {
        var configuration = ServerConfiguration(catalog: try Stage.catalog.get())
        configuration.scenarios = [try ScenarioLibrary.load(named: name)]
        configuration.accounts = []
        configuration.log.level = .error
        configuration.listener.port = 0
        let server = try Server(configuration)
        defer { server.stop() }
        let clock = HandClock()
        let client = ClipriseClient(
            try ClientConfiguration(
                key: #require(APIKey("test-key")), baseURL: "http://127.0.0.1:\(server.port)", mockOnly: true),
            clock: ClientClock(
                elapsed: { .nanoseconds(clock.now.nanoseconds) },
                sleep: { clock.advance(by: TimeSpan(nanoseconds: Int64($0 / .nanoseconds(1)))) },
                wallSeconds: { clock.now.nanoseconds / 1_000_000_000 }))
        let endings = try await withJobFolder { await MatrixJob.playAll(client, folder: $0) }
        await client.shutdown()
        try check(name, endings, #require(server.journals.first), sleeps: false)
    }

    @Test func `forty accounts come through a storm, and every rule of it strikes`() async throws {
        let keys = (0..<40).map { "storm-\($0)" }
        let runs = try await Simulation.run(.named("storm")) { service in
            for key in keys { try service.addAccount(key) }
            let endings = await withTaskGroup(of: (String, [Ending]?).self) { group in
                for (index, key) in keys.enumerated() {
                    group.addTask {
                        guard let client = try? service.client(key: key, seed: UInt64(index)) else { return (key, nil) }
                        return (key, await MatrixJob.playAll(client))
                    }
                }
                return await group.reduce(into: [String: [Ending]]()) { $0[$1.0] = $1.1 }
            }
            try await service.sleep(for: .seconds(3_600))
            return keys.map { (endings[$0] ?? [], service.journal($0)) }
        }
        for (endings, view) in runs { try check("storm", endings, #require(view), sleeps: true) }
        let report = Grade.report(of: runs.compactMap(\.1))
        #expect(report.idleRules.isEmpty)
    }

    @Test func `the seven models that answered with nothing do so in the snapshot, and are not sent again`()
        async throws
    {
        let engine = Engine(settings: EngineSettings(), catalog: try Stage.catalog.get())
        let models = ["veo-3-quality", "veo-3-fast", "runway", "flux-kontext", "imagen-v4", "flux-2", "kling-2-5"]
        let bodies = try models.map { try SampleBody($0, engine: engine).body(ofJob: 0) }
        try await Simulation.run(.named("snapshot")) { service in
            let client = try service.client(key: "test-key")
            for (model, body) in zip(models, bodies) {
                let error = await #expect(throws: ClipriseError.self, "\(model)") {
                    try await client.run(GenerateRequest(rawJSON: body)) { _ in }
                }
                #expect(error?.kind == .emptyAnswer, "\(model)")
            }
            #expect(service.requests == models.count)
            #expect(service.account("test-key")?.tasks == 0)
        }
    }

    @Test(arguments: ["lost-reply", "storm"])
    func `a client that sends everything again fails`(name: String) async throws {
        let view = try await Simulation.run(.named(name)) { service in
            _ = await MatrixJob.playAll(try service.client(key: "test-key", policy: RetryPolicy(named: "naive")))
            return service.journal("test-key")
        }
        let report = Grade.report(
            of: [try #require(view)], expectations: try ScenarioLibrary.load(named: name).expectations)
        #expect(report.failed)
        #expect(report.letter == .f)
    }
}
