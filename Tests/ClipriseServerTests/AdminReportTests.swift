import ClipriseScenario
import ClipriseServer
import ClipriseWire
import RawSocket
import Testing

@Suite(.ownThreads) struct AdminReportTests {
    static func used() throws -> Bench {
        let bench = try Bench()
        let task = try #require(bench.generate())
        for _ in 1...3 { _ = bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=\(task)") }
        return bench
    }

    @Test(
        arguments: [
            (#"[{"requests":{"exactly":4}}]"#, true), (#"[{"requests":{"at_most":3}}]"#, false),
            (#"[{"polls":{"between":[1,3]}},"no_double_charge"]"#, true), (#"[{"downloads":"never"}]"#, true),
        ])
    func `expectations are verified against the journal`(expected: String, passed: Bool) throws {
        let answer = try Self.used().text("POST /__admin/verify", #"{"account":"test-key","expect":\#(expected)}"#)
        #expect(answer.hasPrefix(#"200 {"passed":\#(passed),"verdicts":[{"#), "\(answer.prefix(200))")
    }

    @Test func `an expectation that cannot be read is told`() throws {
        let bench = try Bench()
        #expect(bench.text("POST /__admin/verify", "{}").hasPrefix("400 "))
        let answer = bench.text("POST /__admin/verify", #"{"expect":[{"requsts":{"exactly":4}}]}"#)
        #expect(answer.hasPrefix("400 ") && answer.contains(#"did you mean \"requests\"?"#))
        #expect(bench.text("POST /__admin/verify", #"{"account":"none","expect":[]}"#).hasPrefix("404 "))
    }

    @Test func `a client is graded`() throws {
        let bench = try Self.used()
        for line in ["GET /__admin/accounts/test-key/report", "POST /__admin/grade"] {
            let answer = bench.text(line)
            #expect(answer.hasPrefix(#"200 {"schema":"cliprise-mock/report-v1","failed":"#))
            #expect(answer.contains(#""breaches":[]"#))
        }
    }

    static func scenario(_ account: String, expects expected: String) throws -> Scenario {
        let text =
            #"{"schema":"cliprise-mock/v1","name":"\#(account)","accounts":[{"key":"\#(account)"}],"expect":[\#(expected)]}"#
        return try Scenario(yaml: Array(text.utf8), source: "\(account).yaml")
    }

    /// How many polls the account of each scenario sends, and whether the run fails; `b` allows one poll, `a` any number.
    static let runs: [(a: Int, b: Int, fails: Bool)] = [(3, 1, false), (1, 3, true), (3, 0, false), (0, 3, true)]

    @Test(arguments: runs)
    func `an account is judged by the scenario that it follows, and no other`(a: Int, b: Int, fails: Bool) throws {
        let scenarios = [
            try Self.scenario("account-a", expects: #"{"requests":{"at_most":9}}"#),
            try Self.scenario("account-b", expects: #"{"requests":{"at_most":1}}"#),
        ]
        let bench = try Bench { configuration in
            configuration.accounts = []
            configuration.scenarios = scenarios
        }
        for (account, count) in [("account-a", a), ("account-b", b)] {
            for _ in 0..<count { _ = bench.text("GET /app/cliprise/status?apiKey=\(account)&taskId=x") }
        }
        let report = bench.text("POST /__admin/grade")
        #expect(report.contains(#""schema":"cliprise-mock/report-v1","failed":\#(fails)"#))
        // Each expectation is told once, and names its own file.
        let files = report.matches(of: #/"file":"([^"]+)","line":1/#).map(\.1)
        #expect(files.prefix(2) == ["account-a.yaml", "account-b.yaml"])
        let own = bench.text("GET /__admin/accounts/account-b/report")
        #expect(own.contains("at most 1") && !own.contains("at most 9"))
        #expect(own.contains(#""failed":\#(fails)"#))
    }

    @Test func `journals are exported as lines and as HAR, without whole keys`() throws {
        let bench = try Bench { $0.accounts = [.init(key: "sk-live-0123", credits: 100)] }
        _ = bench.text("GET /app/cliprise/status?apiKey=sk-live-0123&taskId=x")
        let lines = bench.text("GET /__admin/requests?format=jsonl")
        #expect(lines.contains("cliprise-mock/journal-v1") && lines.contains("sk-l…"))
        let har = bench.text("GET /__admin/requests?format=har&account=sk-live-0123")
        #expect(har.hasPrefix(#"200 {"log":{"version":"1.2""#))
        for text in [lines, har] { #expect(!text.contains("sk-live-0123")) }
        #expect(bench.text("GET /__admin/requests?format=har&status=400").contains("does not go with format=har"))
        #expect(bench.text("GET /__admin/requests?format=hra").contains("Did you mean"))
    }

    @Test func `what an account is expected to do is told as it was written`() throws {
        let bench = try Bench()
        let expected =
            #"[{"requests":{"at_most":5,"operation":"status"}},{"in_order":[{"operation":"generate"},{"status":503}]},"#
            + #"{"within":{"from":{"operation":"generate"},"to":{"operation":"download"},"time":"10s"}},"#
            + #"{"gap":{"of":{"operation":"status"},"at_least":"1s"}},"no_double_charge","#
            + #"{"backoff":{"base":"1s","factor":2,"jitter":"full"}},{"retry_budget":{"ratio":0.5,"minimum":3}}]"#
        let scenario = #"{"schema":"cliprise-mock/v1","name":"e","expect":\#(expected)}"#
        let answer = bench.text("PUT /__admin/accounts/test-key/scenario", #"{"scenario":\#(scenario)}"#)
        #expect(answer.contains(#""expect":\#(expected)"#), "\(answer)")
    }
}
