public import ArgumentParser
internal import ClipriseEngine
internal import ClipriseServer

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
              Also https://, on a port of its own:
                cliprise-mock serve --tls
              Every task is finished at once:
                cliprise-mock serve --time-scale 0
            """)

    @Option(whole: "The port to listen on, up to 65535; 0 picks a free one.")
    var port = ServeSettings.usual.port
    @Option(help: "The address to listen on. Beyond the loopback the admin API wants a token.")
    var host = ServeSettings.usual.host
    @OptionGroup(title: "TLS") var secure: TLSOptions
    @Option(help: ArgumentHelp("What file URLs begin with, in the place of the Host that is asked.", valueName: "url"))
    var publicUrl: String?
    @OptionGroup(title: "Accounts and scenarios") var world: WorldOptions
    @Option(help: ArgumentHelp("A further Host to answer to, repeatable.", valueName: "name"))
    var acceptHost: [String] = []
    @Option(help: "Which Host is let in: documented, exact or loopback.")
    var hostGate = ServeSettings.usual.hostGate
    @Flag(help: "Refuse what only upstream or we would refuse; otherwise that is a warning.")
    var strict = false
    @Flag(help: "Look at the scenario files twice a second: a changed one swaps the rules and keeps the state.")
    var watch = false
    @OptionGroup var recording: RecordOption
    @Option(whole: "Threads that serve connections; more than one pays only with free cores.")
    var workers = ServeSettings.usual.workers
    @Option(help: "What is logged: error, warning (refusals), info (every exchange) or debug.")
    var logLevel = ServeSettings.usual.logLevel
    @Option(help: "The form of the log: text or json.")
    var log = ServeSettings.usual.log
    @Option(whole: ArgumentHelp("The longest request body in bytes; longer ones get 413.", valueName: "bytes"))
    var bodyLimit = ServeSettings.usual.bodyLimit
    @Option(whole: "The most connections at once; further ones wait.")
    var connectionLimit = ServeSettings.usual.connectionLimit
    @Option(whole: "The most connections from one address; 0 for no limit.")
    var connectionsPerAddress = ServeSettings.usual.connectionsPerAddress
    @Option(whole: ArgumentHelp("How long a connection may be silent.", valueName: "seconds"))
    var idleTimeout = ServeSettings.usual.idleTimeout
    @Option(
        help: ArgumentHelp(
            "The token for admin requests from other machines; chosen when left out.", valueName: "token"))
    var adminToken: String?

    @Option(
        help: ArgumentHelp("Keep the accounts in this file, so that they survive kill -9.", valueName: "file"),
        completion: .file())
    var state: String?
    @Option(help: "When a change is on the disk: always before its answer leaves, or at most a second later.")
    var stateSync = ServeSettings.usual.stateSync
    @Flag(help: "Keep the journals in the state file too, so that a grade after a restart sees all.")
    var stateJournal = false

    @Option(
        help: ArgumentHelp(
            "Forget ended tasks beyond the newest COUNT of an account, or an AGE after their end (12h, 30d).",
            valueName: "count|age"))
    var keepTasks: String?

    @Flag(help: .hidden)
    var untilInputEnds = false

    private var settings: ServeSettings {
        ServeSettings(
            port: port, host: host, world: world.settings, acceptHost: acceptHost, hostGate: hostGate, strict: strict,
            watch: watch, record: recording.record, workers: workers, logLevel: logLevel, log: log,
            bodyLimit: bodyLimit, connectionLimit: connectionLimit, connectionsPerAddress: connectionsPerAddress,
            idleTimeout: idleTimeout, adminToken: adminToken, secure: secure.settings, publicURL: publicUrl,
            state: state, stateSync: stateSync, stateJournal: stateJournal,
            keepTasks: keepTasks, untilInputEnds: untilInputEnds)
    }

    func validate() throws { try settings.validate() }

    func run() throws { try settings.run() }
}

extension EngineSettings.HostGate: ExpressibleByArgument {}
extension StateSync: ExpressibleByArgument {}
extension LogSettings.Level: ExpressibleByArgument {}
extension LogSettings.Format: ExpressibleByArgument {}
