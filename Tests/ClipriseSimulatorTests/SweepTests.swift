import ClipriseClient
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseSimulator

@Suite struct SweepTests {
    @Test func `the grid is run in its order, and the best setting named`() throws {
        let settings = try Samples.settings("tasks: [{life: {after: 20s}}]", clients: 30)
        let axes = [try SweepAxis("poll_base=1s,5s"), try SweepAxis("jitter=none,full")]
        let sweep = try Sweep.run(settings, policy: .standard, axes: axes, goals: [.amplification])
        #expect(sweep.points.map(\.values) == [["1s", "none"], ["1s", "full"], ["5s", "none"], ["5s", "full"]])
        let quick = try Sweep.run(settings, policy: .standard, axes: axes, goals: [.p95])
        // Polls at 5, 15, 35 s against polls at 1, 3, 7, 15, 31 s: the task takes 20 s.
        #expect(quick.points[0].figure == 31e9)
        #expect(quick.points[2].figure == 35e9)
        #expect(quick.best?.figure == quick.points.map(\.figure).min())
    }

    @Test func `where no setting gets enough jobs done, the one with most done is named`() throws {
        let settings = try Samples.settings(
            "rules: [{when: {operation: generate, count: {at_most: 5}}, fault: {status: 429}}]", clients: 30)
        let axes = [try SweepAxis("max_attempts=3,6,4")]
        let sweep = try Sweep.run(settings, policy: .standard, axes: axes, goals: [.p95])
        #expect(sweep.best?.values == ["6"])
        let hopeless = try Sweep.run(
            settings, policy: .standard, axes: [try SweepAxis("max_attempts=3,4")], goals: [.p95])
        #expect(hopeless.best?.figure == .infinity)
        #expect(hopeless.table.contains("No setting brings any job to a result"))
        let half = try Samples.settings(
            "rules: [{when: {operation: generate, account: \"client-1*\"}, fault: {status: 400}}]", clients: 30)
        let short = try Sweep.run(half, policy: .standard, axes: [try SweepAxis("base=1s,2s")], goals: [.p95])
        #expect(short.table.contains("No setting brings enough jobs to a result for p95"))
    }

    @Test func `a setting that gets nothing done is best at nothing, and of equals the busier one is worse`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 40s}}]
            rules: [{when: {operation: status}, during: {from: 0s, for: 20s}, fault: {status: 503}}]
            """, clients: 20)
        // With one try all give up at the first poll, and waste what is charged for then.
        let sweep = try Sweep.run(
            settings, policy: try RetryPolicy(named: "naive"), axes: [try SweepAxis("max_attempts=1,300,400")],
            goals: [.amplification])
        #expect(sweep.points[0].result.done == 0)
        #expect(sweep.points[0].result.money.wasted == 20 * 12)
        #expect(sweep.best?.values == ["300"])
        let busy = try Sweep.run(
            settings, policy: try RetryPolicy(named: "naive"), axes: [try SweepAxis("base=500ms,1s")], goals: [.waste])
        #expect(busy.points.map(\.figure) == [0, 0])
        #expect(busy.points[0].result.requests > busy.points[1].result.requests)
        #expect(busy.best?.values == ["1s"])
        #expect(busy.table.contains("1 more are as good"))
        #expect(busy.csv.hasPrefix("base,waste,done,jobs,requests,wasted,best\r\n500ms,0,20,20,"))
    }

    static let unreadable: [(String, FleetError)] = [
        ("base", .badSweep("base", reason: "write FIELD=VALUE,VALUE,…")),
        ("bse=1s", .unknownField("bse", suggestion: "base")),
        ("base=1", .badSweep("base=1", reason: "\"1\" is not a length of time such as 250ms or 2s")),
        ("base=1s,,2s", .badSweep("base=1s,,2s", reason: "\"\" is not a length of time such as 250ms or 2s")),
        ("base=1s,1s", .badSweep("base=1s,1s", reason: "\"1s\" is given twice")),
        ("jitter=some", .badSweep("jitter=some", reason: "\"some\" is not one of none, full, equal, decorrelated")),
        ("factor=0.5", .badSweep("factor=0.5", reason: "\"0.5\" is not a number from 1 to 100")),
    ]

    @Test(arguments: unreadable)
    func `what is no axis is refused`(text: String, error: FleetError) {
        #expect(throws: error) { try SweepAxis(text) }
    }

    @Test func `an unknown goal is refused with the one that was meant`() {
        #expect(throws: FleetError.unknownGoal("wate", suggestion: "waste")) { try Goal("wate") }
    }

    @Test func `a policy of one's own changes what it names and keeps the rest`() throws {
        let text = """
            name: ours
            on: naive
            base: 250ms
            jitter: full
            max_attempts: 4
            budget: {tokens: 100, cost: 10}
            """
        let policy = try RetryPolicy(PolicyDescription(yaml: Array(text.utf8), source: "ours.yaml"))
        var expected = try RetryPolicy(named: "naive")
        expected.name = "ours"
        expected.base = .milliseconds(250)
        expected.jitter = .full
        expected.maxAttempts = 4
        expected.retryBudget = RetryBudget(tokens: 100, cost: 10, throttledCost: 10)
        #expect(policy == expected)
    }

    @Test func `a mistake in a policy is named with its place`() {
        #expect {
            try PolicyDescription(yaml: Array("name: ours\nbas: 1s\n".utf8), source: "ours.yaml")
        } throws: { error in
            "\(error)" == "ours.yaml:2:1: unknown key \"bas\"; did you mean \"base\"?"
        }
    }
}
