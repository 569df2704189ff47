import ClipriseCatalog
import ClipriseEngine
import ClipriseLocks
import ClipriseScenario
import ClipriseServer
import ClipriseWire

/// A clock that a test moves.
final class HandClock: Sendable {
    private let time = Locked(Instant.start)

    var now: Instant { time.withLock { $0 } }

    func advance(by span: TimeSpan) {
        time.withLock { $0 = $0.advanced(by: span) }
    }
}

/// Everything that one scenario needs to be run without a socket.
struct Stage: Sendable {
    static let catalog = Result { try Catalog.builtIn() }

    let service: Service
    let clock = HandClock()

    init(_ scenario: Scenario, accounts: [String] = [], seed: UInt64 = 1) throws {
        var configuration = ServerConfiguration(catalog: try Self.catalog.get())
        configuration.engine.seed = seed
        configuration.scenarios = [scenario]
        configuration.accounts = accounts.map { .init(key: $0, credits: 10_000) }
        service = Service(configuration) { [clock] in clock.now }
    }

    /// The answer to one request, as text with all that a client could see of it.
    func answer(_ request: Request) -> (text: String, decision: Decision) {
        var key: ArraySlice<UInt8> = []
        let decision = service.decide(request, port: 8_080, key: &key)
        switch decision.answer {
        case .plan(let plan): return ("\(plan.status) \(plan)", decision)
        case .file(let spec): return ("file \(spec) \(String(describing: decision.treatment))", decision)
        }
    }

    func generate(_ key: String, prompt: String) -> (text: String, task: TaskID?) {
        let body = """
            {"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":"\(prompt)",\
            "image_size":"1:1","output_format":"png","seed":10000}}
            """
        let answer = answer(
            Request(
                method: .post, target: Array("/app/cliprise/generate".utf8),
                fields: HeaderFields([
                    ("Host", "business.api.cliprise.app"), ("Authorization", "Bearer \(key)"),
                    ("Content-Type", "application/json"),
                ]), body: Array(body.utf8)))
        return (answer.text, answer.decision.event.task)
    }

    func status(_ key: String, _ task: TaskID, download: Bool = false) -> String {
        let target = "/app/cliprise/status?apiKey=\(key)&taskId=\(task)" + (download ? "&download=true" : "")
        return answer(
            Request(
                method: .get, target: Array(target.utf8),
                fields: HeaderFields([("Host", "business.api.cliprise.app")]))
        ).text
    }

    /// A fixed client: four jobs, each polled twelve times and then downloaded twice, a step of time before each request.
    ///
    /// - Returns: All answers in order, which is all that the account's owner ever sees.
    func play(_ key: String, step: TimeSpan) -> [String] {
        var lines: [String] = []
        for number in 1...4 {
            clock.advance(by: step)
            let (text, task) = generate(key, prompt: number == 3 ? "moderation \(number)" : "job \(number)")
            lines.append(text)
            guard let task else { continue }
            for _ in 0..<12 {
                clock.advance(by: step)
                lines.append(status(key, task))
            }
            for _ in 0..<2 { lines.append(status(key, task, download: true)) }
        }
        return lines
    }
}
