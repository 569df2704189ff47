import ClipriseServer
import ClipriseWire
import RawSocket
import Testing

/// What the page finds accounts by.
@Suite struct AccountSearchTests {
    static let searches: [(search: String, keys: [String])] = [
        ("", ["test-key", "alpha-1", "beta-2", "ALPHA-3"]), ("alpha", ["alpha-1", "ALPHA-3"]),
        ("ALPHA", ["alpha-1", "ALPHA-3"]),
        ("checkout", ["beta-2"]), ("%C3%9Cber", ["beta-2"]), ("Check+Out", []),
        ("-", ["test-key", "alpha-1", "beta-2", "ALPHA-3"]),
        ("nobody", []),
    ]

    @Test(arguments: searches)
    func `accounts are found by what their key or label has in it, in either case`(search: String, keys: [String])
        throws
    {
        let bench = try Bench()
        for body in [
            #"{"key":"alpha-1"}"#, #"{"key":"beta-2","label":"über CheckOut"}"#, #"{"key":"ALPHA-3","label":"third"}"#,
        ] { _ = bench.text("POST /__admin/accounts", body) }
        let list = bench.text("GET /__admin/accounts?search=\(search)")
        #expect(list.hasPrefix(#"200 {"total":\#(keys.count),"#))
        #expect(list.matches(of: /"key":"([^"]+)"/).map { String($0.1) } == keys)
        let page = bench.text("GET /__admin/accounts?search=\(search)&start=1&limit=1")
        #expect(page.hasPrefix(#"200 {"total":\#(keys.count),"#))
        #expect(page.matches(of: /"key":"([^"]+)"/).map { String($0.1) } == Array(keys.dropFirst().prefix(1)))
    }

    @Test func `the label of an account stands beside its shortened key`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/accounts", #"{"key":"sk-live-other","label":"test_checkout"}"#)
        _ = bench.answer("POST /app/cliprise/generate", Bench.order, key: "sk-live-other")
        let events = bench.text("GET /__admin/requests")
        #expect(events.contains(try Regex(#""account":"sk-l…[0-9a-f]{4}","label":"test_checkout","accountId":1,"#)))
        #expect(bench.text("GET /__admin/requests?format=har").contains(#""_label":"test_checkout""#))
        #expect(!bench.text("GET /__admin/accounts/test-key/journal").contains(#""label""#))
    }

    /// A request for `/` and whether it is led to the page.
    static let roots: [(line: String, accept: String?, isLed: Bool)] = [
        ("GET /", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", true), ("HEAD /", "text/html", true),
        ("GET /", "*/*", false), ("GET /", nil, false), ("GET /", "application/json", false),
        ("POST /", "text/html", false), ("GET /index.html", "text/html", false), ("GET /?x=1", "text/html", false),
        ("GET /app/cliprise/generate", "text/html", false),
    ]

    @Test(arguments: roots)
    func `a browser that opens the server's address is led to the page, and nobody else is`(
        line: String, accept: String?, isLed: Bool
    ) throws {
        let running = try AdminSocketTests.Running()
        let socket = try running.open()
        try running.send(line, fields: accept.map { "Accept: \($0)\r\n" } ?? "", to: socket)
        let response = try #require(socket.readResponse(isToHead: line.hasPrefix("HEAD")))
        #expect((response.status == 302) == isLed)
        #expect((response.field("Location") == "/__admin/") == isLed)
        // What is led there is no stray.
        #expect(try running.ask("GET /__admin/unmatched").body.contains(#""total":\#(isLed ? 0 : 1),"#))
    }
}
