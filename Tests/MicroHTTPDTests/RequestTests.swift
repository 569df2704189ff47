import ClipriseWire
import Glibc
import MicroHTTPD
import RawSocket
import Testing

@Suite(.ownThreads) struct RequestTests {
    @Test func `the target reaches the handler as it was sent`() throws {
        let served = try Served(["/a%2Fb/../c?x=%20y+z&x=%zz&=&b": .text("ok")])
        let client = try served.connect()
        #expect(try client.get("/a%2Fb/../c?x=%20y+z&x=%zz&=&b")?.body == "ok")
    }

    @Test func `a target in absolute form is passed on as it was sent`() throws {
        let served = try Served(["http://h:1/p?q": .text("ok")])
        let client = try served.connect()
        #expect(try client.get("http://h:1/p?q")?.body == "ok")
    }

    @Test func `doubled fields keep their order, their spelling and their bytes`() throws {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nhOST:b\r\nX-E:\r\nX-U: \u{FC} \r\nHost: a\r\n\r\n")
        #expect(client.readResponse()?.status == 200)
        #expect(served.requests.first?.fieldTexts == ["Host=a", "hOST=b", "X-E=", "X-U=\u{FC} ", "Host=a"])
    }

    @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get", "FOOBAR"])
    func `a method keeps its name`(method: String) throws {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect()
        try client.send("\(method) / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
        #expect(client.readResponse()?.status == 200)
        #expect(served.requests.first?.method == Request.Method(method))
    }

    @Test(arguments: [1, 300, 20_000, 1 << 20])
    func `a body arrives whole and with room behind it`(size: Int) throws {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect()
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 / 3) }
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
        try client.send(body)
        #expect(client.readResponse()?.status == 200)
        #expect(served.requests.first?.body == body)
        #expect(served.requests.first.map { $0.body.capacity >= size + 64 } == true)
    }

    /// Beyond some length the memory of a body is taken at once, and given back beside the loop.
    @Test(arguments: [false, true])
    func `a long body that only some paths take arrives whole`(isChunked: Bool) throws {
        let served = try Served(["/long": .text("ok"), "/": .text("ok")]) {
            $0.areas = [.init("/long", loopbackBodyLimit: 40 << 20)]
        }
        // No line ends in it: where a line begins with a colon, the connection ends with the answer.
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: (1 << 20) - 1) + [UInt8(ascii: "z")]
        let client = try served.connect()
        for _ in 0..<2 {
            let length = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(20 << 20)"
            try client.send("POST /long HTTP/1.1\r\nHost: a\r\n\(length)\r\n\r\n")
            for _ in 0..<20 {
                if isChunked { try client.send("100000\r\n") }
                try client.send(piece)
                if isChunked { try client.send("\r\n") }
            }
            if isChunked { try client.send("0\r\n\r\n") }
            #expect(client.readResponse()?.status == 200)
            #expect(try client.get("/")?.status == 200)
        }
        let bodies = served.requests.filter { $0.targetText == "/long" }.map(\.body)
        #expect(bodies.map(\.count) == [20 << 20, 20 << 20])
        // By memory: byte by byte a debug build would compare them for ten seconds.
        let areSame = bodies.allSatisfy { body in
            body.withUnsafeBytes { body in
                guard let start = body.baseAddress else { return false }
                return stride(from: 0, to: body.count, by: piece.count).allSatisfy { place in
                    memcmp(start + place, piece, piece.count) == 0
                }
            }
        }
        #expect(areSame)
    }

    @Test func `a chunked body arrives without its chunks`() throws {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nabc\r\n")
        try client.send("4\r\ndefg\r\n0\r\nTrailer: 1\r\n\r\n")
        #expect(client.readResponse()?.status == 200)
        #expect(served.requests.first?.text == "abcdefg")
        #expect(served.requests.first.map { $0.body.capacity >= 7 + 64 } == true)
    }

    @Test func `the next request on a connection knows nothing of the one before`() throws {
        let served = try Served(["/long/target": .text("1"), "/b": .text("2")])
        let client = try served.connect()
        try client.send("POST /long/target HTTP/1.1\r\nHost: a\r\nX: y\r\nContent-Length: 5\r\n\r\nhello")
        #expect(client.readResponse()?.body == "1")
        #expect(try client.get("/b")?.body == "2")
        let second = try #require(served.requests.last)
        #expect(second.targetText == "/b" && second.fieldTexts == ["Host=a"] && second.body.isEmpty)
    }

    @Test func `a request that the handler keeps stays as it was`() throws {
        let served = try Served(["/first": .text("1"), "/other": .text("2")])
        let client = try served.connect()
        try client.send("POST /first HTTP/1.1\r\nHost: one\r\nContent-Length: 5\r\n\r\nfirst")
        #expect(client.readResponse()?.body == "1")
        try client.send("POST /other HTTP/1.1\r\nHost: two\r\nContent-Length: 5\r\n\r\nother")
        #expect(client.readResponse()?.body == "2")
        #expect(served.requests.map(\.targetText) == ["/first", "/other"])
        #expect(served.requests.map(\.text) == ["first", "other"])
        #expect(served.requests.map(\.fieldTexts.first) == ["Host=one", "Host=two"])
    }

    @Test func `a client that asks first gets a 100`() throws {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(client.readResponse()?.status == 100)
        try client.send("hi")
        #expect(client.readResponse()?.body == "ok")
        #expect(served.requests.first?.text == "hi")
    }

    @Test func `HTTP 1_0 closes after the answer unless asked to stay`() throws {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect()
        try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(client.readResponse()?.body == "ok")
        try client.send("GET / HTTP/1.0\r\n\r\n")
        #expect(client.readResponse()?.body == "ok")
        #expect(client.readToEnd().end == .closed)
    }

    @Test func `both loopback addresses are served on one port and known as such`() throws {
        let served = try Served(["/": .text("ok")])
        let four = try served.connect()
        #expect(try four.get("/")?.body == "ok")
        // A machine without IPv6 has nothing to show here.
        guard let six = try? RawSocket(port: served.port, isIPv6: true) else { return }
        #expect(try six.get("/")?.body == "ok")
        #expect(served.requests.map(\.isFromLoopback) == [true, true])
    }
}
