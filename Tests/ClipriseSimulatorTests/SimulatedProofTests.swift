import ClipriseClient
import ClipriseLocks
import ClipriseScenario
import Testing

@testable import ClipriseSimulator

/// `prove` for code that is written against `ClipriseTransport`.
@Suite struct SimulatedProofTests {
    private static func job(_ service: SimulatedService, resends: Bool, attempts: Int = 3) async throws {
        var policy = RetryPolicy(name: "own", maxAttempts: attempts, resendsUnknown: resends)
        policy.requestTimeout = .seconds(5)
        let client = try service.client(key: "test-key", policy: policy)
        _ = try await client.run(SimulationTests.request("a pier")) { _ in }
    }

    /// A lost answer is nobody's mistake, and polls are tried three times.
    @Test func `code that never resends loses nothing by one fault`() async throws {
        let proof = try await Simulation.prove(faults: 1) { try await Self.job($0, resends: false) }
        #expect(proof.lost == 0, "\(proof)")
        // Eleven kinds for the generate, seven for each poll, seven for the file, and the schedule without any.
        #expect(proof.schedules == 1 + 11 + 7 + 7 + 7, "\(proof)")
    }

    @Test(arguments: [(1, Int64(12)), (2, 24)])
    func `code that resends pays once more for each fault, and the scenario shows it`(
        faults: Int, lost: Int64
    ) async throws {
        let proof = try await Simulation.prove(faults: faults) { try await Self.job($0, resends: true) }
        #expect(proof.lost == lost, "\(proof)")
        #expect(proof.boughtAgain == faults)
        #expect(proof.requests.first?.hasPrefix("generate ← ") == true, "\(proof)")
        // Played as a scenario, the same code loses as much.
        let spent = try await Simulation.run(.yaml(proof.scenario)) { service in
            try await Self.job(service, resends: true)
            return service.account("test-key")?.spent
        }
        #expect(spent == 12 + lost)
    }

    @Test func `code that does something else each time proves nothing`() async {
        let calls = Locked(0)
        await #expect(throws: SimulationError.notDeterministic) {
            _ = try await Simulation.prove(faults: 1) { service in
                // Polls an unknown task in every second run.
                let client = try service.client(key: "test-key")
                let isOdd = calls.withLock { calls in
                    calls += 1
                    return calls % 2 == 1
                }
                if isOdd { _ = try? await client.status(of: "0123") }
                try await Self.job(service, resends: false)
            }
        }
    }

    @Test func `a search that is too large is refused`() async {
        await #expect(throws: SimulationError.tooManySchedules(limit: 10)) {
            _ = try await Simulation.prove(faults: 2, limit: 10) { try await Self.job($0, resends: false) }
        }
    }
}
