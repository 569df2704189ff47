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
        ("max_job=1", .unknownField("max_job", suggestion: "max_jobs")),
        ("pool_size=1", .unknownField("pool_size", suggestion: "pool")),
        ("poll=1s", .unknownField("poll", suggestion: "poll_every")),
        ("breaker-failures=1", .unknownField("breaker-failures", suggestion: "breaker")),
        ("colour=red", .unknownField("colour", suggestion: nil)),
        ("max_jobs=0", .badSweep("max_jobs=0", reason: "\"0\" is not a number of jobs from 1 to 1000000, or none")),
        (
            "hedge=0s",
            .badSweep("hedge=0s", reason: "\"0s\" is not a length of time above zero such as 250ms or 2s, or none")
        ),
        (
            "rate_limit=10",
            .badSweep(
                "rate_limit=10",
                reason: "\"10\" is not a number of calls a second, minute or hour such as 10/s or 300/m, or none")
        ),
        ("adaptive_rate=yes", .badSweep("adaptive_rate=yes", reason: "\"yes\" is not true or false")),
        (
            "resends=often",
            .badSweep("resends=often", reason: "\"often\" is not one of never, lost, gateway, errors, always")
        ),
    ]

    /// Fields and their values, and the same as a policy file.
    static let fields: [([String], String)] = [
        (["max_jobs=3"], "max_jobs: 3"),
        (["pool=4", "pool_wait=2s"], "pool: {size: 4, wait: 2s}"),
        (["pool_wait=2s", "pool=4"], "pool: {size: 4, wait: 2s}"),
        (["pool_wait=2s"], "pool: {size: 10, wait: 2s}"),
        (["pool=none", "pool_wait=2s"], "pool: none"),
        (["rate_limit=30/m"], "rate_limit: {limit: 30, per: 1m}"),
        (["rate_burst=10", "rate_limit=30/m"], "rate_limit: {limit: 30, per: 1m, burst: 10}"),
        (["breaker=3", "breaker-open=10s", "breaker_trials=2"], "breaker: {failures: 3, open: 10s, trials: 2}"),
        (["breaker_open=10s", "breaker=none"], "breaker: none"),
        (["hedge=2s"], "hedge: {after: 2s}"),
        (["adaptive_rate=true"], "adaptive_rate: true"),
        (["poll_every=3s"], "poll: {every: 3s}"),
        (["poll_factor=1"], "poll: {base: 1s, factor: 1, cap: 30s, jitter: full}"),
        (["poll_base=2s", "poll_cap=5s", "poll_jitter=none"], "{poll_base: 2s, poll: {base: 2s, factor: 2, cap: 5s}}"),
        (["resends=lost"], "resends: lost"),
        (["job_attempts=2"], "job_attempts: 2"),
        (["generate_attempts=1", "status_attempts=7"], "retry: {generate: none, status: {max_attempts: 7}}"),
        (["download_attempts=4"], "retry: {download: {max_attempts: 4}}"),
        (["budget_cost=7", "budget_tokens=none"], "budget: none"),
    ]

    @Test(arguments: fields)
    func `a field of a sweep says the same as a policy file`(axes: [String], file: String) throws {
        let axes = try axes.map { try SweepAxis($0) }
        let varied = Sweep.policy(.standard, axes, axes.map { $0.values[0] })
        let words = file.hasPrefix("{") ? String(file.dropFirst().dropLast()) : file
        let text = "{name: \(varied.name.replacing("/", with: "-")), \(words)}"
        var written = try RetryPolicy(yaml: Array(text.utf8), source: "ours.yaml")
        written.name = varied.name
        #expect(varied == written)
    }

    static let idle: [(String, [String], String)] = [
        ("go-retryablehttp", ["max_attempts=1,2"], "generate_attempts"),
        ("go-retryablehttp", ["base=1s,2s"], "changes nothing"),
        ("full-jitter", ["poll_every=1s,2s", "poll_base=1s,2s"], "give one of them"),
        ("full-jitter", ["resends=never,lost", "resends_unknown=true,false"], "give one of them"),
    ]

    @Test(arguments: idle)
    func `axes that change nothing are refused`(name: String, axes: [String], reason: String) throws {
        let policy = try ClientModels.policy(named: name)
        #expect {
            try Sweep.run(
                try Samples.settings(""), policy: policy, axes: try axes.map { try SweepAxis($0) }, goals: [.p95])
        } throws: {
            "\($0)".contains(reason)
        }
    }

    /// The base of a list of waits is its first one.
    @Test func `polls of a library's model are swept as well`() throws {
        let settings = try Samples.settings("tasks: [{life: {after: 20s}}]", clients: 5)
        let sweep = try Sweep.run(
            settings, policy: try ClientModels.policy(named: "got"), axes: [try SweepAxis("poll_base=1s,10s")],
            goals: [.polls])
        #expect(sweep.points.map(\.result.polls) == [100, 10])
    }

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
        let policy = try RetryPolicy(yaml: Array(text.utf8), source: "ours.yaml")
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
            try RetryPolicy(yaml: Array("name: ours\nbas: 1s\n".utf8), source: "ours.yaml")
        } throws: { error in
            "\(error)" == "ours.yaml:2:1: unknown key \"bas\"; did you mean \"base\"?"
        }
    }
}
