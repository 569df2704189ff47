import ClipriseCatalog
import ClipriseClient
import ClipriseEngine
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseBundle
@testable import ClipriseSimulator

@Suite struct FleetTests {
    @Test func `without faults every job is done for its price, and nothing is wasted`() throws {
        let settings = try Samples.settings("tasks: [{life: {after: 10s}}]", clients: 50)
        let result = try FleetRun.run(settings, policy: .standard)
        #expect(result.jobs == 50)
        #expect(result.done == 50)
        // A picture of qwen-image-2 costs 12 credits.
        #expect(result.money.spent == 50 * 12)
        #expect(result.money.wasted == 0)
        #expect(result.money.heldAtEnd == 0)
        #expect(result.money.breaches == [])
        // All requests over the three that each job needs.
        #expect(result.amplification == Double(result.requests) / 150)
        #expect(try #require(result.timeToResult.p50) >= 10_000_000_000)
    }

    @Test func `the same seed gives the same bytes, and another seed others`() throws {
        func json(_ seed: UInt64) throws -> [UInt8] {
            var settings = try Samples.settings(
                "rules: [{when: {operation: status}, chance: {p: 0.2, fault: {status: 503}}}]", clients: 200)
            settings.engine.seed = seed
            settings.arrivals = .poisson(perSecond: 2)
            settings.length = .seconds(60)
            let policies = [RetryPolicy.standard, try RetryPolicy(named: "naive")]
            return try Comparison.run(settings, policies: policies, arrival: "poisson:2/s", version: "x").json
        }
        let first = try json(1)
        #expect(try json(1) == first)
        #expect(try json(2) != first)
    }

    @Test func `who sends a lost generate again pays twice, and who does not has paid for nothing`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: immediate}]
            rules: [{when: {operation: generate, attempt: 1}, fault: close, phase: after}]
            """, clients: 10)
        let naive = try FleetRun.run(settings, policy: RetryPolicy(named: "naive"))
        #expect(naive.done == 10)
        #expect(naive.money.spent == 2 * 10 * 12)
        #expect(naive.money.doubleCharged == 10 * 12)
        #expect(naive.money.neverFetched == 0)
        let careful = try FleetRun.run(settings, policy: .standard)
        #expect(careful.done == 0)
        #expect(careful.givenUp == 10)
        #expect(careful.outcomeUnknown == 10)
        #expect(careful.money.spent == 10 * 12)
        #expect(careful.money.doubleCharged == 0)
        #expect(careful.money.neverFetched == 10 * 12)
        #expect(naive.grade?.letter == "F")
    }

    /// A hunt found it: the reference client sees that nothing, or a page, is no file, and asks again.
    @Test(arguments: ["empty", "{status: 200, body: html}"])
    func `an answer without the file is no file`(fault: String) throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 10s}}]
            rules: [{when: {operation: download, attempt: 1}, fault: \(fault), phase: after}]
            """, clients: 3)
        let result = try FleetRun.run(settings, policy: .standard)
        #expect(result.done == 3)
        #expect(result.downloads == 6)
        #expect(result.money.wasted == 0)
        #expect(result.grade?.breaksExpectations == false)
    }

    @Test func `a task that never ends leaves its credits held`() throws {
        let settings = try Samples.settings("tasks: [{outcome: stuck}]", clients: 3)
        let result = try FleetRun.run(settings, policy: .standard)
        #expect(result.givenUp == 3)
        #expect(result.errors == [.init(name: "deadline exceeded", count: 3)])
        #expect(result.money.heldAtEnd == 3 * 12)
        #expect(result.money.spent == 0)
        // Nobody will ever get anything for it.
        #expect(result.money.neverFetched == 3 * 12)
    }

    /// `naive` gives up after 60 s.
    @Test func `a task that ends after its client has left is charged, and that is waste`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 10m}}]
            rules: [{when: {operation: status}, fault: {status: 503}}]
            """, clients: 4)
        let result = try FleetRun.run(settings, policy: RetryPolicy(named: "naive"))
        #expect(result.done == 0)
        #expect(result.length < 600_000_000_000)
        #expect(result.money.spent == 4 * 12)
        #expect(result.money.heldAtEnd == 0)
        #expect(result.money.neverFetched == 4 * 12)
        #expect([result.spentOverTime.last, result.heldOverTime.last] == [48, 0])
    }

    @Test func `a lost task that only ends by polls is as good as charged twice`() throws {
        let settings = try Samples.library("lost-reply", clients: 10)
        let naive = try FleetRun.run(settings, policy: RetryPolicy(named: "naive"))
        #expect(naive.done == 10)
        #expect(naive.money.spent == 10 * 12)
        #expect(naive.money.heldAtEnd == 10 * 12)
        #expect(naive.money.doubleCharged == 10 * 12)
        #expect(naive.grade?.letter == "F")
    }

    @Test func `after an outage the time to recover counts from its end`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 30s}}]
            rules: [{name: down, when: {operation: status}, during: {from: 5s, for: 10s}, fault: {status: 503}}]
            """, clients: 50)
        let result = try FleetRun.run(settings, policy: .standard)
        #expect(result.outageEnd == 15_000_000_000)
        #expect(result.recovery == 0)
        #expect(result.lostInOutage == 0)
        #expect(result.done == 50)
    }

    @Test func `who has left before the end of an outage has not recovered from it`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 10m}}]
            rules: [{name: down, when: {operation: status}, during: {from: 1s, for: 30m}, fault: {status: 503}}]
            """, clients: 5)
        let result = try FleetRun.run(settings, policy: .standard)
        #expect(result.done == 0)
        #expect(result.recovery == nil)
        #expect(result.lostInOutage == 5)
    }

    @Test func `polls are those that were sent, answered or not`() throws {
        let settings = try Samples.settings(
            """
            tasks: [{life: {after: 10s}}]
            rules: [{when: {operation: status}, plan: [{fault: close}, {fault: {status: 502}}]}]
            """, clients: 8)
        let result = try FleetRun.run(settings, policy: .standard)
        #expect(result.done == 8)
        #expect(result.pollsPerJob * 8 == Double(result.polls))
    }

    @Test func `a service with limits rejects what is beyond its queue, and retries come back to it`() throws {
        let settings = try Samples.settings("capacity: {concurrency: 1, service: 100ms, queue: 5}", clients: 100)
        let result = try FleetRun.run(settings, policy: RetryPolicy(named: "naive"))
        // One is worked on and five wait; the other 94 of the first instant are rejected.
        #expect(result.refusedByCapacity >= 94)
        #expect(result.longestQueue == 5)
        #expect(result.done > 0)
        let amplification = try #require(result.amplification)
        #expect(amplification > 1.5)
    }

    @Test func `requests that are rejected stand in the journal, so that expectations see them`() throws {
        let settings = try Samples.settings(
            """
            capacity: {concurrency: 1, service: 100ms, queue: 2, refusal: {status: 429}}
            expect: [{requests: {at_most: 4}}]
            """, clients: 30)
        let result = try FleetRun.run(settings, policy: RetryPolicy(named: "naive"))
        #expect(result.refusedByCapacity > 0)
        #expect(result.grade?.breaksExpectations == true)
        // A 429 says that nothing was accepted: who waits and comes again gets everything done, once.
        let careful = try FleetRun.run(settings, policy: .standard)
        #expect(careful.refusedByCapacity > 0)
        #expect(careful.done == 30)
        #expect(careful.money.wasted == 0)
    }

    @Test func `an account that all share is judged by its first request too`() throws {
        var settings = try Samples.settings(
            """
            tasks: [{life: {after: 100s}}]
            rules: [{name: lost, when: {operation: generate, task: 1}, fault: close, phase: after}]
            expect: [{requests: {exactly: 0, rule: lost}}]
            """, clients: 250)
        settings.sharesAccount = true
        settings.credits = 1_000_000
        let result = try FleetRun.run(settings, policy: RetryPolicy(named: "naive"))
        let grade = try #require(result.grade)
        #expect(result.requests > 25_000)
        #expect(grade.evicted == 0)
        #expect(grade.breaksExpectations)
    }

    @Test func `one account for all is charged for all`() throws {
        var settings = try Samples.settings("tasks: [{life: {after: 5s}}]", clients: 7)
        settings.sharesAccount = true
        let result = try FleetRun.run(settings, policy: .standard)
        #expect(result.money.accountsAudited == 1)
        #expect(result.money.spent == 7 * 12)
    }

    static let refused: [(FleetError, @Sendable (inout FleetSettings) -> Void)] = [
        (.badCount("clients", value: 0, range: 1...1_000_000), { $0.clients = 0 }),
        (.badCount("clients", value: 1_000_001, range: 1...1_000_000), { $0.clients = 1_000_001 }),
        (.badLength("0s", option: "for", range: "1ms to 24h"), { $0.length = .zero }),
        (
            .tooManyJobs(expected: 600_000_000, limit: 10_000_000),
            { $0.arrivals = .poisson(perSecond: 1_000_000) }
        ),
        (
            .unknownModel("qwen-image-3", suggestion: "qwen-image-2"),
            { $0.jobs = [.init(model: "qwen-image-3", share: 1)] }
        ),
        (
            .sameModelTwice("sora-2"),
            { $0.jobs = [.init(model: "sora-2", share: 1), .init(model: "sora-2", share: 2)] }
        ),
    ]

    @Test(arguments: refused.indices)
    func `what cannot be run is refused with what is possible`(index: Int) throws {
        var settings = try Samples.settings("about: nothing")
        Self.refused[index].1(&settings)
        #expect(throws: Self.refused[index].0) { try FleetRun.run(settings, policy: .standard) }
    }

    @Test func `a policy without a pause between polls is refused`() throws {
        let settings = try Samples.settings("about: nothing")
        let policy = RetryPolicy(name: "mad", base: .zero)
        #expect(
            throws: FleetError.badPolicy(
                "mad", reason: "polls need a pause: base (or poll_base, or poll) and cap must be above zero")
        ) { try FleetRun.run(settings, policy: policy) }
    }

    @Test func `every model of the catalogue gets bodies that the engine takes, one of its own for each job`() throws {
        let settings = try Samples.settings("about: nothing")
        let world = SimulatedWorld(settings.worldSetup)
        for model in settings.catalog.models {
            let sample = try SampleBody(model.id, engine: world.engine)
            let bodies = [0, 1, 9, 10, 9_999_999].map(sample.body(ofJob:))
            let orders = try bodies.map { try world.engine.order($0).get() }
            #expect(Set(bodies.map(BodyMeaning.of)).count == bodies.count, "\(model.id): two jobs ask for the same")
            #expect(Set(orders.map(\.credits)).count == 1, "\(model.id): jobs have other prices")
        }
    }

    /// The wire tells jobs apart, so that one account with many of them is judged as sharply as many with one.
    @Test(arguments: ["credits-run-dry", "key-revoked", "rate-limited", "lost-reply", "storm"])
    func `clients who share an account are not taken for one that sends again`(name: String) throws {
        var settings = try Samples.library(name, clients: 20)
        settings.sharesAccount = true
        let grade = try #require(try FleetRun.run(settings, policy: .standard).grade)
        let wrong: Set = ["no_double_charge", "no_blind_resend", "retries_only_retryable", "backoff", "jitter_present"]
        #expect(wrong.isDisjoint(with: grade.failed), "\(grade.reasons)")
        let naive = try #require(try FleetRun.run(settings, policy: RetryPolicy(named: "naive")).grade)
        #expect(name != "lost-reply" || naive.failed.contains("no_double_charge"))
    }
}
