internal import ClipriseEngine
internal import ClipriseReport
internal import ClipriseScenario
internal import ClipriseSimulator
internal import ClipriseWire
internal import Glibc

/// Searches faults by which a command loses credits: each round is a run of `exec` with a scenario of its own.
struct ExecHunt {
    /// The longest that one run of the command may take, in real time.
    private static let patience = Duration.seconds(60)
    /// How long a silent server is silent for a command that lives in real time.
    private static let silence = TimeSpan.seconds(3)

    let limit: HuntLimit
    let command: [String]
    /// The options of exec that each run gets.
    let options: [String]
    let scenario: Scenario
    let seed: UInt64
    let isVirtual: Bool
    private let journal: String
    private let file: String

    init(
        _ limit: HuntLimit, command: [String], options: [String], scenario: Scenario?, seed: UInt64, isVirtual: Bool
    ) throws {
        self.limit = limit
        self.command = command
        self.options = options
        // Without a scenario no time is lost with waiting for tasks.
        self.scenario = scenario ?? Scenario(name: "no-scenario", tasks: [TaskRule(life: .immediate)])
        self.seed = seed
        self.isVirtual = isVirtual
        journal = try temporaryFile(ending: ".jsonl")
        file = try temporaryFile(ending: ".yaml")
        for name in ["SCENARIO", "REPORT", "RECORD"] { unsetenv("CLIPRISE_MOCK_\(name)") }
    }

    func run(_ reports: [OpenReport]) throws {
        defer {
            unlink(journal)
            unlink(file)
        }
        let kinds = isVirtual ? SearchedFault.all + SearchedFault.late : SearchedFault.brief(Self.silence)
        var hunt = Hunt(scenario, kinds: kinds, seed: seed)
        let progress = ProgressBar()
        var rounds = 0
        let outcome = try hunt.search(batch: 1, isOver: limit.isOver) { scenarios in
            rounds += 1
            progress.show(limit.part(rounds))
            return try scenarios.map(trial)
        }
        progress.clear()
        let words = command.joined(separator: " ")
        try HuntOutput.show(
            outcome, reports,
            again: (["cliprise-mock exec"] + options + ["--scenario FILE --", words]).joined(separator: " "))
    }

    /// Runs the command once; what it writes goes nowhere.
    private func trial(_ scenario: Scenario) throws -> Hunt.Trial {
        try writeFile(Array(scenario.text.utf8), to: file)
        try writeFile([], to: journal)
        let words =
            ["exec", "--quiet", "--allow-idle", "--scenario", file, "--report", "journal=\(journal)"] + options
            + ["--"] + command
        let code = try runSilently("/proc/self/exe", ["cliprise-mock"] + words, limit: Self.patience)
        guard code != Failure.Code.usage.rawValue || fileLength(journal) > 0 else {
            throw Failure.usage("exec does not run: cliprise-mock \(words.joined(separator: " "))")
        }
        guard code != Failure.Code.notFound.rawValue, code != Failure.Code.notRunnable.rawValue else {
            throw Failure(code: .init(rawValue: code) ?? .usage, message: "\(command[0]): cannot be run")
        }
        do {
            let views = try JournalLines.read(try readFile(journal, of: [.journal], limit: 512 << 20))
            return Hunt.Trial(report: Grade.report(of: views, expectations: scenario.expectations), views: views)
        } catch let error as JournalLinesError {
            throw Failure.usage("the journal of a run cannot be read: \(error)")
        }
    }

    private func fileLength(_ path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }
}

extension ExecCommand {
    /// Searches instead of running the command once.
    func runHunt(_ limit: HuntLimit, _ words: [String]) throws {
        guard world.scenario.count <= 1 else {
            throw Failure.usage("--hunt adds faults to one scenario: give --scenario once")
        }
        guard recording.record == nil else {
            throw Failure.usage("--hunt prints the scenario that it finds: no --record")
        }
        let input = try world.scenario.first.map { try ScenarioInput($0) }
        var options = virtualTime ? ["--virtual-time"] : []
        func add(_ name: String, _ values: [String]) { for value in values { options += ["--\(name)", value] } }
        add("account", world.account)
        add("seed", world.seed.map { ["\($0)"] } ?? [])
        add("catalog", world.catalogOption.catalog.map { [$0] } ?? [])
        add("time-scale", (world.realistic ? 1 : world.timeScale).map { ["\($0)"] } ?? [])
        add("callback-allow", world.callbackAllow)
        add("callback-to", world.callbackTo.map { [$0] } ?? [])
        add("accept-host", acceptHost)
        add("env", env.map { $0.path.isEmpty ? $0.name : "\($0.name)=\($0.path)" })
        if hostGate != .loopback { add("host-gate", [hostGate.rawValue]) }
        if world.profile != ProfileOption(.documented) { add("profile", [world.profile.defaultValueDescription]) }
        add("unknown-model", world.unknownModel.map { [$0.rawValue] } ?? [])
        if world.open { options.append("--open") }
        if strictInput { options.append("--strict-input") }
        let hunt = try ExecHunt(
            limit, command: words, options: options, scenario: input?.scenario,
            seed: world.seed ?? input?.scenario.seed ?? 1, isVirtual: virtualTime)
        try hunt.run(try OpenReport.all(report))
    }
}
