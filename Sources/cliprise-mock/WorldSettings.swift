internal import ArgumentParser
internal import ClipriseCallbacks
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseServer
internal import ClipriseWire

/// What the accounts of a server are like, as `WorldOptions` or the plain reading of a command line says.
struct WorldSettings {
    /// What holds without any option.
    static let usual = WorldSettings()

    var scenario: [String] = []
    var account: [String] = []
    var open = false
    var profile = ProfileOption(.documented)
    /// Nil for what is usual with the profile.
    var unknownModel: UnknownModel?
    var seed: UInt64?
    /// The folder of `--catalog`.
    var catalog: String?
    var timeScale: Double?
    var realistic = false
    var journalLimit = 100_000
    /// In MiB.
    var journalMemory = 256
    var bodies = BodyPolicy.json
    var callbackAllow: [String] = []
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
        var configuration = ServerConfiguration(catalog: try loadCatalog(catalog))
        configuration.engine.seed = seed ?? 1
        configuration.seedGoesFirst = seed != nil
        try profile.apply(to: &configuration.engine)
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
        configuration.bodies = bodies
        configuration.callbacks = try callbacks()
        return configuration
    }

    /// Takes models that are not in the catalogue, where that is wanted; never in a recording, which is replayed with
    /// the catalogue alone.
    func addUnknownModels(to configuration: inout ServerConfiguration, record: String?) throws {
        if record != nil {
            guard configuration.engine.answers == nil, unknownModel != .warn else {
                throw Failure.usage(
                    "--record holds neither the answers of a profile file nor models beyond the catalogue: "
                        + "leave out --record, or give --profile an edition and --unknown-model refuse")
            }
            return
        }
        guard (unknownModel ?? .usual(configuration.engine.profile)) == .warn else { return }
        configuration.engine.takesAnyModel = true
        configuration.catalog = try configuration.catalog.takingAnyModel()
    }

    private func accounts() throws -> [ServerConfiguration.Account] {
        if account.isEmpty { return open ? [] : [.init(key: "test-key", credits: 10_000)] }
        var accounts: [ServerConfiguration.Account] = []
        for text in account {
            // A key may hold "=" itself: the credits stand behind the last one.
            guard let mark = text.lastIndex(of: "="), mark != text.startIndex,
                let credits: Int64 = DecimalText.whole(text[text.index(after: mark)...]),
                (0...Ledger.limit).contains(credits)
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
        var settings = CallbackSettings.usual
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
        AccountKey.isValid(text.utf8)
    }
}
