internal import ArgumentParser
internal import ClipriseScenario
internal import ClipriseSimulator
internal import ClipriseWire
internal import Glibc

struct ShrinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink",
        abstract: "Cut a failing run to the fewest faults and requests that still fail.",
        discussion: """
            The run of a bundle fails when an expectation of its scenario is not met, or the money of an account does \
            not add up. What is left is printed as a scenario file that shows the failure, with the requests as comments. \
            Of several failures the one that costs most is kept to: first money, then no_double_charge, no_blind_resend \
            and key_not_leaked, then the order of the scenario; --expect names another.

            With a command behind --, the file is a scenario instead: the command is run by exec against it and \
            against smaller ones, and what ends with the same exit code is kept. Give it a limit of time of its own, \
            such as: -- timeout 60 pytest.

            examples:
              cliprise-mock simulate storm --policy naive --clients 200 --record run.jsonl
              cliprise-mock shrink run.jsonl > smaller.yaml
              cliprise-mock shrink storm -- pytest -x > smaller.yaml

            Exit codes: 0 a smaller run was found, 1 nothing fails in the run, 2 the file cannot be read.
            """)

    @Argument(help: "A bundle, or - for standard input; with a command, a scenario: a file or a built-in name.")
    var file: String
    @Option(help: "The most runs that are tried, 1 to 1000000.")
    var tries = Shrink.usualTries
    @Option(help: ArgumentHelp("The failure to keep to, by its name in the report.", valueName: "name"))
    var expect: String?
    @OptionGroup var catalogOption: CatalogOption
    @Argument(parsing: .postTerminator, help: "A command and its arguments, behind --.")
    var command: [String] = []

    func run() throws {
        guard (1...1_000_000).contains(tries) else {
            throw Failure(code: .usage, message: "--tries is from 1 to 1000000")
        }
        guard command.isEmpty else {
            guard expect == nil else {
                throw Failure(code: .usage, message: "--expect is for a bundle; with a command its exit code counts")
            }
            return try CommandShrink(command, catalog: catalogOption.catalog).run(
                try ScenarioInput(file).scenario, tries: tries)
        }
        let bundle = try BundleInput.load(file)
        let progress = ProgressBar()
        do {
            let outcome = try BundleInput.reading {
                try Shrink(bundle, catalog: try catalogOption.load()).run(keeping: expect, tries: tries) { done in
                    progress.show(Double(done) / Double(tries))
                }
            }
            progress.clear()
            write(Self.text(of: outcome), to: STDOUT_FILENO)
        } catch let error as ShrinkError {
            progress.clear()
            throw Failure(code: error == .nothingFails ? .refused : .usage, message: error.description)
        }
    }

    private static func text(of outcome: Shrink.Outcome) -> String {
        var text = """
            # \(outcome.faultsBefore) faults became \(outcome.faultsAfter), \(outcome.requestsBefore) requests \
            \(outcome.exchanges.count), in \(outcome.runs) runs.

            """
        if outcome.isCutShort { text += "# The tries were used up: --tries may find a smaller one.\n" }
        if outcome.isOtherCatalogue { text += "# The catalogue is not the one of the recording.\n" }
        for name in outcome.failing { text += "# fails: \(name)\n" }
        if !outcome.letGo.isEmpty {
            text +=
                "# failed in the whole run too (--expect NAME keeps to one): \(outcome.letGo.joined(separator: ", "))\n"
        }
        for exchange in outcome.exchanges.prefix(50) {
            let target = String(decoding: exchange.target.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
            let seconds = Double(exchange.at.nanoseconds / 1_000_000) / 1_000
            text += "#   \(seconds) s  \(exchange.method) \(target)\(Self.task(exchange))\n"
        }
        if outcome.exchanges.count > 50 { text += "#   … and \(outcome.exchanges.count - 50) more\n" }
        return text + outcome.scenario.text
    }

    private static func task(_ exchange: Bundle.Exchange) -> String {
        let query = String(decoding: exchange.target.drop { $0 != UInt8(ascii: "?") }, as: UTF8.self)
        let words = query.dropFirst().split(separator: "&").filter { !$0.hasPrefix("apiKey=") }
        return words.isEmpty ? "" : "  \(words.joined(separator: " "))"
    }
}
