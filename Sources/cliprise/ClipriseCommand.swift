internal import ArgumentParser
internal import ClipriseVersion
internal import ClipriseWire
internal import Glibc

@main
struct ClipriseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cliprise",
        abstract: "A client of the Cliprise API that never pays twice by itself.",
        discussion: """
            The key comes from CLIPRISE_API_KEY, or from a file that only you can read (--key-file); never from the \
            command line, where others see it. CLIPRISE_BASE_URL says where the service is.

            examples:
              cliprise run --model z-image --prompt "A lighthouse" --set aspect_ratio=16:9 --output lighthouse.png
              cliprise generate --file body.json --json
              cliprise wait f11021d5b56bc19932b336ac0dbf413f && cliprise download f11021d5b56bc19932b336ac0dbf413f -o a.png

            \(ExitStatus.table)
            """,
        version: Version.line(of: "cliprise"),
        subcommands: [
            GenerateCommand.self, StatusCommand.self, WaitCommand.self, DownloadCommand.self, RunCommand.self,
        ])

    /// Parses, runs, and turns every way of ending into one of the documented exit codes.
    static func main() {
        StandardDescriptors.occupy()
        blockEndingSignals()
        do {
            guard let given = ProgramArguments.read() else { throw Failure(message: ProgramArguments.problem) }
            try checkCommand(given)
            let command = try parseAsRoot(given)
            guard let job = command as? any JobCommand else {
                var plain = command
                try plain.run()
                return
            }
            CommandRunner.run(job)
        } catch let failure as Failure {
            write("cliprise: \(Printable.lines(failure.message))\n", to: STDERR_FILENO)
            Glibc.exit(ExitStatus.usage.rawValue)
        } catch {
            let isHelp = exitCode(for: error).isSuccess
            let isWritten =
                write(Printable.lines(fullMessage(for: error)) + "\n", to: isHelp ? STDOUT_FILENO : STDERR_FILENO)
                == nil
            Glibc.exit(isHelp ? (isWritten ? 0 : ExitStatus.file.rawValue) : ExitStatus.usage.rawValue)
        }
    }

    private static func checkCommand(_ arguments: [String]) throws {
        guard let first = arguments.first, !first.hasPrefix("-") else { return }
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !names.contains(first) else { return }
        let meant = Spelling.hint(for: first, in: names)
        throw Failure(
            message:
                "\"\(first.printable)\" is not a command\(meant) (there are generate, status, wait, download and run: "
                + "cliprise --help)")
    }
}
