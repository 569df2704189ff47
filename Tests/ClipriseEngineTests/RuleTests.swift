import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct RuleTests {
    /// The statuses of this many generates under a scenario; 0 for a connection that ends without one.
    static func statuses(_ yaml: String, _ prompts: [String]) throws -> [Int] {
        var bench = try Bench(yaml)
        return prompts.map { prompt in
            let plan = bench.generate(prompt: prompt).plan
            return plan.endsBeforeHead ? 0 : plan.status
        }
    }

    static let cases: [(rules: String, prompts: [String], statuses: [Int])] = [
        ("- {fault: {status: 500}}", ["a", "b"], [500, 500]),
        ("- {fault: {status: 500}, times: 1}", ["a", "b"], [500, 200]),
        ("- {plan: [{status: 500}, pass, {status: 502}]}", ["a", "b", "c", "d"], [500, 200, 502, 200]),
        ("- {plan: [{status: 500}, pass], repeat: true}", ["a", "b", "c", "d"], [500, 200, 500, 200]),
        ("- {chance: {p: 0, fault: {status: 500}}}", ["a", "b"], [200, 200]),
        ("- {chance: {p: 1, fault: {status: 500}}}", ["a", "b"], [500, 500]),
        ("- {when: {operation: status}, fault: {status: 500}}", ["a"], [200]),
        ("- {when: {operation: [generate, status]}, fault: {status: 500}}", ["a"], [500]),
        ("- {when: {model: \"veo-*\"}, fault: {status: 500}}", ["a"], [200]),
        ("- {when: {model: \"qwen-*\"}, fault: {status: 500}}", ["a"], [500]),
        ("- {when: {account: \"test-*\"}, fault: {status: 500}}", ["a"], [500]),
        ("- {when: {account: \"prod-*\"}, fault: {status: 500}}", ["a"], [200]),
        ("- {when: {prompt: \"LIGHT\"}, fault: {status: 500}}", ["A lighthouse", "A pier"], [500, 200]),
        ("- {when: {task: 2}, fault: {status: 500}, times: 1}", ["a", "b", "c"], [200, 500, 200]),
        ("- {when: {attempt: 2}, fault: {status: 500}}", ["a", "a", "a", "b", "b"], [200, 500, 200, 200, 500]),
        ("- {when: {count: 2}, fault: {status: 500}}", ["a", "b", "c"], [200, 500, 200]),
        // The first that matches acts.
        ("- {fault: {status: 500}}\n  - {fault: {status: 502}}", ["a"], [500]),
        ("- {plan: [pass]}\n  - {fault: {status: 502}}", ["a", "b"], [200, 502]),
    ]

    @Test(arguments: cases)
    func `a rule acts on the requests that meet all its conditions`(
        rules: String, prompts: [String], statuses: [Int]
    ) throws {
        #expect(try Self.statuses("rules:\n  \(rules)\n", prompts) == statuses)
    }

    @Test func `a header is compared by its pattern, its name without case`() throws {
        var bench = try Bench("rules:\n  - {when: {header: {x-test: \"a*\"}}, fault: {status: 500}}\n")
        #expect(bench.generate(fields: [("X-Test", "abc")]).plan.status == 500)
        #expect(bench.generate(fields: [("X-Test", "b")]).plan.status == 200)
        #expect(bench.generate().plan.status == 200)
    }

    @Test func `an outage is its window, the end not counted`() throws {
        var bench = try Bench("rules:\n  - {during: {from: 10s, for: 30s}, fault: {status: 503}}\n")
        var seen: [Int] = []
        for second in [0, 9, 10, 39, 40] as [Int64] {
            bench.host = .seconds(second)
            seen.append(bench.generate(prompt: "\(second)").plan.status)
        }
        #expect(seen == [200, 200, 503, 503, 200])
    }

    @Test func `a ttl ends a rule, counted from its adding`() throws {
        var bench = try Bench("")
        bench.host = .seconds(100)
        _ = bench.generate(prompt: "settles the clock")
        let rule = try Rule(yaml: Array("{fault: {status: 500}, ttl: 5s}".utf8), source: "test", name: "late")
        _ = bench.account.addRule(rule, first: true)
        bench.host = .seconds(104)
        #expect(bench.generate(prompt: "a").plan.status == 500)
        bench.host = .seconds(105)
        #expect(bench.generate(prompt: "b").plan.status == 200)
    }

    @Test func `a rule that is added moves no draw of another one`() throws {
        func drawn(_ before: String) throws -> [Int] {
            var bench = try Bench(
                "rules:\n  \(before)- {when: {operation: generate}, chance: {p: 0.5, fault: {status: 500}}}\n")
            return (0..<64).map { bench.generate(prompt: "\($0)").plan.status }
        }
        let alone = try drawn("")
        #expect(try drawn("- {when: {operation: status}, chance: {p: 0.5, fault: {status: 501}}}\n  ") == alone)
        #expect(try drawn("- {chance: {p: 0, fault: {status: 501}}}\n  ") == alone)
        // Half of them, give or take: a draw that never moves would pass the lines above.
        #expect((16...48).contains(alone.count { $0 == 500 }))
    }

    @Test func `the draws of two accounts and of two seeds differ`() throws {
        func drawn(key: String, seed: UInt64) throws -> [Int] {
            var bench = try Bench(
                "rules:\n  - {chance: {p: 0.5, fault: {status: 500}}}\n", key: key, seed: seed)
            return (0..<64).map { bench.generate(prompt: "\($0)").plan.status }
        }
        let first = try drawn(key: "a-key", seed: 1)
        #expect(try drawn(key: "a-key", seed: 1) == first)
        #expect(try drawn(key: "b-key", seed: 1) != first)
        #expect(try drawn(key: "a-key", seed: 2) != first)
    }

    @Test func `a rate limit lets its number through in each window and asks the rest to wait`() throws {
        var bench = try Bench("rules:\n  - {fault: {rate_limit: {limit: 2, window: 10s}}}\n")
        bench.host = .seconds(3)
        let statuses = (0..<3).map { bench.generate(prompt: "\($0)").plan }
        #expect(statuses.map(\.status) == [200, 200, 429])
        // The fixed window ends at 10 s.
        #expect(statuses[2].fields == [.init("Retry-After", "7")])
        bench.host = .seconds(10)
        #expect(bench.generate(prompt: "3").plan.status == 200)
    }

    @Test func `a sliding window frees a place when its oldest request is a window old`() throws {
        var bench = try Bench("rules:\n  - {fault: {rate_limit: {limit: 2, window: 10s, kind: sliding}}}\n")
        func status(_ second: Int64) -> ResponsePlan {
            bench.host = .seconds(second)
            return bench.generate(prompt: "\(second)").plan
        }
        #expect(status(0).status == 200)
        #expect(status(4).status == 200)
        let refused = status(9)
        #expect(refused.status == 429 && refused.fields == [.init("Retry-After", "1")])
        #expect(status(10).status == 200)
        #expect(status(11).fields == [.init("Retry-After", "3")])
    }

    @Test func `a limit on running tasks refuses the generate beyond it until one has ended`() throws {
        var bench = try Bench(
            """
            tasks:
              - {life: {after: 10s}}
            rules:
              - {fault: {running_limit: {limit: 2, retry_after: 3s}}}
            """)
        func status(_ second: Int64) -> ResponsePlan {
            bench.host = .seconds(second)
            return bench.generate(prompt: "\(second)").plan
        }
        #expect(status(0).status == 200)
        #expect(status(4).status == 200)
        let refused = status(9)
        #expect(refused.status == 429 && refused.fields == [.init("Retry-After", "3")])
        // The first has ended by now, the second runs until 14.
        #expect(status(10).status == 200)
        #expect(status(11).status == 429)
    }

    @Test(arguments: [("sliding", 10), ("fixed", 10)])
    func `what others used up of a quota is free again when its window is over`(kind: String, length: Int64) throws {
        var bench = try Bench(
            "rules:\n  - {fault: {rate_limit: {limit: 2, window: \(length)s, kind: \(kind), others: 2}}}\n")
        func status(_ second: Int64) -> ResponsePlan {
            bench.host = .seconds(second)
            return bench.generate(prompt: "\(second)").plan
        }
        let refused = status(4)
        #expect(refused.status == 429 && refused.fields == [.init("Retry-After", "6")])
        #expect(status(10).status == 200)
        #expect(status(11).status == 200)
        #expect(status(12).status == 429)
    }

    @Test func `running tasks of others count until their time is over`() throws {
        var bench = try Bench(
            """
            tasks:
              - {life: {after: 60s}}
            rules:
              - {fault: {running_limit: {limit: 2, others: {tasks: 1, for: 5s}}}}
            """)
        func status(_ second: Int64) -> Int {
            bench.host = .seconds(second)
            return bench.generate(prompt: "\(second)").plan.status
        }
        #expect([0, 4, 5, 6].map { status($0) } == [200, 429, 200, 429])
    }

    @Test func `how often a rule of chance was drawn is known, whatever came of it`() throws {
        var bench = try Bench(
            """
            rules:
              - {name: rare, when: {operation: generate}, chance: {p: 0.000001, fault: {status: 500}}}
              - {name: later, when: {operation: generate, count: {from: 3}}, chance: {p: 0.000001, fault: {status: 500}}}
              - {name: never, when: {operation: download}, chance: {p: 0.5, fault: {status: 500}}}
              - {name: certain, when: {operation: generate, count: 9}, fault: {status: 500}}
            """)
        for number in 1...4 { _ = bench.generate(prompt: "\(number)") }
        #expect(bench.account.ruleActs == [0, 0, 0, 0])
        #expect(bench.account.ruleDraws == [4, 2, 0, 0])
    }

    @Test func `rules that never acted are known by their counts`() throws {
        var bench = try Bench(
            "rules:\n  - {name: used, when: {operation: generate}, fault: {status: 500}}\n"
                + "  - {name: unused, when: {operation: download}, fault: close}\n")
        _ = bench.generate()
        #expect(bench.account.world.rules.names == ["used", "unused"])
        #expect(bench.account.ruleActs == [1, 0])
    }

    @Test func `a removed rule acts no more, a changed one in its new way, and a rule added first is tried first`()
        throws
    {
        var bench = try Bench("rules:\n  - {fault: {status: 500}}\n")
        #expect(bench.generate(prompt: "a").plan.status == 500)
        let other = try Rule(yaml: Array("{fault: {status: 502}}".utf8), source: "test", name: "other")
        let isChanged = bench.account.changeRule(0, to: other)
        #expect(isChanged)
        #expect(bench.generate(prompt: "b").plan.status == 502)
        let once = try Rule(yaml: Array("{fault: {status: 503}, times: 1}".utf8), source: "test", name: "once")
        _ = bench.account.addRule(once, first: true)
        #expect(bench.generate(prompt: "c").plan.status == 503)
        #expect(bench.generate(prompt: "d").plan.status == 502)
        let isRemoved = bench.account.removeRule(0)
        #expect(isRemoved)
        #expect(bench.generate(prompt: "e").plan.status == 200)
        let isRemovedAgain = bench.account.removeRule(0)
        #expect(!isRemovedAgain)
    }
}
