internal import ArgumentParser
internal import ClipriseBundle
internal import ClipriseEngine
internal import ClipriseServer
internal import Glibc

/// `--record`, which `serve` and `exec` take.
struct RecordOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Record the run as a bundle, for replay; FILE.part until the end. Keys stand in it as they were sent.",
            valueName: "file"), completion: .file())
    var record: String?
}

extension BundleRecorder: ExchangeRecorder {
    /// Opens the file of `--record`, and has the server report what it does; nil when nothing is recorded.
    ///
    /// - Parameter command: The command of `exec`; nil for `serve`.
    static func start(
        _ file: String?, _ configuration: inout ServerConfiguration, command: [String]? = nil
    ) throws -> BundleRecorder? {
        guard let file else { return nil }
        let recorder = try BundleRecorder(file: file, command: command) {
            cliprise_mock.write($0, to: STDERR_FILENO)
        }
        configuration.recorder = recorder
        return recorder
    }

    /// Begins the part file, once the server listens.
    func begin(_ configuration: ServerConfiguration, _ inputs: [ScenarioInput], _ server: Server) {
        begin(Bundle.Header(configuration, inputs, server))
    }

    /// Writes the bundle, once, after the server has stopped.
    func write(_ configuration: ServerConfiguration, _ inputs: [ScenarioInput], _ server: Server) throws {
        cliprise_mock.write(try write(Bundle.Header(configuration, inputs, server)), to: STDERR_FILENO)
    }
}

extension Bundle.Header {
    /// All but the accounts and the origin, which the recorder knows.
    fileprivate init(_ configuration: ServerConfiguration, _ inputs: [ScenarioInput], _ server: Server) {
        self.init()
        (version, settings) = (Service.version, configuration.engine)
        scenarios = inputs.map { .init(name: $0.name, text: $0.text) }
        catalogue = configuration.catalog.contentHash
        (isOpen, seedGoesFirst) = (configuration.isOpen, configuration.seedGoesFirst)
        (port, wallAtZero) = (server.port, server.wallAtZero)
        (keepsClocks, hasFiles) = (true, true)
    }
}
