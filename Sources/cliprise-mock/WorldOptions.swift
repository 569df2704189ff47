internal import ArgumentParser
internal import ClipriseCallbacks
internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseServer
internal import ClipriseWire

/// What the accounts of a server are like; `serve` and `exec` take it.
struct WorldOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A scenario to follow: a file, or the name of a built-in one (scenario list); repeatable.",
            valueName: "file|name"))
    var scenario: [String] = []
    @Option(
        help: ArgumentHelp(
            "An account, repeatable; without any there is test-key=10000.", valueName: "key=credits"))
    var account: [String] = []
    @Flag(help: "Accept any key: an unknown one gets an account with 10000 credits.")
    var open = false
    @Option(help: "Which edition to imitate: documented, snapshot-2026-04-04 or later.")
    var profile = EngineSettings.Profile.documented
    @Option(
        help: ArgumentHelp(
            "Task ids, lives and every draw follow from it. (default: the scenario's own, or 1)", valueName: "seed"))
    var seed: UInt64?
    @OptionGroup var catalogOption: CatalogOption
    @Option(
        help: ArgumentHelp(
            "Tasks take the model's typical time times this. Without it an image takes about 2 s, a video 6 s.",
            valueName: "factor"))
    var timeScale: Double?
    @Flag(help: "Tasks take the model's typical time; the same as --time-scale 1.")
    var realistic = false
    @Option(help: "The most events that the journal of one account keeps; 0 keeps none.")
    var journalLimit = 100_000
    @Option(
        help: ArgumentHelp(
            "The most memory of the journals of all accounts together; beyond it the oldest events go.",
            valueName: "mib"))
    var journalMemory = 256
    @Option(
        help: ArgumentHelp(
            "A host beyond this machine that callbacks may go to, repeatable.", valueName: "host"))
    var callbackAllow: [String] = []
    @Option(
        help: ArgumentHelp(
            "Where all callbacks go instead of the URL that the client gave, such as http://127.0.0.1:9000.",
            valueName: "url"))
    var callbackTo: String?

    func validate() throws {
        if realistic, timeScale != nil { throw ValidationError("--realistic is --time-scale 1: give one of them.") }
        if let timeScale, !(timeScale >= 0 && timeScale <= 1_000) {
            throw ValidationError("--time-scale is a number from 0 to 1000.")
        }
        guard (0...10_000_000).contains(journalLimit) else {
            throw ValidationError("--journal-limit is from 0 to 10000000.")
        }
        guard (1...1_048_576).contains(journalMemory) else {
            throw ValidationError("--journal-memory is from 1 to 1048576 (MiB).")
        }
        _ = try accounts()
        _ = try callbacks()
    }

    /// Reads the scenarios.
    func inputs() throws -> [ScenarioInput] { try scenario.map(ScenarioInput.init) }

    /// The scenarios, with the seed that was given in the place of their own.
    func scenarios(_ inputs: [ScenarioInput]) -> [Scenario] {
        inputs.map { input in
            var scenario = input.scenario
            if let seed { scenario.seed = seed }
            return scenario
        }
    }

    /// Reads the catalogue, and makes the part of a configuration that this is about.
    func configuration(_ inputs: [ScenarioInput], isStrict: Bool) throws -> ServerConfiguration {
        var configuration = ServerConfiguration(catalog: try catalogOption.load())
        configuration.engine.seed = seed ?? 1
        configuration.seedGoesFirst = seed != nil
        configuration.engine.profile = profile
        configuration.engine.isStrict = isStrict
        configuration.engine.pace = realistic ? .scaled(1) : timeScale.map { .scaled($0) } ?? .pleasant
        configuration.scenarios = scenarios(inputs)
        configuration.accounts = try accounts()
        if account.isEmpty, configuration.scenarios.contains(where: { $0.accounts.contains { $0.key == "test-key" } }) {
            // The scenario says what this account has.
            configuration.accounts = []
        }
        configuration.isOpen = open
        configuration.journalLimit = journalLimit
        configuration.journalMemory = journalMemory << 20
        configuration.callbacks = try callbacks()
        return configuration
    }

    private func accounts() throws -> [ServerConfiguration.Account] {
        if account.isEmpty { return open ? [] : [.init(key: "test-key", credits: 10_000)] }
        var accounts: [ServerConfiguration.Account] = []
        for text in account {
            // A key may hold "=" itself: the credits stand behind the last one.
            guard let mark = text.lastIndex(of: "="), mark != text.startIndex,
                let credits = Int64(text[text.index(after: mark)...]), (0...Ledger.limit).contains(credits)
            else {
                throw ValidationError("--account \(text.printable): write KEY=CREDITS, such as test-a=1000.")
            }
            let key = String(text[..<mark])
            guard Self.isWord(key) else {
                throw ValidationError(
                    "--account \(text.printable): a key is up to 256 printable ASCII characters without spaces.")
            }
            guard !accounts.contains(where: { $0.key == key }) else {
                throw ValidationError("--account \(text.printable): this key stands there twice.")
            }
            accounts.append(.init(key: key, credits: credits))
        }
        return accounts
    }

    private func callbacks() throws -> CallbackSettings {
        var settings = CallbackSettings()
        for text in callbackAllow {
            do {
                settings.allowedHosts.append(try CallbackHost(text))
            } catch {
                throw ValidationError("--callback-allow \(text.printable): \("\(error)".printable)")
            }
        }
        if let callbackTo {
            do {
                settings.destination = try CallbackDestination(callbackTo)
            } catch {
                throw ValidationError("--callback-to \(callbackTo.printable): \("\(error)".printable)")
            }
        }
        return settings
    }

    /// Whether a text can stand behind `Bearer`.
    static func isWord(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension EngineSettings.Profile: ExpressibleByArgument {}
