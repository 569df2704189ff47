import ClipriseCatalog
import ClipriseLocks
import ClipriseServer
import ClipriseWire
import RawSocket
import Testing

@Suite(.ownThreads) struct AdminSocketTests {
    /// A server on a free port, and short ways to ask it.
    final class Running {
        let server: Server

        init(_ change: (inout ServerConfiguration) -> Void = { _ in }) throws {
            var configuration = ServerConfiguration(catalog: try Catalog.builtIn())
            configuration.log.level = .error
            change(&configuration)
            server = try Server(configuration)
        }

        deinit { server.stop() }

        func send(_ line: String, _ body: String = "", fields: String = "", to socket: RawSocket) throws {
            let host = line.contains("/__admin") ? "127.0.0.1" : "business.api.cliprise.app"
            try socket.send(
                "\(line) HTTP/1.1\r\nHost: \(host)\r\nAuthorization: Bearer test-key\r\nContent-Type: application/json\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
        }

        func open() throws -> RawSocket { try RawSocket(port: server.port, timeout: 120) }

        func ask(_ line: String, _ body: String = "") throws -> (status: Int, body: String) {
            let socket = try open()
            try send(line, body, to: socket)
            let response = try #require(socket.readResponse())
            return (response.status, response.body)
        }
    }

    static let status = "GET /app/cliprise/status?apiKey=test-key&taskId=x"

    @Test func `the file of a task is the client's, and looking at it leaves no trace`() throws {
        let running = try Running()
        _ = try running.ask("POST /__admin/accounts/test-key/clock", #"{"freeze":true}"#)
        let order = try running.ask("POST /app/cliprise/generate", Bench.order)
        let task = try #require(order.body.firstMatch(of: #/"taskId":"([0-9a-f]+)"/#)?.1)
        #expect(try running.ask("GET /__admin/tasks/\(task)/file").status == 409)
        _ = try running.ask("POST /__admin/tasks/\(task)", #"{"state":"success"}"#)
        // A fault that would strike any request of the client.
        _ = try running.ask("POST /__admin/rules/fire", #"{"fault":{"status":503}}"#)
        let account = try running.ask("GET /__admin/accounts/test-key").body
        let file = try running.ask("GET /__admin/tasks/\(task)/file")
        #expect(file.status == 200)
        #expect(try running.ask("GET /__admin/accounts/test-key").body == account)
        #expect(try running.ask("GET /__admin/tasks/\(task)").body.contains(#""downloads":0"#))
        let download = "GET /app/cliprise/status?apiKey=test-key&download=true&taskId=\(task)"
        #expect(try running.ask(download).status == 503)
        #expect(try running.ask(download).body == file.body)
        #expect(try running.ask("GET /__admin/tasks/\(String(repeating: "0", count: 32))/file").status == 404)
    }

    /// A body of more than the usual limit, and how it is answered.
    static let large: [(line: String, status: Int, type: String, says: String)] = [
        ("POST /app/cliprise/generate", 413, "application/json", #"{"code":413,"message":"#),
        ("POST /__admin/rules", 413, "application/problem+json", "The limit is 1048576 bytes."),
        ("POST /__admin/restored", 413, "application/problem+json", #""status":413"#),
        ("POST /__admin/restore", 400, "application/problem+json", "Bad snapshot"),
        ("POST /__admin/restore?x=1", 400, "application/problem+json", #""status":400"#),
    ]

    @Test(arguments: large, [true, false])
    func `only a snapshot may be larger than other bodies, and admin paths are refused by problems`(
        large: (line: String, status: Int, type: String, says: String), isChunked: Bool
    ) throws {
        let running = try Running()
        let socket = try running.open()
        let body = "[" + String(repeating: " ", count: 1_100_000) + "]"
        let host = large.line.contains("/__admin") ? "127.0.0.1" : "business.api.cliprise.app"
        let head = "\(large.line) HTTP/1.1\r\nHost: \(host)\r\n"
        if isChunked {
            let chunk = "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            // A refusal closes before all is sent.
            try? socket.send(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk)
        } else {
            try? socket.send(head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
        }
        let answer = try #require(socket.readResponse())
        #expect(answer.status == large.status)
        #expect(answer.field("Content-Type")?.hasPrefix(large.type) == true)
        #expect(answer.body.contains(large.says), "\(answer.body)")
    }

    @Test func `a server restores its own snapshot of more than a mebibyte`() throws {
        let running = try Running()
        for number in 0..<3_000 {
            let key = "account-\(number)-\(String(repeating: "k", count: 200))"
            _ = try running.ask("POST /__admin/accounts", #"{"key":"\#(key)"}"#)
        }
        let snapshot = try running.ask("POST /__admin/snapshot").body
        #expect(snapshot.utf8.count > 1 << 20)
        let answer = try running.ask("POST /__admin/restore", snapshot)
        #expect(answer.body == #"{"restored":{"accounts":3001,"tasks":0}}"# + "\n")
        #expect(try running.ask("GET /__admin/accounts?limit=1").body.hasPrefix(#"{"total":3001,"#))
    }

    @Test func `a stream reports events as they happen`() throws {
        let running = try Running()
        let stream = try running.open()
        try running.send("GET /__admin/requests/stream?account=test-key", to: stream)
        #expect(stream.read(through: "\r\n\r\n")?.contains("Content-Type: text/event-stream") == true)
        _ = try running.ask(Self.status)
        let event = try #require(stream.read(through: "\n\n"))
        let start = #/event: event\nid: \d+-0-2\ndata: \{"sequence":2,"account":"test…c7c7","accountId":0,/#
        #expect(event.contains(start))
        #expect(!event.contains("test-key"))
    }

    @Test func `a stream can begin with what happened before`() throws {
        let running = try Running()
        for _ in 1...3 { _ = try running.ask(Self.status) }
        let stream = try running.open()
        try running.send("GET /__admin/requests/stream?after=2", to: stream)
        #expect(stream.read(through: "\n\n")?.contains("-0-3\n") == true)
        #expect(stream.read(through: "\n\n")?.contains("-0-4\n") == true)
    }

    @Test func `a stream ends in order when the server stops`() throws {
        let running = try Running()
        let stream = try running.open()
        try running.send("GET /__admin/requests/stream", to: stream)
        #expect(stream.read(through: "\r\n\r\n") != nil)
        running.server.stop()
        #expect(stream.read(through: "0\r\n\r\n") != nil)
    }

    @Test func `a wait is answered by the request that it waits for`() throws {
        let running = try Running()
        let waiting = try running.open()
        try running.send("GET /__admin/requests/wait?operation=status&count=2&timeout=20s", to: waiting)
        for _ in 1...2 { _ = try running.ask(Self.status) }
        let response = try #require(waiting.readResponse())
        #expect(response.status == 200)
        #expect(response.body.hasPrefix(#"{"events":[{"sequence":2,"#))
    }

    @Test func `a wait in vain ends with 408, and one at a stop with 503`() throws {
        let running = try Running()
        let answer = try running.ask("GET /__admin/requests/wait?timeout=1ms")
        #expect(answer.status == 408 && answer.body.contains("0 of 1"))
        let waiting = try running.open()
        try running.send("GET /__admin/requests/wait?timeout=60s", to: waiting)
        let stream = try running.open()
        try running.send("GET /__admin/requests/stream", to: stream)
        // The stream's head is there, so the loop has seen the wait too.
        #expect(stream.read(through: "\r\n\r\n") != nil)
        running.server.stop()
        #expect(waiting.readResponse()?.status == 503)
    }

    @Test func `no more than 64 read at once, and one that leaves makes room`() throws {
        let running = try Running()
        var readers: [RawSocket] = []
        for _ in 1...64 {
            let reader = try running.open()
            try running.send("GET /__admin/requests/stream?account=test-key&after=0", to: reader)
            #expect(reader.read(through: "\n\n") != nil)
            readers.append(reader)
        }
        #expect(try running.ask("GET /__admin/requests/stream").status == 503)
        #expect(try running.ask("GET /__admin/requests/wait").status == 503)
        readers = []
        // That they left shows at the next events.
        var status = 503
        for _ in 0..<2_000 where status == 503 {
            _ = try running.ask(Self.status)
            status = try running.ask("GET /__admin/requests/wait?operation=status&after=100000&timeout=1ms").status
        }
        #expect(status == 408)
    }

    @Test func `an answer that waits on a virtual clock comes when the clock was moved past it`() throws {
        let running = try Running()
        _ = try running.ask("POST /__admin/accounts/test-key/clock", #"{"freeze":true}"#)
        let rule = #"{"rule":{"when":{"operation":"status"},"fault":{"latency":"5s"}}}"#
        #expect(try running.ask("POST /__admin/rules", rule).status == 201)
        let before = try running.ask("GET /__admin/accounts/test-key/clock").body
        let start = try #require(before.firstMatch(of: #/"now":([0-9.]+)/#).flatMap { Double($0.1) })
        let client = try running.open()
        try running.send(Self.status, to: client)
        #expect(try running.ask("GET /__admin/requests/wait?operation=status&timeout=20s").status == 200)
        let clock = "POST /__admin/accounts/test-key/clock"
        #expect(try running.ask(clock, #"{"advance":"4999ms"}"#).status == 200)
        client.setReadTimeout(milliseconds: 1)
        #expect(client.read(1).end == .timedOut)
        client.setReadTimeout(milliseconds: 20_000)
        // Far past it: the answer still ends at the instant that its wait ended.
        #expect(try running.ask(clock, #"{"advance":"1h"}"#).status == 200)
        #expect(client.readResponse()?.status == 400)
        let stream = try running.open()
        try running.send("GET /__admin/requests/stream?account=test-key&after=1", to: stream)
        var ended = ""
        while !ended.contains("\"endedAt\"") { ended = try #require(stream.read(through: "\n\n")) }
        let end = try #require(ended.firstMatch(of: #/"endedAt":([0-9.]+)/#).flatMap { Double($0.1) })
        #expect(abs(end - (start + 5)) < 0.000002)
    }

    @Test func `a clock that is let go lets the answers go that wait on it`() throws {
        let running = try Running()
        let clock = "POST /__admin/accounts/test-key/clock"
        _ = try running.ask(clock, #"{"freeze":true}"#)
        _ = try running.ask("POST /__admin/rules/fire", #"{"fault":{"latency":"1h"}}"#)
        let client = try running.open()
        try running.send(Self.status, to: client)
        #expect(try running.ask("GET /__admin/requests/wait?operation=status&timeout=20s").status == 200)
        #expect(try running.ask(clock, #"{"mode":"real"}"#).status == 200)
        #expect(client.readResponse()?.status == 400)
    }
}
