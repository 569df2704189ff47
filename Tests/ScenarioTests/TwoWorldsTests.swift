import ClipriseCatalog
import ClipriseEngine
import ClipriseScenario
import ClipriseServer
import ClipriseWire
import MicroHTTPD
import RawSocket
import Testing

/// Every fault in process and over a socket: the same bytes, cut at the same one, and the same end.
@Suite(.ownThreads) struct TwoWorldsTests {
    /// What a client gets of one answer.
    struct Seen: Equatable {
        /// Of the body.
        var bytes: [UInt8]
        /// Nil when the answer was whole.
        var end: RawSocket.End?
    }

    static let faults = [
        "{status: 503, retry_after: 2s}", "{status: 503}, phase: after", "{status: 429}",
        "{status: 404, body: {text: gone}}",
        "empty", "empty, phase: after", "{latency: 30ms}", "{latency: 30ms}, phase: body", "{hang: {limit: 50ms}}",
        "{hang: {limit: 50ms}}, phase: after", "{hang: {limit: 50ms}}, phase: body", "close", "close, phase: after",
        "close, phase: body", "reset", "reset, phase: after", "reset, phase: body", "{throttle: 1KiB/s}",
        "{slice: {bytes: 7B, every: 3ms}}", "{truncate: 0}", "{truncate: 5}", "{truncate: {at: 50%}}",
        "{truncate: {at: 5, honest: true}}", "{corrupt: json}", "{corrupt: utf8}", "{corrupt: type}",
        "{corrupt: header}",
        "{shape: object}", "{shape: array}", "{rate_limit: {limit: 0, window: 1s}}",
        "{running_limit: {limit: 0}}",
    ]

    static let body = """
        {"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":"A pier",\
        "image_size":"1:1","output_format":"png","seed":10000}}
        """

    private func configuration(_ fault: String) throws -> ServerConfiguration {
        var configuration = ServerConfiguration(catalog: try Stage.catalog.get())
        configuration.scenarios = [
            try Scenario(
                yaml: "schema: cliprise-mock/v1\nrules:\n  - {when: {operation: generate}, fault: \(fault)}\n",
                source: "test.yaml")
        ]
        configuration.log.level = .error
        configuration.listener.port = 0
        return configuration
    }

    private func inProcess(_ configuration: ServerConfiguration) -> (Seen, ResponsePlan) {
        let service = Service(configuration) { .start }
        var key: ArraySlice<UInt8> = []
        let request = Request(
            method: .post, target: Array("/app/cliprise/generate".utf8),
            fields: HeaderFields([
                ("Host", "business.api.cliprise.app"), ("Authorization", "Bearer test-key"),
                ("Content-Type", "application/json"),
            ]),
            body: Array(Self.body.utf8))
        guard case .plan(let plan) = service.decide(request, port: 80, key: &key).answer else {
            return (Seen(bytes: [], end: nil), ResponsePlan(status: 0))
        }
        return (play(plan), plan)
    }

    /// Walks a plan as a host does, at the instants that it asks for.
    private func play(_ plan: ResponsePlan) -> Seen {
        var cursor = PlanCursor(plan.body)
        var (seen, now) = (Seen(bytes: [], end: nil), Instant.start)
        while let action = cursor.nextBeforeHead(at: now) {
            switch action {
            case .wait(let due): now = due
            case .abort(let kind): return Seen(bytes: [], end: kind == .close ? .closed : .reset)
            case .send, .hold, .finish: return seen
            }
        }
        while true {
            switch cursor.next(at: now, capacity: 1 << 16) {
            case .send(let bytes): seen.bytes += bytes
            case .wait(let due): now = due
            case .abort(let kind):
                seen.end = kind == .close ? .closed : .reset
                return seen
            case .finish, .hold: return seen
            }
        }
    }

    @Test(arguments: faults)
    func `a fault gives the same bytes and the same end in process and over a socket`(fault: String) throws {
        let configuration = try configuration(fault)
        let (expected, plan) = inProcess(configuration)
        let server = try Server(configuration)
        defer { server.stop() }
        let client = try RawSocket(port: server.port)
        try client.send(
            "POST /app/cliprise/generate HTTP/1.1\r\nHost: business.api.cliprise.app\r\nAuthorization: Bearer test-key\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: \(Self.body.utf8.count)\r\n\r\n\(Self.body)")
        let head = client.read(through: "\r\n\r\n")
        var seen = Seen(bytes: [], end: nil)
        if head == nil {
            seen.end = client.read(1).end
        } else {
            (seen.bytes, seen.end) = client.read(expected.bytes.count + (expected.end == nil ? 0 : 1))
        }
        #expect(seen == expected)
        if let head {
            #expect(head.hasPrefix("HTTP/1.1 \(plan.status) "))
            for field in plan.fields where !field.name.hasPrefix("X-") {
                #expect(head.contains("\r\n\(field.name): \(field.value)\r\n"))
            }
        }
    }
}
