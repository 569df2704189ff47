import Glibc
import RawSocket
import Testing

/// NUL bytes, which RFC 9110 §5.5 allows in no field, and at which libmicrohttpd ends a value without a word: they are
/// counted before it reads them.
@Suite(.ownThreads, .enabled(if: dlsym(nil, "__tsan_init") == nil, "the thread sanitizer has a recv of its own"))
struct NULTests {
    /// Ends of a line, and of a head behind its last value.
    static let lineEnds = ["\r\n", "\n"]
    static let headEnds = ["\r\n\r\n", "\n\n", "\n\r\n", "\r\n\n"]
    /// A field line, or two, with a NUL.
    static let fields = ["X: a\0b", "X: a\0", "X: \0a", "X: \0", "X:\0", "X\0: a", "X: a\0\0b", "X: \0\0", "X: a\0 "]

    static var heads: [String] {
        var heads: [String] = []
        for lineEnd in lineEnds {
            for headEnd in headEnds {
                for field in fields {
                    heads.append("GET / HTTP/1.1\(lineEnd)Host: a\(lineEnd)\(field)\(headEnd)")
                    heads.append("GET / HTTP/1.1\(lineEnd)\(field)\(lineEnd)Host: a\(headEnd)")
                }
            }
        }
        return heads
    }

    private static let next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `a head with a NUL is refused wherever it stands, and nothing behind it is read`() throws {
        let served = try Served(["/": .text("ok"), "/next": .text("no")])
        for head in Self.heads {
            for pieces in [[head + Self.next], [head, Self.next], head.map { String($0) }] {
                let client = try served.connect()
                for piece in pieces { try? client.send(piece) }
                #expect(client.readResponse()?.status == 400, "\(head.debugDescription) in \(pieces.count) pieces")
                #expect(client.readResponse() == nil, "\(head.debugDescription) in \(pieces.count) pieces")
            }
        }
        #expect(served.requests.isEmpty)
    }

    /// Lines that begin with a NUL are another matter: see `OddLineTests`.
    @Test(arguments: [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\na\0bc\0",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na\0b\r\n2\r\nc\0\r\n0\r\n\r\n",
    ])
    func `a body may have NUL bytes, and the next request is as any other`(request: String) throws {
        let served = try Served(["/": .text("ok"), "/next": .text("ok")])
        let middle = request.utf8.index(request.utf8.endIndex, offsetBy: -4)
        for pieces in [
            [request + request + Self.next], [request, request, Self.next],
            [String(request[..<middle]), request[middle...] + request + Self.next],
        ] {
            let client = try served.connect()
            for piece in pieces { try client.send(piece) }
            #expect((0..<3).map { _ in client.readResponse()?.status } == [200, 200, 200])
        }
        #expect(served.requests.map(\.targetText) == Array(repeating: ["/", "/", "/next"], count: 3).flatMap(\.self))
        #expect(served.requests.filter { $0.targetText == "/" }.allSatisfy { $0.text == "a\0bc\0" })
    }

    @Test func `only the request that has the NUL is refused of those that come together`() throws {
        let served = try Served(["/": .text("ok"), "/next": .text("ok")])
        let client = try served.connect()
        try client.send(Self.next + Self.next + "GET / HTTP/1.1\r\nHost: a\0\n\r\n" + Self.next)
        #expect((0..<3).map { _ in client.readResponse()?.status } == [200, 200, 400])
        #expect(client.readResponse() == nil)
        #expect(served.requests.map(\.targetText) == ["/next", "/next"])
    }
}
