internal import ClipriseScenario
internal import ClipriseServer
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Looks at scenario files twice a second, and hands changed ones to the server.
///
/// A file that cannot be used changes nothing; the log says why, once for each change.
final class ScenarioWatcher {
    private let timer: any DispatchSourceTimer

    /// - Parameter world: Names the scenarios; built-in ones never change.
    init(_ world: WorldSettings, _ server: Server) {
        let names = world.scenario
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "cliprise-mock.watch"))
        let seen = Seen(names)
        timer.schedule(deadline: .now() + .milliseconds(500), repeating: .milliseconds(500))
        timer.setEventHandler {
            guard seen.hasChanged() else { return }
            do {
                let scenarios = world.scenarios(try names.map(ScenarioInput.init))
                let count = server.follow(scenarios)
                write(
                    "scenario changed: \(scenarios.map(\.name).joined(separator: ", ")) in force for \(count) accounts, "
                        + "which keep their credits, tasks and clocks\n", to: STDERR_FILENO)
            } catch let failure as Failure {
                write("scenario changed, but the old rules stay: \(failure.message)\n", to: STDERR_FILENO)
            } catch {
                write("scenario changed, but the old rules stay: \(error)\n", to: STDERR_FILENO)
            }
        }
        timer.resume()
    }

    func stop() { timer.cancel() }

    /// What the files were like at the last look; used by the timer's queue only.
    private final class Seen: Sendable {
        private let names: [String]
        private let last: Mutex<[String]>

        init(_ names: [String]) {
            self.names = names
            last = Mutex(Self.marks(names))
        }

        func hasChanged() -> Bool {
            let marks = Self.marks(names)
            return last.withLock { last in
                defer { last = marks }
                return last != marks
            }
        }

        /// Time, size and number of each file: an editor may write in place or put another file there.
        private static func marks(_ names: [String]) -> [String] {
            names.map { name in
                var facts = stat()
                guard stat(name, &facts) == 0 else { return "" }
                return "\(facts.st_mtim.tv_sec).\(facts.st_mtim.tv_nsec) \(facts.st_size) \(facts.st_ino)"
            }
        }
    }
}
