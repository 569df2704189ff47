internal import ArgumentParser
internal import ClipriseServer
internal import ClipriseSimulator
internal import ClipriseWire
internal import Glibc

struct ProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Try every schedule of a few faults on a retry policy: can it be charged twice?",
        discussion: """
            Plays one job of the policy, exhaustively: each of its requests meets one of \(SearchedFault.all.count) faults of the \
            network and of gateways, or none, with at most --faults of them in all. What is found is written as a bundle, \
            for replay and shrink.

            examples:
              cliprise-mock prove --policy full-jitter --faults 3
              cliprise-mock prove --policy naive --faults 1 || cliprise-mock replay counterexample.jsonl

            Exit codes: 0 no schedule charges twice, 1 one does, 2 bad usage, or too many states to try them all.
            """)

    @Option(
        help: ArgumentHelp("The policy: a name, or a YAML file of your own.", valueName: "name|file"),
        completion: .file())
    var policy = "full-jitter"
    @Option(whole: "The most faults of one schedule, 0 to 6.")
    var faults = 2
    @Option(whole: "The poll that sees the end of a task, 1 to 100.")
    var polls = 2
    @Option(help: "The model that the job asks for.")
    var model = "qwen-image-2"
    @Option(
        help: ArgumentHelp("Where a counterexample is written as a bundle.", valueName: "file"), completion: .file())
    var record = "counterexample.jsonl"
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var catalogOption: CatalogOption

    func run() throws {
        let policy = try PolicyInput.load(policy)
        let prover = try Prover(
            catalog: try catalogOption.load(), policy: policy, faults: faults, model: model, polls: polls)
        let result = try prover.run()
        if let found = result.counterexample {
            guard let bundle = try prover.bundle(of: found, version: Service.version) else {
                throw Failure.usage("a mistake of this program: the counterexample cannot be played as it was found")
            }
            try writeFile(bundle, to: record, isPrivate: true)
        }
        write(json ? prover.json(result) : text(result, prover), to: STDOUT_FILENO)
        if result.counterexample != nil { throw ExitCode(1) }
    }

    private func text(_ result: Prover.Result, _ prover: Prover) -> String {
        var text = prover.text(result)
        if result.counterexample != nil {
            text += "\nAs a bundle: \(record.printable) (cliprise-mock replay \(record.printable))\n"
        }
        return text
    }
}
