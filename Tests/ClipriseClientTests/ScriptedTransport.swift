import ClipriseClient
import ClipriseLocks

/// Answers requests from a list, without a socket.
final class ScriptedTransport: ClipriseTransport {
    enum Reply: Sendable {
        /// A whole answer, in these pieces.
        case answer(Int, MessageFields = [:], [[UInt8]])
        /// The same, and then the connection breaks off.
        case cut(Int, MessageFields = [:], [[UInt8]])
        case failure(TransportFailure)
        /// Nothing until the task is cancelled.
        case hang
    }

    private let replies: Locked<[Reply]>
    private let seen = Locked<[TransportExchange]>([])
    private let onHang: @Sendable () -> Void

    init(_ replies: [Reply], onHang: @escaping @Sendable () -> Void = {}) {
        self.replies = Locked(replies.reversed())
        self.onHang = onHang
    }

    /// All requests so far, in order.
    var exchanges: [TransportExchange] { seen.withLock { $0 } }

    func send(
        _ exchange: TransportExchange, receive: @escaping @Sendable (ResponseHead, [UInt8]) async throws -> Void
    ) async throws {
        seen.withLock { $0.append(exchange) }
        switch replies.withLock({ $0.popLast() }) {
        case nil: throw TransportFailure.notSent
        case .failure(let failure): throw failure
        case .hang:
            onHang()
            try await Task.sleep(for: .seconds(3_600))
        case .answer(let status, let fields, let pieces):
            try await hand(status, fields, pieces, to: receive)
        case .cut(let status, let fields, let pieces):
            try await hand(status, fields, pieces, to: receive)
            throw TransportFailure.lost
        }
    }

    private func hand(
        _ status: Int, _ fields: MessageFields, _ pieces: [[UInt8]],
        to receive: @Sendable (ResponseHead, [UInt8]) async throws -> Void
    ) async throws {
        let head = ResponseHead(status: status, fields: fields)
        for piece in pieces.isEmpty ? [[]] : pieces { try await receive(head, piece) }
    }

    func shutdown() async {}
}

extension ScriptedTransport.Reply {
    static func text(_ status: Int, _ body: String, _ fields: MessageFields = [:]) -> Self {
        .answer(status, fields, [Array(body.utf8)])
    }

    static let accepted = text(200, #"[{"code":200,"taskId":"f11021d5b56bc19932b336ac0dbf413f"}]"#)
    static let processing = text(300, #"{"status":"processing"}"#)
    static let success = text(200, #"{"status":"success","fileURL":"http://h/f?apiKey=sk-secret-1"}"#)

    /// A part of the file from `start`, with honest fields.
    static func file(from start: Int = 0, whole: Bool = true) -> Self {
        var fields = MessageFields()
        fields["ETag"] = "\"one\""
        let part = Array(Samples.jpeg[start...])
        if start > 0 { fields["Content-Range"] = "bytes \(start)-999/1000" }
        fields["Content-Length"] = "\(part.count)"
        let pieces = [Array(part.prefix(300)), Array(part.dropFirst(300))]
        return whole
            ? .answer(start > 0 ? 206 : 200, fields, pieces) : .cut(start > 0 ? 206 : 200, fields, [pieces[0]])
    }
}

enum Samples {
    /// 1,000 bytes that begin and end as a JPEG does.
    static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + (4..<998).map { UInt8($0 % 200) } + [0xFF, 0xD9]
    static let key = "sk-secret-1"
}

/// Time that only sleeping moves.
final class TestClock: Sendable {
    private let now = Locked(Duration.zero)

    var elapsed: Duration { now.withLock { $0 } }

    var clock: ClientClock {
        ClientClock(
            elapsed: { self.elapsed },
            sleep: { duration in
                try Task.checkCancellation()
                self.now.withLock { $0 += duration }
            }, wallSeconds: { 784_111_777 })
    }
}

/// A client over a script, in virtual time.
func client(
    _ transport: ScriptedTransport, _ clock: TestClock = TestClock(), policy: RetryPolicy = even,
    baseURL: String = "http://127.0.0.1:8080"
) throws -> ClipriseClient {
    guard let key = APIKey(Samples.key) else { throw TransportFailure.notSent }
    var configuration = try ClientConfiguration(key: key, baseURL: baseURL, policy: policy)
    configuration.seed = 1
    return ClipriseClient(configuration, transport: transport, clock: clock.clock)
}

let anyRequest = GenerateRequest(
    model: "qwen-image-2", callbackURL: "https://your-service.example.com/webhooks/cliprise",
    input: [RequestField("prompt", "A lighthouse")])
