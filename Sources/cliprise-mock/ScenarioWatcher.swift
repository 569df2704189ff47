internal import ClipriseScenario
internal import ClipriseServer
internal import ClipriseWire
internal import Dispatch
internal import Glibc

/// Looks at scenario files twice a second, and hands changed ones to the server.
///
/// A file that cannot be used changes nothing; the log says why, once for each change.
final class ScenarioWatcher {
    private let timer: any DispatchSourceTimer

    /// - Parameter world: Names the scenarios; built-in ones never change.
    init(_ world: WorldSettings, _ server: Server) {
        let names = world.scenario
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "cliprise-mock.watch"))
        let seen = FileMarks(names)
        timer.schedule(deadline: .now() + .milliseconds(500), repeating: .milliseconds(500))
        timer.setEventHandler {
            guard seen.haveChanged() else { return }
            do {
                let scenarios = world.scenarios(try names.map(ScenarioInput.init))
                let count = server.follow(scenarios)
                write(
                    "scenario changed: \(scenarios.map(\.name).joined(separator: ", ")) in force for "
                        + "\(DecimalText.count(count, "account")), with credits, tasks and clocks as before\n",
                    to: STDERR_FILENO)
            } catch {
                write("scenario changed, but the old rules stay: \(error)\n", to: STDERR_FILENO)
            }
        }
        timer.resume()
    }

    func stop() { timer.cancel() }
}
