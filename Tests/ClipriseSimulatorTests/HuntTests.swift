import ClipriseClient
import ClipriseEngine
import ClipriseReport
import ClipriseScenario
import Testing

@testable import ClipriseSimulator

@Suite struct HuntTests {
    private static let quiet = "tasks: [{life: {after: 20s}}]"

    private static func hunt(
        _ policy: RetryPolicy, rounds: Int, clients: Int = 2, seed: UInt64 = 1
    ) throws -> Hunt.Outcome {
        var settings = try Samples.settings(quiet, clients: clients)
        settings.engine.seed = seed
        return try Hunt.fleet(settings, policy: policy) { $0 >= rounds }
    }

    /// A gateway gives up after its limit (504), the service has done the work, and the client sends the job again.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a client that resends after a proxy's timeout is found, and cut to two faults at most`(seed: UInt64) throws {
        var policy = RetryPolicy(name: "resends", resendsUnknown: true)
        policy.maxAttempts = 3
        let outcome = try Self.hunt(policy, rounds: 64, seed: seed)
        let finding = try #require(outcome.finding)
        #expect((1...2).contains(finding.faultsAfter))
        #expect(finding.trial.cost >= 12)
        #expect(finding.trial.isFailure)
        // The file reads back, and shows the same.
        let text = finding.scenario.text
        var again = try Samples.settings("about: nothing", clients: 2)
        again.scenario = try Scenario(yaml: text, source: "found.yaml")
        again.gradedAccounts = 100
        let result = try FleetRun.run(again, policy: policy)
        #expect(result.money.doubleCharged > 0)
        #expect(finding.trial.report.junit.contains("<failure"))
    }

    @Test(arguments: ["full-jitter", "aws-standard-2026"])
    func `a client that never resends what it does not know is found nothing on`(name: String) throws {
        // Three attempts are few: only patience is looked for here, so each policy has enough.
        var policy = try RetryPolicy(named: name)
        policy.maxAttempts = 20
        let outcome = try Self.hunt(policy, rounds: 256)
        #expect(outcome.finding == nil, "\(outcome.text(again: ""))")
        #expect(outcome.failures == 0)
        #expect(outcome.coverage > 50)
    }

    @Test func `the same seed hunts the same way`() throws {
        let policy = try RetryPolicy(named: "naive")
        let first = try Self.hunt(policy, rounds: 48)
        #expect(try Self.hunt(policy, rounds: 48).text(again: "") == first.text(again: ""))
        #expect(first.text(again: "simulate\nFILE").contains("# again: simulate FILE\n"))
    }

    /// The client gives every task up that it has paid for.
    @Test func `what fails without any fault is said to`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 10m}}]
            rules: [{when: {operation: status, count: 5}, fault: {status: 503}}]
            """, clients: 1)
        var policy = RetryPolicy.standard
        policy.deadline = .seconds(60)
        let outcome = try Hunt.fleet(settings, policy: policy) { $0 >= 16 }
        #expect(outcome.finding?.faultsAfter == 0)
        #expect(outcome.finding?.round == 0)
        #expect(outcome.text(again: "").contains("It fails without any added fault too."))
    }

    @Test func `what a scenario expects of its own faults is not what a hunt looks for`() throws {
        let settings = try Samples.settings("expect: [{requests: {at_most: 1}}]", clients: 1)
        let outcome = try Hunt.fleet(settings, policy: .standard) { $0 >= 16 }
        #expect(outcome.finding == nil)
    }

    @Test func `a fleet that is too large to hunt is refused`() throws {
        let settings = try Samples.settings(Self.quiet, clients: 101)
        #expect(throws: FleetError.badCount("clients", value: 101, range: 1...100)) {
            try Hunt.fleet(settings, policy: .standard) { _ in true }
        }
    }
}
