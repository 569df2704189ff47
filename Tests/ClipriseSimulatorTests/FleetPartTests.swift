import ClipriseClient
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseSimulator

/// Clients that never meet are run in parts: nothing may tell that.
@Suite struct FleetPartTests {
    static let worlds: [(scenario: String, arrivals: String, policies: [String])] = [
        ("outage-30s", "burst", ["full-jitter"]),
        ("outage-30s", "ramp", ["aws-adaptive"]),
        ("storm", "poisson:2/s", ["naive"]),
        ("storm", "every:20s", ["full-jitter", "naive"]),
        ("failed-moderation", "uniform:3/s", ["got"]),
        ("quiet-day", "diurnal:1/s..9/s", ["go-retryablehttp", "fixed"]),
    ]

    @Test(arguments: worlds.indices)
    func `parts give the figures of all clients together`(index: Int) throws {
        let world = Self.worlds[index]
        var settings = try Samples.library(world.scenario, clients: 23)
        settings.arrivals = try Arrivals(world.arrivals)
        settings.length = .seconds(60)
        settings.gradedAccounts = 5
        #expect(settings.clientsAreApart)
        let groups = try world.policies.enumerated().map { index, name in
            FleetGroup(
                name: name, clients: world.policies.count == 1 ? 23 : 8 + 7 * index,
                policy: try ClientModels.policy(named: name))
        }
        let whole = try FleetRun.parts(settings, groups: groups, partSize: 100)
        for size in [1, 4, 11, 22] {
            let parts = try FleetRun.parts(settings, groups: groups, partSize: size)
            for group in groups.indices { #expect(parts.result(group) == whole.result(group)) }
        }
        #expect(whole.result().requests > 0)
    }

    static let together = [
        "capacity: {concurrency: 4, service: 20ms, queue: 32}",
        "accounts: [{key: client-7, credits: 100}]",
        "accounts: [{prefix: client-, count: 3, credits: 100}]",
    ]

    @Test(arguments: together)
    func `clients that meet are run together`(yaml: String) throws {
        let settings = try Samples.settings(yaml)
        #expect(!settings.clientsAreApart)
    }

    @Test func `one account, and a closed model, keep clients together`() throws {
        var settings = try Samples.settings("")
        #expect(settings.clientsAreApart)
        settings.arrivals = .closed(think: .seconds(1))
        #expect(!settings.clientsAreApart)
        settings.arrivals = .burst
        settings.sharesAccount = true
        #expect(!settings.clientsAreApart)
    }

    /// A request that takes a year to serve would make a curve of thirty million seconds, and a few of them gigabytes.
    @Test func `a run of years has a curve of credits of seven days`() throws {
        let settings = try Samples.settings(
            "capacity: {concurrency: 1, service: 8760h, queue: 3}\naccounts: [{key: a, credits: 100}]", clients: 2)
        let result = try FleetRun.parts(
            settings, groups: [FleetGroup(name: "p", clients: 2, policy: .standard)], partSize: 100
        ).result()
        #expect(result.length > 8_000 * 3_600 * 1_000_000_000)
        #expect(result.heldOverTime.count == 604_801 && result.spentOverTime.count == 604_801)
    }

    @Test func `a queue that lasts for centuries ends no process, and its clients give up`() throws {
        let settings = try Samples.settings("capacity: {concurrency: 1, service: 8760h, queue: 1000}", clients: 400)
        let result = try FleetRun.run(settings, policy: .standard)
        #expect(result.done == 0 && result.jobs == 400)
        #expect(result.length < 150 * 8_766 * 3_600 * 1_000_000_000)
    }

    @Test func `a mistake in a part is reported`() throws {
        var settings = try Samples.settings("")
        settings.jobs = [.init(model: "no-such-model", share: 1)]
        let group = FleetGroup(name: "p", clients: 20, policy: .standard)
        #expect(throws: FleetError.self) { try FleetRun.parts(settings, groups: [group], partSize: 3) }
    }
}
