import ClipriseBundle
import ClipriseCatalog
import ClipriseEngine
import ClipriseJournal
import ClipriseMedia
import ClipriseScenario
import ClipriseSimulator
import ClipriseWire
import MicroHTTPD
import Testing

@testable import ClipriseServer

/// The simulator's world and the server's service side by side: the same requests at the same instants, the same bytes.
@Suite struct DifferentialTests {
    struct Twins {
        static let port: UInt16 = 8_080
        let service: Service
        let clock = HandClock()
        var world: SimulatedWorld
        /// The head before, and what the service kept of it.
        private var lastHead: [UInt8] = []
        private var reading: HandlerMemory.Reading?
        /// How many answers were compared.
        var count = 0

        init(_ scenario: Scenario, seed: UInt64 = 1) throws {
            let catalog = try Stage.catalog.get()
            var setup = SimulatedWorld.Setup(
                catalog: catalog, settings: EngineSettings(seed: seed), scenarios: [scenario])
            setup.keepsClocks = true
            setup.files = .rendered
            setup.port = Self.port
            setup.wallAtZero = 1_750_000_000_123_456_789
            setup.journalLimit = 1_000
            world = SimulatedWorld(setup)
            var configuration = ServerConfiguration(catalog: catalog)
            configuration.engine = setup.settings
            configuration.scenarios = [scenario]
            configuration.accounts = []
            configuration.journalLimit = setup.journalLimit
            service = Service(configuration, wallAtZero: setup.wallAtZero) { [clock] in clock.now }
        }

        /// Asks both, a step of time after the last request, and compares their answers.
        ///
        /// - Returns: The task that the answer is about.
        @discardableResult
        mutating func ask(_ request: Request, after step: TimeSpan) throws -> TaskID? {
            clock.advance(by: step)
            let now = clock.now
            // As one connection would bring it, which knows a head that it sent just before.
            var lines = request.target
            request.fields.appendLines(to: &lines, limit: .max)
            let isRepeated = lastHead == lines
            var head = HandlerMemory(isRepeated: isRepeated, reading: isRepeated ? reading : nil)
            let found = service.handle(request, port: Self.port, exchange: nil, &head)
            (lastHead, reading) = (lines, head.reading)
            let handled = try #require(found)
            let served = try plan(of: handled, for: request)
            let inWorld = world.decide(request, at: now)
            let decided = try #require(inWorld)
            let simulated = try world.plan(of: decided, for: request, at: now)
            let (theirs, ours) = (AnswerBytes.of(served), AnswerBytes.of(simulated))
            #expect(
                theirs == ours,
                """
                \(request.method) \(String(decoding: request.target, as: UTF8.self)): served \
                \(String(decoding: theirs.prefix(300), as: UTF8.self)), simulated \
                \(String(decoding: ours.prefix(300), as: UTF8.self))
                """)
            end(handled, decided, at: now)
            count += 1
            return handled.decision.event.task
        }

        private func plan(of handled: Service.Handled, for request: Request) throws -> ResponsePlan {
            switch handled.decision.answer {
            case .plan(let plan): return plan
            case .file(let spec):
                let file = try render(spec)
                let whole = FileAnswer.plan(
                    file.bytes, contentType: file.contentType, fileName: file.fileName, entityTag: spec.entityTag,
                    for: request)
                var answer: ResponsePlan?
                service.fileAnswer(whole, handled) { plan, _ in answer = plan }
                return try #require(answer)
            }
        }

        /// Tells both that the answer is out.
        private mutating func end(_ handled: Service.Handled, _ decided: SimulatedWorld.Decided, at now: Instant) {
            if handled.decision.isTracked, let cell = handled.cell, let sequence = handled.decision.sequence {
                service.ended(cell, sequence, .completed)
            }
            if decided.decision.isTracked, let account = decided.account, let sequence = decided.decision.sequence {
                world.accounts[account].exchangeEnded(sequence, .completed, at: world.time(now))
            }
        }
    }

    private static func generate(_ body: String, key: String = "test-key", host: String? = nil) -> Request {
        Request(
            method: .post, target: Array("/app/cliprise/generate".utf8),
            fields: HeaderFields([
                ("Host", host ?? "business.api.cliprise.app"), ("Authorization", "Bearer \(key)"),
                ("Content-Type", "application/json"),
            ]), body: Array(body.utf8))
    }

    private static func status(_ task: String, download: Bool = false, range: String? = nil) -> Request {
        var fields = [("Host", "business.api.cliprise.app")]
        if let range { fields.append(("Range", range)) }
        let target = "/app/cliprise/status?apiKey=test-key&taskId=\(task)" + (download ? "&download=true" : "")
        return Request(
            method: .get, target: Array(target.utf8), fields: HeaderFields(fields.map { (name: $0.0, value: $0.1) }))
    }

    /// What both worlds refuse.
    private static let refused = [
        generate("{"), generate("{}"), generate(#"{"model":"qwen-image-3"}"#),
        generate(MatrixJob.all[0].body, key: "test-kye"), generate(MatrixJob.all[0].body, host: "example.com"),
        status(String(repeating: "0", count: 32)), status("no-task", download: true),
        Request(
            method: .get, target: Array("/app/cliprise/generate".utf8),
            fields: HeaderFields([("Host", "business.api.cliprise.app")])),
    ]

    private func play(_ jobs: [MatrixJob], _ twins: inout Twins, polls: Int, step: TimeSpan) throws {
        for job in jobs {
            guard let task = try twins.ask(Self.generate(job.body), after: step) else { continue }
            for _ in 0..<polls { try twins.ask(Self.status("\(task)"), after: step) }
            try twins.ask(Self.status("\(task)", download: true), after: step)
            try twins.ask(Self.status("\(task)", download: true, range: "bytes=100-199"), after: step)
        }
    }

    @Test(arguments: ScenarioLibrary.names)
    func `the simulator and the server give the same bytes for the same requests at the same instants`(name: String)
        throws
    {
        var twins = try Twins(ScenarioLibrary.load(named: name))
        // Two pictures, one that a moderator dislikes, and the zip.
        try play(Array(MatrixJob.all[0..<3]), &twins, polls: 12, step: .milliseconds(2_300))
        // Generates that are refused count for rules too: they come last.
        for request in Self.refused { try twins.ask(request, after: .milliseconds(300)) }
        #expect(twins.count >= Self.refused.count + 3)
    }

    @Test func `a video and its parts are the same bytes`() throws {
        var twins = try Twins(ScenarioLibrary.load(named: "reset-mid-download"))
        try play([MatrixJob.all[3]], &twins, polls: 3, step: .seconds(1))
        #expect(twins.count == 6)
    }
}
