import ClipriseLocks
import ClipriseWire
import MicroHTTPD
import RawSocket
import Testing

@Suite(.ownThreads) struct HoldTests {
    static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    /// What a stream of server-sent events is: the head at once, then what comes.
    static let stream = ResponsePlan(
        status: 200, contentType: .custom("text/event-stream"),
        body: .steps(announcedLength: nil, [.send([]), .hold]))

    /// Sends the request and waits until the handler has it.
    private func begin(_ served: Served, _ client: RawSocket) throws -> ExchangeHandle {
        let before = served.requests.count
        try client.send(Self.request)
        return try #require(served.wait { $0.exchanges.dropFirst(before).first })
    }

    /// Reads one chunk of a chunked body.
    private func chunk(_ client: RawSocket) -> String? {
        guard let line = client.read(through: "\r\n"), let size = Int(line.dropLast(), radix: 16) else { return nil }
        let (bytes, end) = client.read(size + 2)
        return end == nil ? String(decoding: bytes.dropLast(2), as: UTF8.self) : nil
    }

    @Test func `a hold before the head sends nothing until it is released`() throws {
        let served = try Served(["/": .steps(2, .hold, .send("ok")), "/next": .text("next")])
        let client = try served.connect()
        let exchange = try begin(served, client)
        // The loop has done all that it does by itself once another client has its answer.
        let other = try served.connect()
        #expect(try other.get("/next")?.body == "next")
        client.setReadTimeout(milliseconds: 1)
        #expect(client.read(1).end == .timedOut)
        client.setReadTimeout(milliseconds: 5_000)
        exchange.release()
        #expect(client.readResponse()?.body == "ok")
        #expect(try client.get("/next")?.body == "next")
    }

    @Test func `a stream sends its head at once and each addition when it comes`() throws {
        let served = try Served(["/": Self.stream, "/next": .text("next")])
        let client = try served.connect()
        let exchange = try begin(served, client)
        #expect(
            client.read(through: "\r\n\r\n")
                == "HTTP/1.1 200 OK\r\n\(Served.date)Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        for ordinal in 1...5 {
            exchange.release(adding: [.send("data: \(ordinal)\n\n"), .hold])
            #expect(chunk(client) == "data: \(ordinal)\n\n")
        }
        exchange.release()
        #expect(client.read(through: "0\r\n\r\n") == "0\r\n\r\n")
        let end = try #require(served.wait { $0.ends.first })
        #expect(end.outcome == .completed && end.bodyBytesSent == 45)
        #expect(try client.get("/next")?.body == "next")
    }

    @Test func `a body of announced length may come in additions`() throws {
        let served = try Served(["/": .steps(6, .send("ab"), .hold), "/next": .text("next")])
        let client = try served.connect()
        let exchange = try begin(served, client)
        #expect(client.read(through: "\r\n\r\nab") != nil)
        exchange.release(adding: [.send("cd"), .hold])
        #expect(client.read(through: "cd") == "cd")
        exchange.release(adding: [.send("ef"), .hold])
        #expect(client.read(through: "ef") == "ef")
        #expect(try client.get("/next")?.body == "next")
    }

    @Test func `releases from within the handler are all honoured, in order`() throws {
        let listener = try Listener { _, exchange in
            for ordinal in 0..<1_000 { exchange.release(adding: [.send("\(ordinal) "), .hold]) }
            exchange.release()
            return Self.stream
        }
        let client = try RawSocket(port: listener.port)
        let expected = (0..<1_000).map { "\($0) " }.joined()
        for _ in 0..<3 { #expect(try client.get("/")?.body == expected) }
    }

    @Test func `releases from another thread are all honoured, in order`() throws {
        let served = try Served(["/": Self.stream])
        let client = try served.connect()
        let exchange = try begin(served, client)
        let feeder = OtherThread {
            for ordinal in 0..<10_000 { exchange.release(adding: [.send("\(ordinal) "), .hold]) }
            exchange.release()
        }
        #expect(client.readResponse()?.body == (0..<10_000).map { "\($0) " }.joined())
        feeder.join()
    }

    @Test func `releases before a late answer are not lost`() throws {
        let served = try Served()
        let client = try served.connect()
        let exchange = try begin(served, client)
        exchange.release(adding: [.send("c")])
        exchange.release()
        exchange.answer(.steps(nil, .hold, .send("a"), .hold, .send("b")))
        #expect(client.readResponse()?.body == "abc")
    }

    @Test func `a release of an exchange that is over is harmless`() throws {
        let served = try Served(["/": .steps(2, .hold, .send("ok")), "/plain": .text("plain")])
        let client = try served.connect()
        let first = try begin(served, client)
        first.release()
        #expect(client.readResponse()?.body == "ok")
        first.release(adding: [.send("no")])
        #expect(try client.get("/plain")?.body == "plain")
        let second = try begin(served, client)
        // The same connection holds again: a release of the exchange before is none of this one.
        first.release(adding: [.send("no")])
        let other = try served.connect()
        #expect(try other.get("/plain")?.body == "plain")
        client.setReadTimeout(milliseconds: 1)
        #expect(client.read(1).end == .timedOut)
        client.setReadTimeout(milliseconds: 5_000)
        second.release()
        #expect(client.readResponse()?.body == "ok")
        served.listener.stop()
        second.release()
    }

    @Test(arguments: [ResponsePlan.steps(nil, .hold), .steps(nil, .send("a"), .hold)])
    func `a hold that nobody releases ends with a FIN after the longest wait`(plan: ResponsePlan) throws {
        let served = try Served(["/": plan]) { $0.longestWait = .milliseconds(100) }
        let client = try served.connect()
        try client.send(Self.request)
        #expect(client.readToEnd().end == .closed)
        #expect(served.wait { $0.ends.first }?.outcome == .timedOut)
    }

    @Test func `a stream that is fed outlives the longest wait`() throws {
        let served = try Served(["/": Self.stream]) { $0.longestWait = .milliseconds(600) }
        let client = try served.connect()
        let exchange = try begin(served, client)
        #expect(client.read(through: "\r\n\r\n") != nil)
        let clock = ContinuousClock()
        let start = clock.now
        while clock.now - start < .milliseconds(1_000) {
            exchange.release(adding: [.send("a"), .hold])
            #expect(chunk(client) == "a")
            client.setReadTimeout(milliseconds: 50)
            #expect(client.read(1).end == .timedOut)
            client.setReadTimeout(milliseconds: 5_000)
        }
        #expect(client.readToEnd().end == .closed)
        #expect(served.wait { $0.ends.first }?.outcome == .timedOut)
    }

    @Test func `a client that left a stream is noticed at the next write`() throws {
        let served = try Served(["/": Self.stream, "/next": .text("next")])
        var client: RawSocket? = try served.connect()
        let exchange = try begin(served, #require(client))
        #expect(client?.read(through: "\r\n\r\n") != nil)
        client = nil
        exchange.release(adding: [.send("data: a\n\n"), .hold])
        let end = try #require(served.wait { $0.ends.first })
        #expect(end.outcome == .clientLeft && end.exchange == exchange)
        let other = try served.connect()
        #expect(try other.get("/next")?.body == "next")
    }

    @Test func `a client that closed only its sending side still gets its stream`() throws {
        let served = try Served(["/": Self.stream])
        let client = try served.connect()
        let exchange = try begin(served, client)
        #expect(client.read(through: "\r\n\r\n") != nil)
        client.closeSending()
        for _ in 1...3 {
            exchange.release(adding: [.send("data: a\n\n"), .hold])
            #expect(chunk(client) == "data: a\n\n")
            client.setReadTimeout(milliseconds: 20)
            #expect(client.read(1).end == .timedOut)
            client.setReadTimeout(milliseconds: 5_000)
        }
        exchange.release()
        #expect(client.read(through: "0\r\n\r\n") == "0\r\n\r\n")
    }

    @Test func `a stream that grows faster than its client reads is ended`() throws {
        let served = try Served(["/": Self.stream, "/next": .text("next")]) { $0.backlogLimit = 100_000 }
        let client = try served.connect(receiveBuffer: 4_096)
        let exchange = try begin(served, client)
        let bytes = [UInt8](repeating: 65, count: 50_000)
        let other = try served.connect()
        // The system's own buffers take some megabytes first.
        for _ in 0..<2_000 where served.record.withLock({ $0.ends.first { $0.exchange == exchange } }) == nil {
            exchange.release(adding: [.send(bytes), .hold])
            #expect(try other.get("/next")?.body == "next")
        }
        let end = try #require(served.wait { $0.ends.first { $0.exchange == exchange } })
        #expect(end.outcome == .fellBehind)
    }

    @Test func `held answers do not hold up a stop, and the observer gets them`() throws {
        let served = try Served(["/": .steps(2, .hold, .send("ok"))]) { $0.drainTime = .seconds(600) }
        let clients = try (0..<3).map { _ in try served.connect() }
        for client in clients { _ = try begin(served, client) }
        served.listener.stop()
        #expect(served.record.withLock { $0.ends.map(\.outcome) } == [.stopped, .stopped, .stopped])
        for client in clients { #expect(client.readToEnd().end == .closed) }
    }

    @Test func `what was released before a stop is sent`() throws {
        let served = try Served(["/": .steps(2, .hold, .send("ok"))])
        let client = try served.connect()
        try begin(served, client).release()
        served.listener.stop()
        #expect(client.readResponse()?.body == "ok")
    }
}
