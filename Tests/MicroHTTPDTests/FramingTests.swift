import ClipriseLocks
import ClipriseWire
import MicroHTTPD
import RawSocket
import Testing

/// What decides where a request ends, and what is reported of those that are refused.
@Suite(.ownThreads) struct FramingTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        var request: String
        var status: Int
        var reason: RefusedRequest.Reason
        var testDescription: String { String(request.debugDescription.prefix(90)) }

        init(_ request: String, _ status: Int, _ reason: RefusedRequest.Reason) {
            self.request = request
            self.status = status
            self.reason = reason
        }
    }

    static func post(_ field: String, _ body: String = "abc") -> String {
        "POST /x HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n\(body)"
    }

    static let smuggled = "GET /__admin/accounts/test-key HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    static let refused: [Refused] =
        // RFC 9112 §5.1: no blank before the colon. RFC 9110 §5.1: a field name is a token.
        [
            "Content-Length : 67", "Content-Length\t: 67", "Transfer-Encoding : chunked", "X Y: a", "X\u{1}: a",
            "Né: a", ": a", "X(: a", "X\u{7F}: a",
        ].map { Refused(post($0, smuggled), 400, .malformedField) }
        // RFC 9112 §2.2: no CR without LF.
        + [
            Refused(post("X: a\rb"), 400, .malformedField),
            Refused(post("X: a\rContent-Length: 3"), 400, .malformedField),
            Refused(post("X\rY: a"), 400, .malformedField),
            Refused("GET /a\rb HTTP/1.1\r\nHost: a\r\n\r\n", 400, .malformedLine),
            Refused("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, .malformedLine),
            Refused("GET /a\u{1}b HTTP/1.1\r\nHost: a\r\n\r\n", 400, .malformedLine),
            Refused("G\u{1B}T /a HTTP/1.1\r\nHost: a\r\n\r\n", 400, .malformedLine),
            Refused("(GET) /a HTTP/1.1\r\nHost: a\r\n\r\n", 400, .malformedLine),
        ]
        // RFC 9110 §8.6: 1*DIGIT.
        + ["-1", "+5", "abc", "", "0x10", "5, 5", "3,3", "5 5", "5\u{B}", "1e3", "٣", "-0", "5.0", "5;", "\"5\""].map {
            Refused(post("Content-Length: \($0)"), 400, .malformedLength)
        }
        + ["99999999999999999999999", "9223372036854775808", "18446744073709551621", "1048577"].map {
            Refused(post("Content-Length: \($0)"), 413, .bodyTooLarge)
        } + [
            Refused(post("Content-Length: 3\r\nContent-Length: 3"), 400, .ambiguousLength),
            Refused(post("Content-Length: 3\r\nTransfer-Encoding: chunked"), 400, .ambiguousLength),
            Refused(post("Content-Length: x\r\nTransfer-Encoding: chunked"), 400, .ambiguousLength),
            Refused(post("Transfer-Encoding: gzip, chunked"), 501, .unknownCoding),
            Refused(post("Transfer-Encoding: "), 501, .unknownCoding),
            Refused("POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, .ambiguousLength),
            // What the library finds by itself.
            Refused(post("no colon"), 400, .malformedField),
            Refused(post("Transfer-Encoding: chunked", "zz\r\n"), 400, .malformedChunk),
            Refused(post("Transfer-Encoding: chunked", "3\r\nabc\r\n0\r\nX : 1\r\n\r\n"), 400, .malformedChunk),
            Refused(post("Transfer-Encoding: chunked", "3\r\nabc\r\n0\r\nX\t: 1\r\n\r\n"), 400, .malformedChunk),
            Refused(post("Transfer-Encoding: chunked", "3\r\nabc\r\n0\r\nX: a\rb\r\n\r\n"), 400, .malformedChunk),
            Refused(post("Transfer-Encoding: chunked", "0\r\nX: a\r\n Y: 1\r\n\r\n"), 400, .malformedChunk),
            Refused("GET /x HTTP/3.0\r\n\r\n", 505, .unsupportedVersion),
            Refused("GET /x HTP/1.1\r\n\r\n", 400, .malformedLine), Refused("GET /x\r\n\r\n", 400, .malformedLine),
            Refused(post("X: \(String(repeating: "a", count: 40_000))"), 431, .fieldsTooLarge),
            Refused(post(manyFields(2_000)), 431, .fieldsTooLarge),
            Refused(post("Cookie: \(String(repeating: "a=b; ", count: 8_000))"), 431, .fieldsTooLarge),
            Refused("GET /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414, .targetTooLong),
            Refused(
                "GET /x?\(String(repeating: "a=b&", count: 10_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414, .targetTooLong),
        ]

    static func manyFields(_ count: Int) -> String {
        (1...count).map { "X-\($0): a" }.joined(separator: "\r\n")
    }

    @Test(arguments: refused)
    func `a refused request gets one answer, and is reported with its reason`(case refused: Refused) throws {
        let served = try Served(["/x": .text("ok"), "/__admin/accounts/test-key": .text("secret")])
        let client = try served.connect()
        try client.send(refused.request)
        let response = try #require(client.readResponse())
        #expect(response.status == refused.status)
        #expect(response.isComplete)
        #expect(response.field("Connection") == "close")
        #expect(response.field("Content-Type") == "application/json; charset=utf-8")
        #expect(response.body.hasPrefix(#"{"code":\#(refused.status),"message":""#) && response.body.hasSuffix(#""}"#))
        client.closeSending()
        let rest = client.readToEnd()
        #expect(rest.text == "" && rest.end == .closed)
        #expect(served.requests.isEmpty)
        let told = try #require(served.wait { $0.refused.first })
        #expect(told.status == refused.status && told.reason == refused.reason, "\(told)")
        #expect(served.record.withLock { $0.refused.count } == 1)
    }

    @Test(arguments: ["3", "3 ", "3\t \t", " \t3", "0003", "00000000000000000000000000000003"])
    func `blanks around a length are no part of it`(length: String) throws {
        let served = try Served(["/x": .text("ok"), "/next": .text("next")])
        let client = try served.connect()
        try client.send(Self.post("Content-Length: \(length)"))
        #expect(client.readResponse()?.body == "ok")
        #expect(try client.get("/next")?.body == "next")
        #expect(served.requests.first?.text == "abc")
    }

    @Test func `blanks behind a coding are no part of it`() throws {
        let served = try Served(["/x": .text("ok"), "/next": .text("next")])
        let client = try served.connect()
        try client.send(Self.post("Transfer-Encoding: Chunked \t", "3\r\nabc\r\n0\r\n\r\n"))
        #expect(client.readResponse()?.body == "ok")
        #expect(try client.get("/next")?.body == "next")
        #expect(served.requests.first?.text == "abc")
    }

    @Test func `a head that comes byte by byte is judged as one that comes at once`() throws {
        let served = try Served(["/x": .text("ok")])
        let client = try served.connect()
        for byte in Self.post("Content-Length: -1").utf8 { try client.send([byte]) }
        let (text, _) = client.readToEnd()
        #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(text.split(separator: "HTTP/1.1 ").count == 1, "\(text)")
    }

    @Test(arguments: [500, 1_500])
    func `a target may have as many parameters as fit`(count: Int) throws {
        let query = (1...count).map { "a\($0 % 10)=" }.joined(separator: "&")
        let served = try Served(["/?\(query)": .text("ok")])
        let client = try served.connect()
        #expect(try client.get("/?\(query)")?.body == "ok")
        #expect(served.requests.first?.targetText == "/?\(query)")
    }

    @Test func `ninety fields, a cookie of many parts and one field of 7,800 bytes are served`() throws {
        let served = try Served(["/x": .text("ok")])
        let client = try served.connect()
        try client.send(Self.post(Self.manyFields(90) + "\r\nContent-Length: 3"))
        #expect(client.readResponse()?.body == "ok")
        try client.send(
            Self.post("Content-Length: 3\r\nCookie: \(String(repeating: "a=b; ", count: 1_400))"))
        #expect(client.readResponse()?.body == "ok")
        try client.send("GET /x HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 7_800))\r\n\r\n")
        #expect(client.readResponse()?.body == "ok")
    }

    @Test func `a slow head and a slow body are reported when they are cut`() throws {
        let served = try Served(["/x": .text("ok")]) { $0.headTimeout = .milliseconds(200) }
        let line = try served.connect()
        try line.send("GET /x HT")
        let head = try served.connect()
        try head.send("GET /x HTTP/1.1\r\nHost:")
        let body = try served.connect()
        try body.send(Self.post("Content-Length: 10"))
        let told = served.wait { $0.refused.count == 3 ? $0.refused : nil } ?? []
        #expect(told.map(\.reason.rawValue).sorted() == ["slow_body", "slow_head", "slow_head"])
        #expect(told.allSatisfy { $0.status == 0 })
        #expect(told.first { $0.reason == .slowBody }?.method == .post)
    }

    @Test func `what is no request is reported when the connection closes`() throws {
        let served = try Served()
        let client = try served.connect()
        try client.send("nonsense\r\n\r\n")
        #expect(client.readToEnd().text == "")
        #expect(served.wait { $0.refused.first }?.reason == .noRequest)
    }

    @Test func `clients that wait for a connection are reported`() throws {
        let served = try Served(["/": .text("ok")]) { $0.connectionLimit = 2 }
        let first = try served.connect()
        let second = try served.connect()
        #expect(try first.get("/")?.body == "ok")
        #expect(try second.get("/")?.body == "ok")
        let third = try served.connect()
        let told = try #require(served.wait { $0.refused.first })
        #expect(told.reason == .connectionLimit)
        #expect(told.message == "the limit of 2 connections is reached; further clients wait")
        withExtendedLifetime((first, second, third)) {}
    }
}
