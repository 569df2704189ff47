internal import ClipriseScenario
internal import ClipriseSimulator
internal import Foundation
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
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let places = command[0].contains("/") ? [command[0]] : folders.map { "\($0)/\(command[0])" }
        guard places.contains(where: { access($0, X_OK) == 0 }) else {
            throw Failure(code: .usage, message: "\(command[0]): no such program")
        }
    }

    /// Prints the smallest scenario that was found.
    ///
    /// - Parameter tries: The most runs after the first.
    func run(_ scenario: Scenario, tries: Int) throws {
        let code = try exitCode(scenario)
        guard code != 0 else {
            throw Failure(code: .refused, message: "the command does not fail with this scenario")
        }
        let progress = ProgressBar()
        var (left, runs) = (tries, 1)
        var small = try ScenarioCuts.minimise(scenario, tries: &left) { candidate in
            runs += 1
            progress.show(Double(runs) / Double(tries + 1))
            return try exitCode(candidate) == code
        }
        progress.clear()
        small.name = "\(scenario.name)-shrunk"
        let cut = left > 0 ? "" : "# The tries were used up: --tries may find a smaller one.\n"
        // A comment ends with its line.
        let words = command.joined(separator: " ").split(whereSeparator: \.isNewline).joined(separator: " ")
        write(
            """
            # \(ScenarioCuts.faultCount(scenario)) faults became \(ScenarioCuts.faultCount(small)), in \(runs) runs.
            \(cut)# fails: \(words) (exit code \(code))
            \(small.text)
            """, to: STDOUT_FILENO)
    }

    /// The exit code of `exec` with the command against a scenario; what it writes goes nowhere.
    private func exitCode(_ scenario: Scenario) throws -> Int32 {
        let file = FileManager.default.temporaryDirectory.appending(path: "cliprise-mock-\(UUID().uuidString).yaml")
        try writeFile(Array(scenario.text.utf8), to: file.path)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["exec", "--quiet", "--scenario", file.path] + options + ["--"] + command
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }
}
