import ClipriseServer
import ClipriseWire
import RawSocket
import Testing

/// Requests that reach no account.
@Suite(.ownThreads) struct UnmatchedTests {
    struct Stray: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var line: String
        var host: String?
        var key = "test-key"
        /// What the list says among other things.
        var says: [String]
    }

    static let secret = "sk-live-0123456789abcdef"
    static let strays = [
        Stray(
            testDescription: "an unknown key of a generate", line: "POST /app/cliprise/generate", key: secret,
            says: [#""operation":"generate","status":400,"clause":"GEN-1""#, "no account has the key"]),
        Stray(
            testDescription: "a missing key of a generate", line: "POST /app/cliprise/generate", key: "",
            says: [#""clause":"GEN-1""#, "Authorization: Bearer KEY"]),
        Stray(
            testDescription: "an unknown key of a poll", line: "GET /app/cliprise/status?apiKey=\(secret)&taskId=x",
            says: [#""operation":"status","status":400,"clause":"STA-1""#, #""path":"/app/cliprise/status""#]),
        Stray(
            testDescription: "an unknown key of a download",
            line: "GET /app/cliprise/status?apiKey=\(secret)&download=true",
            says: [#""operation":"download","status":400,"clause":"STA-1""#]),
        Stray(
            testDescription: "another Host", line: "POST /app/cliprise/generate", host: "example.com",
            says: [#""clause":"HOST-1""#, "--accept-host"]),
        Stray(
            testDescription: "an unknown path", line: "POST /app/cliprise/generates?x=\(secret)",
            says: [
                #""operation":"other","status":404,"clause":"HTTP-1""#, #""path":"/app/cliprise/generates""#,
                "the routes are",
            ]),
        Stray(
            testDescription: "an unknown path with what may be a key", line: "GET /app/\(secret)/status",
            says: [#""path":"/app/sk-l…bca3/status""#]),
        Stray(
            testDescription: "an unknown path with the key that is sent", line: "GET /app/short/status", key: "short",
            says: [#""path":"/app/…cd55/status""#]),
        Stray(
            testDescription: "an unknown path with the key of an account", line: "GET /app/test-key/status",
            key: "other", says: [#""path":"/app/test…c7c7/status""#]),
    ]

    @Test func `only as many of the last are told as are asked for, and all are counted`() throws {
        let bench = try Bench()
        for number in 0..<5 { _ = bench.text("GET /nowhere/\(number)") }
        #expect(bench.text("GET /__admin/unmatched?limit=0").hasSuffix(#""requests":[]}"# + "\n"))
        let last = bench.text("GET /__admin/unmatched?limit=2")
        #expect(last.hasPrefix(#"200 {"total":5,"#))
        #expect(last.matches(of: /nowhere\/([0-9])"/).map(\.1) == ["3", "4"])
        #expect(bench.text("GET /__admin/unmatched?limit=1001").hasPrefix("400 "))
    }

    @Test(arguments: strays)
    func `what reaches no account is listed with its reason and without its key`(stray: Stray) throws {
        let bench = try Bench()
        _ = bench.answer(stray.line, Bench.order, host: stray.host, key: stray.key)
        let list = bench.text("GET /__admin/unmatched")
        #expect(list.hasPrefix(#"200 {"total":1,"counts":[{"#))
        for text in stray.says { #expect(list.contains(text), "\(list)") }
        #expect(!list.contains(Self.secret))
        #expect(bench.text("GET /__admin/requests") == #"200 {"total":0,"evicted":0,"events":[]}"# + "\n")
        let metrics = bench.text("GET /__admin/metrics")
        let counted = metrics.matches(of: #/requests_total\{[^}]*\} ([0-9]+)/#).map(\.1)
        #expect(counted == ["1"], "\(metrics)")
    }

    @Test func `a request that reaches an account is not among them`() throws {
        let bench = try Bench()
        _ = bench.generate()
        _ = bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=x")
        _ = bench.text("GET /__admin/nothing")
        #expect(bench.text("GET /__admin/unmatched") == #"200 {"total":0,"counts":[],"requests":[]}"# + "\n")
    }

    @Test func `all are counted, and the last thousand kept, newest last`() throws {
        let bench = try Bench()
        for number in 1...1_003 { _ = bench.text("GET /stray/\(number)") }
        _ = bench.answer("POST /app/cliprise/generate", Bench.order, key: "none")
        let list = bench.text("GET /__admin/unmatched")
        // The most frequent first.
        #expect(
            list.hasPrefix(
                #"200 {"total":1004,"counts":[{"operation":"other","status":404,"clause":"HTTP-1","count":1003,"#))
        let paths = list.matches(of: #/"path":"([^"]+)"/#).map { String($0.1) }
        #expect(paths.count == 1_000)
        #expect(paths.first == "/stray/5")
        #expect(paths.suffix(2) == ["/stray/1003", "/app/cliprise/generate"])
    }

    static let resets: [(query: String, isCleared: Bool, isCounted: Bool)] = [
        ("", true, false), ("?scope=accounts", true, false), ("?scope=journal", true, true),
        ("?scope=journal&account=test-key", false, true), ("?scope=tasks", false, true),
    ]

    @Test(arguments: resets)
    func `a reset clears them with the journals, and counters go on as those of journals do`(
        query: String, isCleared: Bool, isCounted: Bool
    ) throws {
        let bench = try Bench()
        _ = bench.text("GET /stray")
        #expect(bench.text("POST /__admin/reset\(query)").contains(#""unmatched":1"#) == isCleared)
        #expect(bench.text("GET /__admin/unmatched").hasPrefix(#"200 {"total":\#(isCleared ? 0 : 1),"#))
        #expect(bench.text("GET /__admin/metrics").contains(#"status="404",clause="HTTP-1"} 1"#) == isCounted)
    }
}
