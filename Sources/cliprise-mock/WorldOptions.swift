public import ArgumentParser
internal import ClipriseJournal
internal import ClipriseWire

/// What the accounts of a server are like; `serve` and `exec` take it.
struct WorldOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A scenario to follow: a file, or the name of a built-in one (scenario list); repeatable.",
            valueName: "file|name"), completion: .file())
    var scenario: [String] = []
    @Option(
        help: ArgumentHelp(
            "An account, repeatable; without any there is test-key=10000.", valueName: "key=credits"))
    var account: [String] = []
    @Flag(help: "Accept any key: an unknown one gets an account with 10000 credits.")
    var open = false
    @Option(
        help: ArgumentHelp(
            "Which edition to imitate: documented, snapshot-2026-04-04, later, or a file of conformance.",
            valueName: "profile"))
    var profile = WorldSettings.usual.profile
    @Option(
        help: ArgumentHelp(
            "A model beyond the catalogue: refuse it, or take it at no price. (default: refuse; warn with later)",
            valueName: "refuse|warn"))
    var unknownModel: UnknownModel?
    @Option(
        help: ArgumentHelp(
            "Task ids, lives and every draw follow from it. (default: the scenario's own, or 1)", valueName: "seed"),
        transform: DecimalText.readWhole)
    var seed: UInt64?
    @OptionGroup var catalogOption: CatalogOption
    @Option(
        help: ArgumentHelp(
            "Tasks take the model's typical time times this. Without it an image takes about 2 s, a video 6 s.",
            valueName: "factor"), transform: DecimalText.readNumber)
    var timeScale: Double?
    @Flag(help: "Tasks take the model's typical time; the same as --time-scale 1.")
    var realistic = false
    @Option(whole: "The most events that the journal of one account keeps; 0 keeps none.")
    var journalLimit = WorldSettings.usual.journalLimit
    @Option(
        whole: ArgumentHelp(
            "The most memory of the journals of all accounts together; beyond it the oldest events go.",
            valueName: "mib"))
    var journalMemory = WorldSettings.usual.journalMemory
    @Option(
        help:
            "Which bodies the journal keeps, without secrets and in 64 MiB: none, json (64 KiB of an exchange) or all.")
    var bodies = WorldSettings.usual.bodies
    @Option(
        help: ArgumentHelp(
            "A host beyond this machine that callbacks may go to, repeatable.", valueName: "host"))
    var callbackAllow: [String] = []
    @Option(
        help: ArgumentHelp(
            "Where all callbacks go instead of the URL that the client gave, such as http://127.0.0.1:9000.",
            valueName: "url"))
    var callbackTo: String?

    var settings: WorldSettings {
        WorldSettings(
            scenario: scenario, account: account, open: open, profile: profile, unknownModel: unknownModel,
            seed: seed,
            catalog: catalogOption.catalog, timeScale: timeScale, realistic: realistic, journalLimit: journalLimit,
            journalMemory: journalMemory, bodies: bodies, callbackAllow: callbackAllow, callbackTo: callbackTo)
    }

    func validate() throws { try settings.validate() }
}

extension BodyPolicy: ExpressibleByArgument {}
