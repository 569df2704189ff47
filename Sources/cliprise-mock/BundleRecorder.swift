internal import ArgumentParser
internal import ClipriseEngine
internal import ClipriseServer
internal import ClipriseSimulator
internal import ClipriseWire
internal import Dispatch
internal import Glibc
internal import Synchronization

/// `--record`, which `serve` and `exec` take.
struct RecordOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Record the run as a bundle, for replay; written at the end. Keys stand in it as they were sent.",
            valueName: "file"))
    var record: String?
}

/// Keeps what a server tells until the end, and then writes it as a bundle.
final class BundleRecorder: Sendable {
    /// The most exchanges of a bundle; recording stops there.
    static let exchangeLimit = 1_000_000
    /// The most bytes of all lines but the header; recording stops there, so that `replay` can read the bundle.
    static let byteLimit = Bundle.byteLimit / 4 * 3

    /// A line to be; the request waits for its answer.
    private struct Entry: Sendable {
        var key: [UInt8]
        var at: Instant
        var request: Request?
        var line: [UInt8] = []
        var isByHand = false
    }

    private struct State: Sendable {
        var accounts: [Bundle.AccountStart] = []
        var keys: Set<[UInt8]> = []
        var entries: [Entry] = []
        var exchanges = 0
        var bytes = 0
        var isFull = false
    }

    private let file: String
    private let descriptor: Int32
    private let state = Mutex(State())

    /// Opens the file of `--record`, and lets the server tell what it does; nil when nothing is to be recorded.
    static func start(_ file: String?, _ configuration: inout ServerConfiguration) throws -> BundleRecorder? {
        guard let file else { return nil }
        let recorder = try BundleRecorder(file: file)
        configuration.recorder = recorder.listener
        return recorder
    }

    /// Opens the file, whose content stays until there is a recording.
    init(file: String) throws {
        self.file = file
        descriptor = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.problem(file) }
    }

    deinit { close(descriptor) }

    private static func problem(_ file: String) -> Failure {
        Failure(code: .usage, message: "\(file): the recording cannot be written: \(String(cString: strerror(errno)))")
    }

    /// What the server tells goes here.
    var listener: ExchangeRecorder {
        ExchangeRecorder(
            accountMade: { [self] key, credits, now in
                state.withLock { state in
                    // One that is made again, after a reset, stands behind a change by hand.
                    guard state.keys.insert(key).inserted else { return }
                    state.accounts.append(.init(key: key, credits: credits, at: now))
                }
            },
            begin: { [self] key, request, now in
                state.withLock { state in
                    guard !state.isFull, state.exchanges < Self.exchangeLimit else { return nil }
                    state.exchanges += 1
                    state.entries.append(Entry(key: key, at: now, request: request))
                    return state.entries.count - 1
                }
            },
            finish: { [self] number, plan in finish(number, plan) },
            changedByHand: { [self] key, now in
                state.withLock { state in
                    guard !state.isFull else { return }
                    let line = BundleWriter.changeByHand(key: key, at: now)
                    state.bytes += line.count
                    state.entries.append(Entry(key: key, at: now, line: line, isByHand: true))
                }
            })
    }

    private func finish(_ number: Int, _ plan: ResponsePlan) {
        let open = state.withLock { state -> Entry? in
            state.entries.indices.contains(number) ? state.entries[number] : nil
        }
        guard let open, let request = open.request else { return }
        // Long answers are hashed here, outside the lock.
        let line = BundleWriter.line(
            Bundle.Exchange(key: open.key, request: request, at: open.at, answer: AnswerBytes.of(plan)))
        let isFullNow = state.withLock { state in
            guard state.entries.indices.contains(number) else { return false }
            state.entries[number].request = nil
            state.entries[number].line = line
            state.bytes += line.count
            guard !state.isFull, state.exchanges >= Self.exchangeLimit || state.bytes >= Self.byteLimit else {
                return false
            }
            state.isFull = true
            return true
        }
        guard isFullNow else { return }
        let text =
            "recording stopped: a bundle holds at most \(Self.exchangeLimit) exchanges and \(Self.byteLimit >> 20) MiB\n"
        // A lock of the server may be held here, and a terminal may keep a writer waiting.
        DispatchQueue.global().async { cliprise_mock.write(text, to: STDERR_FILENO) }
    }

    /// Writes the bundle, once, after the server has stopped.
    func write(_ configuration: ServerConfiguration, _ inputs: [ScenarioInput], _ server: Server) throws {
        let state = state.withLock { state in
            defer { state = State() }
            return state
        }
        var writer = BundleWriter(
            Bundle.Header(
                version: Service.version, settings: configuration.engine,
                scenarios: inputs.map { .init(name: $0.name, text: $0.text) }, keepsClocks: true,
                catalogue: configuration.catalog.contentHash, accounts: state.accounts, isOpen: configuration.isOpen,
                port: server.port, wallAtZero: server.wallAtZero, hasFiles: true,
                seedGoesFirst: configuration.seedGoesFirst))
        // Fails for what is no file, such as a pipe, and then nothing is to be cut off.
        ftruncate(descriptor, 0)
        var bytes = writer.take()
        // What came behind an exchange without an answer cannot be played: the account's state is not known.
        var broken: Set<[UInt8]> = []
        var (written, leftOut) = (0, 0)
        for entry in state.entries {
            if entry.line.isEmpty { broken.insert(entry.key) }
            if broken.contains(entry.key) {
                if !entry.isByHand { leftOut += 1 }
                continue
            }
            bytes += entry.line
            if !entry.isByHand { written += 1 }
            if bytes.count >= 1 << 20 {
                try write(bytes)
                bytes = []
            }
        }
        try write(bytes + BundleWriter.end(written))
        let rest = leftOut == 0 ? "" : " (\(leftOut) left out: an answer was not finished)"
        cliprise_mock.write(
            "recorded \(written) exchanges in \(file)\(rest); replay with: cliprise-mock replay \(file)\n",
            to: STDERR_FILENO)
    }

    private func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw Self.problem(file)
            }
        }
    }
}
