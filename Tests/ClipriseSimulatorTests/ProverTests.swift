import ClipriseClient
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseBundle
@testable import ClipriseSimulator

@Suite struct ProverTests {
    private static func prover(_ policy: RetryPolicy, faults: Int) throws -> Prover {
        try Prover(catalog: try Samples.catalog.get(), policy: policy, faults: faults)
    }

    @Test(arguments: ["full-jitter", "aws-standard", "fixed"], [0, 1, 2])
    func `who does not send a lost generate again is never charged twice`(name: String, faults: Int) throws {
        let result = try Self.prover(try RetryPolicy(named: name), faults: faults).run()
        #expect(result.counterexample == nil)
        #expect(result.states > 0)
    }

    @Test func `three faults do not make the reference policy pay twice`() throws {
        let prover = try Self.prover(.standard, faults: 3)
        let result = try prover.run()
        #expect(result.counterexample == nil)
        #expect(prover.text(result).hasPrefix("full-jitter: 0 double charges in "))
        // Its answer was lost: it was paid for, and nobody knows.
        let worst = try #require(result.worst)
        #expect((worst.neverFetched, worst.faults, worst.steps.count) == (12, 1, 1))
    }

    /// A picture costs 12 credits: each generate that is sent again after its work was done costs as much.
    @Test(arguments: [(1, Int64(12)), (2, 24)])
    func `who sends a lost generate again pays once more for each fault`(faults: Int, credits: Int64) throws {
        let result = try Self.prover(try RetryPolicy(named: "naive"), faults: faults).run()
        let found = try #require(result.counterexample)
        #expect(found.doubleCharged == credits)
        #expect(found.faults == faults)
        #expect(found.steps.prefix(faults).allSatisfy { $0.operation == .generate && $0.fault != nil })
    }

    @Test func `without faults there is one course, and it loses nothing`() throws {
        let result = try Self.prover(try RetryPolicy(named: "naive"), faults: 0).run()
        #expect(result.counterexample == nil)
        #expect(result.worst == nil)
        #expect(result.schedules == 2)
        // Generate, two polls, the file; with the shortest and with the longest waits.
        #expect(result.states == 2 * 4)
    }

    /// Two requests at once are no schedule of this search: it must not call such a policy safe.
    @Test func `a policy that hedges generates is refused`() throws {
        var policy = RetryPolicy.standard
        policy.limits.hedge = .init(after: .seconds(1), generate: true)
        #expect(throws: FleetError.self) {
            try Prover(catalog: try Samples.catalog.get(), policy: policy, faults: 1)
        }
        policy.limits.hedge = .init(after: .seconds(1))
        #expect(try Prover(catalog: try Samples.catalog.get(), policy: policy, faults: 1).run().counterexample == nil)
    }

    @Test func `a counterexample is a bundle that plays`() throws {
        let prover = try Self.prover(try RetryPolicy(named: "naive"), faults: 1)
        let found = try #require(try prover.run().counterexample)
        let bytes = try #require(try prover.bundle(of: found, version: "x"))
        let catalog = try Samples.catalog.get()
        let bundle = try Bundle(bytes, file: "x")
        #expect(try Replay.run(bundle, catalog: catalog, version: "x").difference == nil)
        let small = try Shrink(bundle, catalog: catalog).run()
        #expect(small.failing.contains { $0.hasPrefix("no_double_charge") })
        #expect(small.faultsAfter == 1)
    }

    /// A client that takes an empty answer for "not accepted": no such client is safe.
    @Test func `every kind of fault acts on the operation that it is for`() {
        for kind in SearchedFault.all {
            #expect(kind.fault.kind.word.phases.contains(kind.fault.phase), "\(kind.title)")
        }
        #expect(Set(SearchedFault.all.map(\.title)).count == SearchedFault.all.count)
    }

    @Test(arguments: [-1, 7])
    func `a number of faults beyond reason is refused`(faults: Int) {
        #expect(throws: FleetError.badCount("faults", value: faults, range: 0...6)) {
            try Self.prover(.standard, faults: faults)
        }
    }
}
