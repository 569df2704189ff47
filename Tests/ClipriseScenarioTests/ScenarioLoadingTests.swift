import ClipriseWire
import Testing

@testable import ClipriseScenario

@Suite struct ScenarioLoadingTests {
    static let example = """
        schema: cliprise-mock/v1
        name: lost-reply
        about: The first generate is accepted and charged, but its answer never arrives.
        seed: 42
        clock: {mode: virtual, tick_per_poll: 2s}
        profile: documented
        accounts:
          - {key: test-a, credits: 1000}
        tasks:
          - {model: "veo-*", life: {after: {lognormal: {median: 90s, sigma: 0.4}}}}
          - {model: sora-2, outcome: {fail: "Your content was flagged by OpenAI as violating content policies"}, times: 1}
          - {life: {polls: 3}}
        rules:
          - name: first-answer-lost
            when: {operation: generate, attempt: 1}
            plan: [{fault: close, phase: after}, pass]
          - name: flaky-status
            when: {operation: status}
            chance: {p: 0.1, fault: {status: 503, retry_after: 2s}}
        expect:
          - no_double_charge
          - polls_per_task: {at_most: 40}
          - backoff: {base: 1s, factor: 2, cap: 30s, jitter: full}
        """

    @Test func `the example of the language's description reads as it is meant`() throws {
        let scenario = try Scenario(yaml: Self.example, source: "scenarios/lost-reply.yaml")
        #expect(scenario.name == "lost-reply")
        #expect(scenario.about == "The first generate is accepted and charged, but its answer never arrives.")
        #expect(scenario.seed == 42)
        #expect(scenario.clock == .virtual(tickPerPoll: .seconds(2), delays: .pass))
        #expect(scenario.profile == .documented)
        #expect(scenario.accounts == [AccountRule(key: "test-a", credits: 1000)])
        #expect(scenario.charge == .onSuccess)
        #expect(
            scenario.tasks == [
                TaskRule(
                    model: Glob("veo-*"), life: .after(.lognormal(median: .seconds(90), sigma: 0.4, cap: nil))),
                TaskRule(
                    model: Glob("sora-2"), times: 1,
                    outcome: .fail(message: "Your content was flagged by OpenAI as violating content policies")),
                TaskRule(life: .polls(3)),
            ])
        #expect(
            scenario.rules == [
                Rule(
                    name: "first-answer-lost", when: When(operations: [.generate], attempt: 1...1),
                    act: .plan([Fault(.close, phase: .after), nil], repeats: false), place: Place(line: 14, column: 5)),
                Rule(
                    name: "flaky-status", when: When(operations: [.status]),
                    act: .chance(
                        0.1, Fault(.status(StatusFault(code: 503, retryAfter: .seconds(.seconds(2)))), phase: .before)),
                    place: Place(line: 17, column: 5)),
            ])
        #expect(
            scenario.expectations == [
                ClipriseScenario.Expectation(.property(.noDoubleCharge), place: Place(line: 21, column: 5)),
                ClipriseScenario.Expectation(
                    .count(CountExpectation(.pollsPerTask, .atMost(40))), place: Place(line: 22, column: 5)),
                ClipriseScenario.Expectation(
                    .property(.backoff(.init(base: .seconds(1), factor: 2, cap: .seconds(30), jitter: .full))),
                    place: Place(line: 23, column: 5)),
            ])
        #expect(scenario.callbacks == nil)
        #expect(scenario.capacity == nil)
        #expect(scenario.source == "scenarios/lost-reply.yaml")
    }

    @Test func `the hash is FNV-1a of the bytes`() throws {
        let text = "schema: cliprise-mock/v1"
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        #expect(try Scenario(yaml: text, source: "a.yaml").hash == hash)
        #expect(try Scenario(yaml: text + "\n", source: "a.yaml").hash != hash)
    }

    @Test func `a scenario without a name is called after its file`() throws {
        #expect(try Scenario(yaml: "schema: cliprise-mock/v1", source: "a/b/slow-day.yaml").name == "slow-day")
    }

    @Test func `JSON is read alike, with its escapes`() throws {
        let json =
            #"{"schema":"cliprise-mock/v1","name":"na\u00efve \ud83d\ude00","accounts":[{"key":"a\/b","credits":5}]}"#
        let scenario = try Scenario(yaml: json, source: "a.json")
        #expect(scenario.name == "naïve 😀")
        #expect(scenario.accounts == [AccountRule(key: "a/b", credits: 5)])
        let indented = "{\n\t\"schema\": \"cliprise-mock/v1\",\n\t\"rules\": [\n\t\t{\"fault\": \"close\"}\n\t]\n}\n"
        #expect(try Scenario(yaml: indented, source: "a.json").rules.map(\.act) == [.fault(Fault(.close))])
    }

    static let clocks: [(String, ClockRule)] = [
        ("real", .real), ("{mode: real}", .real), ("virtual", .virtual(tickPerPoll: .zero, delays: .hold)),
        ("{mode: virtual}", .virtual(tickPerPoll: .zero, delays: .hold)),
        ("{mode: virtual, tick_per_poll: 1s}", .virtual(tickPerPoll: .seconds(1), delays: .pass)),
        ("{mode: virtual, tick_per_poll: 1s, delays: hold}", .virtual(tickPerPoll: .seconds(1), delays: .hold)),
        ("{mode: virtual, delays: pass}", .virtual(tickPerPoll: .zero, delays: .pass)),
    ]

    @Test(arguments: clocks)
    func `delays pass by default where polls move the clock, and hold elsewhere`(text: String, clock: ClockRule) throws
    {
        #expect(try Scenario(yaml: "schema: cliprise-mock/v1\nclock: \(text)", source: "a").clock == clock)
    }

    @Test func `accounts, callbacks and capacity are read with their defaults`() throws {
        let scenario = try Scenario(
            yaml: """
                schema: cliprise-mock/v1
                profile: snapshot
                charge: on_accept
                accounts:
                  - {key: a}
                  - {prefix: load-, count: 10000, credits: 100}
                callbacks: {delay: {uniform: [1s, 3s]}, secret: "hush", style: task_id}
                capacity: {concurrency: 4, service: 250ms, queue: 10}
                """, source: "a")
        #expect(scenario.profile == .snapshot)
        #expect(scenario.charge == .onAccept)
        #expect(
            scenario.accounts == [
                AccountRule(key: "a", credits: 10_000), AccountRule(key: "load-", count: 10_000, credits: 100),
            ])
        #expect(
            scenario.callbacks
                == CallbackRule(
                    delay: .uniform(.seconds(1), .seconds(3)), retries: 3, timeout: .seconds(15), pause: .seconds(5),
                    secret: "hush", style: .taskID))
        #expect(scenario.capacity == Capacity(concurrency: 4, service: .fixed(.milliseconds(250)), queue: 10))
    }

    @Test func `ten thousand accounts, one a line, are read`() throws {
        var text = "schema: cliprise-mock/v1\naccounts:\n"
        for number in 1...10_000 { text += "  - {key: load-\(number), credits: 100}\n" }
        let scenario = try Scenario(yaml: text, source: "a")
        #expect(scenario.accounts.count == 10_000)
        #expect(scenario.accounts.last == AccountRule(key: "load-10000", credits: 100))
    }
}
