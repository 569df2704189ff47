import ClipriseServer
import ClipriseWire
import Testing

/// Warnings of bodies that are let in, wherever they are told.
@Suite struct WarningTests {
    static let body = Bench.order.replacing(#""prompt""#, with: #""promt":"typo","prompt""#)
    static let warning =
        #""warnings":[{"key":"input.promt","problem":"is not in the catalogue; did you mean \"prompt\"?","from":"assumed"}]"#

    @Test func `a typo that is let in is told in the journal, with the task, in the metrics and in the report`() throws
    {
        let bench = try Bench()
        #expect(bench.text("POST /app/cliprise/generate", Self.body).hasPrefix("200 "))
        #expect(bench.generate() != nil)
        let requests = bench.text("GET /__admin/requests")
        #expect(requests.contains(Self.warning))
        #expect(requests.matches(of: /"warnings":/).count == 1)
        #expect(bench.text("GET /__admin/requests?format=jsonl").contains(Self.warning))
        let tasks = bench.text("GET /__admin/accounts/test-key/tasks")
        #expect(tasks.contains(Self.warning))
        #expect(tasks.matches(of: /"warnings":/).count == 1)
        let id = try #require(tasks.firstMatch(of: /"taskId":"([0-9a-f]+)"/)).1
        #expect(bench.text("GET /__admin/tasks/\(id)").contains(Self.warning))
        _ = bench.text("POST /__admin/accounts", #"{"key":"other-key"}"#)
        _ = bench.answer("POST /app/cliprise/generate", Self.body, key: "other-key")
        #expect(
            bench.text("GET /__admin/metrics").contains(
                "cliprise_mock_warnings_total{model=\"qwen-image-2\",from=\"assumed\"} 2\n"))
        let report = bench.text("GET /__admin/accounts/test-key/report?format=text")
        #expect(report.contains("1 warning on 1 of 2 requests: something in it is not as documented"))
    }

    @Test func `a task whose generate is no longer kept has no warnings, and ids that come again have none of old`()
        throws
    {
        let bench = try Bench()
        _ = bench.text("POST /app/cliprise/generate", Self.body)
        _ = bench.text("POST /__admin/reset?scope=journal")
        #expect(!bench.text("GET /__admin/accounts/test-key/tasks").contains("warnings"))
        _ = bench.text("POST /app/cliprise/generate", Self.body)
        #expect(bench.text("GET /__admin/accounts/test-key/tasks").matches(of: /"warnings":/).count == 1)
        _ = bench.text("POST /__admin/reset?scope=tasks")
        _ = bench.generate()
        #expect(!bench.text("GET /__admin/accounts/test-key/tasks").contains("warnings"))
    }

    @Test func `a poll that is warned of leaves the task its own warnings, and is counted as a request`() throws {
        let bench = try Bench()
        _ = bench.text("POST /app/cliprise/generate", Self.body)
        let tasks = bench.text("GET /__admin/accounts/test-key/tasks")
        let id = try #require(tasks.firstMatch(of: /"taskId":"([0-9a-f]+)"/)).1
        _ = bench.text("GET /app/cliprise/status/?apiKey=test-key&taskId=\(id)")
        #expect(bench.text("GET /__admin/tasks/\(id)").contains(Self.warning))
        let report = bench.text("GET /__admin/accounts/test-key/report?format=text")
        #expect(report.contains("2 warnings on 2 of 2 requests: something in them is not as documented"))
    }

    @Test func `a key in a body is told neither by a warning nor by a hint`() throws {
        let bench = try Bench()
        _ = bench.text(
            "POST /app/cliprise/generate", Self.body.replacing("promt", with: "test-key"))
        _ = bench.text("POST /app/cliprise/generate", Self.body.replacing("qwen-image-2", with: "test-key"))
        let journal = bench.text("GET /__admin/requests")
        #expect(journal.contains(#""key":"input.REDACTED""#))
        #expect(!journal.contains("test-key"))
    }
}
