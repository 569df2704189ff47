internal import ArgumentParser
internal import ClipriseClient
internal import ClipriseConformance
internal import ClipriseEngine
internal import ClipriseWire
internal import Glibc

struct ConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Hold a server against the contract, clause by clause, at no cost.",
        discussion: """
            Sends requests that no server can start a job for: a wrong host, bad and missing keys, an unknown task, \
            incomplete bodies. For each clause it says same, differs or could not tell, with both answers. Beyond that \
            it sends only what --spend-cap pays for in full, the cheapest job first of all.

            The account's key comes from the environment, so that it is in no list of processes. It is sent to this \
            server alone, and stands in no output. Exit code 0: nothing differs; 1: something does, or nothing could be \
            verified.

            examples:
              Against the service, at no cost:
                CLIPRISE_API_KEY=… cliprise-mock conformance --base-url https://business.api.cliprise.app
              What it found, as a profile that serve follows:
                cliprise-mock conformance --base-url URL --write-profile live.json
                cliprise-mock serve --profile live.json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, junit
    }

    @Option(help: ArgumentHelp("The server, as in https://business.api.cliprise.app.", valueName: "url"))
    var baseURL: String
    @Option(help: ArgumentHelp("The environment variable that holds the account's key.", valueName: "name"))
    var apiKeyEnv = "CLIPRISE_API_KEY"
    @Option(
        whole: ArgumentHelp(
            "The credits that may be at stake in all; 0 sends only what costs nothing.", valueName: "credits"))
    var spendCap: Int64 = 0
    @Option(
        help: ArgumentHelp(
            "Count a request whose price the catalogue only assumes as this many credits; else it is not sent.",
            valueName: "credits"), transform: DecimalText.readWhole)
    var unpriced: Int64?
    @Option(help: "The Host to send, for a server that answers to another.")
    var host = "\(Contract.host)"
    @Option(
        help: ArgumentHelp(
            "What to expect: documented, snapshot-2026-04-04, later, or a profile file.", valueName: "profile"))
    var profile = ProfileOption(.documented)
    @Option(help: "The form of the answer: text, json or junit.")
    var format = Format.text
    @Option(
        help: ArgumentHelp("Write what the server does as a profile that serve --profile follows.", valueName: "file"),
        completion: .file())
    var writeProfile: String?
    @OptionGroup var catalogOption: CatalogOption

    func validate() throws {
        guard BaseURL(baseURL) != nil else {
            throw ValidationError("--base-url \(baseURL.printable): give scheme and host, as in http://127.0.0.1:8080.")
        }
        guard (0...1_000_000_000).contains(spendCap) else {
            throw ValidationError("--spend-cap is from 0 to 1000000000 credits.")
        }
        guard (0...1_000_000_000).contains(unpriced ?? 0) else {
            throw ValidationError("--unpriced is from 0 to 1000000000 credits.")
        }
        guard (1...255).contains(host.utf8.count), host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError("--host is a host name, perhaps with a port.")
        }
    }

    func run() throws {
        guard let url = BaseURL(baseURL) else { return }
        if let writeProfile { try checkWritable(writeProfile) }
        let catalog = try catalogOption.load()
        var engine = EngineSettings()
        try profile.apply(to: &engine)
        let key = getenv(apiKeyEnv).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        if let key, !WorldSettings.isWord(key) {
            throw Failure.usage("\(apiKeyEnv.printable): a key is up to 256 printable ASCII characters without spaces")
        }
        let sender = CurlSender(
            isSecure: url.scheme == "https", host: url.host, port: url.port.flatMap(UInt16.init(exactly:)))
        let purse = MockPurse(sender, key: key)
        let before = purse.credits()
        var settings = Conformance.Settings(engine: engine, key: key, host: host, spendCap: spendCap)
        settings.unpriced = unpriced
        var report = Conformance.run(settings, catalog, sender, wait: { usleep(500_000) })
        if let before, let after = purse.credits() { report.credits = (before, after) }
        report.server = url.description
        report.day = dayNow()
        let text =
            switch format {
            case .text: report.text
            case .json: report.json
            case .junit: report.junit
            }
        write(text, to: STDOUT_FILENO)
        if let writeProfile {
            try writeFile(Array(ProfileFile(report, keeping: engine.answers).text.utf8), to: writeProfile)
        }
        guard report.count(.same) + report.count(.differs) > 0 else {
            throw Failure(code: .refused, message: "\(url.description): nothing could be verified; does it answer?")
        }
        if !report.isConforming { throw ExitCode(Failure.Code.refused.rawValue) }
    }
}
