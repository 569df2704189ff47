import ClipriseClient
import ClipriseEngine
import ClipriseScenario
import Testing

@testable import ClipriseSimulator

@Suite struct FleetGroupTests {
    private static func group(_ name: String, _ clients: Int, _ policy: String) throws -> FleetGroup {
        FleetGroup(name: name, clients: clients, policy: try RetryPolicy(named: policy))
    }

    @Test func `alone, a fleet does what it does beside another that it does not meet`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 20s}}]
            rules: [{when: {operation: generate, attempt: 1}, fault: close, phase: after}]
            """, clients: 10)
        let alone = try FleetRun.run(settings, policy: .standard)
        let both = try FleetRun.run(
            settings, groups: [try Self.group("careful", 10, "full-jitter"), try Self.group("wild", 5, "naive")])
        #expect(both.map(\.policy) == ["careful", "wild"])
        #expect(both.map(\.clients) == [10, 5])
        #expect(both.map(\.jobs) == [10, 5])
        // Each pays for itself: ten lost answers, and five that were bought twice.
        #expect(both.map(\.money.doubleCharged) == [0, 60])
        #expect(both.map(\.money.spent) == [120, 120])
        #expect(both.map(\.money.accountsAudited) == [10, 5])
        #expect(both[0].requests == alone.requests)
        #expect(both[0].money == alone.money)
        #expect(both[0].grade?.breaksExpectations == false)
        #expect(both[1].grade?.letter == "F")
    }

    @Test func `on a service with limits, a wild fleet costs the careful one time`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 5s}}]
            capacity: {concurrency: 1, service: 50ms, queue: 5, refusal: {status: 429}}
            """, clients: 20)
        let alone = try FleetRun.run(settings, groups: [try Self.group("careful", 20, "full-jitter")])
        let both = try FleetRun.run(
            settings, groups: [try Self.group("careful", 20, "full-jitter"), try Self.group("wild", 200, "naive")])
        #expect(both[0].requests > alone[0].requests)
        #expect(both[0].refusedByCapacity + both[1].refusedByCapacity > alone[0].refusedByCapacity)
        #expect(both[0].longestQueue == both[1].longestQueue)
    }

    /// Workers of two kinds on one key, which may generate ten times a second.
    @Test func `fleets on one key share its rate limit and its money`() throws {
        var settings = try Samples.settings(
            """
            tasks: [{life: {after: 5s}}]
            rules: [{name: quota, when: {operation: generate}, fault: {rate_limit: {limit: 10, window: 1s, retry_after: none}}}]
            """)
        let groups = [try Self.group("web", 15, "full-jitter"), try Self.group("batch", 25, "naive")]
        let apart = try FleetRun.run(settings, groups: groups)
        // Each client has a key of its own: nobody is over the limit.
        #expect(apart.map(\.generates) == [15, 25])
        settings.sharesAccount = true
        let together = try FleetRun.run(settings, groups: groups)
        #expect(together[0].generates + together[1].generates > 40)
        #expect(together.map(\.jobs) == [15, 25])
        #expect(together.map(\.done) == [15, 25])
        // Forty jobs of 12 credits on one account, each fleet's own told apart.
        #expect(together.map(\.money.spent) == [180, 300])
        #expect(together.map(\.spentOverTime.last) == [180, 300])
        #expect(together.map(\.money.wasted) == [0, 0])
        #expect(together.map(\.money.accountsAudited) == [1, 1])
        // Ten in the first second, and not more in any: the last of forty begins three seconds later at the earliest.
        #expect(together.map { $0.timeToResult.max ?? 0 }.max() ?? 0 >= 8_000_000_000)
    }

    @Test func `a fleet is read as it is written`() throws {
        let read = try FleetGroup.read("clients=100,policy=./ours.yaml,name=web")
        #expect(read.name == "web")
        #expect(read.clients == 100)
        #expect(read.policy == "./ours.yaml")
        #expect(try FleetGroup.read("policy=naive,clients=1").name == nil)
    }

    @Test(arguments: [
        "", "web", "clients=5", "policy=naive", "clients=0,policy=naive", "clients=5,policy=naive,colour=red",
        "clients=5,clients=6,policy=naive", "clients=5,policy=",
    ])
    func `what is no fleet is refused`(text: String) {
        #expect {
            _ = try FleetGroup.read(text)
        } throws: { error in "\(error)".hasPrefix("--fleet ") }
    }

    @Test func `two fleets of one name are refused`() throws {
        let settings = try Samples.settings("about: nothing")
        let groups = [try Self.group("a", 1, "naive"), try Self.group("a", 1, "fixed")]
        #expect(throws: FleetError.samePolicyTwice("a")) { try FleetRun.run(settings, groups: groups) }
    }
}
