internal import ClipriseBundle
internal import ClipriseScenario
internal import ClipriseWire
internal import Glibc

/// Cuts a scenario to what still makes a command fail in the same way.
struct CommandShrink {
    private let command: [String]
    private let options: [String]

    /// - Parameters:
    ///   - command: Looked for in `PATH`, and its arguments.
    ///   - catalog: The folder of `--catalog`.
    /// - Throws: `Failure` when there is no such program: every scenario would seem to make it fail.
    init(_ command: [String], catalog: String?) throws {
        self.command = command
        options = catalog.map { ["--catalog", $0] } ?? []
        let folders = getenv("PATH").map { String(cString: $0) }?.split(separator: ":") ?? []
        let places = command[0].contains("/") ? [command[0]] : folders.map { "\($0)/\(command[0])" }
        guard places.contains(where: { access($0, X_OK) == 0 }) else {
            throw Failure.usage("\(command[0]): no such program")
        }
    }

    /// Prints the smallest scenario that was found.
    ///
    /// - Parameter tries: The most runs after the first.
    func run(_ scenario: Scenario, tries: Int) throws {
        // What the command says by itself goes before what its exchanges show: the two may fail for different reasons.
        let own = try exitCode(scenario, ofCommand: true)
        let code = own != 0 ? own : try exitCode(scenario, ofCommand: false)
        guard code != 0 else {
            throw Failure(
                code: .refused,
                message: "the command does not fail with this scenario, and nothing that it does fails an expectation")
        }
        let progress = ProgressBar()
        var (left, runs) = (tries, 1)
        var small = try ScenarioCuts.minimise(scenario, tries: &left) { candidate in
            runs += 1
            progress.show(Double(runs) / Double(tries + 1))
            return try exitCode(candidate, ofCommand: own != 0) == code
        }
        progress.clear()
        small.name = "\(scenario.name)-shrunk"
        let cut = left > 0 ? "" : "# The tries were used up: --tries may find a smaller one.\n"
        // A comment ends with its line.
        let isOwn = own != 0
        let rest =
            ScenarioCuts.faultCount(small) > 0
            ? "" : "# It fails without any fault too: the scenario is not what it fails by.\n"
        let words = command.joined(separator: " ").split(whereSeparator: \.isNewline).joined(separator: " ")
        write(
            """
            # \(DecimalText.count(ScenarioCuts.faultCount(scenario), "fault")) became \
            \(ScenarioCuts.faultCount(small)), in \(DecimalText.count(runs, "run")).
            \(cut)\(rest)# fails: \(words) (\(isOwn ? "its own exit code \(code)" : "exit code \(code) of exec"))
            \(small.text)
            """, to: STDOUT_FILENO)
    }

    /// The exit code of `exec` with the command against a scenario; what it writes goes nowhere.
    ///
    /// - Parameter ofCommand: Whether the command's own code is meant, whatever its exchanges show.
    private func exitCode(_ scenario: Scenario, ofCommand: Bool) throws -> Int32 {
        let file = try temporaryFile(ending: ".yaml")
        defer { unlink(file) }
        try writeFile(Array(scenario.text.utf8), to: file)
        let words =
            ["exec", "--quiet", "--allow-idle", "--scenario", file] + options + (ofCommand ? ["--command-code"] : [])
            + ["--"]
            + command
        return try runSilently("/proc/self/exe", ["cliprise-mock"] + words)
    }
}
