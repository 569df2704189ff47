import ClipriseCatalog
import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct EngineTests {
    static let body =
        #"{"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":"A pier","#
        + #""image_size":"1:1","output_format":"png","seed":10000}}"#
    static let hosts = [(name: "Host", value: "business.api.cliprise.app")]

    static func engine(_ settings: EngineSettings = EngineSettings()) throws -> Engine {
        Engine(settings: settings, catalog: try Catalog.builtIn())
    }

    static func receive(
        _ line: String, _ fields: [(name: String, value: String)] = hosts, _ settings: EngineSettings = EngineSettings()
    ) throws -> Engine.Received {
        let words = line.split(separator: " ")
        return try engine(settings).receive(
            Request(
                method: Request.Method(String(words[0])), target: Array(words[1].utf8), fields: HeaderFields(fields)),
            port: 8_080)
    }

    /// Each request breaks the rule it is listed under and all later ones.
    @Test(
        arguments: [
            ("GET /nowhere", [], .host4), ("GET /nowhere", hosts, .http1),
            ("GET /app/cliprise/generate", [("Host", "a")], .http1), ("POST /app/cliprise/generate", [], .host4),
            ("POST /app/cliprise/generate", [("Host", "a")], .host1), ("POST /app/cliprise/generate", hosts, .gen1),
            ("GET /app/cliprise/status", [], .host4), ("GET /app/cliprise/status", [("Host", "a")], .host2),
            ("HEAD /app/cliprise/status", [("Host", "a")], .host2), ("GET /app/cliprise/status", hosts, .sta1),
            ("GET /app/cliprise/status?apiKey=", hosts, .sta1),
            ("GET /app/cliprise/status?download=true", hosts, .sta1),
        ] as [(String, [(name: String, value: String)], Clause)])
    func `checks come in the order of the contract`(
        line: String, fields: [(name: String, value: String)], clause: Clause
    ) throws {
        guard case .decided(let decision) = try Self.receive(line, fields) else {
            Issue.record("not decided")
            return
        }
        #expect(decision.event.clause == clause)
    }

    @Test(
        arguments: [
            ("Bearer k", "k"), ("bearer k", "k"), ("BEARER   k  ", "k"), ("Bearer k\t", "k"),
            ("Bearer a:b/c=", "a:b/c="),
            ("Bearer", nil), ("Bearer ", nil), ("Bearer  ", nil), ("Bearerk", nil), ("Bearer\tk", nil), ("k", nil),
            ("Basic k", nil), ("Bearer a b", nil), ("", nil), (" Bearer k", nil),
        ] as [(String, String?)])
    func `a key stands behind one Bearer`(value: String, key: String?) throws {
        let received = try Self.receive("POST /app/cliprise/generate", Self.hosts + [("authorization", value)])
        guard case .keyed(.generate(let head)) = received else {
            #expect(key == nil)
            return
        }
        #expect(String(decoding: head.key, as: UTF8.self) == key)
    }

    @Test func `admin requests are left to others, whatever their host`() throws {
        for line in ["GET /__admin", "POST /__admin/reset", "GET /__admin/x?y"] {
            guard case .admin = try Self.receive(line, []) else {
                Issue.record("\(line) was not left")
                return
            }
        }
    }

    @Test(
        arguments: [
            ("business.api.cliprise.app", "http://127.0.0.1:8080"),
            ("business.api.cliprise.app:443", "http://127.0.0.1:8080"),
            ("business.api.cliprise.app:8080", "http://business.api.cliprise.app:8080"),
            ("mock:8080", "http://mock:8080"), ("mock", "http://mock"),
            ("business.api.cliprise.app:9000", "http://business.api.cliprise.app:9000"), ("mock:9", "http://mock:9"),
            ("business.api.cliprise.app:80", "http://127.0.0.1:8080"),
        ])
    func `the address that is handed out is one that leads here`(host: String, base: String) throws {
        let settings = EngineSettings(acceptedHosts: ["mock"])
        let received = try Self.receive("GET /app/cliprise/status?apiKey=k", [("Host", host)], settings)
        guard case .keyed(.status(let query)) = received else {
            Issue.record("no status")
            return
        }
        let engine = Engine(settings: settings, catalog: try Catalog.builtIn())
        #expect(String(decoding: engine.base(of: query.way), as: UTF8.self) == base)
    }

    @Test(
        arguments: [
            ("true", true), ("TRUE", false), ("1", false), ("", false), ("true%20", false), ("tru%65", true),
            (" true", false),
        ])
    func `only true asks for the file`(value: String, wantsFile: Bool) throws {
        let target = "/app/cliprise/status?apiKey=k&download=\(value)"
        let request = Request(method: .get, target: Array(target.utf8), fields: HeaderFields(Self.hosts))
        guard case .keyed(.status(let query)) = try Self.engine().receive(request, port: 8_080) else {
            Issue.record("no status")
            return
        }
        #expect(query.wantsFile == wantsFile)
    }

    @Test(arguments: ["", "}", "{", #"{"model":"x"}"#])
    func `bodies are told apart by their bytes, accepted and refused ones`(tail: String) throws {
        let engine = try Self.engine()
        let body = Array((Self.body + tail).utf8)
        switch engine.order(body) {
        case .success(let order): #expect(tail.isEmpty && order.bodyHash == BodyHash.of(body))
        case .failure(let refusal): #expect(!tail.isEmpty && refusal.bodyHash == BodyHash.of(body))
        }
    }

    @Test(arguments: EngineSettings.Profile.allCases)
    func `each profile has its answers`(profile: EngineSettings.Profile) throws {
        let engine = try Self.engine(EngineSettings(profile: profile))
        let isLater = profile == .later
        guard case .plan(let key) = engine.refuseKey(.generate).answer else { return }
        #expect(key.status == (isLater ? 401 : 400))
        let order = try engine.order(Array(Self.body.utf8)).get()
        var account = Samples.account(credits: 12)
        #expect(engine.accept(order, for: &account, at: .start).event.clause == .gen11)
        let poor = engine.accept(order, for: &account, at: .start)
        guard case .plan(let plan) = poor.answer else { return }
        #expect(plan.status == (isLater ? 402 : 400))
        #expect((poor.event.clause, poor.event.credits) == (.gen10, 0))
        let veo = Self.body.replacing("qwen-image-2", with: "veo-3-fast")
        switch engine.order(Array(veo.utf8)) {
        case .success: #expect(profile != .snapshot)
        case .failure(let refusal): #expect((profile, refusal.decision.event.clause) == (.snapshot, .pro2))
        }
    }

    @Test(
        arguments: [
            (.pleasant, "qwen-image-2", 1_600...2_400), (.pleasant, "runway", 4_800...7_200),
            (.scaled(0), "runway", 0...0), (.scaled(1), "qwen-image-2", 13_600...20_400),
            (.scaled(0.1), "qwen-image-2", 1_360...2_040), (.scaled(1_000), "qwen-image-2", 13_600_000...20_400_000),
        ] as [(EngineSettings.Pace, String, ClosedRange<Int64>)])
    func `a task takes its time`(pace: EngineSettings.Pace, model: String, milliseconds: ClosedRange<Int64>) throws {
        let engine = try Self.engine(EngineSettings(pace: pace))
        let position = try #require(engine.catalog.models.firstIndex { $0.id == model })
        let known = engine.catalog.models[position]
        let order = Samples.order(
            model: position, isVideo: known.kind.value == .video, typicalSeconds: Double(known.typicalSeconds.value))
        var account = Samples.account(credits: 10_000)
        for _ in 0..<100 { _ = engine.accept(order, for: &account, at: .start) }
        for number in 0..<100 {
            let due = account.task(at: number, at: .start).dueAt.nanoseconds
            #expect((milliseconds.lowerBound * 1_000_000...milliseconds.upperBound * 1_000_000).contains(due))
        }
    }
}
