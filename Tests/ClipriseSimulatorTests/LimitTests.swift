import ClipriseClient
import ClipriseEngine
import ClipriseScenario
import ClipriseWire
import Foundation
import Testing

@testable import ClipriseBundle
@testable import ClipriseSimulator

/// What a client does around its calls: jobs under way, connections, rate, circuit breaker, hedging.
@Suite struct LimitTests {
    static func policy(_ yaml: String) throws -> RetryPolicy {
        try RetryPolicy(yaml: Array("name: p\n\(yaml)".utf8), source: "p.yaml")
    }

    /// When requests came to the service, in seconds; those of one operation, or all.
    static func instants(
        _ settings: FleetSettings, _ policy: RetryPolicy, _ yaml: String, path: String = ""
    ) throws -> [Double] {
        var bytes: [UInt8] = []
        _ = try FleetRun.record(
            settings, policy: policy, version: "x",
            scenario: .init(name: "s", text: Array("schema: cliprise-mock/v1\n\(yaml)".utf8))
        ) { bytes += $0 }
        return try Bundle(bytes, file: "b").exchanges.filter { exchange in
            path.isEmpty || String(decoding: exchange.target, as: UTF8.self).contains(path)
        }.map { Double($0.at.nanoseconds) / 1e9 }
    }

    /// One client whose jobs begin a millisecond apart.
    private static func jobs(_ count: Int, _ yaml: String) throws -> FleetSettings {
        var settings = try Samples.settings(yaml, clients: 1)
        settings.arrivals = .uniform(perSecond: 1_000)
        settings.length = .milliseconds(Int64(count))
        return settings
    }

    // MARK: Rate

    @Test(arguments: [1, 2, 5, 40])
    func `a rate limit caps the rate exactly`(burst: Int) throws {
        let yaml = "tasks: [{life: {after: 20s}}]"
        let policy = try Self.policy(
            "poll: {every: 1ms}\nrate_limit: {limit: 10, per: 1s, burst: \(burst)}\n")
        let at = try Self.instants(try Self.jobs(3, yaml), policy, yaml)
        // No window holds more than the burst and what the rate adds in it…
        for first in at.indices {
            let last = at.lastIndex { $0 < at[first] + 1 } ?? first
            #expect(last - first + 1 <= burst + 10)
        }
        // …and while jobs have something to ask, not fewer: 20 s of ten a second, and the burst at the start.
        let inTime = at.count { $0 < 20 }
        #expect((200 + burst - 2...200 + burst).contains(inTime), "\(inTime)")
    }

    @Test func `calls beyond the burst go out one by one in the order of asking`() throws {
        let yaml = "tasks: [{life: {after: 10m}}]"
        let policy = try Self.policy("deadline: 1m\nrate_limit: {limit: 2, per: 1s, burst: 1}\n")
        let at = try Self.instants(try Self.jobs(4, yaml), policy, yaml, path: "/generate")
        #expect(at == [0, 0.5, 1, 1.5])
    }

    // MARK: Connections and jobs

    private static let slow = "rules: [{when: {operation: generate}, fault: {latency: 1s}}]"

    @Test func `calls wait for one of the connections, first come, first served`() throws {
        let policy = try Self.policy("pool: {size: 2}\nretry: {generate: none}\ndeadline: 1m\n")
        let yaml = "tasks: [{life: {after: 10m}}]\n\(Self.slow)"
        let at = try Self.instants(try Self.jobs(6, yaml), policy, yaml, path: "/generate")
        #expect(at == [0, 0.001, 1, 1.001, 2, 2.001])
    }

    @Test func `a call that gets no connection in time never left`() throws {
        let policy = try Self.policy("pool: {size: 2, wait: 500ms}\nretry: {generate: none}\n")
        let yaml = "tasks: [{life: {after: 5s}}]\n\(Self.slow)"
        let result = try FleetRun.run(try Self.jobs(6, yaml), policy: policy)
        #expect((result.jobs, result.done, result.givenUp, result.neverSent) == (6, 2, 4, 4))
        // Nothing was bought of which nobody knows.
        #expect(result.outcomeUnknown == 0)
        #expect(result.money.spent == 24)
    }

    @Test func `no more jobs are under way than a client may have`() throws {
        let policy = try Self.policy("max_jobs: 2\npoll: {every: 3s}\n")
        let yaml = "tasks: [{life: {after: 3s}}]"
        let settings = try Self.jobs(6, yaml)
        let at = try Self.instants(settings, policy, yaml, path: "/generate")
        #expect(at == [0, 0.001, 3, 3.001, 6, 6.001])
        // The time to result counts from when the job came.
        let times = try FleetRun.run(settings, policy: policy).times.map { Double($0) / 1e9 }
        #expect(times == [3, 3, 5.998, 5.998, 8.996, 8.996])
    }

    /// Erlang's formula for the mean wait in M/M/c: jobs that come at random, of exponential length, three at a time.
    @Test func `jobs wait in their client as Erlang says`() throws {
        var settings = try Samples.settings(
            """
            tasks: [{life: immediate}]
            rules: [{when: {operation: generate}, fault: {latency: {exponential: {mean: 1s, cap: 1m}}}}]
            """, clients: 1)
        settings.arrivals = .poisson(perSecond: 2)
        settings.length = .seconds(4_000)
        settings.credits = 1_000_000
        settings.gradedAccounts = 0
        let policy = try Self.policy("max_jobs: 3\npoll: {every: 1ms}\nrequest_timeout: 2m\ndeadline: 2h\n")
        let result = try FleetRun.run(settings, policy: policy)
        #expect(result.done == result.jobs)
        let mean = Double(result.times.reduce(0, +)) / Double(result.times.count) / 1e9
        // Two Erlangs on three places: 4/9 must wait, on the average 1 s each; then the second of the job itself.
        #expect(abs(mean - (4.0 / 9 + 1)) < 0.15, "\(mean)")
    }

    // MARK: Breaker

    @Test func `a breaker opens, tries with one call, and closes`() throws {
        let yaml = """
            tasks: [{life: {after: 28s}}]
            rules: [{when: {operation: status}, during: {from: 1500ms, for: 20s}, fault: {status: 503}}]
            """
        let policy = try Self.policy(
            """
            poll: {every: 1s}
            retry: {status: {max_attempts: 100, waits: [1s]}}
            budget: none
            breaker: {failures: 3, open: 10s}
            """)
        let at = try Self.instants(try Samples.settings(yaml, clients: 1), policy, yaml, path: "/status")
        // Three fail; open for 10 s; the trial at 14 s fails; open again; that at 24 s succeeds, and all go on.
        #expect(at == [1, 2, 3, 4, 14, 24, 25, 26, 27, 28, 28])
        let result = try FleetRun.run(try Samples.settings(yaml, clients: 1), policy: policy)
        #expect((result.done, result.neverSent) == (1, 18))
    }

    @Test func `the jobs of a client share its breaker, and other clients do not`() throws {
        let yaml = "rules: [{when: {operation: generate}, fault: {status: 503}}]"
        let policy = try Self.policy(
            "breaker: {failures: 2, open: 1h}\nresends: always\nmax_attempts: 50\nbudget: none\n")
        var settings = try Self.jobs(20, yaml)
        #expect(try FleetRun.run(settings, policy: policy).requests == 2)
        settings.clients = 5
        #expect(try FleetRun.run(settings, policy: policy).requests == 10)
    }

    // MARK: Hedging

    @Test func `a hedged poll takes the answer that comes first`() throws {
        let yaml = """
            tasks: [{life: {after: 3s}}]
            rules: [{when: {operation: status, count: 1}, fault: {latency: 20s}}]
            """
        let policy = try Self.policy("poll: {every: 5s}\nhedge: {after: 2s}\n")
        let result = try FleetRun.run(try Samples.settings(yaml, clients: 1), policy: policy)
        #expect((result.done, result.hedges, result.requests) == (1, 1, 4))
        #expect(result.times == [7_000_000_000])
        let without = try FleetRun.run(
            try Samples.settings(yaml, clients: 1), policy: try Self.policy("poll: {every: 5s}\n"))
        #expect(without.times == [25_000_000_000])
    }

    @Test func `a hedge counts when its answer is on its way for less time`() throws {
        let yaml = """
            tasks: [{life: {after: 3s}}]
            rules: [{when: {operation: status}, plan: [{fault: {latency: 20s}}, {fault: {latency: 1s}}]}]
            """
        let policy = try Self.policy("poll: {every: 5s}\nhedge: {after: 2s}\n")
        let result = try FleetRun.run(try Samples.settings(yaml, clients: 1), policy: policy)
        #expect(result.times == [8_000_000_000])
    }

    @Test func `a hedge that is slower than the first changes nothing`() throws {
        let yaml = """
            tasks: [{life: {after: 3s}}]
            rules: [{when: {operation: status}, fault: {latency: 4s}}]
            """
        let policy = try Self.policy("poll: {every: 5s}\nhedge: {after: 2s, operations: [status]}\n")
        let result = try FleetRun.run(try Samples.settings(yaml, clients: 1), policy: policy)
        #expect(result.times == [9_000_000_000])
        #expect(result.hedges == 1)
    }

    @Test func `a generate that is hedged is bought twice`() throws {
        let yaml = """
            tasks: [{life: {after: 3s}}]
            rules: [{when: {operation: generate}, fault: {latency: 5s}}]
            """
        let hedged = try Self.policy("hedge: {after: 1s, operations: [generate]}\n")
        let result = try FleetRun.run(try Samples.settings(yaml, clients: 4), policy: hedged)
        #expect((result.done, result.money.doubleCharged) == (4, 48))
        let plain = try Self.policy("hedge: {after: 1s}\n")
        #expect(try FleetRun.run(try Samples.settings(yaml, clients: 4), policy: plain).money.doubleCharged == 0)
    }

    // MARK: All together

    /// Whatever a storm does, every job ends once, nothing is left waiting, and the same seed gives the same.
    @Test(arguments: ["storm", "flaky-polling", "outage-30s", "hang", "thundering-herd"])
    func `every job ends once, with all limits at once`(scenario: String) throws {
        let policy = try Self.policy(
            """
            max_jobs: 3
            pool: {size: 2, wait: 20s}
            rate_limit: {limit: 5, per: 1s, burst: 3}
            breaker: {failures: 4, open: 15s, trials: 2}
            hedge: {after: 3s}
            adaptive_rate: true
            """)
        var settings = try Samples.library(scenario, clients: 4)
        settings.arrivals = .poisson(perSecond: 1)
        settings.length = .seconds(60)
        let result = try FleetRun.run(settings, policy: policy)
        #expect(result.jobs > 30)
        #expect(result.done + result.failed + result.givenUp == result.jobs)
        #expect(result.done > 0)
        #expect(result.money.breaches.isEmpty)
        #expect(try FleetRun.run(settings, policy: policy) == result)
    }

    // MARK: Words

    static let refused: [(String, String)] = [
        ("max_jobs: 0", "1"), ("pool: 5", "a pool"), ("pool: {sise: 5}", "unknown key \"sise\""),
        ("rate_limit: {limit: 10}", "per"), ("rate_limit: {limit: 0, per: 1s}", "1"),
        ("breaker: {failures: 3, open: 0s}", "above zero"), ("breaker: {open: 1s}", "failures"),
        ("hedge: {after: 2s, operations: [poll]}", "generate"), ("hedge: 2s", "none"),
        ("adaptive_rate: maybe", "true"),
    ]

    @Test(arguments: refused)
    func `a mistake is reported with its place`(row: (yaml: String, said: String)) {
        #expect {
            try RetryPolicy(yaml: Array("name: p\n\(row.yaml)".utf8), source: "p.yaml")
        } throws: { error in
            "\(error)".contains(row.said) && "\(error)".contains("p.yaml:2:")
        }
    }

    @Test func `none takes away what the policy that is built on has`() throws {
        #expect(try Self.policy("on: aws-adaptive\n").limits.adapts)
        #expect(try !Self.policy("on: aws-adaptive\nadaptive_rate: false\n").limits.adapts)
        let none = "max_jobs: none\npool: none\nrate_limit: none\nbreaker: none\nhedge: none\n"
        #expect(try Self.policy(none).limits.isNone)
    }

    // MARK: The adaptive mode of the AWS SDKs

    /// What botocore's own classes said: `aws-adaptive.py` beside it writes it.
    @Test func `the adaptive rate is that of botocore`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../fixtures/libraries/aws-adaptive.tsv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 400)
        var rate = AdaptiveRate(at: 0)
        for line in lines {
            let cells = line.split(separator: "\t").compactMap { Double($0) }
            let wait = rate.take(at: cells[0]) ?? 0
            rate.answered(at: cells[0], isThrottled: cells[1] == 1)
            for (ours, theirs) in zip([wait, rate.rate, rate.measured], cells[2...]) {
                #expect(abs(ours - theirs) <= 1e-9 * max(1, abs(theirs)), "\(line)")
            }
        }
    }

    /// A service that takes ten calls a second: the adaptive client finds it, the standard one runs against it.
    @Test func `an adaptive client sends about as much as it is let`() throws {
        var settings = try Samples.settings(
            """
            tasks: [{life: immediate}]
            rules: [{when: {operation: generate}, fault: {rate_limit: {limit: 10, window: 1s}}}]
            """, clients: 1)
        settings.arrivals = .uniform(perSecond: 30)
        settings.length = .seconds(60)
        settings.credits = 1_000_000
        let adaptive = try FleetRun.run(settings, policy: try ClientModels.policy(named: "aws-adaptive"))
        let standard = try FleetRun.run(settings, policy: try ClientModels.policy(named: "aws-standard"))
        #expect(adaptive.jobs == 1_800)
        #expect(adaptive.done > standard.done)
        #expect(adaptive.generates < standard.generates)
    }
}
