internal import ArgumentParser
internal import ClipriseClient
internal import ClipriseEngine
internal import ClipriseProxy
internal import ClipriseWire
internal import Glibc

struct ProxyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy",
        abstract: "Pass a client's calls on to the live service, within a cap, and make a scenario of what it returns.",
        discussion: """
            Point the client at the port of this command instead of the service. Each generate is priced by the \
            catalogue before it leaves; one that would pass --spend-cap is not sent, and answered with 403 and the \
            reason. What was refused for certain is given back; all else stays counted, also jobs that fail. Polls and \
            downloads cost nothing and always pass.

            Ctrl-C, SIGTERM or SIGHUP ends it. Then --record FILE is a scenario, beside it FILE.profile.json holds the \
            answers that differ from the contract, and FILE.exchanges.jsonl every exchange: serve answers alike. No \
            key, no address of media and no file stands in any of them. Until the end, and after kill -9, there is \
            FILE.part; --from FILE.part makes the same of it.

            examples:
              At most 60 credits of the live service:
                cliprise-mock proxy --upstream https://business.api.cliprise.app --spend-cap 60 --record live.yaml
              The same answers, without the service:
                cliprise-mock serve --scenario live.yaml --profile live.profile.json
              What a proxy that was killed had seen:
                cliprise-mock proxy --from live.yaml.part --record live.yaml
            """)

    @Option(help: ArgumentHelp("The server, as in https://business.api.cliprise.app.", valueName: "url"))
    var upstream: String?
    @Option(whole: ArgumentHelp("The credits that may be at stake in all; 0 lets no job out.", valueName: "credits"))
    var spendCap: Int64 = 0
    @Option(
        help: ArgumentHelp(
            "Count a generate that the catalogue cannot price as this many; else it is not sent.",
            valueName: "credits"), transform: DecimalText.readWhole)
    var unpriced: Int64?
    @Option(
        help: ArgumentHelp("The scenario to write at the end; FILE.part until then.", valueName: "file"),
        completion: .file())
    var record: String?
    @Option(
        help: ArgumentHelp("Listen to nobody: make the scenario of this record.", valueName: "file"),
        completion: .file())
    var from: String?
    @Option(help: "How a task of the scenario ends: after as many polls as it was seen to, or as much time.")
    var lives = LearnedFiles.Lives.polls
    @Option(whole: "The port to listen on, up to 65535; 0 picks a free one.")
    var port: UInt16 = 8080
    @Option(help: "The address to listen on. Whoever reaches it can spend up to the cap.")
    var listen = "127.0.0.1"
    @OptionGroup(title: "TLS") var secure: TLSOptions
    @Option(help: "The Host to send where the client sends a name of this machine.")
    var host = "\(Contract.host)"
    @Option(
        help: ArgumentHelp(
            "What to hold answers against: documented, snapshot-2026-04-04, later, or a profile file.",
            valueName: "profile"))
    var profile = ProfileOption(.documented)
    @OptionGroup var catalogOption: CatalogOption

    func validate() throws {
        guard (upstream == nil) != (from == nil) else {
            throw ValidationError("give --upstream URL, or --from FILE for a record that is there already.")
        }
        if let upstream, BaseURL(upstream) == nil {
            throw ValidationError(
                "--upstream \(upstream.printable): give scheme and host, as in http://127.0.0.1:8080, and no path.")
        }
        if from != nil, record == nil { throw ValidationError("--from wants --record FILE, the scenario to write.") }
        for (name, credits) in [("spend-cap", spendCap), ("unpriced", unpriced ?? 0)]
        where !(0...1_000_000_000).contains(credits) {
            throw ValidationError("--\(name) is from 0 to 1000000000 credits.")
        }
        guard (1...255).contains(host.utf8.count), host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError("--host is a host name, perhaps with a port.")
        }
        try secure.settings.validate()
    }

    func run() throws {
        if let from { return try convert(from) }
        guard let url = upstream.flatMap({ BaseURL($0) }) else { return }
        blockEndingSignals()
        try ProxyRun(
            url: url, cap: spendCap, unpriced: unpriced, record: record, lives: lives, port: port, listen: listen,
            tls: try secure.settings.settings(plainPort: port), host: host, profile: profile,
            catalog: try catalogOption.load()
        ).play()
    }

    /// Makes the files of a record that is there already.
    private func convert(_ from: String) throws {
        guard let record else { return }
        let run = try SeenRun(record: try readFile(from, limit: LearnedOutput.recordLimit), file: from.printable)
        var settings = EngineSettings()
        try profile.apply(to: &settings)
        settings.profile = run.base
        let output = LearnedOutput(record)
        try output.check()
        let files = LearnedFiles(
            run, name: output.name, lives: lives, settings: settings, catalog: try catalogOption.load())
        try output.write(files, run)
        try writeFile(Array(files.scenarioText.utf8), to: record)
        write(output.words(run), to: STDERR_FILENO)
    }
}

extension LearnedFiles.Lives: ExpressibleByArgument {}
