import ClipriseClient
import ClipriseEngine
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseBundle
@testable import ClipriseSimulator

/// Policies as clients have them: polls apart from retries, retries of single operations, whole jobs begun again.
@Suite struct PolicyTests {
    private static func policy(_ yaml: String) throws -> RetryPolicy {
        try RetryPolicy(yaml: Array("name: p\n\(yaml)".utf8), source: "p.yaml")
    }

    /// When polls were sent, in seconds, by one client whose task takes a minute.
    private static func polls(_ policy: RetryPolicy, _ yaml: String = "tasks: [{life: {after: 60s}}]") throws
        -> [Double]
    {
        try instants("/status", of: policy, yaml)
    }

    private static func instants(_ path: String, of policy: RetryPolicy, _ yaml: String) throws -> [Double] {
        var bytes: [UInt8] = []
        let settings = try Samples.settings(yaml, clients: 1)
        _ = try FleetRun.record(
            settings, policy: policy, version: "x",
            scenario: .init(name: "s", text: Array("schema: cliprise-mock/v1\n\(yaml)".utf8))
        ) { bytes += $0 }
        return try Bundle(bytes, file: "b").exchanges.filter { exchange in
            let target = String(decoding: exchange.target, as: UTF8.self)
            return target.contains(path) && !target.contains("download=true")
        }.map { Double($0.at.nanoseconds) / 1e9 }
    }

    @Test func `polls follow their own waits`() throws {
        let even = try Self.polls(try Self.policy("poll: {every: 25s}\n"))
        #expect(even == [25, 50, 75])
        let listed = try Self.polls(try Self.policy("poll: [5s, 10s, 30s]\n"))
        #expect(listed == [5, 15, 45, 75])
        let growing = try Self.polls(try Self.policy("poll: {base: 8s, factor: 3, cap: 40s}\n"))
        #expect(growing == [8, 32, 72])
    }

    @Test func `retries of polls do not change the waits between polls`() throws {
        let policy = try Self.policy(
            """
            poll: {every: 20s}
            retry: {status: {max_attempts: 4, waits: [1s, 2s]}}
            honours_retry_after: false

            """)
        let polls = try Self.polls(
            policy,
            """
            tasks: [{life: {after: 30s}}]
            rules: [{when: {operation: status, count: {from: 2, to: 4}}, fault: {status: 503}}]
            """)
        // The second poll fails three times, and is tried again after 1, 2 and 2 s.
        #expect(polls == [20, 40, 41, 43, 45])
    }

    @Test func `an operation that is not retried ends its job`() throws {
        let policy = try Self.policy("retry: {status: none}\n")
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 30s}}]
            rules: [{when: {operation: status, count: 1}, fault: {status: 503}}]
            """, clients: 2)
        let result = try FleetRun.run(settings, policy: policy)
        #expect(result.givenUp == 2)
        #expect(result.money.neverFetched == 24)
    }

    static let resending: [(word: String, fault: String, charges: Int64)] = [
        ("lost", "fault: close, phase: after", 2), ("lost", "status: 504, phase: after", 1),
        ("gateway", "fault: close, phase: after", 1), ("gateway", "status: 504, phase: after", 2),
        ("errors", "fault: close, phase: after", 2), ("errors", "status: 504, phase: after", 2),
        ("errors", "fault: empty, phase: after", 1), ("always", "fault: empty, phase: after", 2),
        ("never", "fault: close, phase: after", 1),
    ]

    @Test(arguments: resending)
    func `a generate of unknown fate is sent again after what the policy says`(
        row: (word: String, fault: String, charges: Int64)
    ) throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 5s}}]
            rules: [{when: {operation: generate}, plan: [{\(row.fault)}, pass]}]
            """, clients: 1)
        let result = try FleetRun.run(settings, policy: try Self.policy("resends: \(row.word)\n"))
        #expect(result.money.spent == row.charges * 12)
    }

    /// The file never comes: each whole job is paid again.
    @Test func `a job that is begun again is paid for again`() throws {
        let yaml = """
            tasks: [{life: {after: 5s}}]
            rules: [{when: {operation: download}, fault: {status: 503}}]
            """
        let settings = try Samples.settings(yaml, clients: 1)
        let policy = try Self.policy("job_attempts: 3\nmax_attempts: 2\n")
        let result = try FleetRun.run(settings, policy: policy)
        #expect(result.jobs == 1)
        #expect(result.generates == 3)
        #expect(result.money.spent == 36)
        #expect(result.money.doubleCharged == 24)
        #expect(result.givenUp == 1)
        // And when it comes at last, the job is done.
        let late = try Samples.settings(
            """
            tasks: [{life: {after: 5s}}]
            rules: [{when: {operation: download, count: {at_most: 2}}, fault: {status: 503}}]
            """, clients: 1)
        let done = try FleetRun.run(late, policy: policy)
        #expect(done.done == 1)
        #expect(done.money.doubleCharged == 12)
        #expect(done.money.neverFetched == 0)
        let prover = try Prover(catalog: try Samples.catalog.get(), policy: policy, faults: 2)
        // Two lost answers, and two jobs begun again.
        #expect(try prover.run().counterexample?.doubleCharged == 24)
    }

    @Test(arguments: ClientModels.names)
    func `every model of a library runs`(name: String) throws {
        let settings = try Samples.library("flaky-polling", clients: 5)
        let result = try FleetRun.run(settings, policy: try ClientModels.policy(named: name))
        #expect(result.policy == name)
        #expect(result.jobs == 5)
    }

    /// POST is not in urllib3's list of methods that are tried again; go-retryablehttp tries all.
    @Test(arguments: [("urllib3-retry", Int64(0)), ("got", 0), ("go-retryablehttp", 12), ("axios-retry", 0)])
    func `what a library sends again after a proxy's timeout is charged twice`(name: String, twice: Int64) throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 5s}}]
            rules: [{when: {operation: generate, attempt: 1}, fault: {status: 504, phase: after}}]
            """, clients: 1)
        let result = try FleetRun.run(settings, policy: try ClientModels.policy(named: name))
        #expect(result.money.doubleCharged == twice)
    }

    static let refused: [(String, String)] = [
        ("poll: {evry: 5s}", "unknown key \"evry\""), ("poll: 5s", "allowed: every, base"),
        ("poll: []", "1 to 1000 elements"),
        ("retry: {generate: some}", "none"), ("retry: {poll: none}", "unknown key \"poll\""),
        ("resends: sometimes", "never"), ("job_attempts: 0", "1"),
        ("on: urlib3-retry", "did you mean \"urllib3-retry\"?"),
    ]

    @Test(arguments: refused)
    func `a mistake is named with its place`(text: String, message: String) {
        #expect {
            _ = try Self.policy(text + "\n")
        } throws: { error in "\(error)".contains(message) }
    }
}
