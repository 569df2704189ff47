internal import ArgumentParser
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseServer
internal import ClipriseWire
internal import Glibc
internal import MicroHTTPD

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the mock server (the default).",
        discussion: """
            When it listens, one JSON line on standard output says so: {"ready":true,"url":…}. The log goes to standard \
            error. Ctrl-C, SIGTERM or SIGHUP ends it: what is under way is finished first.

            A request must carry "Host: business.api.cliprise.app", as on the real service. For a client that cannot \
            set it: --host-gate loopback, or --accept-host NAME.

            examples:
              Port 8080, account test-key with 10000 credits:
                cliprise-mock
              A free port, one account of your own:
                cliprise-mock serve --port 0 --account ci=500
              Any key, any client on this machine:
                cliprise-mock serve --open --host-gate loopback
              The answer to the first generate is lost, although it is charged:
                cliprise-mock serve --scenario lost-reply
              Every task is finished at once:
                cliprise-mock serve --time-scale 0
            """)

    @Option(help: "The port to listen on, up to 65535; 0 picks a free one.")
    var port: UInt16 = 8080
    @Option(help: "The address to listen on. Beyond the loopback the admin API wants a token.")
    var host = "127.0.0.1"
    @OptionGroup(title: "Accounts and scenarios") var world: WorldOptions
    @Option(help: ArgumentHelp("A further Host to answer to, repeatable.", valueName: "name"))
    var acceptHost: [String] = []
    @Option(help: "Which Host is let in: documented, exact or loopback.")
    var hostGate = EngineSettings.HostGate.documented
    @Flag(help: "Refuse what only upstream or we would refuse; otherwise that is a warning.")
    var strict = false
    @Flag(help: "Look at the scenario files twice a second: a changed one swaps the rules and keeps the state.")
    var watch = false
    @OptionGroup var recording: RecordOption
    @Option(help: "Threads that serve connections; more than one pays only with free cores.")
    var workers = 1
    @Option(help: "What is logged: error, warning (refusals), info (every exchange) or debug.")
    var logLevel = LogSettings.Level.info
    @Option(help: "The form of the log: text or json.")
    var log = LogSettings.Format.text
    @Option(help: ArgumentHelp("The longest request body in bytes; longer ones get 413.", valueName: "bytes"))
    var bodyLimit = 1 << 20
    @Option(help: "The most connections at once; further ones wait.")
    var connectionLimit = 12_000
    @Option(help: "The most connections from one address; 0 for no limit.")
    var connectionsPerAddress = 0
    @Option(help: ArgumentHelp("How long a connection may be silent.", valueName: "seconds"))
    var idleTimeout = 60
    @Option(
        help: ArgumentHelp(
            "The token for admin requests from other machines; chosen when left out.", valueName: "token"))
    var adminToken: String?

    func validate() throws {
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
        if watch, world.scenario.isEmpty { throw ValidationError("--watch wants a --scenario to look at.") }
        if let adminToken, !WorldOptions.isWord(adminToken) {
            throw ValidationError("--admin-token is up to 256 printable ASCII characters without spaces.")
        }
    }

    mutating func run() throws {
        // Blocked before any thread starts, so that every thread inherits it and only `waitForSignal` sees them.
        blockEndingSignals()
        let inputs = try world.inputs()
        var configuration = try world.configuration(inputs, isStrict: strict)
        configuration.engine.hostGate = hostGate
        configuration.engine.acceptedHosts = acceptHost.map { $0.lowercased() }
        configuration.engine.ownHost = ownHost
        configuration.log = LogSettings(level: logLevel, format: log)
        configuration.listener.host = host
        configuration.listener.port = port
        configuration.listener.workers = workers
        configuration.listener.bodyLimit = bodyLimit
        configuration.listener.connectionLimit = connectionLimit
        configuration.listener.connectionsPerAddress = connectionsPerAddress
        configuration.listener.idleTimeout = .seconds(Int64(idleTimeout))
        let token = adminToken ?? (isLocal ? nil : newToken())
        configuration.adminToken = token
        let recorder = try recording.start(&configuration)

        let server: Server
        do {
            server = try Server(configuration)
        } catch {
            throw Failure(code: .start, message: startProblem(error))
        }
        recorder?.begin(configuration, inputs, server)
        let banner = Banner(
            url: "http://\(ownHost):\(server.port)", seed: configuration.seedInForce,
            scenarios: configuration.scenarios, key: server.firstKey ?? "any-key", isOpen: world.open,
            hostGate: hostGate, token: isLocal ? nil : token, adminNeedsToken: !isLocal && !isEverywhere)
        write(banner.readyLine, to: STDOUT_FILENO, isVital: false)
        let speaks = logLevel >= .info && log == .text
        if speaks { write(banner.text, to: STDERR_FILENO) }
        for scenario in configuration.scenarios where scenario.capacity != nil {
            write(
                "\(scenario.name.printable): its capacity counts in simulate only; this server takes what comes\n",
                to: STDERR_FILENO)
        }
        let watcher = watch ? ScenarioWatcher(world, server) : nil
        waitForEndingSignal()
        watcher?.stop()
        server.stop()
        try recorder?.write(configuration, inputs, server)
        if speaks { write(server.unusedRules(), to: STDERR_FILENO) }
    }

    private var isLocal: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
    private var isEverywhere: Bool { host == "0.0.0.0" || host == "::" }

    /// What a client on this machine writes in a URL.
    private var ownHost: String {
        switch host {
        case "localhost", "0.0.0.0": "127.0.0.1"
        case "::": "[::1]"
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

extension EngineSettings.HostGate: ExpressibleByArgument {}
extension LogSettings.Level: ExpressibleByArgument {}
extension LogSettings.Format: ExpressibleByArgument {}
