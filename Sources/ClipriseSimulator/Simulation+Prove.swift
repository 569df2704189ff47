internal import Dispatch

extension Simulation {
    /// Plays client code against every schedule of at most `faults` faults, and reports those that cost most.
    ///
    /// As `cliprise-mock prove` does with policies, for code of your own that is written against `ClipriseTransport`:
    ///
    ///     let proof = try await Simulation.prove(faults: 2) { service in
    ///         let shop = Shop(transport: service.transport, clock: service.clock)
    ///         try? await shop.buyPicture(key: "test-key")
    ///     }
    ///     #expect(proof.counterexample == nil, "\\(proof)")
    ///
    /// Each schedule is a run from the beginning: a request meets one of 25 kinds of faults, or none. So the code must do
    /// the same each time: what it asks, and when, may follow only from the answers and from the service's clock. What
    /// does not is refused, not guessed at.
    ///
    /// - Parameters:
    ///   - faults: 0 to 6. The schedules grow fast: a job of four requests has a few dozen of one fault, about a thousand of
    ///     two.
    ///   - taskTime: How long each task takes.
    ///   - limit: The most schedules that are played, up to 1,000,000.
    ///   - requestLimit: The most requests of one run, up to 10,000.
    ///   - body: Does its jobs; what it throws is an end like any other. There is an account `test-key`.
    /// - Throws: `SimulationError`: `notDeterministic`, or one that says why nothing is proved.
    public static func prove(
        faults: Int, taskTime: Duration = .seconds(2), limit: Int = 20_000, requestLimit: Int = 200,
        _ body: @escaping @Sendable (SimulatedService) async throws -> Void
    ) async throws -> SimulatedProof {
        guard Prover.faultRange.contains(faults), (1...1_000_000).contains(limit), (1...10_000).contains(requestLimit),
            taskTime >= .zero, taskTime <= .seconds(86_400)
        else {
            throw SimulationError.badScenario(
                "prove takes 0 to 6 faults, a task time up to a day, a limit from 1 to 1000000 schedules and one from 1 to "
                    + "10000 requests")
        }
        return try await CodeProver(taskTime: taskTime, requestLimit: requestLimit, body: body)
            .run(faults: faults, limit: limit)
    }
}
