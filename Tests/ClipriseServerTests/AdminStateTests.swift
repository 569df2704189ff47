import ClipriseCatalog
import ClipriseServer
import ClipriseWire
import RawSocket
import Testing

@Suite(.ownThreads) struct AdminStateTests {
    static let status = "GET /app/cliprise/status?apiKey=test-key&taskId=x"

    @Test func `a reset of tasks brings back the credits and leaves rules and clock alone`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/rules", #"{"rule":{"when":{"operation":"status"},"fault":{"status":503}}}"#)
        _ = bench.text("POST /__admin/accounts/test-key/clock", #"{"freeze":true}"#)
        let task = try #require(bench.generate())
        #expect(bench.text("POST /__admin/reset?scope=tasks") == #"200 {"cleared":{"tasks":1,"events":2}}"# + "\n")
        let account = bench.text("GET /__admin/accounts/test-key")
        #expect(account.contains(#""credits":100,"held":0,"available":100"#))
        #expect(account.contains(#""mode":"virtual""#))
        #expect(account.contains(#""events":{"total":3,"kept":1,"evicted":2}"#))
        #expect(bench.text("GET /__admin/tasks/\(task)").hasPrefix("404 "))
        #expect(bench.answer(Self.status).status == 503)
        #expect(bench.text("GET /__admin/accounts/test-key/ledger").contains(#""total":1"#))
        #expect(bench.generate() == task)
    }

    @Test func `a reset of rules makes them as new, and a revoked key works again`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/rules/fire", #"{"fault":"revoke"}"#)
        #expect(bench.text(Self.status).contains("invalid_api_key"))
        #expect(bench.text("GET /__admin/accounts/test-key").contains(#""revoked":true"#))
        #expect(bench.text("POST /__admin/reset?scope=rules") == #"200 {"cleared":{"rules":1}}"# + "\n")
        #expect(bench.text(Self.status).contains("invalid_taskId"))
        #expect(bench.text("GET /__admin/rules") == #"200 {"rules":[]}"# + "\n")
    }

    @Test func `a reset of the journal keeps counting where it was`() throws {
        let bench = try Bench()
        _ = bench.text(Self.status)
        #expect(bench.text("POST /__admin/reset?scope=journal") == #"200 {"cleared":{"events":2}}"# + "\n")
        #expect(bench.text("GET /__admin/requests") == #"200 {"total":0,"evicted":2,"events":[]}"# + "\n")
        _ = bench.text(Self.status)
        #expect(bench.text("GET /__admin/requests").contains(#""events":[{"sequence":3,"#))
    }

    @Test func `a reset of the clock brings back its mode and not its time`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/accounts/test-key/clock", #"{"freeze":true}"#)
        _ = bench.text("POST /__admin/accounts/test-key/clock", #"{"advance":"7s"}"#)
        #expect(bench.text("POST /__admin/reset?scope=clock") == #"200 {"cleared":{"clocks":1}}"# + "\n")
        #expect(bench.text("GET /__admin/accounts/test-key/clock").contains(#""mode":"real","now":7.000000"#))
    }

    @Test func `a reset of one account leaves the others alone`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/accounts", #"{"key":"b","credits":50}"#)
        _ = bench.text("POST /__admin/accounts/b/credits", #"{"amount":5}"#)
        let task = try #require(bench.generate())
        #expect(bench.text("POST /__admin/reset?account=b") == #"200 {"cleared":{"accounts":1,"tasks":0}}"# + "\n")
        #expect(bench.text("GET /__admin/accounts/b").contains(#""credits":50"#))
        #expect(bench.text("GET /__admin/tasks/\(task)").hasPrefix("200 "))
        #expect(bench.text("POST /__admin/reset?account=none").hasPrefix("404 "))
    }

    @Test func `requests are filtered and come in pages`() throws {
        let bench = try Bench()
        let task = try #require(bench.generate())
        for _ in 1...3 { _ = bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=\(task)") }
        _ = bench.text(Self.status)
        func total(_ query: String) -> String { String(bench.text("GET /__admin/requests?\(query)").prefix(15)) }
        #expect(total("account=test-key") == #"200 {"total":5,"#)
        #expect(total("operation=status") == #"200 {"total":4,"#)
        #expect(total("clause=STA-3") == #"200 {"total":3,"#)
        #expect(total("status=400") == #"200 {"total":1,"#)
        #expect(total("task=\(task)") == #"200 {"total":4,"#)
        #expect(total("model=qwen-image-2") == #"200 {"total":4,"#)
        #expect(total("after=4") == #"200 {"total":2,"#)
        let page = bench.text("GET /__admin/requests?start=1&limit=2")
        #expect(page.matches(of: #/"sequence":([0-9]+)/#).map(\.1) == ["3", "4"])
        #expect(bench.text("GET /__admin/requests?account=none").hasPrefix("404 "))
        // The other kinds of events are in the journal of the account.
        #expect(bench.text("GET /__admin/accounts/test-key/journal").contains(#""movement":"opening""#))
    }

    @Test func `a wait is over at once when enough is there`() throws {
        let bench = try Bench()
        for _ in 1...3 { _ = bench.text(Self.status) }
        let answer = bench.text("GET /__admin/requests/wait?operation=status&count=2")
        #expect(answer.hasPrefix(#"200 {"events":[{"sequence":2,"#))
        #expect(answer.matches(of: #/"kind":"exchange"/#).count == 2)
        #expect(bench.text("GET /__admin/requests/wait?operation=status&count=4").contains("3 of 4"))
    }

    @Test func `metrics count requests, faults, tasks and credits`() throws {
        let bench = try Bench { $0.journalLimit = 1 }
        _ = bench.generate()
        for _ in 1...3 { _ = bench.text(Self.status) }
        _ = bench.text("POST /__admin/rules/fire", #"{"fault":{"status":503}}"#)
        _ = bench.text(Self.status)
        let text = bench.text("GET /__admin/metrics")
        for line in [
            #"cliprise_mock_requests_total{operation="generate",status="200",clause="GEN-11"} 1"#,
            #"cliprise_mock_requests_total{operation="status",status="400",clause="STA-2"} 3"#,
            #"cliprise_mock_requests_total{operation="status",status="503",clause="rule"} 1"#,
            #"cliprise_mock_faults_total{fault="status"} 1"#, #"cliprise_mock_tasks{state="processing"} 1"#,
            "# TYPE cliprise_mock_credits gauge", "cliprise_mock_accounts 1", "cliprise_mock_journal_events_total 6",
            "cliprise_mock_journal_evicted_total 5", "cliprise_mock_in_flight 0",
        ] {
            #expect(text.contains("\(line)\n"), "\(line)")
        }
    }

    @Test func `the catalogue is listed, and each model's file is there`() throws {
        let bench = try Bench()
        let list = bench.text("GET /__admin/catalog")
        let ids = list.matches(of: #/"id":"([^"]+)"/#).map(\.1)
        #expect(ids.map(String.init) == (try Catalog.builtIn().models.ids))
        for id in ids { #expect(bench.text("GET /__admin/models/\(id)").hasPrefix("200 {")) }
        #expect(bench.text("GET /__admin/models/veo-3-fsat").contains("Did you mean veo-3-fast?"))
        #expect(bench.text("GET /__admin/version").contains(#""catalogHash":""#))
        #expect(bench.text("GET /__admin/ready") == #"200 {"ready":true}"# + "\n")
    }

    @Test func `tasks are listed with what became of them`() throws {
        let bench = try Bench()
        let tasks = try (0..<3).map { _ in try #require(bench.generate()) }
        _ = bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=\(tasks[1])")
        _ = bench.text("POST /__admin/tasks/\(tasks[2])", #"{"state":"success"}"#)
        let list = bench.text("GET /__admin/accounts/test-key/tasks")
        #expect(list.hasPrefix(#"200 {"total":3,"start":0,"tasks":[{"taskId":"\#(tasks[0])""#))
        #expect(list.contains(#""polls":1,"downloads":0,"ordinal":2,"kind":"image","progress":0.000"#))
        #expect(list.contains(#""polls":0,"downloads":0,"ordinal":3,"kind":"image","progress":1.000"#))
        let page = bench.text("GET /__admin/accounts/test-key/tasks?start=2&limit=5")
        #expect(page.hasPrefix(#"200 {"total":3,"start":2,"tasks":[{"taskId":"\#(tasks[2])""#))
    }
}
