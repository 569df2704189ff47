internal import ArgumentParser
internal import ClipriseCatalog
internal import ClipriseEngine
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
            error. Ctrl-C or SIGTERM ends it: what is under way is finished first.

            A request must carry "Host: business.api.cliprise.app", as on the real service. For a client that cannot \
            set it: --host-gate loopback, or --accept-host NAME.

            examples:
              Port 8080, account test-key with 10000 credits:
                cliprise-mock
              A free port, one account of your own:
                cliprise-mock serve --port 0 --account ci=500
              Any key, any client on this machine:
                cliprise-mock serve --open --host-gate loopback
              Every task is finished at once:
                cliprise-mock serve --time-scale 0
            """)

    @Option(help: "The port to listen on, up to 65535; 0 picks a free one.")
    var port: UInt16 = 8080
    @Option(help: "The address to listen on. Beyond the loopback the admin API wants a token.")
    var host = "127.0.0.1"
    @Option(
        help: ArgumentHelp(
            "An account, repeatable; without any there is test-key=10000.", valueName: "key=credits"))
    var account: [String] = []
    @Flag(help: "Accept any key: an unknown one gets an account with 10000 credits.")
    var open = false
    @Option(help: ArgumentHelp("A further Host to answer to, repeatable.", valueName: "name"))
    var acceptHost: [String] = []
    @Option(help: "Which Host is let in: documented, exact or loopback.")
    var hostGate = EngineSettings.HostGate.documented
    @Option(help: "Which edition to imitate: documented, snapshot-2026-04-04 or later.")
    var profile = EngineSettings.Profile.documented
    @Flag(help: "Refuse what only upstream or we would refuse; otherwise that is a warning.")
    var strict = false
    @Option(help: "Task ids and lives follow from it.")
    var seed: UInt64 = 1
    @OptionGroup var catalogOption: CatalogOption
    @Option(
        help: ArgumentHelp(
            "Tasks take the model's typical time times this. Without it an image takes about 2 s, a video 6 s.",
            valueName: "factor"))
    var timeScale: Double?
    @Flag(help: "Tasks take the model's typical time; the same as --time-scale 1.")
    var realistic = false
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
        if realistic, timeScale != nil { throw ValidationError("--realistic is --time-scale 1: give one of them.") }
        if let timeScale, !(timeScale >= 0 && timeScale <= 1_000) {
            throw ValidationError("--time-scale is a number from 0 to 1000.")
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
                "--accept-host \(name): give the name alone, such as mock.test; any port goes with it.")
        }
        if let adminToken, !Self.isWord(adminToken) {
            throw ValidationError("--admin-token is up to 256 printable ASCII characters without spaces.")
        }
        _ = try accounts()
    }

    /// Whether a text can stand behind `Bearer`.
    private static func isWord(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    mutating func run() throws {
        // Blocked before any thread starts, so that every thread inherits it and only `waitForSignal` sees them.
        blockEndingSignals()
        var configuration = ServerConfiguration(catalog: try catalogOption.load())
        configuration.engine = EngineSettings(
            seed: seed, profile: profile, isStrict: strict, hostGate: hostGate,
            acceptedHosts: acceptHost.map { $0.lowercased() },
            pace: realistic ? .scaled(1) : timeScale.map { .scaled($0) } ?? .pleasant, ownHost: ownHost)
        configuration.accounts = try accounts()
        configuration.isOpen = open
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

        let server: Server
        do {
            server = try Server(configuration)
        } catch {
            throw Failure(code: .start, message: startProblem(error))
        }
        let banner = Banner(
            url: "http://\(ownHost):\(server.port)", seed: seed,
            key: configuration.accounts.first?.key ?? "any-key", isOpen: open, hostGate: hostGate,
            token: isLocal ? nil : token, adminNeedsToken: !isLocal && !isEverywhere)
        write(banner.readyLine, to: STDOUT_FILENO)
        if logLevel >= .info, log == .text { write(banner.text, to: STDERR_FILENO) }
        waitForEndingSignal()
        server.stop()
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

    private func accounts() throws -> [ServerConfiguration.Account] {
        if account.isEmpty { return open ? [] : [.init(key: "test-key", credits: 10_000)] }
        var accounts: [ServerConfiguration.Account] = []
        for text in account {
            // A key may hold "=" itself: the credits stand behind the last one.
            guard let mark = text.lastIndex(of: "="), mark != text.startIndex,
                let credits = Int64(text[text.index(after: mark)...]), (0...Ledger.limit).contains(credits)
            else {
                throw ValidationError("--account \(text): write KEY=CREDITS, such as test-a=1000.")
            }
            let key = String(text[..<mark])
            guard Self.isWord(key) else {
                throw ValidationError(
                    "--account \(text): a key is up to 256 printable ASCII characters without spaces.")
            }
            guard !accounts.contains(where: { $0.key == key }) else {
                throw ValidationError("--account \(text): this key stands there twice.")
            }
            accounts.append(.init(key: key, credits: credits))
        }
        return accounts
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
extension EngineSettings.Profile: ExpressibleByArgument {}
extension LogSettings.Level: ExpressibleByArgument {}
extension LogSettings.Format: ExpressibleByArgument {}
