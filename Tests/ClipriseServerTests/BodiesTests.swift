import ClipriseJournal
import ClipriseServer
import ClipriseWire
import RawSocket
import Testing

/// What exchanges said, as the admin API and exports tell it.
@Suite struct BodiesTests {
    typealias Running = AdminSocketTests.Running

    /// A job that was fetched, in a run of its own: the exchanges as the admin API reports them.
    static func fetched(_ running: Running) throws -> (task: Substring, requests: String) {
        _ = try running.ask("POST /__admin/accounts/test-key/clock", #"{"freeze":true}"#)
        let order = try running.ask("POST /app/cliprise/generate", Bench.order)
        let task = try #require(order.body.firstMatch(of: #/"taskId":"([0-9a-f]+)"/#)?.1)
        _ = try running.ask("POST /__admin/tasks/\(task)", #"{"state":"success"}"#)
        _ = try running.ask("GET /app/cliprise/status?apiKey=test-key&taskId=\(task)")
        _ = try running.ask("GET /app/cliprise/status?apiKey=test-key&download=true&taskId=\(task)")
        return (task, try running.ask("GET /__admin/requests").body)
    }

    @Test func `a request and its answer are told with target, fields and bodies`() throws {
        let (task, requests) = try Self.fetched(try Running())
        let order = Bench.order.replacing("\"", with: #"\""#)
        for part in [
            #""request":{"target":"/app/cliprise/generate","fields":[{"name":"Host","value":"business.api.cliprise.app"},"#,
            #"{"name":"Authorization","value":"Bearer REDACTED"}"#,
            #""bodyBytes":\#(Bench.order.utf8.count),"body":"\#(order)"}"#,
            #""response":{"fields":[{"name":"Content-Type","value":"application/json; charset=utf-8"}],"#,
            #"\"taskId\":\"\#(task)\""#,
            #""target":"/app/cliprise/status?apiKey=REDACTED&taskId=\#(task)""#,
            #"?apiKey=REDACTED&taskId=\#(task)&download=true\""#,
        ] {
            #expect(requests.contains(part), "\(part) in \(requests)")
        }
        #expect(!requests.contains("test-key"))
    }

    @Test func `of a file its fields and its length are told, and none of its bytes`() throws {
        let (_, requests) = try Self.fetched(try Running { $0.bodies = .all })
        let download = try #require(requests.firstRange(of: #""operation":"download""#)).lowerBound
        let told = requests[download...]
        #expect(told.contains(#"{"name":"Content-Type","value":"image/png"}"#))
        #expect(told.contains(#"{"name":"ETag","value":"#))
        #expect(told.contains(try Regex(#""response":\{"fields":\[[^\]]*\],"bodyBytes":[0-9]{3,}\}"#)))
    }

    @Test func `a client of the API may leave them out, and a stream never has them`() throws {
        let running = try Running()
        _ = try Self.fetched(running)
        for line in ["requests", "accounts/test-key/journal", "requests/wait?count=1"] {
            let separator = line.contains("?") ? "&" : "?"
            #expect(try running.ask("GET /__admin/\(line)").body.contains(#""request":{"target""#))
            let without = try running.ask("GET /__admin/\(line)\(separator)bodies=false").body
            #expect(without.contains(#""kind":"exchange""#) && !without.contains(#""target""#))
        }
        #expect(try running.ask("GET /__admin/requests?bodies=x").status == 400)
        let stream = try running.open()
        try running.send("GET /__admin/requests/stream?after=0", to: stream)
        let told = try #require(stream.read(through: #""operation":"download""#))
        #expect(told.contains(#""operation":"generate""#) && !told.contains(#""target""#))
        #expect(try running.ask("GET /__admin/requests?bodies=true&format=har").status == 400)
    }

    @Test func `an export has them, as HAR has its own`() throws {
        let running = try Running()
        let (task, _) = try Self.fetched(running)
        let lines = try running.ask("GET /__admin/requests?format=jsonl").body
        #expect(lines.contains(#""request":{"target":"/app/cliprise/generate","fields":[{"name":"Host","#))
        let har = try running.ask("GET /__admin/requests?format=har").body
        for part in [
            #""url":"https://business.api.cliprise.app/app/cliprise/status?apiKey=REDACTED&taskId=\#(task)""#,
            #"{"name":"Authorization","value":"Bearer REDACTED"}"#,
            #""postData":{"mimeType":"application/json","text":"{\"model\":\"qwen-image-2\","#,
            #""content":{"size":"#, #""mimeType":"application/json; charset=utf-8","text":"[{\"code\":200,"#,
            #"{"name":"taskId","value":"\#(task)"}"#,
        ] {
            #expect(har.contains(part), "\(part)")
        }
        #expect(!lines.contains("test-key") && !har.contains("test-key"))
    }

    @Test func `with none no target, field or body is kept`() throws {
        let (_, requests) = try Self.fetched(try Running { $0.bodies = .none })
        #expect(requests.contains(#""operation":"download""#))
        #expect(!requests.contains(#""target""#) && !requests.contains(#""request":"#))
    }

    @Test func `what a fault does to an answer is told as it leaves`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/rules/fire", #"{"fault":{"status":503,"body":"json"}}"#)
        _ = bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=x")
        _ = bench.text("POST /__admin/rules/fire", #"{"fault":"close","phase":"after"}"#)
        _ = bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=x")
        let requests = bench.text("GET /__admin/requests")
        #expect(requests.contains(#""body":"{\"code\":503,"#))
        #expect(requests.matches(of: /"request":\{/).count == 2)
        #expect(requests.matches(of: /"response":\{/).count == 1)
    }

    @Test func `the same requests at the same times give the same bytes`() throws {
        func lines() throws -> String {
            let bench = try Bench()
            for _ in 0..<3 {
                _ = bench.generate()
                bench.clock.advance(by: .seconds(3))
                _ = bench.text(AdminStateTests.status)
            }
            return bench.text("GET /__admin/requests?format=jsonl")
        }
        let first = try lines()
        #expect(first.contains(#""request":{"target""#))
        #expect(try lines() == first)
    }

    @Test func `all accounts together stay within the budget, and their events stay`() throws {
        let bench = try Bench { $0.bodies = .all }
        let body = "{" + String(repeating: "x", count: (1 << 20) - 1)
        for account in 0..<3 { _ = bench.text("POST /__admin/accounts", #"{"key":"account-\#(account)"}"#) }
        for number in 0..<120 {
            _ = bench.answer("POST /app/cliprise/generate", body, key: "account-\(number % 3)")
        }
        bench.settleJournals()
        let events = bench.text("GET /__admin/requests?bodies=false&limit=10")
        #expect(events.hasPrefix(#"200 {"total":120,"evicted":0,"#))
        var kept: [Int] = []
        for account in 0..<3 {
            let list = "GET /__admin/accounts/account-\(account)/journal?limit=1&after="
            kept.append((1...40).count { bench.answer("\(list)\($0)").body.count > 1 << 20 })
        }
        // 64 MiB of a MiB each, and a tenth less after the oldest went, alike of each account.
        #expect((50...64).contains(kept.reduce(0, +)) && kept.allSatisfy { $0 > 10 }, "\(kept)")
    }
}
