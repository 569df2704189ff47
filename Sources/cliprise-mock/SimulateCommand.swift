internal import ArgumentParser
internal import ClipriseBundle
internal import ClipriseCatalog
internal import ClipriseCharts
internal import ClipriseClient
internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseServer
internal import ClipriseSimulator
internal import ClipriseWire
internal import Glibc

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run a fleet of clients through a scenario in virtual time, and compare retry policies.",
        discussion: """
            Needs no server and no waiting: virtual hours take seconds. Every policy meets the same arrivals; the same \
            seed gives the same bytes. Accounts follow the simulation's clock, whatever the scenario's clock is, and \
            tasks take the model's typical time unless the scenario says otherwise.

            policies: \(RetryPolicy.names.joined(separator: ", ")); models of clients written with libraries: \
            \(ClientModels.names.joined(separator: ", ")); or a YAML file of your own (a name with a "/" or "."): \
            "name", "on" (the policy that it builds on) and what differs; a key that there is not is answered with \
            all that there are.

            fields of --sweep: \(PolicyField.names.joined(separator: ", ")).

            examples:
              cliprise-mock simulate outage-30s --clients 1000 --policy full-jitter --policy naive
              cliprise-mock simulate storm --policy naive --report journal=why.jsonl; cliprise-mock grade why.jsonl
              cliprise-mock simulate mine.yaml --arrival poisson:50/s --for 10m --plot report.html
              cliprise-mock simulate outage-30s --clients 200 --sweep base=0.5s,1s,2s --sweep cap=10s,30s --goal p95
              cliprise-mock simulate outage-30s --policy full-jitter --policy fixed --seeds 30
              cliprise-mock simulate quiet-day --policy ./ours.yaml --clients 3 --hunt 5m > found.yaml
              cliprise-mock simulate outage-30s --seeds 30 --shard 1/8 --json > part1.json
              cliprise-mock simulate merge part*.json

            Exit codes: 0 fine, 1 an expectation of the scenario or the money audit failed (with --strict), or a hunt \
            found something, 2 bad usage.
            """)

    @Argument(
        help: "A scenario: a file, the name of a built-in one (scenario list), or - for standard input.",
        completion: .file())
    var scenario: String
    @Argument(help: "Behind merge instead of a scenario: what --shard printed.", completion: .file())
    var files: [String] = []
    @Option(help: "How many clients, 1 to 1000000. (default: 100)", transform: DecimalText.readWhole)
    var clients: Int?
    var clientCount: Int { clients ?? 100 }
    @Option(
        help: ArgumentHelp(
            "A policy, repeatable, up to 8; full-jitter, exponential and naive by default.", valueName: "name|file"),
        completion: .file())
    var policy: [String] = []
    @Option(
        help: ArgumentHelp(
            "Clients of a policy of their own on the one service, repeatable, up to 8; in the place of --clients and "
                + "--policy.", valueName: "name=…,clients=…,policy=…"))
    var fleet: [String] = []
    @Option(
        help: ArgumentHelp(
            "A model and its share of the jobs, repeatable; qwen-image-2 by default.", valueName: "model=share"))
    var jobs: [String] = []
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "How long jobs arrive, 1ms to 24h; not for a burst. (default: 10m)", valueName: "10m"))
    var length: String?
    @Option(
        help: ArgumentHelp(
            "When jobs begin: burst (all at once), ramp, poisson:50/s, uniform:50/s, every:1m (each client), closed:10s "
                + "(each client, so long after its last job), ramp:5/s..50/s or diurnal:5/s..50/s.",
            valueName: "how"))
    var arrival = "burst"
    @Option(
        help: ArgumentHelp(
            "When jobs begin, as measured: a line for each, with its seconds and, if you like, its client.",
            valueName: "file.csv"), completion: .file())
    var arrivals: String?
    @Option(
        help: ArgumentHelp(
            "When jobs begin, as a log has its generates: an access log, a HAR or a bundle.", valueName: "file"),
        completion: .file())
    var fromLog: String?
    @Option(
        help: ArgumentHelp(
            "How long tasks take, as measured: a line for each, MODEL,SECONDS or the seconds alone.",
            valueName: "file.csv"), completion: .file())
    var lives: String?
    @Option(
        help: ArgumentHelp(
            "Every draw follows from it. (default: the scenario's own, or 1)", valueName: "seed"),
        transform: DecimalText.readWhole)
    var seed: UInt64?
    @Option(
        help: ArgumentHelp(
            "Run so many seeds, from the first on, on all cores: figures get 95 % intervals, comparisons a verdict.",
            valueName: "count"), transform: DecimalText.readWhole)
    var seeds: Int?
    @Option(
        help: ArgumentHelp(
            "With --seeds: stretch or shrink outages and lives up to so much from world to world. (default: 1; with "
                + "--sweep 2)", valueName: "factor"), transform: DecimalText.readNumber)
    var vary: Double?
    @Option(help: ArgumentHelp("With --seeds and --json: run only this part, for simulate merge.", valueName: "i/n"))
    var shard: String?
    @Option(
        help: ArgumentHelp(
            "Search faults that make the (one) policy lose credits, for so long or so many rounds; exit 1 when some do.",
            valueName: "5m|rounds"))
    var hunt: String?
    @Option(
        help: ArgumentHelp(
            "Write the report on the (one) policy, as exec does: text, json, junit, …; repeatable. journal and har are "
                + "of the client that shows why it failed. With --hunt: of what was found.",
            valueName: "format=file"))
    var report: [ReportTarget] = []
    @Option(
        help: "The credits of each account; those of the scenario's first account, or 10000, by default.",
        transform: DecimalText.readWhole)
    var credits: Int64?
    @Flag(help: "All clients use one account instead of one each.")
    var sharedAccount = false
    @Option(
        number: ArgumentHelp("Tasks take the model's typical time times this.", valueName: "factor"))
    var timeScale = 1.0
    @Option(help: "Which edition to imitate: documented, snapshot-2026-04-04 or later.")
    var profile = EngineSettings.Profile.documented
    @OptionGroup var catalogOption: CatalogOption
    @Option(
        help: ArgumentHelp(
            "Run a grid of settings of the (one) policy instead, repeatable: FIELD=VALUE,VALUE,…", valueName: "axis"))
    var sweep: [String] = []
    @Option(
        help: ArgumentHelp(
            "What the best setting of a grid is best at; of several, the Pareto front is shown: "
                + "\(Goal.allCases.map(\.rawValue).joined(separator: ", ")). (default: p95)", valueName: "goal"))
    var goal: [String] = []
    @Option(
        help: ArgumentHelp(
            "At most how many accounts are graded, evenly spread; 0 grades none. (default: 100; with --strict all)",
            valueName: "count"), transform: DecimalText.readWhole)
    var graded: Int?
    @Flag(help: "Exit with 1 when an expectation or the money audit fails; all accounts are graded, up to 10000.")
    var strict = false
    @Flag(help: "Print JSON.")
    var json = false
    @Flag(help: "Print CSV.")
    var csv = false
    @Option(
        help: ArgumentHelp(
            "Write the report with charts to a file (not -): a self-contained page (.html) or one picture (.svg).",
            valueName: "file"), completion: .file())
    var plot: String?
    @Option(
        help: ArgumentHelp("Record the run of the (one) policy as a bundle, for replay and shrink.", valueName: "file"),
        completion: .file())
    var record: String?

    func run() throws {
        guard !(json && csv) else { throw Failure.usage("give one of --json and --csv") }
        if scenario == "merge" { return try merge() }
        guard files.isEmpty else {
            throw Failure.usage("\(files[0]): one scenario is simulated; simulate merge takes files")
        }
        let input = try ScenarioInput(scenario)
        let settings = try settings(input.scenario)
        let policies = try policies()
        let plot = try plot.map { try PlotTarget($0) }
        if !fleet.isEmpty { return try runFleets(settings, plot) }
        if let hunt { return try runHunt(try HuntLimit(hunt), settings) }
        guard report.isEmpty || (seeds == nil && sweep.isEmpty) else {
            throw Failure.usage("--report shows one run: no --seeds and no --sweep beside it")
        }
        if let seeds { return try runSeeds(seeds, settings, policies, plot) }
        guard vary == nil, shard == nil else {
            throw Failure.usage("--vary and --shard are for --seeds")
        }
        if !sweep.isEmpty { return try runSweep(settings, policies, plot) }
        if record != nil || !report.isEmpty { return try runJudged(settings, input, plot) }
        guard goal.isEmpty else { throw Failure.usage("--goal is for a --sweep") }
        let progress = ProgressBar()
        let comparison = try Comparison.run(
            settings, policies: policies, arrival: arrivalName, version: Service.version, progress: progress.show)
        progress.clear()
        try show(comparison, plot)
    }

    func show(_ comparison: Comparison, _ plot: PlotTarget?) throws {
        try plot?.write(comparison)
        let text =
            json
            ? String(decoding: comparison.json, as: UTF8.self) : csv ? comparison.csv : comparison.table
        write(text, to: STDOUT_FILENO)
        if strict, comparison.failed { throw ExitCode(1) }
    }

    private func runSweep(_ settings: FleetSettings, _ policies: [RetryPolicy], _ plot: PlotTarget?) throws {
        guard record == nil, !strict else {
            throw Failure.usage("--sweep prints a table, --json or --csv; --record and --strict are for one setting")
        }
        let axes = try axes()
        let progress = ProgressBar()
        let sweep = try Sweep.run(
            settings, policy: policies[0], axes: axes, goals: try goals(["p95"]), arrival: arrivalName,
            version: Service.version, progress: progress.show)
        progress.clear()
        try plot?.write(page: sweep.html, picture: sweep.svg)
        write(
            json ? String(decoding: sweep.json, as: UTF8.self) : csv ? sweep.csv : sweep.table, to: STDOUT_FILENO)
    }

    func axes() throws -> [SweepAxis] {
        guard sweep.isEmpty || policy.count <= 1 else {
            throw Failure.usage("--sweep varies one policy: give --policy once")
        }
        return try sweep.map { try SweepAxis($0) }
    }

    func goals(_ usual: [String]) throws -> [Goal] { try Goal.list(goal.isEmpty ? usual : goal) }

    func settings(_ scenario: Scenario) throws -> FleetSettings {
        guard timeScale >= 0, timeScale <= 1_000 else {
            throw Failure.usage("--time-scale is a number from 0 to 1000")
        }
        let arrivals = try measuredArrivals() ?? Arrivals(arrival)
        if case .listed = arrivals, length != nil {
            throw Failure.usage("--for is how long jobs arrive, and the file says it")
        }
        guard length == nil || arrivals != .burst else {
            throw Failure.usage("--for is how long jobs arrive, and a burst is over at once: give --arrival too")
        }
        let length = length ?? "10m"
        guard let span = TimeSpan(text: length), span >= FleetSettings.shortest else {
            throw FleetError.badLength(length, option: "for", range: "1ms to 24h")
        }
        var settings = FleetSettings(
            catalog: try catalogOption.load(), scenario: scenario,
            engine: EngineSettings(seed: seed ?? 1, profile: profile, pace: .scaled(timeScale)))
        settings.clients = clientCount
        settings.sharesAccount = sharedAccount
        if let credits {
            guard (0...Ledger.limit).contains(credits) else {
                throw Failure.usage("--credits is from 0 to \(Ledger.limit)")
            }
            settings.credits = credits
        }
        settings.seedGoesFirst = seed != nil
        settings.arrivals = arrivals
        settings.length = span
        if case .listed(let list) = arrivals {
            // To the last arrival.
            let last = TimeSpan(nanoseconds: max(1_000_000, (list.last?.at ?? 0) + 1))
            settings.length = min(last, FleetSettings.lengthLimit)
        }
        if let lives {
            let text = try readFile(lives, limit: MeasuredLoad.byteLimit)
            settings.take(lives: try MeasuredLoad.lives(text, of: settings.catalog.models.ids, file: lives))
        }
        if !jobs.isEmpty { settings.jobs = try jobs.map { try FleetSettings.Share($0) } }
        settings.gradedAccounts = try gradedAccounts()
        try settings.check()
        return settings
    }

    private func measuredArrivals() throws -> Arrivals? {
        let given = [arrivals, fromLog].compactMap(\.self)
        guard let file = given.first else { return nil }
        guard given.count == 1, arrival == "burst" else {
            throw Failure.usage("give one of --arrival, --arrivals and --from-log")
        }
        return arrivals != nil
            ? try MeasuredLoad.arrivals(try readFile(file, limit: MeasuredLoad.byteLimit), file: file)
            : try LoggedLoad.arrivals(try readFile(file, of: [.bundle], limit: Bundle.byteLimit), file: file)
    }

    /// What the report calls the way in which jobs begin.
    var arrivalName: String { arrivals ?? fromLog ?? arrival }

    /// A verdict that only looks at some accounts is no verdict: with `--strict` all are looked at unless said otherwise.
    private func gradedAccounts() throws -> Int {
        let most = 10_000
        if let graded {
            guard (0...most).contains(graded) else {
                throw FleetError.badCount("graded", value: graded, range: 0...most)
            }
            guard graded > 0 || !strict else {
                throw Failure.usage("--strict judges, and --graded 0 leaves nothing to judge by")
            }
            return graded
        }
        guard strict else { return 100 }
        guard sharedAccount || clientCount <= most else {
            throw Failure.usage("--strict judges all accounts, at most \(most): name a sample with --graded COUNT")
        }
        return most
    }

    private func policies() throws -> [RetryPolicy] {
        let names =
            policy.isEmpty ? (sweep.isEmpty ? ["full-jitter", "exponential", "naive"] : ["full-jitter"]) : policy
        return try names.map(PolicyInput.load)
    }
}

enum PolicyInput {
    static func load(_ nameOrFile: String) throws -> RetryPolicy {
        do {
            guard nameOrFile.contains("/") || nameOrFile.contains(".") else {
                return try ClientModels.policy(named: nameOrFile)
            }
            return try RetryPolicy(yaml: try readFile(nameOrFile), source: nameOrFile)
        } catch let errors as ScenarioErrors {
            throw Failure.usage("the policy cannot be used\n" + errors.lines.joined(separator: "\n"))
        }
    }
}
