internal import ArgumentParser
internal import ClipriseReport
internal import ClipriseScenario
internal import Glibc

struct GradeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grade",
        abstract: "Judge a saved journal: was the client right, and what should it change?",
        discussion: """
            A journal is what GET /__admin/requests?format=jsonl answers, or what exec --report journal=FILE writes. \
            With a scenario its expectations decide; without one, every property that was exercised.

            Exit codes: 0 fine, 1 failed, 4 not exercised with --strict.

            examples:
              curl -s 'http://127.0.0.1:8080/__admin/requests?format=jsonl' | cliprise-mock grade -
              cliprise-mock grade run.jsonl --scenario storm --format junit > report.xml
            """)

    /// The most bytes of a journal: a million events and more.
    private static let byteLimit = 512 << 20

    @Argument(help: "A file with the journal, or - for standard input.")
    var journal: String
    @Option(help: ArgumentHelp("The scenario whose expectations decide.", valueName: "file|name"))
    var scenario: String?
    @Option(help: "The form of the report: text, json, junit, markdown, github, journal or har.")
    var format = ReportFormat.text
    @Flag(help: "Exit with 4 when an expectation or a rule of the scenario was not exercised.")
    var strict = false
    @Flag(help: "Say how calls, waits and the letter come about (text).")
    var explain = false

    func run() throws {
        let expected = try scenario.map { try ScenarioInput($0).scenario }
        do {
            let isCopied = format == .journal || format == .har
            let views = try JournalLines.read(
                try readFile(journal, limit: Self.byteLimit), hasContents: isCopied)
            let report = Grade.report(
                of: views, expectations: expected?.expectations ?? [], scenarioFile: expected?.file)
            let bytes = format.bytes(report, views, colour: isatty(STDOUT_FILENO) != 0, explains: explain)
            write(String(decoding: bytes, as: UTF8.self), to: STDOUT_FILENO)
            throw ExitCode(report.exitCode(strict: strict))
        } catch let error as JournalLinesError {
            let name = journal == "-" ? "standard input" : journal
            throw Failure(code: .usage, message: "\(name):\(error)")
        }
    }
}
