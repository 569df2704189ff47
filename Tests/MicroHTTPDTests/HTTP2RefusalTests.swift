import Glibc
import MicroHTTPD
import ProgramRunner
import RawSocket
import Testing

/// A client that speaks HTTP/2 without asking.
///
/// It is known by its first bytes, which are seen before libmicrohttpd reads them: the listener puts a `recv` of its own
/// in the place of the system's, and so does the thread sanitizer.
@Suite(.ownThreads, .enabled(if: dlsym(nil, "__tsan_init") == nil, "the thread sanitizer has a recv of its own"))
struct HTTP2RefusalTests {
    @Test(.enabled(if: Program.curl.works("--http2-prior-knowledge", "--version"), "curl has no HTTP/2"))
    func `curl shows what is wrong`() throws {
        let served = try Served()
        let run = try Program.curl.run([
            "-q", "-sS", "-i", "--max-time", "10", "--http2-prior-knowledge", "http://127.0.0.1:\(served.port)/x",
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.hasPrefix("HTTP/2 505"), "\(run.output)")
        #expect(run.output.contains("use HTTP/1.1"))
        #expect(run.output.contains("date: Sun, 06 Nov 1994 08:49:37 GMT"))
        #expect(served.wait { $0.refused.first }?.reason == .unsupportedVersion)
    }

    @Test func `the frames are those of RFC 9113`() throws {
        let served = try Served()
        let client = try served.connect()
        // The preface and empty settings.
        try client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0")
        let bytes = client.read(.max).bytes
        var types: [UInt8] = []
        var at = 0
        while at + 9 <= bytes.count {
            types.append(bytes[at + 3])
            at += 9 + bytes[at..<at + 3].reduce(0) { $0 << 8 | Int($1) }
        }
        #expect(types == [4, 4, 1, 0, 7])
        #expect(at == bytes.count)
        // HTTP_1_1_REQUIRED, and why.
        let end = Array("use HTTP/1.1".utf8)
        #expect(Array(bytes.suffix(end.count)) == end)
    }
}
