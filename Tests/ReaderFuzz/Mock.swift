internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseScenario
internal import ClipriseServer
internal import ClipriseWire

/// A service without a socket, on a clock that goes on a second with each request.
struct Mock {
    static let order =
        #"{"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":"A pier","#
        + #""image_size":"1:1","output_format":"png","seed":10000}}"#

    private let service: Service

    init(_ catalog: Catalog, scenarios: [Scenario], journalLimit: Int = 1_000) {
        var configuration = ServerConfiguration(catalog: catalog)
        configuration.accounts = [.init(key: "test-key", credits: 1_000)]
        configuration.scenarios = scenarios
        configuration.journalLimit = journalLimit
        configuration.isOpen = true
        let time = Ticks()
        service = Service(configuration, clock: { time.next() })
    }

    @discardableResult
    func answer(_ line: String, _ body: [UInt8] = [], key bearer: String = "test-key") -> (status: Int, body: [UInt8]) {
        let words = line.split(separator: " ", maxSplits: 1)
        let host = line.contains("/__admin") ? "127.0.0.1" : Contract.host.description
        let request = Request(
            method: Request.Method(String(words.first ?? "")), target: Array((words.count > 1 ? words[1] : "").utf8),
            fields: HeaderFields([
                ("Host", host), ("Authorization", "Bearer \(bearer)"), ("Content-Type", "application/json"),
            ]), body: body)
        var key: ArraySlice<UInt8> = []
        guard case .plan(let plan) = service.decide(request, port: 8_080, key: &key).answer else { return (0, []) }
        guard case .plain(let bytes) = plan.body else { return (plan.status, []) }
        return (plan.status, bytes)
    }

    /// Orders, polls and downloads, and reads all that the admin API reports.
    func use(orders: Int = 3) {
        for _ in 0..<orders { answer("POST /app/cliprise/generate", Array(Self.order.utf8)) }
        let tasks = answer("GET /__admin/accounts/test-key/tasks?limit=4").body
        let ids = try? withJSON(tasks) { json in
            (json[key: "tasks"]?.elements).map { $0.compactMap { $0[key: "taskId"]?.string } } ?? []
        }.get()
        for id in ids ?? [] {
            for end in ["", "&download=true"] {
                answer("GET /app/cliprise/status?apiKey=test-key&taskId=\(id)\(end)")
            }
        }
        for path in ["accounts/test-key", "accounts/test-key/ledger", "accounts/test-key/clock", "rules", "metrics"] {
            answer("GET /__admin/\(path)")
        }
    }

    /// All that can be exported.
    func export() {
        for path in ["requests", "requests?format=jsonl", "requests?format=har", "accounts/test-key/report"] {
            answer("GET /__admin/\(path)")
        }
        answer("POST /__admin/snapshot")
    }
}

/// A second later each time.
private final class Ticks: Sendable {
    private let count = Counter()

    func next() -> Instant { .seconds(Int64(count.next())) }
}
