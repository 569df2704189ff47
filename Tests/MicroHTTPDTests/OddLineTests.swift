import Glibc
import MicroHTTPD
import RawSocket
import Testing

/// Lines that begin with a colon or a NUL, which the library takes for the empty line that ends a head or trailers, while
/// whoever stands in front may read on.
///
/// They are seen before libmicrohttpd reads them: the listener puts a `recv` of its own in the place of the system's, and
/// so does the thread sanitizer.
@Suite(.ownThreads, .enabled(if: dlsym(nil, "__tsan_init") == nil, "the thread sanitizer has a recv of its own"))
struct OddLineTests {
    static let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
    static let head = "GET / HTTP/1.1\r\nHost: a\r\n"
    static let starts = [
        chunked + "Trailer: 1\r\n: nameless\r\n", chunked + "Trailer: 1\r\n:\r\n", chunked + "Trailer: 1\r\n:\n",
        chunked + "Trailer: 1\r\n\0: 1\r\n", chunked + "Trailer: 1\r\n\0\r\n", chunked + "\0: 1\r\n",
        chunked + "Trailer: 1\n: a\rb\n", head + ":\n", head + "\0\n",
    ]

    @Test(arguments: starts)
    func `nothing behind a line that may end a request or not is taken for another`(start: String) throws {
        let served = try Served(["/": .text("ok"), "/smuggled": .text("no")])
        let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
        // In one piece, and with the line at the start of a piece.
        let end = start.utf8.dropLast(1).lastIndex(of: 10).map { start.utf8.index(after: $0) } ?? start.endIndex
        for pieces in [
            [start + smuggled + smuggled], [String(start[..<end]), String(start[end...]) + smuggled + smuggled],
        ] {
            let client = try served.connect()
            for piece in pieces { try client.send(piece) }
            let answer = client.readResponse()
            #expect(answer?.status == 200 || answer?.status == 400)
            #expect(client.readResponse() == nil)
        }
        #expect(served.requests.allSatisfy { $0.targetText == "/" })
    }

    @Test func `a body may have such lines, and its connection ends with the answer`() throws {
        let served = try Served(["/": .text("ok")])
        let client = try served.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{\"a\"\n: 1}")
        let answer = client.readResponse()
        #expect(answer?.status == 200 && answer?.field("Connection") == "close")
        #expect(served.requests.first?.text == "{\"a\"\n: 1}")
        #expect(client.readResponse() == nil)
    }

    /// The rest of a connection that was refused is read under a number of its own.
    @Test func `a connection whose number another had is as any other`() throws {
        let served = try Served(["/": .text("ok")])
        for start in [Self.head + ":\n", "GET / HTTP/9.9\r\n\r\n"] {
            let odd = try (0..<8).map { _ in try served.connect() }
            for client in odd {
                try client.send(start)
                while client.readResponse() != nil {}
                try client.send("\n:\n:")
            }
            for _ in 0..<24 {
                let client = try served.connect()
                for _ in 0..<3 { #expect(try client.get("/")?.field("Connection") == nil) }
            }
        }
    }
}
