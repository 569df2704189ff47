internal import ArgumentParser
internal import ClipriseBundle
internal import ClipriseEngine
internal import ClipriseReport
internal import ClipriseServer
internal import ClipriseVirtualTime
internal import ClipriseWire
internal import Glibc
internal import MicroHTTPD

struct ExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a command against a server of its own, then grade what it did.",
        discussion: """
            Starts the server on a free port, sets the environment below, runs the command with its input and output \
            untouched, stops the server and prints the report on standard error.

              CLIPRISE_BASE_URL       http://127.0.0.1:PORT
              CLIPRISE_API_KEY        the key of the first account
              CLIPRISE_MOCK_ADMIN_URL http://127.0.0.1:PORT/__admin
              CLIPRISE_MOCK_SEED      the seed in force
              NO_PROXY, no_proxy      what they said, and the server's host
              with --tls              https in CLIPRISE_BASE_URL, and the variables
                                      by which clients trust the server
              with --intercept        these, the server as HTTP_PROXY and
                                      HTTPS_PROXY, and a library in LD_PRELOAD that
                                      leads programs here that ask for no proxy

            Code that reads its URL under another name gets it with --env NAME; --env NAME=/app/cliprise adds a path.

            A client that only changes its base URL works: loopback names pass the host gate (--host-gate documented \
            restores it). Tests that run side by side take an account each: POST $CLIPRISE_MOCK_ADMIN_URL/accounts \
            answers a new key.

            Exit codes: 1 when an expectation of the scenario failed, credits were wasted, a job was bought twice, a key \
            leaked, money does not add up, or no request reached an account (--allow-idle permits that no request came); 4 \
            when an expectation of the scenario was not exercised and --strict is given; else the command's own; 128 + N after \
            signal N, which the command gets too; the third one kills a command that ignores them; 1 too when --intercept saw a request to another host; 127 when there is no such command, 126 when it cannot be run.

            examples:
              cliprise-mock exec -- pytest -x
              cliprise-mock exec --scenario storm --report junit=report.xml -- npm test
              cliprise-mock exec --scenario lost-reply --strict -- swift test
              cliprise-mock exec --intercept -- python client_with_a_fixed_url.py
              cliprise-mock exec --hunt 5m --virtual-time -- python3 one_job.py > found.yaml
            """)

    @OptionGroup(title: "Accounts and scenarios") var world: WorldOptions
    @Option(help: "Which Host is let in: documented, exact or loopback.")
    var hostGate = EngineSettings.HostGate.loopback
    @Option(help: ArgumentHelp("A further Host to answer to, repeatable.", valueName: "name"))
    var acceptHost: [String] = []
    @Flag(help: "Exit with 4 when an expectation or a rule of the scenario was not exercised.")
    var strict = false
    @Option(
        help: ArgumentHelp(
            "Also set the base URL under this name, with a path behind it if one is given; repeatable.",
            valueName: "name[=/path]"))
    var env: [BaseURLVariable] = []
    @Flag(help: "Let a command pass that sends no request at all.")
    var allowIdle = false
    @Flag(help: "Say in the report how calls, waits and the letter come about.")
    var explain = false
    @Flag(help: "Refuse input that only upstream or we would refuse; otherwise that is a warning.")
    var strictInput = false
    @Option(
        help: ArgumentHelp(
            "Also write the report: text, json, junit, markdown, github, journal or har; repeatable.",
            valueName: "format=file"))
    var report: [ReportTarget] = []
    @OptionGroup var recording: RecordOption
    @Flag(help: "Print no report on standard error.")
    var quiet = false
    @OptionGroup(title: "Reach") var reach: ReachOptions
    @Flag(help: "Let the command's sleeps and timeouts pass at once, on one clock for it and the server.")
    var virtualTime = false
    @Option(
        help: ArgumentHelp(
            "Run the command again and again, for so long or so many times, and search faults that lose it credits.",
            valueName: "5m|rounds"))
    var hunt: String?
    @Option(help: "What the server logs on standard error: error (nothing), warning, info or debug.")
    var logLevel = LogSettings.Level.error
    /// For `shrink`: what the command itself says counts, and nothing else.
    @Flag(help: .hidden)
    var commandCode = false
    @Argument(
        parsing: .captureForPassthrough, help: "The command and its arguments, behind --.", completion: .file())
    var command: [String]

    func validate() throws {
        // Everything behind the first word that is no option belongs to the command, and so does a first "--help".
        if let first = command.first, ["--help", "-h"].contains(first) { throw CleanExit.helpRequest(self) }
        if let first = command.first, first.hasPrefix("-"), first != "--" {
            let name = String(first.prefix { $0 != "=" })
            let meant = Spelling.nearest(to: name, in: EnvironmentOptions.names(of: "exec"))
            throw ValidationError(
                "Unknown option '\(name)'\(meant.map { "; did you mean '\($0)'?" } ?? "") The command stands behind --."
            )
        }
        if hunt != nil, reach.tls || reach.intercept {
            throw ValidationError("--hunt runs its commands without --tls and --intercept.")
        }
        guard !words.isEmpty else { throw ValidationError("Give a command behind --, such as: exec -- pytest.") }
    }

    private var words: [String] { command.first == "--" ? Array(command.dropFirst()) : command }

    mutating func run() throws {
        if let hunt { return try runHunt(try HuntLimit(hunt), words) }
        let signals = ChildSignals()
        let world = world.settings
        let inputs = try world.inputs()
        var configuration = try world.configuration(inputs, isStrict: strictInput)
        configuration.engine.hostGate = hostGate
        configuration.engine.acceptedHosts = acceptHost.map { $0.lowercased() }
        configuration.log.level = logLevel
        configuration.listener.port = 0
        let reach = try ExecReach(reach, &configuration)
        let reports = try OpenReport.all(report, beside: [recording.record])
        try world.addUnknownModels(to: &configuration, record: recording.record)
        let recorder = try BundleRecorder.start(recording.record, &configuration, command: words)
        let time = virtualTime ? try RunTime(words, &configuration) : nil
        let server: Server
        do {
            server = try Server(configuration, clock: time?.clock)
        } catch {
            throw Failure(code: .start, message: "could not start: \(error)")
        }
        recorder?.begin(configuration, inputs, server)
        let url = "http://127.0.0.1:\(server.port)"
        if let key = server.firstKey { setenv("CLIPRISE_API_KEY", key, 1) }
        setenv("CLIPRISE_MOCK_ADMIN_URL", url + "/__admin", 1)
        setenv("CLIPRISE_MOCK_SEED", "\(configuration.seedInForce)", 1)
        let baseURL = reach.baseURL(of: server) ?? url
        setenv("CLIPRISE_BASE_URL", baseURL, 1)
        for variable in env { variable.set(baseURL) }
        ChildEnvironment.bypassProxies()
        let redirection = reach.setEnvironment(server, isPreloaded: time != nil)
        time?.begin(ports: [server.port] + [server.tlsPort].compactMap(\.self))
        let code = try signals.run(words)
        redirection?.end()
        server.stop()
        try time?.end(isQuiet: quiet)
        try recorder?.write(configuration, inputs, server)

        var result = server.report
        let judged = result.exitCode(strict: strict)
        let unmatched = server.unmatched
        let isIdle = unmatched.sawNothing && !allowIdle
        let strayed = reach.strayed(server)
        if isIdle { result.troubles.append("no request reached this server") }
        if unmatched.reachedNone { result.troubles.append("no request reached an account") }
        if !strayed.isEmpty { result.troubles.append("the command tried other hosts than \(Contract.host)") }
        if !quiet {
            let style = ReportStyle(on: STDERR_FILENO)
            write(result.text(colour: style.colour, width: style.width, explains: explain), to: STDERR_FILENO)
        }
        for open in reports { try open.write(result, server.journals) }
        if !quiet { write(unmatched.text, to: STDERR_FILENO) }
        if isIdle, !quiet { write(idleText(url), to: STDERR_FILENO) }
        write(strayed, to: STDERR_FILENO)
        let verdict = strayed.isEmpty ? judged : 1
        if commandCode { throw ExitCode(code) }
        let usual = verdict == 1 || code == 0 ? verdict : code
        throw ExitCode(usual == 0 && (unmatched.reachedNone || isIdle) ? 1 : usual)
    }

    /// What to do when the command never came here.
    private func idleText(_ url: String) -> String {
        let names = ["CLIPRISE_BASE_URL"] + env.map(\.name)
        let text =
            "No request reached this server: that counts as failed, for the code may have called the paid service instead. It "
            + "must read its base URL from \(names.joined(separator: " or ")) (here \(url)); --env NAME sets it under the name "
            + "that your code reads. For a command that must send nothing: --allow-idle."
        return Printable.wrapped(text, 80).map { $0 + "\n" }.joined()
    }
}
