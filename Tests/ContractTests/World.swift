import ClipriseCatalog
import ClipriseEngine
import ClipriseLocks
import ClipriseMedia
import ClipriseServer
import ClipriseWire

/// Where a transcript is played.
enum World: String, Sendable, CaseIterable {
    /// The service alone: no socket, no listener.
    case inProcess
    /// A server on a port of the loopback.
    case socket

    func start(_ line: ServerLine) throws -> any RunningServer {
        let clock = HandClock()
        var configuration = ServerConfiguration(catalog: try Catalog.builtIn())
        configuration.engine = line.engine
        configuration.isOpen = line.isOpen
        configuration.accounts = line.accounts.map { .init(key: $0.key, credits: $0.credits) }
        configuration.log.level = .error
        switch self {
        case .inProcess: return InProcessServer(configuration, clock)
        case .socket: return try SocketServer(configuration, clock)
        }
    }
}

/// A clock that a transcript moves.
final class HandClock: Sendable {
    private let time = Locked(Instant.start)

    var now: Instant { time.withLock { $0 } }

    func advance(by span: TimeSpan) {
        time.withLock { $0 = $0.advanced(by: span) }
    }
}

protocol RunningServer {
    var clock: HandClock { get }
    var port: UInt16 { get }
    /// Sends the bytes of one request and answers with all that comes back.
    func exchange(_ request: [UInt8]) throws -> Answer
    func stop()
}

/// An answer as a client sees it.
struct Answer: Sendable {
    var status: Int
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    func values(of name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}

/// The service, with what the listener does at its simplest in front of it.
struct InProcessServer: RunningServer {
    let clock: HandClock
    let port: UInt16 = 8_080
    private let service: Service

    init(_ configuration: ServerConfiguration, _ clock: HandClock) {
        self.clock = clock
        service = Service(configuration) { clock.now }
    }

    func exchange(_ bytes: [UInt8]) throws -> Answer {
        let request = try Request(bytes)
        var key: ArraySlice<UInt8> = []
        let plan: ResponsePlan
        switch service.decide(request, port: port, key: &key).answer {
        case .plan(let decided): plan = decided
        case .file(let spec):
            let file = try render(spec)
            plan = FileAnswer.plan(
                file.bytes, contentType: file.contentType, fileName: file.fileName, entityTag: spec.taskID,
                for: request)
        }
        guard case .plain(let body) = plan.body else { throw TranscriptError("a plan in steps") }
        var fields = plan.fields.map { (name: $0.name, value: $0.value) }
        if let type = plan.contentType { fields.append(("Content-Type", type.text)) }
        fields.append(("Content-Length", "\(body.count)"))
        return Answer(status: plan.status, fields: fields, body: request.method == .head ? [] : body)
    }

    func stop() {}
}

extension Request {
    /// Takes the bytes of a well-formed request apart.
    fileprivate init(_ bytes: [UInt8]) throws {
        guard let end = bytes[...].position(of: Array("\r\n\r\n".utf8)) else { throw TranscriptError("no end of head") }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { throw TranscriptError("bad request line \(lines[0])") }
        var fields = HeaderFields()
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw TranscriptError("bad field \(line)") }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields.append(name: line[..<colon].utf8, value: value.utf8)
        }
        self.init(
            method: Method(String(words[0])), target: Array(words[1].utf8), fields: fields,
            body: Array(bytes[(end + 4)...]))
    }
}
