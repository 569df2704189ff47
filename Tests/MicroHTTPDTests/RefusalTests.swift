import ClipriseWire
import MicroHTTPD
import RawSocket
import Testing

@Suite(.ownThreads) struct RefusalTests {
    struct Malformed: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var request: String
        var status: Int
    }

    static let malformed = [
        Malformed(
            testDescription: "two lengths",
            request: "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            status: 400),
        Malformed(
            testDescription: "the same length twice",
            request: "POST / HTTP/1.1\r\ncontent-length: 3\r\nContent-Length: 3\r\n\r\nabc", status: 400),
        Malformed(
            testDescription: "two lengths of zero",
            request: "GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n", status: 400),
        Malformed(
            testDescription: "length and chunked",
            request: "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", status: 400),
        Malformed(
            testDescription: "chunked twice",
            request: "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            status: 501),
        Malformed(
            testDescription: "another coding", request: "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            status: 501),
        Malformed(testDescription: "NUL in the method", request: "G\0T / HTTP/1.1\r\nHost: a\r\n\r\n", status: 400),
        Malformed(
            testDescription: "NUL in the version", request: "GET / HTTP/1.1\0x\r\nHost: a\r\n\r\n", status: 400),
        Malformed(
            testDescription: "a first line that begins with a NUL",
            request: "GET / HTTP/1.1\r\n\0: GET /\r\nHost: a\r\n\r\n", status: 400),
        Malformed(
            testDescription: "a line that begins with a NUL",
            request: "GET / HTTP/1.1\r\nHost: a\r\n\0: 1\r\nX: y\r\n\r\n", status: 400),
        Malformed(testDescription: "NUL in the target", request: "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n", status: 400),
        Malformed(
            testDescription: "NUL in a value", request: "GET / HTTP/1.1\r\nX: a\0b\r\nHost: a\r\n\r\n", status: 400),
        Malformed(
            testDescription: "NUL in the last value", request: "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
            status: 400),
        Malformed(
            testDescription: "a folded line", request: "GET / HTTP/1.1\r\nX: 1\r\n two\r\nHost: a\r\n\r\n", status: 400),
        Malformed(
            testDescription: "a folded line at the beginning", request: "GET / HTTP/1.1\r\nHost: a\r\n :80\r\n\r\n",
            status: 400),
        Malformed(
            testDescription: "a folded line at the end", request: "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\ttwo\r\n\r\n",
            status: 400),
        Malformed(
            testDescription: "announced too long", request: "POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n",
            status: 413),
    ]

    @Test(arguments: malformed)
    func `a request that can be read in two ways is refused and the connection closed`(case malformed: Malformed) throws
    {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect()
        try client.send(malformed.request)
        let response = try #require(client.readResponse())
        #expect(response.status == malformed.status)
        #expect(response.field("Content-Type") == "application/json; charset=utf-8")
        #expect(response.body.hasPrefix(#"{"code":\#(malformed.status),"message":""#))
        #expect(response.field("Connection") == "close")
        client.closeSending()
        let rest = client.readToEnd()
        #expect(rest.text == "" && rest.end == .closed)
        #expect(served.requests.isEmpty)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\nHost: a\nX: b\n\n", "GET / HTTP/1.1\r\n\r\n", "\r\n\r\nGET / HTTP/1.1\r\nA:b\r\n\r\n",
    ])
    func `odd but clear requests are served`(request: String) throws {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect()
        try client.send(request)
        #expect(client.readResponse()?.body == "ok")
    }

    @Test func `a client in the middle of a long upload can still read the refusal`() throws {
        let served = try Served()
        let client = try served.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n")
        try client.send([UInt8](repeating: 65, count: 3_000_000))
        let response = try #require(client.readResponse())
        #expect(response.status == 413 && response.isComplete)
        #expect(response.body == #"{"code":413,"message":"request body too large"}"#)
    }

    @Test func `a chunked body is refused as soon as it is too long`() throws {
        let served = try Served { $0.bodyLimit = 1_000 }
        let client = try served.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        try client.send("3e8\r\n" + String(repeating: "a", count: 1_000) + "\r\n1\r\nb\r\n")
        let response = try #require(client.readResponse())
        #expect(response.status == 413 && response.field("Connection") == "close")
        #expect(response.body == #"{"code":413,"message":"request body too large"}"#)
        client.closeSending()
        #expect(client.readToEnd().end == .closed)
        #expect(served.requests.isEmpty)
    }

    @Test func `a client that asks first is not asked to send too much`() throws {
        let served = try Served { $0.bodyLimit = 10 }
        let client = try served.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n")
        #expect(client.readResponse()?.status == 413)
    }

    @Test func `fields that do not fit are answered with 431`() throws {
        let served = try Served { $0.headerMemory = 4_096 }
        let client = try served.connect()
        try client.send("GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 8_000))\r\n\r\n")
        #expect(client.readResponse()?.status == 431)
        #expect(served.requests.isEmpty)
    }

    @Test(arguments: [
        "\u{16}\u{3}\u{1}", "nonsense\r\n\r\n", "GET / HTTP/9\r\n\r\n", "GET  HTTP/1.1\r\n\r\n", "A\0B\r\n\r\n",
    ])
    func `nonsense does no harm`(bytes: String) throws {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect(timeout: 1)
        try client.send(bytes)
        client.closeSending()
        _ = client.readToEnd()
        let other = try served.connect()
        #expect(try other.get("/")?.body == "ok")
    }
}
