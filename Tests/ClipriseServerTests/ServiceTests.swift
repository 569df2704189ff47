import ClipriseCatalog
import ClipriseEngine
import ClipriseLocks
import ClipriseWire
import RawSocket
import Testing

@testable import ClipriseServer

@Suite(.ownThreads) struct ServiceTests {
    @Test func `an unknown key is refused unless the server is open`() throws {
        let status = "GET /app/cliprise/status?apiKey=new-key"
        #expect(try Bench().text(status) == #"400 {"msg":"invalid_api_key"}"#)
        let open = try Bench { $0.isOpen = true }
        #expect(open.text(status) == #"400 {"msg":"invalid_taskId"}"#)
        #expect(open.text("GET /__admin/accounts/new-key").contains(#""available":10000,"#))
    }

    /// Keys that `POST accounts` refuses too.
    @Test(arguments: ["a%0d%0aX-Evil:%201", "a%1b%5b31m", "a%00b", "%ff%fe", "a%e2%80%ae", "%20a", "a%c2%9b"])
    func `an open server makes no account of a key with characters that no key has`(key: String) throws {
        let open = try Bench { $0.isOpen = true }
        let before = open.text("GET /__admin/accounts")
        #expect(open.text("GET /app/cliprise/status?apiKey=\(key)&taskId=x") == #"400 {"msg":"invalid_api_key"}"#)
        #expect(open.text("GET /__admin/accounts") == before)
    }

    @Test func `an open server takes no key beyond the limit`() throws {
        let open = try Bench { $0.isOpen = true }
        let fits = String(repeating: "k", count: 256)
        #expect(open.text("GET /app/cliprise/status?apiKey=\(fits)") == #"400 {"msg":"invalid_taskId"}"#)
        #expect(open.text("GET /app/cliprise/status?apiKey=\(fits)k") == #"400 {"msg":"invalid_api_key"}"#)
    }

    @Test func `accounts are made with a key or get one, each key once`() throws {
        let bench = try Bench()
        #expect(
            bench.text("POST /__admin/accounts", #"{"key":"a","credits":5}"#)
                .hasPrefix(#"201 {"key":"a","credits":5,"held":0,"available":5,"captured":0,"paidIn":5,"#))
        #expect(bench.text("POST /__admin/accounts", #"{"key":"a"}"#).hasPrefix("409 "))
        let first = bench.text("POST /__admin/accounts")
        let second = bench.text("POST /__admin/accounts")
        #expect(first.hasPrefix(#"201 {"key":"mock-"#))
        #expect(first != second)
        #expect(bench.text("GET /__admin/health").hasSuffix(#""accounts":4}"# + "\n"))
    }

    @Test func `a reset brings back the accounts of the start and forgets the tasks`() throws {
        let bench = try Bench()
        let task = try #require(bench.generate())
        #expect(bench.text("POST /__admin/accounts", #"{"key":"a"}"#).hasPrefix("201 "))
        #expect(bench.text("POST /__admin/reset") == #"200 {"cleared":{"accounts":2,"tasks":1}}"# + "\n")
        #expect(bench.text("GET /__admin/accounts/a").hasPrefix("404 "))
        #expect(bench.text("GET /__admin/tasks/\(task)").hasPrefix("404 "))
        #expect(
            bench.text("GET /__admin/accounts/test-key")
                .hasPrefix(#"200 {"key":"test-key","credits":100,"held":0,"available":100,"#))
        #expect(
            bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=\(task)") == #"400 {"msg":"invalid_taskId"}"#)
    }

    @Test func `the same seed gives the same ids after a reset, another seed others`() throws {
        let bench = try Bench()
        let first = try #require(bench.generate())
        _ = bench.text("POST /__admin/reset")
        #expect(bench.generate() == first)
        #expect(try Bench { $0.engine.seed = 2 }.generate() != first)
    }

    @Test func `what is not there is told by a problem`() throws {
        let bench = try Bench()
        let id = "00000000000000000000000000000000"
        #expect(bench.text("GET /__admin/accounts/none").hasPrefix("404 "))
        #expect(bench.text("GET /__admin/accounts/none/ledger").hasPrefix("404 "))
        #expect(bench.text("POST /__admin/accounts/none/credits", #"{"amount":1}"#).hasPrefix("404 "))
        #expect(bench.text("GET /__admin/tasks/\(id)").hasPrefix("404 "))
        #expect(bench.text("POST /__admin/tasks/\(id)", #"{"state":"success"}"#).hasPrefix("404 "))
        #expect(bench.text("POST /__admin/accounts/test-key/credits", #"{"amount":-101}"#).hasPrefix("409 "))
        #expect(bench.text("POST /__admin/accounts/test-key/credits", #"{"amount":1000000000000}"#).hasPrefix("409 "))
    }

    @Test func `messages that look alike reach the wire as they were given`() throws {
        let bench = try Bench()
        // The same letter once as one scalar, once as two; texts compare as equal, bytes do not.
        for message in ["caf\u{E9}", "cafe\u{301}"] {
            let task = try #require(bench.generate())
            _ = bench.text("POST /__admin/tasks/\(task)", #"{"state":"failed","failMsg":"\#(message)"}"#)
            let answer = bench.answer("GET /app/cliprise/status?apiKey=test-key&taskId=\(task)").body
            #expect(answer == Array(#"{"status":"failed","failMsg":"\#(message)"}"#.utf8))
        }
    }

    @Test func `requests on several threads during resets end in one of the known ways`() async throws {
        let bench = try Bench()
        await withTaskGroup { group in
            for worker in 0..<4 {
                group.addTask {
                    for round in 0..<100 {
                        if worker == 0, round % 10 == 0 { _ = bench.text("POST /__admin/reset") }
                        let answer = bench.answer("POST /app/cliprise/generate", Bench.order)
                        #expect(answer.status == 200 || answer.status == 400)
                        _ = bench.text("POST /__admin/accounts/test-key/credits", #"{"amount":12}"#)
                    }
                }
            }
        }
        #expect(bench.text("GET /__admin/accounts/test-key").hasPrefix("200 "))
    }
}

/// A clock that a test moves.
final class BenchClock: Sendable {
    private let instant = Locked(Instant.start)

    var now: Instant { instant.withLock(\.self) }

    func advance(by span: TimeSpan) {
        instant.withLock { $0 = $0.advanced(by: span) }
    }
}

/// A service with a clock that stands still unless the test moves it, and short ways to ask it.
struct Bench: Sendable {
    static let order =
        #"{"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":"A pier","#
        + #""image_size":"1:1","output_format":"png","seed":10000}}"#

    private let service: Service
    let clock: BenchClock

    init(_ change: (inout ServerConfiguration) -> Void = { _ in }) throws {
        var configuration = ServerConfiguration(catalog: try Catalog.builtIn())
        configuration.accounts = [.init(key: "test-key", credits: 100)]
        change(&configuration)
        let clock = BenchClock()
        self.clock = clock
        service = Service(configuration) { clock.now }
    }

    /// - Parameters:
    ///   - host: Nil for the one that is let in.
    ///   - key: What stands behind `Authorization: Bearer`.
    func answer(
        _ line: String, _ body: String = "", host: String? = nil, key bearer: String = "test-key"
    ) -> (status: Int, body: [UInt8]) {
        let words = line.split(separator: " ")
        let isAdmin = words[1].hasPrefix("/__admin")
        let request = Request(
            method: Request.Method(String(words[0])), target: Array(words[1].utf8),
            fields: HeaderFields([
                ("Host", host ?? (isAdmin ? "127.0.0.1" : "business.api.cliprise.app")),
                ("Authorization", "Bearer \(bearer)"), ("Content-Type", "application/json"),
            ]), body: Array(body.utf8))
        var key: ArraySlice<UInt8> = []
        guard case .plan(let plan) = service.decide(request, port: 8_080, key: &key).answer,
            case .plain(let bytes) = plan.body
        else { return (0, []) }
        return (plan.status, bytes)
    }

    /// Waits until journals have been shortened to their memory.
    func settleJournals() {
        service.journalBudget.settle()
        service.contentBudget.settle()
    }

    func text(_ line: String, _ body: String = "") -> String {
        let answer = answer(line, body)
        return "\(answer.status) \(String(decoding: answer.body, as: UTF8.self))"
    }

    /// The id of a new task, or nil when it is not accepted.
    func generate() -> String? {
        let answer = text("POST /app/cliprise/generate", Self.order)
        let head = #"200 [{"code":200,"taskId":""#
        return answer.hasPrefix(head) ? String(answer.dropFirst(head.count).prefix(32)) : nil
    }
}
