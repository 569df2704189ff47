import ClipriseCatalog
import ClipriseWire
import Glibc
import MicroHTTPD
import RawSocket
import Testing

@testable import ClipriseServer

/// A client that polls sends one head over one connection, and what was read of it once is kept: what accounts and tasks
/// have to say to it is not.
@Suite(.ownThreads) struct RepeatedPollTests {
    /// A server on a clock of the test, and its log.
    private struct Running {
        let server: Server
        let clock = BenchClock()
        let log: LogPipe

        init() throws {
            var configuration = ServerConfiguration(catalog: try Catalog.builtIn())
            configuration.accounts = [.init(key: "test-key", credits: 100)]
            configuration.listener.port = 0
            log = try LogPipe()
            configuration.log = LogSettings(descriptor: log.writeEnd)
            let clock = self.clock
            server = try Server(configuration) { clock.now }
        }

        func connect() throws -> RawSocket { try RawSocket(port: server.port) }

        func admin(_ line: String, _ body: String = "") throws -> String {
            let client = try connect()
            try client.send(
                "\(line) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            return client.readResponse()?.body ?? ""
        }

        func generate(on client: RawSocket, key: String = "test-key", _ body: String = Bench.order) throws -> String {
            try client.send(
                "POST /app/cliprise/generate HTTP/1.1\r\nHost: business.api.cliprise.app\r\n"
                    + "Authorization: Bearer \(key)\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let answer = try #require(client.readResponse()?.body)
            return String(answer.dropFirst(#"[{"code":200,"taskId":""#.count).prefix(32))
        }
    }

    struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// With `{task}` for the id.
        var lines: [(line: String, body: String)]
        /// What the poll is answered with from then on.
        var answer: String

        init(_ description: String, _ lines: [(String, String)], _ answer: String) {
            (testDescription, self.lines, self.answer) = (description, lines, answer)
        }
    }

    static let changes = [
        Change("nothing", [], #"300 {"status":"processing"}"#),
        Change(
            "the task fails", [("POST /__admin/tasks/{task}", #"{"state":"failed","failMsg":"no"}"#)],
            #"400 {"status":"failed","failMsg":"no"}"#),
        Change("all is as at the start", [("POST /__admin/reset", "")], #"400 {"msg":"invalid_taskId"}"#),
        Change(
            "the account is as at the start", [("POST /__admin/reset?account=test-key", "")],
            #"400 {"msg":"invalid_taskId"}"#),
        Change(
            "the account was removed", [("DELETE /__admin/accounts/test-key", "")], #"400 {"msg":"invalid_api_key"}"#),
        Change(
            "another account has the key",
            [
                ("DELETE /__admin/accounts/test-key", ""),
                ("POST /__admin/accounts", #"{"key":"test-key","label":"b"}"#),
            ],
            #"400 {"msg":"invalid_taskId"}"#),
        Change(
            "a rule answers",
            [("POST /__admin/rules", #"{"rule":{"when":{"operation":"status"},"fault":{"status":503}}}"#)], "503 "),
    ]

    @Test(arguments: changes)
    func `a head that was read before is answered as it is anywhere else`(change: Change) throws {
        let running = try Running()
        let client = try running.connect()
        let task = try running.generate(on: client)
        let poll =
            "GET /app/cliprise/status?apiKey=test-key&taskId=\(task) HTTP/1.1\r\nHost: business.api.cliprise.app\r\n\r\n"
        func ask(_ client: RawSocket) throws -> String {
            try client.send(poll)
            let response = try #require(client.readResponse())
            return "\(response.status) \(response.body)"
        }
        for _ in 0..<4 { #expect(try ask(client) == #"300 {"status":"processing"}"#) }
        for (line, body) in change.lines { _ = try running.admin(line.replacing("{task}", with: task), body) }
        var answers: [String] = []
        for _ in 0..<4 {
            // The same poll over a connection of its own, in turn: both stand in the log, the one behind the other.
            answers.append(try ask(client))
            answers.append(try ask(running.connect()))
        }
        #expect(Set(answers).count == 1)
        #expect(answers[0].hasPrefix(change.answer))
        running.server.stop()
        let lines = running.log.text().split(separator: "\n").filter { $0.contains("/status ") }.map {
            $0.dropFirst(12)
        }
        try #require(lines.count == 12)
        #expect(Set(lines[..<4]).count == 1)
        #expect(Set(lines[4...]).count == 1)
    }

    @Test func `an account that was removed is not held by a client that still asks for it`() throws {
        var configuration = ServerConfiguration(catalog: try Catalog.builtIn())
        configuration.accounts = [.init(key: "test-key", credits: 100)]
        let service = Service(configuration) { .start }
        let request = Request(
            method: .get, target: Array("/app/cliprise/status?apiKey=test-key&taskId=x".utf8),
            fields: HeaderFields([("Host", "business.api.cliprise.app")]))
        var head = HandlerMemory(isRepeated: true)
        #expect(service.handle(request, port: 8_080, exchange: nil, &head)?.cell != nil)
        #expect(head.reading != nil)
        service.directory.remove(Array("test-key".utf8))
        #expect(service.handle(request, port: 8_080, exchange: nil, &head)?.cell == nil)
        #expect(head.reading == nil)
    }

    /// Where the key is looked for: in the head, which is read once, and in each body.
    @Test func `a leaked key is found in each body, and in a head that is known`() throws {
        let running = try Running()
        let client = try running.connect()
        // As long as each other.
        for prompt in ["A pier by", "A boat by", "A dyke by", "test-key!", "A gull by"] {
            let body = Bench.order.replacing("A pier", with: prompt)
            try client.send(
                "POST /app/cliprise/generate HTTP/1.1\r\nHost: business.api.cliprise.app\r\n"
                    + "Authorization: Bearer test-key\r\nContent-Type: application/json\r\nX-Trace: test-key\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(client.readResponse()?.status == 200)
        }
        let events = try running.admin("GET /__admin/requests?account=test-key")
        let leaks = events.matches(of: #/"leaks":\[([^\]]*)\]/#).map { String($0.1) }
        #expect(leaks == [#""field""#, #""field""#, #""field""#, #""body","field""#, #""field""#])
    }

    @Test func `a key in the body of a poll is found, and not in that of the next`() throws {
        let running = try Running()
        let client = try running.connect()
        let task = try running.generate(on: client)
        for body in ["", #"{"apiKey":"test-key"}"#, #"{"apiKey":"good-key"}"#] {
            try client.send(
                "GET /app/cliprise/status?apiKey=test-key&taskId=\(task) HTTP/1.1\r\n"
                    + "Host: business.api.cliprise.app\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(client.readResponse()?.status == 300)
        }
        let events = try running.admin("GET /__admin/requests?account=test-key")
        #expect(events.matches(of: #/"leaks":\["body"\]/#).count == 1, "\(events)")
    }

    @Test func `each line of the log has a time of its own`() throws {
        let running = try Running()
        let client = try running.connect()
        let task = try running.generate(on: client)
        for _ in 0..<6 {
            try client.send(
                "GET /app/cliprise/status?apiKey=test-key&taskId=\(task) HTTP/1.1\r\n"
                    + "Host: business.api.cliprise.app\r\n\r\n")
            _ = client.readResponse()
            running.clock.advance(by: .milliseconds(10))
        }
        running.server.stop()
        let lines = running.log.text().split(separator: "\n").filter { $0.contains("/status ") }
        #expect(lines.count == 6 && Set(lines.map { $0.prefix(12) }).count == 6)
    }

    @Test func `each generate of a client that sends many stands in the log with its own task, price and account`()
        throws
    {
        let running = try Running()
        let client = try running.connect()
        let accounts =
            ["first-key", "other-key"].map { #"{"key":"\#($0)","credits":1000}"# } + [
                #"{"key":"third-key","credits":1000,"label":"web shop"}"#
            ]
        for account in accounts { _ = try running.admin("POST /__admin/accounts", account) }
        let image = Bench.order.replacing("qwen-image-2", with: "z-image")
            .replacing(#""A pier""#, with: #""A pier","aspect_ratio":"1:1""#)
        let sent = ["first-key", "other-key", "third-key", "first-key"].flatMap { key in
            [Bench.order, image].flatMap { body in (0..<4).map { (key, body, $0) } }
        }
        var seen: [String: String] = [:]
        var ids: [String] = []
        for (key, body, number) in sent {
            ids.append(try running.generate(on: client, key: key, body.replacing("A pier", with: "Pier \(number)")))
        }
        running.server.stop()
        let lines = running.log.text().split(separator: "\n").filter { $0.contains("/generate ") }
        try #require(lines.count == sent.count && Set(ids).count == sent.count)
        for ((key, body, _), (line, id)) in zip(sent, zip(lines, ids)) {
            #expect(line.contains(" task=\(id) "), "\(line)")
            let words = String(line.dropFirst(12).replacing(id, with: "-"))
            #expect(seen[key + body, default: words] == words)
            seen[key + body] = words
        }
        #expect(Set(seen.values).count == 6, "\(seen.values)")
        #expect(seen.values.count { $0.contains("(web shop)") } == 2)
    }
}
