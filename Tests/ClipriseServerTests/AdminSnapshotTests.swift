import ClipriseServer
import ClipriseWire
import RawSocket
import Testing

@Suite(.ownThreads) struct AdminSnapshotTests {
    /// Accounts with a past: every kind of movement, of task, and of rule.
    static func lived() throws -> Bench {
        let bench = try Bench { $0.accounts.append(.init(key: "second", credits: 7)) }
        let clock = "POST /__admin/accounts/test-key/clock"
        _ = bench.text(clock, #"{"mode":"virtual"}"#)
        let scenario =
            #"{"schema":"cliprise-mock/v1","name":"past","clock":"virtual","callbacks":{"delay":"60s"},"#
            + #""tasks":[{"ordinal":2,"outcome":"stuck"},{"ordinal":3,"outcome":{"fail":"no"}},{"ordinal":4,"life":{"polls":9}}],"#
            + #""rules":[{"name":"quota","when":{"operation":"status"},"fault":{"rate_limit":{"limit":50,"window":"1h","#
            + #""kind":"sliding"}}}]}"#
        #expect(bench.text("PUT /__admin/accounts/test-key/scenario", #"{"scenario":\#(scenario)}"#).hasPrefix("200 "))
        _ = bench.text("POST /__admin/accounts/test-key/credits", #"{"amount":500}"#)
        _ = bench.text("POST /__admin/accounts/test-key/credits", #"{"amount":-30}"#)
        for _ in 1...5 {
            let task = try #require(bench.generate())
            _ = bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=\(task)")
        }
        _ = bench.text(clock, #"{"advance":"20s"}"#)
        _ = try #require(bench.generate())
        _ = bench.text("POST /__admin/rules", #"{"account":"test-key","rule":{"fault":{"status":503},"times":2}}"#)
        _ = bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=x")
        _ = bench.text("POST /__admin/rules/fire", #"{"account":"second","fault":{"drain":3}}"#)
        _ = bench.text("GET /app/cliprise/status?apiKey=second&taskId=x")
        return bench
    }

    static func body(_ answer: String) -> String { String(answer.dropFirst(4)) }

    @Test func `a snapshot that is restored gives the same bytes again`() throws {
        let bench = try Self.lived()
        let snapshot = bench.text("POST /__admin/snapshot")
        #expect(snapshot.hasPrefix(#"200 {"version":1,"models":["#))
        #expect(
            bench.text("POST /__admin/restore", Self.body(snapshot)) == #"200 {"restored":{"accounts":2,"tasks":6}}"#
                + "\n")
        #expect(bench.text("POST /__admin/snapshot") == snapshot)
    }

    @Test func `a count at its end stays there, and what is written then can be read`() throws {
        let bench = try Bench()
        let scenario = #"{"schema":"cliprise-mock/v1","name":"s","tasks":[{"outcome":"stuck"}]}"#
        #expect(bench.text("PUT /__admin/accounts/test-key/scenario", #"{"scenario":\#(scenario)}"#).hasPrefix("200 "))
        _ = try #require(bench.generate())
        let counts = /"taskRuleUses":\[1\],"bodyCounts":\[\{"hash":"(\d+)","count":1\}\]/
        let full = Self.body(bench.text("POST /__admin/snapshot")).replacing(counts) {
            #""taskRuleUses":[2147483647],"bodyCounts":[{"hash":"\#($0.1)","count":2147483647}]"#
        }
        #expect(bench.text("POST /__admin/restore", full).hasPrefix("200 "))
        _ = try #require(bench.generate())
        let again = Self.body(bench.text("POST /__admin/snapshot"))
        #expect(again.contains(#""taskRuleUses":[2147483647]"#), "\(again)")
        #expect(again.contains(#","count":2147483647}]"#), "\(again)")
        #expect(bench.text("POST /__admin/restore", again).hasPrefix("200 "))
    }

    @Test func `what comes after a restore is what came after the snapshot`() throws {
        let bench = try Self.lived()
        let snapshot = Self.body(bench.text("POST /__admin/snapshot"))
        func future() throws -> [String] {
            var answers = [bench.text("GET /app/cliprise/status?apiKey=test-key&taskId=x")]
            let task = try #require(bench.generate())
            answers.append(task)
            answers.append(bench.text("POST /__admin/accounts/test-key/clock", #"{"advance":"30s"}"#))
            answers.append(bench.text("GET /__admin/tasks/\(task)"))
            answers.append(bench.text("GET /__admin/accounts/test-key/tasks"))
            answers.append(bench.text("GET /__admin/accounts/test-key/ledger"))
            answers.append(bench.text("GET /__admin/rules"))
            answers.append(bench.text("POST /__admin/accounts"))
            return answers
        }
        let first = try future()
        #expect(bench.text("POST /__admin/restore", snapshot).hasPrefix("200 "))
        #expect(try future() == first)
    }

    /// What is spoilt, and what the answer says among other things.
    static let spoilt: [(find: String, replace: String, status: Int, says: String)] = [
        (#""version":1"#, #""version":2"#, 400, "version: expected 1"),
        (#""kind":"opening","credits":100"#, #""kind":"opening","credits":-1"#, 409, "opening"),
        (#""kind":"top_up","credits":500"#, #""kind":"top_up","credits":501"#, 200, "restored"),
        (#""kind":"top_up","credits":500"#, #""kind":"top_up","credits":-500"#, 409, "ledger entry 1"),
        (#""kind":"capture""#, #""kind":"release""#, 409, "what became of task"),
        (#""kind":"adjustment","credits":-30"#, #""kind":"adjustment","credits":-3000"#, 409, "ledger entry 2"),
        (#""kind":"drain""#, #""kind":"hold""#, 409, "ledger entry"),
        (#""state":"success""#, #""state":"processing""#, 409, "never possible"),
        (#""row":0"#, #""row":99"#, 409, "never possible"),
        (#""width":"#, #""width":9"#, 409, "never possible"),
        (#""polls":"#, #""pols":"#, 400, "accounts[0].tasks[0]"),
        (#""name":"past""#, #""name":"other""#, 409, "follows the scenario"),
        (#""model":"#, #""model":9999"#, 409, "no model"),
        (#"{"rate_limit":{"limit":50"#, #"{"rate_limit":{"limt":50"#, 400, "accounts[0].rules[0].rule"),
        (#""key":"second""#, #""key":"test-key""#, 409, "two accounts"),
        (#""virtual":true"#, #""virtual":1"#, 400, "accounts[0].clock.virtual"),
        (#""now":2"#, #""now":-2"#, 400, "accounts[0].clock.now: expected a whole number from 0"),
        (#""startedAt":"#, #""startedAt":-9"#, 400, "startedAt: expected a whole number from 0"),
    ]

    @Test(arguments: spoilt.indices)
    func `a snapshot that could never have been changes nothing`(index: Int) throws {
        let (find, replace, status, says) = Self.spoilt[index]
        let bench = try Self.lived()
        let snapshot = Self.body(bench.text("POST /__admin/snapshot"))
        let place = try #require(snapshot.firstRange(of: find), "\(find) is in no snapshot")
        let answer = bench.text("POST /__admin/restore", snapshot.replacingCharacters(in: place, with: replace))
        #expect(answer.hasPrefix("\(status) ") && answer.contains(says), "\(find): \(answer.prefix(300))")
        if status != 200 { #expect(Self.body(bench.text("POST /__admin/snapshot")) == snapshot) }
    }

    @Test(arguments: ["", "{}", "[]", #"{"version":1}"#, #"{"version":1,"models":[],"accounts":{}}"#, "nonsense"])
    func `what is no snapshot is refused`(body: String) throws {
        let bench = try Bench()
        #expect(bench.text("POST /__admin/restore", body).hasPrefix("400 "))
        #expect(bench.text("GET /__admin/accounts").hasPrefix(#"200 {"total":1,"#))
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
