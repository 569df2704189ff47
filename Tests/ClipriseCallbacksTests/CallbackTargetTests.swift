import ClipriseCallbacks
import ClipriseHTTP
import Testing

@Suite struct CallbackTargetTests {
    struct Reading: Sendable, CustomTestStringConvertible {
        var url: String
        var scheme: CallbackTarget.Scheme
        var host: String
        var port: UInt16
        var pathAndQuery: String
        var authority: String
        var testDescription: String { url }

        init(
            _ url: String, _ scheme: CallbackTarget.Scheme, _ host: String, _ port: UInt16, _ pathAndQuery: String,
            _ authority: String
        ) {
            self.url = url
            self.scheme = scheme
            self.host = host
            self.port = port
            self.pathAndQuery = pathAndQuery
            self.authority = authority
        }
    }

    static let readings = [
        Reading("https://a.example/b", .https, "a.example", 443, "/b", "a.example"),
        Reading("http://a.example", .http, "a.example", 80, "/", "a.example"),
        Reading("HTTPS://A.Example/B?C=D", .https, "a.example", 443, "/B?C=D", "a.example"),
        Reading("https://a.example:443/", .https, "a.example", 443, "/", "a.example"),
        Reading("https://a.example:80/", .https, "a.example", 80, "/", "a.example:80"),
        Reading("http://a.example:8080", .http, "a.example", 8_080, "/", "a.example:8080"),
        Reading("http://a.example:/x", .http, "a.example", 80, "/x", "a.example"),
        Reading("http://a.example:65535", .http, "a.example", 65_535, "/", "a.example:65535"),
        Reading("https://a.example./b", .https, "a.example", 443, "/b", "a.example"),
        Reading("https://a_b-c.example?q=1", .https, "a_b-c.example", 443, "/?q=1", "a_b-c.example"),
        Reading("https://a.example#top", .https, "a.example", 443, "/", "a.example"),
        Reading("https://a.example/b?c#d?e", .https, "a.example", 443, "/b?c", "a.example"),
        Reading("https://a.example/b@c:d", .https, "a.example", 443, "/b@c:d", "a.example"),
        Reading("https://a.example//b/../c", .https, "a.example", 443, "//b/../c", "a.example"),
        Reading("https://a.example/%2F%zz%", .https, "a.example", 443, "/%2F%25zz%25", "a.example"),
        Reading("https://a.example/?x[]=é", .https, "a.example", 443, "/?x%5B%5D=%C3%A9", "a.example"),
        Reading("https://localhost:9000", .https, "localhost", 9_000, "/", "localhost:9000"),
        Reading("http://127.0.0.1:9000/", .http, "127.0.0.1", 9_000, "/", "127.0.0.1:9000"),
        Reading("http://[::1]:9000/", .http, "[::1]", 9_000, "/", "[::1]:9000"),
        Reading("http://[0:0:0:0:0:0:0:1]/", .http, "[::1]", 80, "/", "[::1]"),
        Reading("https://xn--bcher-kva.example/", .https, "xn--bcher-kva.example", 443, "/", "xn--bcher-kva.example"),
        Reading("https://1e100.example/", .https, "1e100.example", 443, "/", "1e100.example"),
        Reading("https://127.0.0.1.example/", .https, "127.0.0.1.example", 443, "/", "127.0.0.1.example"),
    ]

    @Test(arguments: readings)
    func `a URL is read into its parts`(reading: Reading) throws {
        let target = try CallbackTarget(reading.url)
        #expect(target.scheme == reading.scheme)
        #expect(target.host.description == reading.host)
        #expect(target.port == reading.port)
        #expect(target.pathAndQuery == reading.pathAndQuery)
        #expect(target.authority == reading.authority)
    }

    static let refusals: [(url: String, refusal: CallbackRefusal)] = [
        ("", .badScheme), ("a.example", .badScheme), ("ftp://a.example/", .badScheme), ("//a.example/", .badScheme),
        ("https:/a.example", .badScheme), ("file:///etc/passwd", .badScheme), ("gopher://127.0.0.1/", .badScheme),
        ("http+unix://%2Ftmp%2Fa/", .badScheme), ("https", .badScheme),
        ("https://", .noHost), ("https:///b", .noHost), ("https://?q", .noHost), ("https://:80/", .noHost),
        ("https://user@a.example/", .userInfo), ("https://user:word@a.example/", .userInfo),
        ("http://127.0.0.1:80@evil.example/", .userInfo), ("http://@a.example/", .userInfo),
        ("https://a.example /b", .badByte(0x20, at: 17)), ("https://a\r\nHost: b/", .badByte(0x0D, at: 9)),
        ("https://127.0.0.1\\@evil.example/", .badByte(0x5C, at: 17)), ("https://a.example/\u{0}", .badByte(0, at: 18)),
        ("https://a.example/{id}", .badByte(0x7B, at: 18)),
        ("https://a.example:0/", .badPort("0")), ("https://a.example:65536/", .badPort("65536")),
        ("https://a.example:80a/", .badPort("80a")), ("https://a.example:-1/", .badPort("-1")),
        ("https://a.example:80:90/", .badPort("80:90")), ("https://a.example:000080/", .badPort("000080")),
        ("http://127.1/", .oddAddress("127.1")), ("http://2130706433/", .oddAddress("2130706433")),
        ("http://0x7f.1/", .oddAddress("0x7f.1")), ("http://0x7F000001/", .oddAddress("0x7F000001")),
        ("http://0177.0.0.1/", .oddAddress("0177.0.0.1")), ("http://127.0.0.1./", .oddAddress("127.0.0.1.")),
        ("http://127.0.0.01/", .oddAddress("127.0.0.01")), ("http://1.2.3.4.5/", .oddAddress("1.2.3.4.5")),
        ("http://999.0.0.1/", .oddAddress("999.0.0.1")), ("http://0x/", .oddAddress("0x")),
        ("http://0/", .oddAddress("0")),
        ("http://a.example.1/", .oddAddress("a.example.1")),
        ("http://[::1/", .badHost("[")), ("http://::1/", .noHost), ("http://[127.0.0.1]/", .badHost("[127.0.0.1]")),
        ("http://[::1%25lo]/", .badHost("[::1%25lo]")), ("http://[]/", .badHost("[]")),
        ("http://[v1.a]/", .badHost("[v1.a]")), ("http://[::1].evil.example/", .badHost("[::1].evil.example")),
        ("http://%31%32%37.0.0.1/", .badHost("%31%32%37.0.0.1")), ("http://a..example/", .badHost("a..example")),
        ("http://.example/", .badHost(".example")), ("http://-a.example/", .badHost("-a.example")),
        ("http://./", .badHost(".")), ("http://a.example../", .badHost("a.example..")),
        ("http://bücher.example/", .badHost("bücher.example")), ("http://127。0。0。1/", .badHost("127。0。0。1")),
        ("http://*.example/", .badHost("*.example")), ("http://a,b/", .badHost("a,b")),
    ]

    @Test(arguments: refusals)
    func `a URL that could be read in another way is refused`(url: String, refusal: CallbackRefusal) {
        #expect(throws: refusal) { try CallbackTarget(url) }
    }

    @Test func `names and URLs have a longest length`() throws {
        let part = String(repeating: "a", count: 63)
        let name = "\(part).\(part).\(part).\(String(repeating: "a", count: 61))"
        #expect(name.utf8.count == 253)
        #expect(try CallbackTarget("https://\(name)/").host == .name(name))
        #expect(throws: CallbackRefusal.self) { try CallbackTarget("https://\(name)a/") }
        #expect(throws: CallbackRefusal.self) { try CallbackTarget("https://a\(part).example/") }
        let path = String(repeating: "a", count: 8_192 - 18)
        #expect(try CallbackTarget("https://a.example/\(path)").pathAndQuery.count == 8_192 - 17)
        #expect(throws: CallbackRefusal.urlTooLong(bytes: 8_193)) { try CallbackTarget("https://a.example/\(path)a") }
    }

    @Test func `a refusal reveals nothing of path and query`() {
        for url in ["https://a..example/secret?key=secret", "https://a.example:x/secret", "https://secret@a.example/"] {
            #expect { try CallbackTarget(url) } throws: { !"\($0)".contains("secret") }
        }
    }

    static let destinations: [(to: String, url: String, path: String)] = [
        ("http://127.0.0.1:3000", "https://a.example/hooks?job=1", "/hooks?job=1"),
        ("http://127.0.0.1:3000", "https://a.example", "/"),
        ("http://127.0.0.1:3000/", "https://a.example/hooks?job=1", "/"),
        ("http://127.0.0.1:3000/in?x=y", "https://a.example/hooks?job=1", "/in?x=y"),
        ("http://127.0.0.1:3000?x=y", "https://a.example/hooks?job=1", "/?x=y"),
    ]

    @Test(arguments: destinations)
    func `a destination without a path keeps that of each URL`(to: String, url: String, path: String) throws {
        let target = try CallbackDestination(to).target(for: CallbackTarget(url))
        #expect(target.authority == "127.0.0.1:3000")
        #expect(target.scheme == .http)
        #expect(target.pathAndQuery == path)
    }
}
