import ClipriseClient
import ClipriseScenario
import ClipriseSimulator
import Testing

@Suite struct ReasonTests {
    @Test func `a policy that failed gets the reason, with the events of one client`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: immediate}]
            rules: [{when: {operation: generate, attempt: 1}, fault: close, phase: after}]
            """, clients: 3)
        let grade = try #require(try FleetRun.run(settings, policy: RetryPolicy(named: "naive")).grade)
        #expect(grade.reasons.map(\.name) == grade.failed)
        let paidTwice = try #require(grade.reasons.first { $0.name == "no_double_charge" })
        #expect(!paidTwice.seen.isEmpty && !paidTwice.account.isEmpty)
        #expect((1...3).contains(paidTwice.evidence.count))
        #expect(paidTwice.evidence.allSatisfy { $0.contains("generate") }, "\(paidTwice.evidence)")
    }

    @Test(arguments: ["full-jitter", "equal-jitter", "decorrelated", "exponential"], [1, 2, 3, 4, 5] as [UInt64])
    func `waits of correct policies pass in a storm, whatever the seed`(name: String, seed: UInt64) throws {
        var settings = try Samples.library("storm", clients: 50)
        settings.scenario.seed = seed
        let grade = try #require(try FleetRun.run(settings, policy: RetryPolicy(named: name)).grade)
        #expect(grade.accounts == 50)
        // Exponential waits are without chance, as `jitter_present` says.
        let wrong = grade.failed.filter { $0.hasPrefix("backoff") || ($0.hasPrefix("jitter") && name != "exponential") }
        #expect(wrong.isEmpty, "\(grade.reasons)")
    }
}
