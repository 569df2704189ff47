internal import ArgumentParser
internal import ClipriseBundle
internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseServer
internal import ClipriseState
internal import ClipriseWire
internal import Glibc
internal import MicroHTTPD

/// The settings of `serve`, by whichever way of reading the command line.
struct ServeSettings {
    /// What holds without any option.
    static let usual = ServeSettings()

    var port: UInt16 = 8080
    var host = "127.0.0.1"
    var world = WorldSettings()
    var acceptHost: [String] = []
    var hostGate = EngineSettings.HostGate.documented
    var strict = false
    var watch = false
    /// The file of `--record`.
    var record: String?
    var workers = 1
    var logLevel = LogSettings.Level.info
    var log = LogSettings.Format.text
    /// In bytes.
    var bodyLimit = 1 << 20
    var connectionLimit = 12_000
    var connectionsPerAddress = 0
    /// In seconds.
    var idleTimeout = 60
    var adminToken: String?
    var secure = TLSChoice()
    var publicURL: String?
    /// The file of `--state`.
    var state: String?
    var stateSync = StateSync.always
    /// Whether the state file has the journals too.
    var stateJournal = false
    /// As it was written; nil for all.
    var keepTasks: String?
    var untilInputEnds = false

    func validate() throws {
        try world.validate()
        try secure.validate()
        if let publicURL, PublicURL(publicURL) == nil {
            throw ValidationError(
                "--public-url \(publicURL.printable): write http://HOST or https://HOST, with a port if it has one, and "
                    + "no path.")
        }
        func check(_ value: Int, _ range: ClosedRange<Int>, _ name: String) throws {
            guard !range.contains(value) else { return }
            throw ValidationError("--\(name) is from \(range.lowerBound) to \(range.upperBound).")
        }
        try check(workers, 1...64, "workers")
        try check(bodyLimit, 1...(64 << 20), "body-limit")
        try check(connectionLimit, 1...1_000_000, "connection-limit")
        try check(connectionsPerAddress, 0...1_000_000, "connections-per-address")
        try check(idleTimeout, 1...86_400, "idle-timeout")
        for name in acceptHost
        where name.isEmpty || name.contains(where: { "/:@ ".contains($0) }) && !name.hasPrefix("[") {
            throw ValidationError(
                "--accept-host \(name.printable): give the name alone, such as mock.test; any port goes with it.")
        }
        // A variable of the shell that is not set.
        for (name, value) in [("record", record), ("state", state)] where value?.isEmpty == true {
            throw ValidationError("--\(name) wants the name of a file; \"\" is none.")
        }
        if watch, world.scenario.isEmpty { throw ValidationError("--watch wants a --scenario to look at.") }
        if state != nil, record != nil {
            throw ValidationError(
                "--record wants accounts that begin with the recording: leave out --state, or --record.")
        }
        if stateJournal {
            guard state != nil else { throw ValidationError("--state-journal wants a file: add --state FILE.") }
            guard world.journalLimit > 0 else {
                throw ValidationError(
                    "--state-journal wants a journal: leave out --journal-limit 0, or --state-journal.")
            }
        }
        if let keepTasks { _ = try TaskKeeping(option: keepTasks) }
        if keepTasks != nil, record != nil {
            throw ValidationError(
                "--record wants all tasks, so that it can be replayed: leave out --keep-tasks, or --record.")
        }
        if let adminToken, !WorldSettings.isWord(adminToken) {
            throw ValidationError("--admin-token is up to 256 printable ASCII characters without spaces.")
        }
    }

    func run() throws {
        // Blocked before any thread starts, so that every thread inherits it and only `waitForSignal` sees them.
        blockEndingSignals()
        let inputs = try world.inputs()
        var configuration = try world.configuration(inputs, isStrict: strict)
        configuration.engine.hostGate = hostGate
        configuration.engine.acceptedHosts = acceptHost.map { $0.lowercased() }
        configuration.engine.ownHost = ownHost
        configuration.engine.publicURL = publicURL.flatMap { PublicURL($0) }
        configuration.log = LogSettings(level: logLevel, format: log)
        configuration.listener.host = host
        configuration.listener.port = port
        configuration.listener.tls = try secure.settings(plainPort: port)
        configuration.listener.workers = workers
        configuration.listener.bodyLimit = bodyLimit
        configuration.listener.connectionLimit = connectionLimit
        configuration.listener.connectionsPerAddress = connectionsPerAddress
        configuration.listener.idleTimeout = .seconds(Int64(idleTimeout))
        let token = adminToken ?? (isLocal ? nil : newToken())
        configuration.adminToken = token
        configuration.keepTasks = try keepTasks.map { try TaskKeeping(option: $0) }
        try world.addUnknownModels(to: &configuration, record: record)
        configuration.state = try openState(configuration)
        let counts = configuration.state?.counts
        let recorder = try BundleRecorder.start(record, &configuration)

        let server: Server
        do {
            server = try Server(configuration)
        } catch {
            throw Failure(code: .start, message: startProblem(error))
        }
        recorder?.begin(configuration, inputs, server)
        let banner = Banner(
            url: "http://\(ownHost):\(server.port)", tlsURL: server.tlsPort.map { "https://\(ownHost):\($0)" },
            seed: configuration.seedInForce,
            scenarios: configuration.scenarios, key: server.firstKey ?? "any-key", credits: server.firstCredits,
            isOpen: world.open,
            hostGate: hostGate, token: isLocal ? nil : token, adminNeedsToken: !isLocal && !isEverywhere)
        write(banner.readyLine, to: STDOUT_FILENO, isVital: false)
        let speaks = logLevel >= .info && log == .text
        if speaks { write(banner.text, to: STDERR_FILENO) }
        if speaks, let found = configuration.engine.answers?.verified {
            write("Profile \(configuration.engine.profile.rawValue), \(found.line)\n", to: STDERR_FILENO)
        }
        for scenario in configuration.scenarios where scenario.capacity != nil {
            write(
                "\(scenario.name.printable): its capacity counts in simulate only; this server takes what comes\n",
                to: STDERR_FILENO)
        }
        if speaks, let state, let counts { write(stateLine(state, counts), to: STDERR_FILENO) }
        let watcher = watch ? ScenarioWatcher(world, server) : nil
        let certificate = secure.isWanted ? CertificateWatch(try CertificateFolder(secure.folder), server) : nil
        server.giveBackStart()
        if untilInputEnds { endWithInput() }
        waitForEndingSignal()
        watcher?.stop()
        certificate?.stop()
        server.stop()
        try recorder?.write(configuration, inputs, server)
        if speaks { write(server.unusedRules(), to: STDERR_FILENO) }
        if let trouble = configuration.state?.trouble {
            throw Failure(code: .start, message: "\(trouble); what changed last is not in the file")
        }
    }

    private func openState(_ configuration: ServerConfiguration) throws -> StateKeeper? {
        guard let state else { return nil }
        do {
            return try StateKeeper(
                state, sync: stateSync, catalog: configuration.catalog, scenarios: configuration.scenarios,
                journals: JournalKeeping(
                    limit: configuration.journalLimit, bodies: configuration.bodies, areInFile: stateJournal))
        } catch {
            throw Failure(code: .start, message: error.description)
        }
    }

    private func stateLine(_ path: String, _ counts: (accounts: Int, tasks: Int)) -> String {
        let accounts = DecimalText.count(counts.accounts, "account")
        let tasks = DecimalText.count(counts.tasks, "task")
        return counts.accounts == 0
            ? "State in \(path.printable): a new file.\n"
            : "State in \(path.printable): goes on with \(accounts) and \(tasks).\n"
    }

    private var isLocal: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
    private var isEverywhere: Bool { host == "0.0.0.0" || host == "::" }

    /// What a client on this machine writes in a URL.
    private var ownHost: String {
        switch host {
        case "localhost", "0.0.0.0", "::": "127.0.0.1"
        default: host.contains(":") ? "[\(host.lowercased())]" : host.lowercased()
        }
    }

    private func startProblem(_ error: ListenerError) -> String {
        switch error {
        case .portInUse(let port): "port \(port) is in use; choose another with --port, or --port 0 for a free one"
        default: "could not start: \(error)"
        }
    }

    /// 128 random bits as hexadecimal digits.
    private func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let word = String(UInt32.random(in: .min ... .max, using: &generator), radix: 16)
            return String(repeating: "0", count: 8 - word.count) + word
        }.joined()
    }
}
