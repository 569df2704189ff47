internal import ArgumentParser
internal import ClipriseBundle
internal import ClipriseJournal
internal import ClipriseReport
internal import ClipriseScenario
internal import Glibc

struct GradeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grade",
        abstract: "Judge a saved journal: was the client right, and what should it change?",
        discussion: """
            A journal is what GET /__admin/requests?format=jsonl returns, or what exec --report journal=FILE writes. \
            With a scenario its expectations decide; without one, every property that was exercised. A bundle, as \
            --record of serve, exec or simulate writes it, is played once more; its own scenario decides.

            Exit codes: 0 fine, 1 failed, 4 not exercised with --strict.

            examples:
              curl -s 'http://127.0.0.1:8080/__admin/requests?format=jsonl' | cliprise-mock grade -
              cliprise-mock grade run.jsonl --scenario storm --format junit > report.xml
              cliprise-mock grade recorded.bundle --format journal > journal.jsonl
            """)

    /// The most bytes of a journal: a million events and more.
    private static let byteLimit = 512 << 20

    @Argument(help: "A file with the journal, or a bundle; - for standard input.", completion: .file())
    var journal: String
    @Option(help: ArgumentHelp("The scenario whose expectations decide.", valueName: "file|name"), completion: .file())
    var scenario: String?
    @Option(help: "The form of the report: text, json, junit, markdown, github, journal or har.")
    var format = ReportFormat.text
    @Flag(help: "Exit with 4 when an expectation or a rule of the scenario was not exercised.")
    var strict = false
    @Flag(help: "Say how calls, waits and the letter come about (text).")
    var explain = false
    @OptionGroup var catalogOption: CatalogOption

    func run() throws {
        let expected = try scenario.map { try ScenarioInput($0).scenario }
        let text = try readFile(journal, of: [.journal, .bundle], limit: Self.byteLimit)
        if text.starts(with: Self.bundleStart) {
            let (report, views) = try played(text)
            return try judge(expected.map { Self.report(views, $0) } ?? report, views)
        }
        do {
            let isCopied = format == .journal || format == .har
            let views = try JournalLines.read(text, hasContents: isCopied)
            try judge(Self.report(views, expected), views)
        } catch let error as JournalLinesError {
            throw Failure.usage("\(name):\(error)")
        }
    }

    private static let bundleStart = Array(#"{"bundle":"#.utf8)

    private var name: String { journal == "-" ? "standard input" : journal }

    private static func report(_ views: [JournalView], _ expected: Scenario?) -> Report {
        Grade.report(of: views, expectations: expected?.expectations ?? [], scenarioFile: expected?.file)
    }

    /// What a bundle's requests come to.
    private func played(_ text: [UInt8]) throws -> (Report, [JournalView]) {
        let bundle = try BundleInput.reading { try Bundle(text, file: name) }
        if let line = bundle.firstChangeByHand {
            write("note: judged up to line \(line), where an account was changed by hand\n", to: STDERR_FILENO)
        }
        let played = try BundleInput.reading { try PlayedBundle(bundle, catalog: try catalogOption.load()) }
        return (played.report, played.views)
    }

    private func judge(_ report: Report, _ views: [JournalView]) throws {
        let bytes = format.bytes(report, views, style: ReportStyle(on: STDOUT_FILENO), explains: explain)
        write(String(decoding: bytes, as: UTF8.self), to: STDOUT_FILENO)
        throw ExitCode(report.exitCode(strict: strict))
    }
}
