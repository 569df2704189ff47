import ClipriseLocks
import ClipriseWire
import Glibc
import MicroHTTPD
import RawSocket
import Testing

@Suite(.ownThreads) struct TimeLimitTests {
    struct Dribble: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var start: String
    }

    static let dribbles = [
        Dribble(testDescription: "in the first request line", start: "GET /"),
        Dribble(testDescription: "in a later request line", start: "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /"),
        Dribble(testDescription: "in the fields", start: "GET / HTTP/1.1\r\nX: "),
        Dribble(testDescription: "in the body", start: "POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n"),
    ]

    @Test(arguments: dribbles)
    func `a client that dribbles is cut off`(dribble: Dribble) throws {
        let served = try Served(["/": .text("ok")]) { $0.headTimeout = .milliseconds(200) }
        // The timeout of each read paces the client: a byte, then a short wait for the end.
        let client = try served.connect()
        client.setReadTimeout(milliseconds: 20)
        try client.send(dribble.start)
        let clock = ContinuousClock()
        let start = clock.now
        var end: RawSocket.End?
        while end != .closed, end != .reset, clock.now - start < .seconds(5) {
            try? client.send("a")
            end = client.readToEnd().end
        }
        #expect(end == .closed || end == .reset)
        #expect(clock.now - start >= .milliseconds(150))
    }

    /// Its last bytes and its FIN in one segment: libmicrohttpd sees the bytes alone, and waits for more.
    @Test(arguments: [
        "GET / HTTP/1.1\r\nX: ", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
    ])
    func `a client that leaves with its last bytes, within a request, is not taken for a slow one`(start: String) throws
    {
        let served = try Served { $0.headTimeout = .seconds(8) }
        let client = try served.connect(timeout: 20)
        var isHeldBack: Int32 = 1
        setsockopt(client.descriptor, Int32(IPPROTO_TCP), TCP_CORK, &isHeldBack, 4)
        try client.send(start)
        client.closeSending()
        #expect(client.readToEnd().end == .closed)
        #expect(served.wait { $0.ends.first }?.outcome == .clientLeft)
        #expect(served.record.withLock { $0.refused.isEmpty })
    }

    @Test func `a silent connection is closed after the idle time`() throws {
        let served = try Served(["/": .text("ok")]) { $0.idleTimeout = .seconds(1) }
        let client = try served.connect()
        #expect(try client.get("/")?.body == "ok")
        #expect(client.readToEnd().end == .closed)
    }

    @Test func `a connection that asks now and then is not cut off`() throws {
        let served = try Served(["/": .text("ok")]) { $0.headTimeout = .milliseconds(100) }
        let client = try served.connect()
        client.setReadTimeout(milliseconds: 60)
        for _ in 0..<10 {
            client.setReadTimeout(milliseconds: 5_000)
            #expect(try client.get("/")?.body == "ok")
            client.setReadTimeout(milliseconds: 60)
            #expect(client.read(1).end == .timedOut)
        }
    }

    @Test func `requests that no handler sees do not keep the processor busy`() throws {
        // The answer is the processor time of the loop's thread so far; nanoseconds.
        let listener = try Listener { request, _ in
            if request.path == Array("/wait".utf8)[...] { return nil }
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .text("\(time.tv_sec * 1_000_000_000 + time.tv_nsec)")
        }
        let arguments = (0..<800).map { "a\($0)=1" }.joined(separator: "&")
        let clients = try [
            "GET /?\(arguments) HTTP/1.1\r\nHost: a\r\n\r\n", "GET /wait HTTP/1.1\r\n\r\n", "GET / HTT",
            "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\na", "\u{16}\u{3}\u{1}",
            "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        ].map { request in
            let client = try RawSocket(port: listener.port)
            try client.send(request)
            return client
        }
        let client = try RawSocket(port: listener.port, timeout: 1)
        let before = try #require(try client.get("/").flatMap { Int($0.body) })
        #expect(client.read(1).end == .timedOut)
        let after = try #require(try client.get("/").flatMap { Int($0.body) })
        #expect(after - before < 300_000_000, "a loop that spins takes all of the second")
        withExtendedLifetime(clients) {}
    }
}
