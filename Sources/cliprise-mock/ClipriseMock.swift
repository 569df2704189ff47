internal import ArgumentParser
internal import CClipriseCrash
internal import ClipriseVersion
internal import ClipriseWire
internal import Glibc

@main
struct ClipriseMock: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cliprise-mock",
        abstract: "A mock of the Cliprise API: its models, real answers, credits that cost nothing.",
        discussion: """
            Without a subcommand it serves: try "cliprise-mock", then paste the curl command that it prints.

            Every option of a subcommand can stand in the environment as CLIPRISE_MOCK_<OPTION>, such as \
            CLIPRISE_MOCK_PORT=9000 or CLIPRISE_MOCK_ACCOUNT=a=100,b=50; the command line beats the environment.

            Exit codes: 0 fine, 1 a body was refused or an expectation, the grade or a replay failed, 2 bad usage or \
            file, 3 could not start, or not save its state, 4 not exercised with --strict, 13 what was to be printed \
            could not be written, 128 + N after signal N (serve ends with 0 after SIGINT, SIGTERM and SIGHUP).
            """,
        version: Version.line(of: "cliprise-mock"),
        subcommands: [
            ServeCommand.self, ExecCommand.self, ScenarioCommand.self, GradeCommand.self, SimulateCommand.self,
            ReplayCommand.self, ShrinkCommand.self, ProveCommand.self, ModelsCommand.self, QuoteCommand.self,
            OpenAPICommand.self, ConformanceCommand.self, ProxyCommand.self, MCPCommand.self, HelperCommand.self,
            HealthCommand.self, GatherCommand.self, CertificateCommand.self, StateCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)

    /// Parses, runs, and turns every way of ending into one of the documented exit codes.
    static func main() {
        StandardDescriptors.occupy()
        // Literals live for ever.
        let name: StaticString = "cliprise-mock"
        name.withUTF8Buffer { name in
            name.withMemoryRebound(to: CChar.self) { name in name.baseAddress.map(ccrash_install) }
        }
        do {
            try run()
        } catch let failure as Failure {
            write("cliprise-mock: \(Printable.lines(failure.message))\n", to: STDERR_FILENO)
            Glibc.exit(failure.code.rawValue)
        } catch {
            Glibc.exit(Failure.Code.usage.rawValue)
        }
        Glibc.exit(0)
    }

    private static func run() throws {
        guard let given = ProgramArguments.read() else {
            throw Failure(code: .start, message: ProgramArguments.problem)
        }
        let environment = try EnvironmentOptions(for: given)
        for warning in environment.warnings { write("cliprise-mock: \(warning)\n", to: STDERR_FILENO) }
        do {
            try checkCommand(given)
            let arguments = environment.added(to: given)
            if let settings = ServeSettings(plain: arguments) {
                try settings.run()
            } else {
                var command = try parseAsRoot(arguments)
                try command.run()
            }
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch {
            if let failure = Failure(ofInput: error) {
                let isUsage = failure.code == .usage && !environment.names.isEmpty
                let note = isUsage ? "\nFrom the environment: \(environment.names)" : ""
                throw Failure(code: failure.code, message: failure.message + note)
            }
            let isHelp = exitCode(for: error).isSuccess
            let note = isHelp || environment.names.isEmpty ? "" : "\nFrom the environment: \(environment.names)"
            write(Printable.lines(fullMessage(for: error)) + note + "\n", to: isHelp ? STDOUT_FILENO : STDERR_FILENO)
            Glibc.exit(isHelp ? 0 : Failure.Code.usage.rawValue)
        }
    }

    /// A mistyped command would otherwise count as a stray argument of `serve`, or of a command's own default.
    private static func checkCommand(_ arguments: [String]) throws {
        var command: any ParsableCommand.Type = Self.self
        for word in arguments.drop(while: { $0 == "help" }) {
            let commands = command.configuration.subcommands
            guard !commands.isEmpty, !word.hasPrefix("-") else { return }
            if let next = commands.first(where: { $0.configuration.commandName == word }) {
                command = next
                continue
            }
            let names = commands.compactMap { $0.configuration.commandName }
            let group = command == Self.self ? nil : command.configuration.commandName
            let meant = Spelling.hint(for: word, in: group == nil ? names + ["help"] : names)
            throw Failure.usage(
                "\"\(word.printable)\" is not a command\(group.map { " of \($0)" } ?? "")\(meant) "
                    + "(there are \(names.joined(separator: ", ")): cliprise-mock \(group.map { "\($0) " } ?? "")--help)"
            )
        }
    }
}
