import ClipriseWire
import Glibc
import MicroHTTPD
import RawSocket
import Testing

/// Many connections at once.
///
/// One after another, for their descriptors.
@Suite(.ownThreads, .serialized) struct CrowdTests {
    /// Raises the test's own limit on open files as far as allowed.
    private static func allowFiles() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func crowd(_ count: Int, at port: UInt16) throws -> [RawSocket] {
        allowFiles()
        return try (0..<count).map { _ in try RawSocket(port: port) }
    }

    /// libmicrohttpd's own epoll thread sleeps on when exactly 128 events come at once.
    @Test(arguments: [127, 128, 129, 256, 384, 1_000])
    func `connections that become ready at the same moment are all answered`(count: Int) throws {
        let gate = Gate()
        let listener = try Listener { _, _ in
            gate.stand()
            return .text("ok")
        }
        gate.open()
        let first = try RawSocket(port: listener.port)
        let clients = try Self.crowd(count, at: listener.port)
        for client in clients { #expect(try client.get("/")?.body == "ok") }
        // The loop is held in a handler until every request has come in, so that it finds all of them at once.
        gate.pass()
        try first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for client in clients { try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
        gate.open()
        #expect(first.readResponse()?.body == "ok")
        for client in clients { #expect(client.readResponse()?.body == "ok") }
    }

    @Test func `a thousand answers wait at the same time`() throws {
        let served = try Served(["/": .steps(2, .pause(.milliseconds(300)), .send("ok"))])
        let clients = try Self.crowd(1_000, at: served.port)
        let clock = ContinuousClock()
        let start = clock.now
        for client in clients { try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
        for client in clients { #expect(client.readResponse()?.body == "ok") }
        // One after another they would take five minutes.
        #expect(clock.now - start < .seconds(150))
    }

    @Test func `a listener with five thousand hung answers does not wait for them when it stops`() throws {
        let served = try Served(["/": .steps(nil, .pause(.seconds(600)))])
        let clients = try Self.crowd(5_000, at: served.port)
        for client in clients { try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
        _ = served.wait { $0.requests.count == 5_000 ? true : nil }
        #expect(served.requests.count == 5_000)
        let clock = ContinuousClock()
        let start = clock.now
        served.listener.stop()
        #expect(clock.now - start < .seconds(60))
        for client in clients { #expect(client.readToEnd().end == .closed) }
    }

    @Test func `further clients wait their turn when the limit is reached`() throws {
        let served = try Served(["/ok": .text("ok")]) { $0.connectionLimit = 4 }
        var clients = try Self.crowd(4, at: served.port)
        for client in clients { #expect(try client.get("/ok")?.body == "ok") }
        let next = try served.connect()
        try next.send("GET /ok HTTP/1.1\r\nHost: a\r\n\r\n")
        clients.removeFirst()
        #expect(next.readResponse()?.body == "ok")
    }

    @Test func `answers nobody waits for give way when the limit is reached`() throws {
        let served = try Served(["/": .steps(nil, .pause(.seconds(600))), "/ok": .text("ok")]) {
            $0.connectionLimit = 4
        }
        do {
            let clients = try Self.crowd(4, at: served.port)
            for client in clients { try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
        }
        let client = try served.connect()
        #expect(try client.get("/ok")?.body == "ok")
    }
}
