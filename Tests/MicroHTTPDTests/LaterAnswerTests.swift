import ClipriseLocks
import ClipriseWire
import MicroHTTPD
import RawSocket
import Testing

@Suite(.ownThreads) struct LaterAnswerTests {
    @Test func `an answer can come from another thread`() throws {
        let served = try Served(["/next": .text("next")])
        let client = try served.connect()
        try client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        let exchange = try #require(served.wait { $0.waiting.first })
        OtherThread { exchange.answer(.steps(4, .send("la"), .pause(.milliseconds(5)), .send("te"))) }.join()
        #expect(client.readResponse()?.body == "late")
        #expect(try client.get("/next")?.body == "next")
    }

    @Test func `the first answer counts and later ones are harmless`() throws {
        let served = try Served(["/next": .text("next")])
        let client = try served.connect()
        try client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        let exchange = try #require(served.wait { $0.waiting.first })
        exchange.answer(.text("one"))
        exchange.answer(.text("two"))
        #expect(client.readResponse()?.body == "one")
        exchange.answer(.text("three"))
        #expect(try client.get("/next")?.body == "next")
        // The same connection waits again: an answer to the request before is none to this one.
        try client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        let second = try #require(served.wait { $0.waiting.dropFirst().first })
        #expect(second != exchange)
        exchange.answer(.text("four"))
        second.answer(.text("five"))
        #expect(client.readResponse()?.body == "five")
    }

    @Test func `an answer from within the handler, before it returns nil, is not lost`() throws {
        let listener = try Listener { _, exchange in
            exchange.answer(.text("early"))
            return nil
        }
        let client = try RawSocket(port: listener.port)
        for _ in 1...3 { #expect(try client.get("/")?.body == "early") }
    }

    @Test func `an answer to a client that left is harmless`() throws {
        let served = try Served(["/ok": .text("ok")])
        do {
            let client = try served.connect()
            try client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = served.wait { $0.waiting.first }
        }
        let exchange = try #require(served.record.withLock { $0.waiting.first })
        exchange.answer(.text(String(repeating: "x", count: 1_000_000)))
        _ = served.wait { $0.ends.first }
        let other = try served.connect()
        #expect(try other.get("/ok")?.body == "ok")
    }

    @Test func `an answer to a listener that stopped is harmless`() throws {
        let served = try Served { $0.drainTime = .zero }
        let client = try served.connect()
        try client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        let exchange = try #require(served.wait { $0.waiting.first })
        served.listener.stop()
        exchange.answer(.text("late"))
        #expect(client.readToEnd().end == .closed)
        #expect(served.record.withLock { $0.ends.map(\.outcome) } == [.stopped])
    }

    @Test func `ten thousand answers from other threads all arrive`() throws {
        let waiting = Locked<[ExchangeHandle]>([])
        let gate = Gate()
        let listener = try Listener { _, exchange in
            waiting.withLock { $0.append(exchange) }
            gate.open()
            return nil
        }
        let answerers = (0..<2).map { _ in
            OtherThread {
                while gate.pass(), let exchange = waiting.withLock({ $0.popLast() }) { exchange.answer(.text("ok")) }
            }
        }
        let answered = Locked(0)
        let port = listener.port
        let clients = (0..<4).map { _ in
            OtherThread {
                guard let client = try? RawSocket(port: port) else { return }
                for _ in 0..<2_500 where (try? client.get("/"))?.body == "ok" { answered.withLock { $0 += 1 } }
            }
        }
        for client in clients { client.join() }
        #expect(answered.withLock { $0 } == 10_000)
        // Each takes one opening, and finds nobody waiting.
        for _ in answerers { gate.open() }
        for answerer in answerers { answerer.join() }
    }
}
