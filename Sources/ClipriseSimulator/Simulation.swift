internal import ClipriseBundle
package import ClipriseScenario
internal import Dispatch

/// Runs client code against the service in virtual time: no socket, no waiting, the same run for the same seed.
///
///     let bill = try await Simulation.run(.named("lost-reply")) { service in
///         let client = try service.client(key: "test-key")
///         _ = try? await client.run(request) { _ in }
///         return service.account("test-key")?.spent
///     }
///
/// Everything inside that waits must wait by the service's clock, or for another task inside. Structured tasks (a task
/// group, `async let`) are part of the run by themselves; an unstructured one must be made with
/// `Task(executorPreference: service.executor)`.
public enum Simulation {
    /// Runs `body` to its end.
    ///
    /// - Parameters:
    ///   - scenario: What the accounts meet. They follow the simulation's clock, whatever clock the scenario names.
    ///   - seed: Every draw follows from it; nil takes the scenario's own, or 1.
    ///   - timeScale: Tasks take the model's typical time times this.
    ///   - rendersFiles: Whether downloads are real files, which takes real time, rather than bytes that mean nothing.
    /// - Throws: What `body` throws; `SimulationError`.
    public static func run<Value: Sendable>(
        _ scenario: SimulatedScenario = .none, seed: UInt64? = nil, timeScale: Double = 1, rendersFiles: Bool = false,
        _ body: @escaping @Sendable (SimulatedService) async throws -> Value
    ) async throws -> Value {
        guard timeScale >= 0, timeScale <= 1_000 else {
            throw SimulationError.badScenario("a time scale is a number from 0 to 1000")
        }
        let time = VirtualTime()
        var scenario = try scenario.load()
        if let seed { scenario?.seed = seed }
        let service = try SimulatedService(
            scenario, seed: seed ?? 1, timeScale: timeScale, files: rendersFiles ? .rendered : .standIn, time: time)
        let task = Task(executorPreference: time) {
            defer { time.finish() }
            return try await body(service)
        }
        let isDone = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue(label: "cliprise.simulation").async {
                    continuation.resume(returning: time.drive(patience: .seconds(10)))
                }
            }
        } onCancel: {
            task.cancel()
        }
        guard isDone else {
            task.cancel()
            throw SimulationError.stalled
        }
        return try await task.value
    }
}

/// What the accounts of a simulation follow.
public enum SimulatedScenario: Sendable, Hashable {
    /// The contract, and nothing that goes wrong.
    case none
    /// A built-in scenario, such as `outage-30s`.
    case named(String)
    /// The text of a scenario file.
    case yaml(String)

    package func load() throws(SimulationError) -> Scenario? {
        do {
            switch self {
            case .none: return nil
            case .named(let name): return try ScenarioLibrary.load(named: name)
            case .yaml(let text): return try Scenario(yaml: text, source: "scenario")
            }
        } catch {
            throw .badScenario("\(error)")
        }
    }
}
