internal import ArgumentParser
internal import ClipriseBundle
internal import ClipriseScenario
internal import ClipriseServer
internal import ClipriseWire
internal import Glibc

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run a recorded run again, and compare every answer byte by byte.",
        discussion: """
            Plays the requests of a bundle, as --record of serve, exec or simulate wrote it, at their instants against \
            the same engine, and says where the first answer differs.

            example:
              cliprise-mock simulate lost-reply --policy naive --record run.jsonl && cliprise-mock replay run.jsonl

            Exit codes: 0 every answer came out the same, 1 one did not, 2 the bundle cannot be read.
            """)

    @Argument(help: "A bundle, or - for standard input.", completion: .file())
    var bundle: String
    @OptionGroup var catalogOption: CatalogOption

    func run() throws {
        let bundle = try BundleInput.load(bundle)
        let outcome = try BundleInput.reading {
            try Replay.run(bundle, catalog: try catalogOption.load(), version: Service.version)
        }
        for remark in outcome.remarks { write("note: \(remark.printable)\n", to: STDERR_FILENO) }
        if let difference = outcome.difference {
            write(text(of: difference, outcome), to: STDOUT_FILENO)
            throw ExitCode(1)
        }
        var text = "\(outcome.reproduced) of \(outcome.requests) answers are the same, byte for byte\n"
        if let line = outcome.stoppedByHand {
            text += "played up to line \(line), where an account was changed by hand\n"
        }
        write(text, to: STDOUT_FILENO)
    }

    private func text(of difference: Replay.Difference, _ outcome: Replay.Outcome) -> String {
        """
        request \(difference.request) of \(outcome.requests) differs (line \(difference.line) of the bundle, account \
        \(difference.account.printable), \(Double(difference.at) / 1e9) s)
          \(difference.method.printable) \(difference.target.printable)
          first difference: \(difference.offset.map { "byte \($0) of the answer" } ?? "in a long answer, known by its hash")
          expected: \(difference.expected.printable)
          found:    \(difference.found.printable)

        """
    }
}

enum BundleInput {
    static func load(_ path: String) throws -> Bundle {
        let text = try readFile(path, of: [.bundle], limit: Bundle.byteLimit)
        return try reading { try Bundle(text, file: path == "-" ? "standard input" : path) }
    }

    static func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let errors as ScenarioErrors {
            throw Failure.usage("the scenario of the bundle cannot be used\n" + errors.lines.joined(separator: "\n"))
        }
    }
}
