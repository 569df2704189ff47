import ClipriseAdmin
import ClipriseServer
import ClipriseWire
import Glibc
import MicroHTTPD
import RawSocket
import Testing

/// What the listener refuses itself is seen by those who look: in the list, the metrics and the log.
@Suite(.ownThreads) struct RefusedRequestTests {
    static let host =
        "Host: business.api.cliprise.app\r\nAuthorization: Bearer test-key\r\n"
        + "Content-Type: application/json\r\n"

    static let refused: [(request: String, reason: String, status: Int, line: String)] = [
        (
            "POST /app/cliprise/generate HTTP/1.1\r\n\(host)Content-Length: 1048577\r\n\r\n", "body_too_large", 413,
            " !POST /app/cliprise/generate 413 refused by the listener, body_too_large: request body too large; "
                + "--body-limit SIZE lets longer ones in\n"
        ),
        (
            "POST /app/cliprise/generate HTTP/1.1\r\n\(host)Content-Length : 5\r\n\r\nabcde", "malformed_field", 400,
            " !POST /app/cliprise/generate 400 refused by the listener, malformed_field: a field name is no token\n"
        ),
        (
            "POST /app/cliprise/generate HTTP/1.1\r\n\(host)Content-Length: -1\r\n\r\n", "malformed_length", 400,
            "malformed_length: malformed Content-Length\n"
        ),
        (
            "POST /x?apiKey=secret-key HTTP/1.1\r\n\(host)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            "ambiguous_length", 400, " !POST /x 400 refused by the listener, ambiguous_length: both Content-Length and"
        ),
        (
            "POST /x HTTP/1.1\r\n\(host)Transfer-Encoding: gzip\r\n\r\n", "unknown_transfer_coding", 501,
            " 501 refused by the listener, "
        ),
        (
            "GET /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\n\(host)\r\n", "target_too_long", 414,
            " !- 414 refused by the listener, target_too_long: request line too long; 8 KiB and about 100 fields fit\n"
        ),
        (
            "GET /x HTTP/1.1\r\n\(host)X: \(String(repeating: "a", count: 40_000))\r\n\r\n", "fields_too_large", 431,
            " !/x 431 refused by the listener, fields_too_large"
        ),
        ("GET /x HTTP/2.0\r\n\r\n", "unsupported_version", 505, " !- 505 refused by the listener, unsupported_version"),
        (
            "GET /__admin/accounts/secret-key-of-someone HTTP/1.1\r\nHost: 127.0.0.1\r\nX Y: 1\r\n\r\n",
            "malformed_field",
            400, " !GET /__admin/accounts/secr…bf82 400 refused by the listener, malformed_field"
        ),
    ]

    @Test(arguments: refused.indices)
    func `a refused request is in the list, in the metrics and in the log`(index: Int) throws {
        let (request, reason, status, line) = Self.refused[index]
        let log = try LogPipe()
        let running = try AdminSocketTests.Running { configuration in
            configuration.log = LogSettings(level: .warning, descriptor: log.writeEnd)
        }
        let socket = try running.open()
        try socket.send(request)
        #expect(socket.readResponse()?.status == status)
        let list = try running.ask("GET /__admin/unmatched").body
        #expect(
            list.hasPrefix(
                #"{"total":1,"counts":[{"operation":"other","status":\#(status),"refusal":"\#(reason)","count":1"#),
            "\(list)")
        #expect(!list.contains("secret-key"))
        let metrics = try running.ask("GET /__admin/metrics").body
        #expect(metrics.contains("\ncliprise_mock_refused_total{reason=\"\(reason)\"} 1\n"))
        #expect(
            metrics.contains(
                "cliprise_mock_requests_total{operation=\"other\",status=\"\(status)\",clause=\"listener: \(reason)\"} 1\n"
            ))
        running.server.stop()
        let told = log.text()
        #expect(told.contains(line) && told.split(separator: "\n").count == 1, "\(told)")
        #expect(!told.contains("secret-key"))
    }

    @Test func `an account that is removed takes its tasks and its journal with it, and its key is free`() throws {
        let running = try AdminSocketTests.Running()
        #expect(try running.ask("POST /app/cliprise/generate", Bench.order).status == 200)
        #expect(
            try running.ask("DELETE /__admin/accounts/test-key").body
                == #"{"cleared":{"accounts":1,"tasks":1,"events":2}}"# + "\n")
        #expect(try running.ask("GET /__admin/accounts/test-key").status == 404)
        #expect(try running.ask("DELETE /__admin/accounts/test-key").status == 404)
        #expect(try running.ask("POST /app/cliprise/generate", Bench.order).status == 400)
        #expect(try running.ask("POST /__admin/accounts", #"{"key":"test-key","credits":7}"#).status == 201)
        #expect(try running.ask("GET /__admin/accounts").body.contains(#""credits":7"#))
    }

    @Test(
        arguments: [
            ("GET /__admin/requests?format=har", true), ("GET /__admin/requests", true), ("GET /__admin/metrics", true),
            ("POST /__admin/snapshot", true), ("POST /__admin/restore", true), ("POST /__admin/grade", true),
            ("POST /__admin/verify", true), ("POST /__admin/reset", true), ("GET /__admin/accounts", true),
            ("GET /__admin/accounts/k/journal", true), ("GET /__admin/accounts/k/report", true),
            ("DELETE /__admin/accounts/k", true), ("GET /__admin/health", false), ("POST /__admin/accounts", false),
            ("GET /__admin/requests/stream", false), ("GET /__admin/requests/wait", false),
            ("POST /__admin/accounts/k/credits", false), ("POST /__admin/accounts/k/clock", false),
        ])
    func `what may take long is carried out beside the traffic`(line: String, isLong: Bool) {
        let words = line.split(separator: " ")
        let request = Request(method: Request.Method(String(words[0])), target: Array(words[1].utf8))
        #expect(AdminRoutes.isLong(request) == isLong)
    }

    @Test(
        arguments: [
            ("GET /__admin/rules", true), ("POST /__admin/rules", true), ("POST /__admin/rules?account=k", false),
            ("GET /__admin/requests/wait?count=1", true), ("GET /__admin/requests/wait?account=k&count=1", false),
            ("GET /__admin/requests/stream", false), ("GET /__admin/health", false),
        ])
    func `what looks at all accounts takes long when there are many`(line: String, isLong: Bool) {
        let words = line.split(separator: " ")
        let request = Request(method: Request.Method(String(words[0])), target: Array(words[1].utf8))
        #expect(AdminRoutes.isLong(request, accounts: 2_000) == isLong)
        #expect(!AdminRoutes.isLong(request, accounts: 20))
    }

    @Test func `journals of many accounts share one bound, and say what was evicted`() throws {
        let bench = try Bench { configuration in
            configuration.journalMemory = 1 << 20
            configuration.isOpen = true
        }
        // Each poll is an event of 104 bytes and a text.
        for account in 0..<40 {
            for _ in 0..<400 { _ = bench.text("GET /app/cliprise/status?apiKey=key-\(account)&taskId=x") }
        }
        bench.settleJournals()
        let metrics = bench.text("GET /__admin/metrics")
        let kept = metrics.firstMatch(of: #/journal_events_total ([0-9]+)/#).flatMap { Int($0.1) } ?? 0
        let evicted = metrics.firstMatch(of: #/journal_evicted_total ([0-9]+)/#).flatMap { Int($0.1) } ?? 0
        #expect(kept >= 16_000)
        #expect(evicted > 0 && (kept - evicted) * 104 < 2 << 20)
        // Who came last has its journal still.
        #expect(bench.text("GET /__admin/accounts/key-39/journal?limit=1").contains(#""evicted":0"#))
    }
}

/// A pipe for a log.
final class LogPipe {
    let writeEnd: Int32
    private let readEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw RawSocket.Failure(call: "pipe", errno: errno) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    /// All that was written; the log must be done with it.
    func text() -> String {
        close(writeEnd)
        var (bytes, piece) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = read(readEnd, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        close(readEnd)
        return String(decoding: bytes, as: UTF8.self)
    }
}
