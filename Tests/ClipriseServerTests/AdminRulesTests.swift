import ClipriseServer
import ClipriseWire
import RawSocket
import Testing

@Suite(.ownThreads) struct AdminRulesTests {
    static let status = "GET /app/cliprise/status?apiKey=test-key&taskId=x"
    static let busy = #"{"account":"test-key","rule":{"when":{"operation":"status"},"fault":{"status":503}}}"#

    @Test func `a rule that is added acts, is counted, and can be changed and removed`() throws {
        let bench = try Bench()
        #expect(bench.text("POST /__admin/rules", Self.busy) == #"201 {"ids":[{"account":"test-key","id":0}]}"# + "\n")
        #expect(bench.answer(Self.status).status == 503)
        let list = bench.text("GET /__admin/rules?account=test-key")
        #expect(list.contains(#""id":0,"name":"rule 1","account":"test-key","acted":1,"rule":{"#))
        let other = #"{"rule":{"name":"mine","when":{"operation":"status"},"fault":{"status":500}}}"#
        #expect(bench.text("PUT /__admin/rules/0?account=test-key", other).contains(#""name":"mine""#))
        #expect(bench.answer(Self.status).status == 500)
        #expect(bench.text("DELETE /__admin/rules/0?account=test-key") == #"200 {"rules":[]}"# + "\n")
        #expect(bench.answer(Self.status).status == 400)
        #expect(bench.text("DELETE /__admin/rules/0?account=test-key").hasPrefix("404 "))
        #expect(bench.text("PUT /__admin/rules/0?account=test-key", other).hasPrefix("404 "))
    }

    @Test func `what is listed can be sent again`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/rules", Self.busy)
        let list = bench.text("GET /__admin/rules?account=test-key")
        let rule = try #require(list.firstMatch(of: #/"rule":(\{.*\})\}\]\}/#)?.1)
        _ = bench.text("DELETE /__admin/rules/0?account=test-key")
        #expect(bench.text("POST /__admin/rules", #"{"rule":\#(rule)}"#).hasPrefix("201 "))
        #expect(bench.answer(Self.status).status == 503)
    }

    @Test func `a rule is put before another, and nowhere when that is not there`() throws {
        let bench = try Bench()
        for name in ["a", "b", "c"] {
            _ = bench.text("POST /__admin/rules", #"{"rule":{"name":"\#(name)","fault":"empty"}}"#)
        }
        func add(_ name: String, _ place: String) -> String {
            bench.text("POST /__admin/rules", #"{\#(place),"rule":{"name":"\#(name)","fault":"empty"}}"#)
        }
        #expect(add("d", #""before":1"#).hasPrefix("201 "))
        #expect(add("e", #""before":0"#).hasPrefix("201 "))
        #expect(add("f", #""before":9"#).hasPrefix("404 "))
        for wrong in [#""before":-1"#, #""before":"a""#, #""before":1,"first":true"#] {
            #expect(add("g", wrong).hasPrefix("400 "))
        }
        let names = bench.text("GET /__admin/rules").matches(of: /"name":"([a-z])","account"/).map { String($0.1) }
        #expect(names == ["e", "a", "d", "b", "c"])
    }

    @Test func `a fault that is fired strikes once, before all rules`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/rules", Self.busy)
        #expect(bench.text("POST /__admin/rules/fire", #"{"fault":{"status":429}}"#).hasPrefix("201 "))
        #expect(bench.answer(Self.status).status == 429)
        #expect(bench.answer(Self.status).status == 503)
    }

    @Test func `a fault that is fired can wait for its request`() throws {
        let bench = try Bench()
        let shot = #"{"account":"test-key","fault":{"status":502},"when":{"operation":"generate"}}"#
        #expect(bench.text("POST /__admin/rules/fire", shot).hasPrefix("201 "))
        #expect(bench.answer(Self.status).status == 400)
        #expect(bench.answer("POST /app/cliprise/generate", Bench.order).status == 502)
        #expect(bench.generate() != nil)
    }

    @Test func `a name stands for one rule of an account, and several may be fired`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/accounts", #"{"key":"b"}"#)
        func rule(_ name: String, _ account: String = "") -> String {
            #"{\#(account)"rule":{"name":"\#(name)","fault":{"status":503}}}"#
        }
        #expect(bench.text("POST /__admin/rules", rule("busy", #""account":"b","#)).hasPrefix("201 "))
        // For all accounts or for none.
        let answer = bench.text("POST /__admin/rules", rule("busy"))
        #expect(answer.hasPrefix("409 ") && answer.contains("with the id 0"))
        #expect(bench.text("GET /__admin/rules?account=test-key") == #"200 {"rules":[]}"# + "\n")
        #expect(bench.text("POST /__admin/rules", rule("busy", #""account":"test-key","#)).hasPrefix("201 "))
        #expect(bench.text("POST /__admin/rules", rule("other", #""account":"b","#)).hasPrefix("201 "))
        #expect(bench.text("PUT /__admin/rules/1?account=b", rule("busy")).hasPrefix("409 "))
        #expect(bench.text("PUT /__admin/rules/0?account=b", rule("busy")).hasPrefix("200 "))
        for _ in 1...2 { #expect(bench.text("POST /__admin/rules/fire", #"{"fault":"close"}"#).hasPrefix("201 ")) }
    }

    @Test func `a filter by a rule that no account has or had is told what was meant`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/rules", #"{"rule":{"name":"busy","fault":{"status":503}}}"#)
        _ = bench.text("DELETE /__admin/rules/0?account=test-key")
        #expect(bench.text("GET /__admin/requests?rule=busy").hasPrefix("200 "))
        for line in ["GET /__admin/requests?rule=bussy", "GET /__admin/requests/wait?rule=bussy"] {
            let answer = bench.text(line)
            #expect(answer.hasPrefix("400 ") && answer.contains(#"Did you mean \"busy\"?"#), "\(answer)")
        }
    }

    @Test func `a rule with a time to live ends by the account's clock`() throws {
        let bench = try Bench()
        let body = #"{"ttl":"10s","rule":{"fault":{"status":503}}}"#
        #expect(bench.text("POST /__admin/rules", body).hasPrefix("201 "))
        bench.clock.advance(by: .seconds(9))
        #expect(bench.answer(Self.status).status == 503)
        bench.clock.advance(by: .seconds(1))
        #expect(bench.answer(Self.status).status == 400)
    }

    @Test func `without an account a rule is for all that are there`() throws {
        let bench = try Bench()
        _ = bench.text("POST /__admin/accounts", #"{"key":"b"}"#)
        let answer = bench.text("POST /__admin/rules", #"{"rule":{"fault":{"status":503}}}"#)
        #expect(answer == #"201 {"ids":[{"account":"test-key","id":0},{"account":"b","id":0}]}"# + "\n")
        _ = bench.text("POST /__admin/accounts", #"{"key":"c"}"#)
        let statuses = ["test-key", "b", "c"].map {
            bench.answer("GET /app/cliprise/status?apiKey=\($0)&taskId=x").status
        }
        #expect(statuses == [503, 503, 400])
    }

    @Test func `an account takes a thousand rules and not one more`() throws {
        let bench = try Bench()
        for _ in 0..<1_000 { _ = bench.text("POST /__admin/rules", Self.busy) }
        let answer = bench.text("POST /__admin/rules", Self.busy)
        #expect(answer.hasPrefix("409 ") && answer.contains("nothing was added"))
    }

    @Test func `an account follows another scenario and keeps its credits and tasks`() throws {
        let bench = try Bench()
        let task = try #require(bench.generate())
        let scenario =
            #"{"schema":"cliprise-mock/v1","name":"slow","clock":"virtual","rules":[{"fault":{"status":503}}]}"#
        let answer = bench.text("PUT /__admin/accounts/test-key/scenario", #"{"scenario":\#(scenario)}"#)
        #expect(answer.hasPrefix(#"200 {"name":"slow","about":"","hash":""#))
        #expect(bench.answer(Self.status).status == 503)
        let account = bench.text("GET /__admin/accounts/test-key")
        #expect(account.contains(#""held":12,"available":88"#) || account.contains(#""tasks":{"total":1"#))
        #expect(account.contains(#""clock":{"mode":"virtual""#) && account.contains(#""scenario":{"name":"slow""#))
        #expect(bench.text("GET /__admin/tasks/\(task)").hasPrefix("200 "))
        #expect(bench.text("PUT /__admin/accounts/test-key/scenario", #"{"name":"no-such"}"#).hasPrefix("404 "))
        let made = bench.text("POST /__admin/accounts", #"{"key":"n","scenario":\#(scenario)}"#)
        #expect(made.hasPrefix("201 ") && made.contains(#""scenario":{"name":"slow""#))
        #expect(bench.text("POST /__admin/accounts", #"{"key":"o","scenario":"no-such"}"#).hasPrefix("404 "))
        #expect(bench.text("GET /__admin/accounts/o").hasPrefix("404 "))
    }

    @Test func `every built-in scenario is listed and can be followed`() throws {
        let bench = try Bench()
        let list = bench.text("GET /__admin/scenarios")
        let names = list.matches(of: #/"name":"([^"]+)"/#).map(\.1)
        try #require(!names.isEmpty)
        for name in names {
            let answer = bench.text("PUT /__admin/accounts/test-key/scenario", #"{"name":"\#(name)"}"#)
            #expect(answer.hasPrefix(#"200 {"name":"\#(name)""#))
        }
    }
}
