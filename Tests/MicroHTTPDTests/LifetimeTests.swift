import ClipriseLocks
import ClipriseWire
import Glibc
import MicroHTTPD
import RawSocket
import Testing

@Suite(.ownThreads) struct LifetimeTests {
    @Test(arguments: [1, 2])
    func `a port that is taken is named in the error`(workers: Int) throws {
        let first = try Served { $0.workers = workers }
        #expect(throws: ListenerError.portInUse(port: first.port)) {
            _ = try Served {
                $0.port = first.port
                $0.workers = workers
            }
        }
    }

    @Test func `a port of IPv6 alone that is taken is noticed too`() throws {
        // A machine without IPv6 has nothing to show here.
        guard let first = try? Served([:], { $0.host = "::1" }) else { return }
        #expect(throws: ListenerError.portInUse(port: first.port)) {
            _ = try Served { $0.port = first.port }
        }
    }

    @Test(arguments: [
        ("no.such.name", ListenerError.hostIsNoAddress(host: "no.such.name")),
        ("192.0.2.1", .addressNotAvailable(host: "192.0.2.1")),
    ])
    func `a host that cannot be served is named in the error`(host: String, error: ListenerError) {
        #expect(throws: error) { _ = try Served { $0.host = host } }
    }

    @Test func `a port can be served again as soon as the listener has stopped`() throws {
        let first = try Served(["/": .text("1")])
        let client = try first.connect()
        #expect(try client.get("/")?.body == "1")
        first.listener.stop()
        let second = try Served(["/": .text("2")]) { $0.port = first.port }
        let other = try second.connect()
        #expect(try other.get("/")?.body == "2")
    }

    @Test(arguments: [1, 2])
    func `every loop serves`(workers: Int) throws {
        let served = try Served(["/": .text("ok")]) { $0.workers = workers }
        for _ in 0..<50 {
            let client = try served.connect()
            #expect(try client.get("/")?.body == "ok")
        }
    }

    @Test func `what is under way is finished and then the connection closed`() throws {
        let served = try Served(["/": .steps(4, .send("ab"), .pause(.milliseconds(100)), .send("cd"))])
        let client = try served.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.read(through: "ab") != nil)
        served.listener.stop()
        let (text, end) = client.readToEnd()
        #expect(text == "cd" && end == .closed)
        #expect(served.record.withLock { $0.ends.map(\.outcome) } == [.completed])
        #expect(throws: (any Error).self) { try served.connect() }
    }

    @Test func `a request says whether its connection carried another before`() throws {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect()
        #expect(try client.get("/")?.body == "ok")
        #expect(try client.get("/")?.body == "ok")
        #expect(try served.connect().get("/")?.body == "ok")
        #expect(served.requests.map(\.isOnReusedConnection) == [false, true, false])
    }

    @Test func `idle connections do not hold up a stop`() throws {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect()
        #expect(try client.get("/")?.body == "ok")
        // Returns, though the connection may stay idle for a minute.
        served.listener.stop()
        #expect(client.readToEnd().end == .closed)
    }

    @Test func `stopping twice, from several threads, is harmless`() async throws {
        let served = try Served()
        let listener = served.listener
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { listener.stop() } }
        }
        listener.stop()
    }

    @Test func `a handler may stop its own listener`() throws {
        let box = Locked<Listener?>(nil)
        let listener = try Listener { _, _ in
            box.withLock { $0 }?.stop()
            return .text("bye")
        }
        box.withLock { $0 = listener }
        let client = try RawSocket(port: listener.port)
        let answer = try client.get("/")
        #expect(answer?.body == "bye")
        #expect(client.readToEnd().end == .closed)
        listener.stop()
        box.withLock { $0 = nil }
    }

    @Test func `a listener that is released stops`() throws {
        var listener: Listener? = try Listener { _, _ in .text("ok") }
        let port = try #require(listener?.port)
        let client = try RawSocket(port: port)
        #expect(try client.get("/")?.body == "ok")
        listener = nil
        #expect(client.readToEnd().end == .closed)
        #expect(throws: RawSocket.Failure(call: "connect", errno: ECONNREFUSED)) { try RawSocket(port: port) }
    }
}
