internal import ClipriseBundle
internal import ClipriseCatalog
internal import ClipriseClient
internal import ClipriseEngine
internal import ClipriseHTTP
internal import ClipriseProxy
internal import ClipriseWire
internal import Dispatch
internal import Glibc
internal import MicroHTTPD
internal import Synchronization

/// One run of the proxy, from its first request to the files that it leaves.
struct ProxyRun {
    let url: BaseURL
    let cap: Int64
    let unpriced: Int64?
    let record: String?
    let lives: LearnedFiles.Lives
    let port: UInt16
    let listen: String
    let tls: TLSSettings?
    let host: String
    let profile: ProfileOption
    let catalog: Catalog

    /// Serves until a signal ends it.
    func play() throws {
        var engine = EngineSettings()
        try profile.apply(to: &engine)
        let name = url.host.hasSuffix(".") ? String(url.host.dropLast()) : url.host
        let place: HTTPCall.Host =
            IPAddress(url.host).map { .address($0) }
            ?? .name(name, lookup: SharedLookup { [host = url.host] in try NameLookup.system(host) })
        let scheme: HTTPCall.Scheme = url.scheme == "https" ? .https : .http
        var settings = Relay.Settings(
            scheme: scheme, upstream: place, port: url.port.flatMap(UInt16.init(exactly:)) ?? scheme.usualPort)
        settings.host = host
        settings.engine = engine
        settings.cap = cap
        settings.unpriced = unpriced

        let run = SeenRun(upstream: url.description, day: dayNow(), base: engine.profile, cap: cap)
        let output = record.map { LearnedOutput($0) }
        try output?.check()
        let recorder = try ProxyRecorder(record, run)
        let relay = Relay(settings, catalog) { recorder.report($0) }
        let listener = try startListener(relay)
        guard !settings.isOnThisMachine || ![listener.port, listener.tlsPort].contains(settings.port) else {
            throw Failure.usage("--upstream \(url): this is the proxy itself; give it another --port")
        }
        let ownHost = listen.contains(":") ? "[\(listen.lowercased())]" : listen.lowercased()
        let isAny = ["0.0.0.0", "[::]", "localhost"].contains(ownHost)
        greet("http://\(isAny ? "127.0.0.1" : ownHost):\(listener.port)", listener)
        waitForEndingSignal()
        listener.stop()
        relay.stop()
        let spent = relay.leash.now
        let passed = relay.counts.passed
        write(
            "passed \(DecimalText.count(passed, "request")), withheld \(spent.withheld); "
                + "at most \(spent.spent) of \(DecimalText.count(cap, "credit")) at stake\n", to: STDERR_FILENO)
        guard let output else { return }
        let seen = recorder.finish()
        let files = LearnedFiles(seen, name: output.name, lives: lives, settings: engine, catalog: catalog)
        try output.write(files, seen)
        try recorder.write(files.scenarioText)
        write(output.words(seen), to: STDERR_FILENO)
    }

    private func startListener(_ relay: Relay) throws -> Listener {
        var configuration = ListenerConfiguration()
        configuration.host = listen
        configuration.port = port
        configuration.tls = tls
        // Requests may bring media with them; a file may come faster than the client takes it.
        configuration.bodyLimit = 32 << 20
        configuration.backlogLimit = 256 << 20
        configuration.connectionLimit = 1_000
        do {
            return try Listener(configuration) { relay.handle($0, $1) }
        } catch {
            if case .portInUse(let port) = error {
                throw Failure(
                    code: .start,
                    message: "port \(port) is in use; choose another with --port, or --port 0 for a free one")
            }
            throw Failure(code: .start, message: "could not start: \(error)")
        }
    }

    private func greet(_ address: String, _ listener: Listener) {
        let json = JSONWriter.line { writer in
            writer.member("ready", true)
            writer.member("url", address)
            if let port = listener.tlsPort { writer.member("tls_url", "https://127.0.0.1:\(port)") }
            writer.member("upstream", url.description)
            writer.member("spend_cap", cap)
        }
        write(String(decoding: json, as: UTF8.self), to: STDOUT_FILENO, isVital: false)
        write(
            "cliprise-mock proxy on \(address) passes on to \(url); at most \(DecimalText.count(cap, "credit")). Ctrl-C ends it.\n",
            to: STDERR_FILENO)
    }
}

/// Keeps what a proxy reports, in memory and in a part file.
final class ProxyRecorder: Sendable {
    private let file: RecordingFile?
    private let queue = DispatchQueue(label: "cliprise-mock.proxy")
    private let kept: Mutex<(run: SeenRun, bytes: Int)>
    private let isFull = Atomic(false)

    /// The most exchanges of a record and their most bytes, so that days of polls leave the memory as it is.
    private static let limit = 200_000
    private static let byteLimit = 256 << 20

    init(_ path: String?, _ run: SeenRun) throws {
        file = try path.map { try RecordingFile($0) { cliprise_mock.write($0, to: STDERR_FILENO) } }
        kept = Mutex((run, 0))
        file?.begin(with: run.header)
    }

    /// Notes an exchange; in the part file it is before its answer leaves.
    func report(_ exchange: SeenExchange) {
        cliprise_mock.write(Self.line(exchange), to: STDERR_FILENO)
        guard let file else { return }
        let line = exchange.line
        let hasRoom = kept.withLock { kept in
            guard kept.run.exchanges.count < Self.limit, kept.bytes < Self.byteLimit else { return false }
            kept.run.exchanges.append(exchange)
            kept.bytes += line.count
            return true
        }
        guard hasRoom else {
            if !isFull.exchange(true, ordering: .relaxed) {
                cliprise_mock.write(
                    """
                    recording stopped: a record holds \(Self.limit) exchanges in \(Self.byteLimit >> 20) MiB; calls still \
                    pass

                    """, to: STDERR_FILENO)
            }
            return
        }
        queue.sync { file.append(line) }
    }

    /// All that came, in the order of coming.
    func finish() -> SeenRun {
        var seen = kept.withLock { $0.run }
        seen.exchanges.sort { $0.number < $1.number }
        return seen
    }

    func write(_ scenario: String) throws {
        guard let file else { return }
        var whole = try file.whole()
        try whole.write(Array(scenario.utf8))
        try whole.finish()
    }

    private static func line(_ exchange: SeenExchange) -> String {
        var line = "#\(exchange.number) \(exchange.method.printable) \(exchange.kind.rawValue)"
        if let model = exchange.model { line += " \(model)" }
        switch exchange.result {
        case .answered(let answer):
            line += ": \(answer.status)\(answer.isWhole ? "" : ", cut short")"
            if exchange.credits > 0 { line += ", \(DecimalText.count(exchange.credits, "credit")) at stake" }
        case .lost(let reason):
            line += ": no answer (\(reason.printable)), \(DecimalText.count(exchange.credits, "credit")) at stake"
        case .notSent(let reason): line += ": not sent: \(reason.printable)"
        case .withheld(let reason): line += ": \(reason.printable)"
        }
        return line + "\n"
    }
}
