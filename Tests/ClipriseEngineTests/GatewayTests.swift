import ClipriseEngine
import ClipriseJournal
import ClipriseWire
import Testing

@testable import ClipriseScenario

@Suite struct GatewayTests {
    @Test func `requests are worked on in turn, some wait, and the rest is rejected`() {
        var gateway = Gateway(Capacity(concurrency: 2, service: .fixed(.seconds(10)), queue: 1), seed: 1)
        #expect(gateway.arrive(at: .seconds(0)) == .serve(start: .seconds(0), end: .seconds(10)))
        #expect(gateway.arrive(at: .seconds(4)) == .serve(start: .seconds(4), end: .seconds(14)))
        #expect(gateway.arrive(at: .seconds(5)) == .serve(start: .seconds(10), end: .seconds(20)))
        #expect(gateway.arrive(at: .seconds(6)) == .refuse)
        // At 10 s the one that waited is worked on: another may wait.
        #expect(gateway.arrive(at: .seconds(10)) == .serve(start: .seconds(14), end: .seconds(24)))
        #expect(gateway.arrive(at: .seconds(30)) == .serve(start: .seconds(30), end: .seconds(40)))
        #expect(gateway.refused == 1)
        #expect(gateway.longestQueue == 1)
    }

    @Test func `a service that never rests keeps its pace over many requests`() {
        var gateway = Gateway(Capacity(concurrency: 3, service: .fixed(.seconds(3)), queue: 10_000), seed: 1)
        for _ in 0..<9_000 { _ = gateway.arrive(at: .start) }
        #expect(gateway.arrive(at: .start) == .serve(start: .seconds(9_000), end: .seconds(9_003)))
    }

    @Test func `what is rejected is no work: nothing is made, and a life in polls is no shorter`() throws {
        var bench = try Bench("tasks: [{life: {polls: 2}}]")
        let id = bench.task()
        let refusal = Fault(.status(StatusFault(code: 429)))
        for _ in 0..<3 { #expect(try bench.status(id, rejected: refusal).plan.status == 429) }
        #expect(try bench.status(id).plan.status == 300)
        #expect(try bench.status(id, rejected: refusal).plan.status == 429)
        #expect(try bench.status(id).plan.status == 200)
        // Each of them was asked all the same.
        #expect(bench.exchanges.suffix(6).map(\.attempt) == [1, 2, 3, 4, 5, 6])
        #expect(bench.exchanges.suffix(6).map(\.status) == [429, 429, 429, 300, 429, 200])
        #expect(bench.account.taskCount == 1)
    }
}
