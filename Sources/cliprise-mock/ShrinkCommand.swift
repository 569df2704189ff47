internal import ArgumentParser
internal import ClipriseBundle
internal import ClipriseScenario
internal import ClipriseWire
internal import Glibc

struct ShrinkCommand: ParsableCommand {
    private static let costly =
        ClientProperty.costlyWords.dropLast().joined(separator: ", ") + " and \(ClientProperty.costlyWords.last ?? "")"
    static let configuration = CommandConfiguration(
        commandName: "shrink",
        abstract: "Cut a failing run to the fewest faults and requests that still fail.",
        discussion: """
            A run fails by what its report calls failed: an expectation of its scenario, a property that simulate or \
            grade names, or books that do not add up. What is left fails for the same reason, by requests that proved it \
            in the whole run; where waits or missing requests are judged, whole jobs only are left out. It is printed as a \
            scenario file that expects just this, with the requests and the command that fails again as comments.

            Of several failures the one that costs most is kept to, of what the scenario expects before all else: first \
            money, then \(costly), then the order of the report; \
            --expect names another.

            With a command behind --, the file is a scenario instead: the command is run by exec against it and \
            against smaller ones, and what ends with the same exit code is kept. Give it a limit of time of its own, \
            such as: -- timeout 60 pytest.

            examples:
              cliprise-mock simulate storm --policy naive --clients 200 --record run.jsonl
              cliprise-mock shrink run.jsonl > smaller.yaml
              cliprise-mock shrink run.jsonl --expect backoff --record smaller.jsonl; cliprise-mock grade smaller.jsonl
              cliprise-mock shrink storm -- pytest -x > smaller.yaml

            Exit codes: 0 a smaller run was found, 1 nothing fails in the run, 2 the file cannot be read.
            """)

    @Argument(
        help: "A bundle, or - for standard input; with a command, a scenario: a file or a built-in name.",
        completion: .file())
    var file: String
    @Option(whole: "The most runs that are tried, 1 to 1000000.")
    var tries = Shrink.usualTries
    @Option(help: ArgumentHelp("The failure to keep to, by its name in the report.", valueName: "name"))
    var expect: String?
    @Option(
        help: ArgumentHelp("Keep what is left as a bundle, for grade and replay.", valueName: "file"),
        completion: .file())
    var record: String?
    @OptionGroup var catalogOption: CatalogOption
    @Argument(parsing: .postTerminator, help: "A command and its arguments, behind --.")
    var command: [String] = []

    func run() throws {
        guard (1...1_000_000).contains(tries) else {
            throw Failure.usage("--tries is from 1 to 1000000")
        }
        guard command.isEmpty else {
            guard expect == nil else {
                throw Failure.usage("--expect is for a bundle; with a command its exit code counts")
            }
            guard record == nil else {
                throw Failure.usage("--record is for a bundle; exec --record keeps what a command does")
            }
            return try CommandShrink(command, catalog: catalogOption.catalog).run(
                try ScenarioInput(file).scenario, tries: tries)
        }
        if let record { try checkWritable(record) }
        let bundle = try BundleInput.load(file)
        let progress = ProgressBar()
        do {
            let outcome = try BundleInput.reading {
                try Shrink(bundle, catalog: try catalogOption.load()).run(
                    keeping: expect, tries: tries, again: SimulateCommand.again(bundle.header.origin)
                ) { progress.show(Double($0) / Double(tries)) }
            }
            progress.clear()
            if let record { try writeFile(outcome.bundle, to: record, isPrivate: true) }
            write(text(of: outcome, bundle.header.origin), to: STDOUT_FILENO)
        } catch let error as ShrinkError {
            progress.clear()
            throw Failure(code: error == .nothingFails ? .refused : .usage, message: error.description)
        }
    }

    private func text(of outcome: Shrink.Outcome, _ origin: Bundle.Origin?) -> String {
        var text = """
            # \(DecimalText.count(outcome.faultsBefore, "fault")) became \(outcome.faultsAfter), \
            \(DecimalText.count(outcome.requestsBefore, "request")) \(outcome.exchanges.count), in \
            \(DecimalText.count(outcome.runs, "run")).

            """
        if outcome.isCutShort { text += "# The tries were used up: --tries may find a smaller one.\n" }
        if outcome.isOtherCatalogue { text += "# The catalogue is not the one of the recording.\n" }
        for (index, name) in outcome.failing.enumerated() {
            let seen = index == 0 && !outcome.seen.isEmpty ? ": \(outcome.seen)" : ""
            text += "# fails: \(name)\(seen)".printable + "\n"
        }
        if !outcome.letGo.isEmpty {
            text +=
                "# failed in the whole run too (--expect NAME keeps to one): \(outcome.letGo.joined(separator: ", "))\n"
        }
        text += again(outcome, origin)
        for exchange in outcome.exchanges.prefix(50) {
            let target = String(decoding: exchange.target.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
            let seconds = Double(exchange.at.nanoseconds / 1_000_000) / 1_000
            text += "#   \(seconds) s  \(exchange.method) \(target)\(Self.task(exchange))\n"
        }
        if outcome.exchanges.count > 50 { text += "#   … and \(outcome.exchanges.count - 50) more\n" }
        return text + outcome.scenario.text
    }

    /// How it fails once more.
    private func again(_ outcome: Shrink.Outcome, _ origin: Bundle.Origin?) -> String {
        var text = ""
        if let origin, origin.program == .exec || outcome.clients != nil {
            text += "# again, with this in FILE: \(origin.command("FILE", clients: outcome.clients))\n"
        }
        if let record { text += "# again: cliprise-mock grade \(ShellWord.text(record))\n" }
        return text.isEmpty ? "# again: give --record FILE, then: cliprise-mock grade FILE\n" : text
    }

    private static func task(_ exchange: Bundle.Exchange) -> String {
        let query = String(decoding: exchange.target.drop { $0 != UInt8(ascii: "?") }, as: UTF8.self)
        let words = query.dropFirst().split(separator: "&").filter { !$0.hasPrefix("apiKey=") }
        return words.isEmpty ? "" : "  \(words.joined(separator: " "))"
    }
}
