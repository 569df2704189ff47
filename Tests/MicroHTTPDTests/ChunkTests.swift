import ClipriseLocks
import ClipriseWire
import Glibc
import MicroHTTPD
import RawSocket
import Testing

/// The framing of chunked bodies: all that somebody else could read in another way is refused (RFC 9112 §7.1).
///
/// The listener looks at the bytes before libmicrohttpd reads them, for which it puts a `recv` of its own in the place of
/// the system's, and so does the thread sanitizer.
@Suite(.ownThreads, .enabled(if: dlsym(nil, "__tsan_init") == nil, "the thread sanitizer has a recv of its own"))
struct ChunkTests {
    struct Body: Sendable, CustomTestStringConvertible {
        var text: String
        var status = 400
        var reason = RefusedRequest.Reason.malformedChunk
        var testDescription: String { String(text.debugDescription.prefix(60)) }
    }

    static let refused: [Body] =
        // Sizes that are none, or not alone.
        ["0x3", "+3", "-3", " 3", "3 ", "3\t", "3,3", "3_0", "3\0", "", "g", "3\u{B}", "3 ;a", "3.0", "\"3\""].map {
            Body(text: "\($0)\r\nabc\r\n0\r\n\r\n")
        }
        // Lines of sizes that others end elsewhere.
        + [
            "3\nabc\r\n0\r\n\r\n", "3;\nabc\r\n0\r\n\r\n", "3;a\nabc\r\n0\r\n\r\n", "3;a\rb\r\nabc\r\n0\r\n\r\n",
            "3\r\r\nabc\r\n0\r\n\r\n", "3;a\0b\r\nabc\r\n0\r\n\r\n", "3;a=\"\u{1B}\"\r\nabc\r\n0\r\n\r\n",
            "3\r\nabc\r\n0\n\r\n", "3\r\nabc\r\n0;\n\r\n", "3\r\nabc\r\n0\r\r\n\r\n",
            // Without this limit they would wait for the rest until the time is up.
            "3;\(String(repeating: "a", count: 20_000))\r\nabc\r\n0\r\n\r\n",
            "\(String(repeating: "0", count: 20_000))3\r\nabc\r\n0\r\n\r\n",
            // Data that is longer or shorter than announced.
            "3\r\nabc\n0\r\n\r\n", "3\r\nabc\r0\r\n\r\n", "3\r\nabc0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n",
            "3\r\nab\r\n0\r\n\r\n",
        ].map { Body(text: $0) }
        // Trailers that are none; the library hides some of them.
        + [
            "X : 1\r\n", "X\t: 1\r\n", "no colon\r\n", ": 1\r\n", ":\r\n", "\0: 1\r\n", "\0\r\n", "X: a\0b\r\n",
            "X: a\rb\r\n", "X: a\r\n b\r\n", " X: 1\r\n", "X\0: 1\r\n", "X Y: 1\r\n", "A: 1\r\n: 2\r\n",
            "A: 1\r\n\0B: 2\r\n", "A: 1\n: 2\n", "\r: 1\r\n",
        ].map { Body(text: "3\r\nabc\r\n0\r\n\($0)\r\n") }
        // Announced too long.
        + ["ffffffffffffffff", "10000000000000003", "7fffffffffffffff", "100001"].map {
            Body(text: "\($0)\r\nabc", status: 413, reason: .bodyTooLarge)
        }

    static func chunked(_ body: String) -> String { FramingTests.post("Transfer-Encoding: chunked", body) }

    @Test(arguments: refused)
    func `a chunked body that can be read in two ways is refused, however it comes`(body: Body) throws {
        let served = try Served(["/x": .text("ok"), "/__admin/accounts/test-key": .text("secret")])
        let whole = Self.chunked(body.text) + FramingTests.smuggled
        let head = Self.chunked("")
        // In one piece, behind the head, and byte by byte.
        for pieces in [[whole], [head, String(whole.dropFirst(head.count))], whole.prefix(2_000).map(String.init)] {
            let client = try served.connect()
            for piece in pieces { try? client.send(piece) }
            let answer = try #require(client.readResponse(), "\(pieces.count) pieces")
            #expect(answer.status == body.status && answer.field("Connection") == "close")
            #expect(answer.body.hasPrefix(#"{"code":\#(body.status),"message":""#))
            client.closeSending()
            #expect(client.readToEnd().text == "")
        }
        #expect(served.requests.isEmpty)
        let told = try #require(served.wait { $0.refused.count == 3 ? $0.refused : nil })
        #expect(told.allSatisfy { $0.status == body.status && $0.reason == body.reason }, "\(told)")
    }

    @Test(arguments: [
        "3\r\nabc\r\n0\r\n\r\n", "1\r\na\r\n2;n=v\r\nbc\r\n000\r\n\r\n", "0003;a=\"b;c\";\td\r\nabc\r\n0;last\r\n\r\n",
        "3\r\nabc\r\n0\r\nX-Trailer: 1\r\nA:\t é\r\n\r\n", "3\r\nabc\r\n0\r\nX: 1\nY: 2\n\n", "3\r\nabc\r\n0\r\n\n",
    ])
    func `a sound one is read, and what comes behind it is the next request`(body: String) throws {
        let served = try Served(["/x": .text("ok"), "/next": .text("next")])
        let request = Self.chunked(body)
        let next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"
        for pieces in [
            [request + request + next], [request, request, next], (request + request + next).map(String.init),
        ] {
            let client = try served.connect()
            for piece in pieces { try client.send(piece) }
            for expected in ["ok", "ok", "next"] {
                let answer = client.readResponse()
                #expect(answer?.body == expected && answer?.field("Connection") == nil)
            }
        }
        #expect(served.requests.filter { $0.targetText == "/x" }.map(\.text) == [String](repeating: "abc", count: 6))
        #expect(served.record.withLock { $0.refused.isEmpty })
    }

    @Test func `the second of two on a connection is looked at as the first is`() throws {
        let served = try Served(["/x": .text("ok")])
        for start in ["", "\r\n"] {
            let client = try served.connect()
            try client.send(start + Self.chunked("3\r\nabc\r\n0\r\n\r\n") + Self.chunked("3;a\nabc\r\n0\r\n\r\n"))
            #expect(client.readResponse()?.status == 200)
            #expect(client.readResponse()?.status == 400)
        }
        #expect(served.requests.count == 2)
    }
}
