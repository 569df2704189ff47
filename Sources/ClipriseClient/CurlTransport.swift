// Real connections.

internal import ClipriseHTTP
internal import ClipriseWire

/// Sends requests over HTTP/1.1 connections, plain or TLS, by libcurl.
///
/// A generate always takes a new connection, so that it leaves this machine at most once. No redirect is followed, no
/// cookie kept, no `.netrc` read and no proxy of the environment used.
public final class CurlTransport: ClipriseTransport {
    private let loop = HTTPLoop()
    private let scheme: HTTPCall.Scheme
    private let host: HTTPCall.Host
    private let port: UInt16
    private let gap: TimeSpan
    /// What is tried, for people.
    private let place: String

    /// How long a connection may take, TLS included.
    private static let connectLimit = TimeSpan.seconds(10)

    /// - Parameters:
    ///   - baseURL: Where the requests go.
    ///   - pieceTimeout: The most time between two pieces of a body.
    public convenience init(baseURL: BaseURL, pieceTimeout: Duration = .seconds(30)) {
        self.init(baseURL: baseURL, pieceTimeout: pieceTimeout) { name in try NameLookup.system(name) }
    }

    init(baseURL: BaseURL, pieceTimeout: Duration, lookup: @escaping @Sendable (String) throws -> [IPAddress]) {
        gap = TimeSpan(nanoseconds: pieceTimeout.wholeNanoseconds)
        let name = baseURL.host
        scheme = baseURL.scheme == "https" ? .https : .http
        // A final dot is for the lookup; certificates do not have it.
        let plain = name.hasSuffix(".") ? String(name.dropLast()) : name
        host = IPAddress(name).map { .address($0) } ?? .name(plain, lookup: SharedLookup { try lookup(name) })
        port = baseURL.port.flatMap(UInt16.init(exactly:)) ?? scheme.usualPort
        place = "\(baseURL.scheme)://\(name.contains(":") ? "[\(name)]" : name):\(port)"
    }

    /// Closes all connections.
    public func shutdown() async { loop.shutdown() }

    /// Sends a request; see `ClipriseTransport`.
    public func send(
        _ exchange: TransportExchange, receive: @escaping @Sendable (ResponseHead, [UInt8]) async throws -> Void
    ) async throws {
        try Task.checkCancellation()
        let call = call(for: exchange)
        let pipe = AnswerPipe(loop)
        try await withTaskCancellationHandler {
            pipe.begin(call)
            do {
                try await pass(pipe, to: receive)
            } catch {
                pipe.cancel()
                throw error
            }
        } onCancel: {
            pipe.cancel()
        }
    }

    private func pass(
        _ pipe: AnswerPipe, to receive: @Sendable (ResponseHead, [UInt8]) async throws -> Void
    ) async throws {
        var head: ResponseHead?
        var isEmpty = true
        while true {
            switch await pipe.next() {
            case .head(let answer):
                let fields = answer.fields.map { MessageFields.Field(name: $0.name, value: $0.value) }
                head = ResponseHead(status: answer.status, fields: MessageFields(fields))
            case .piece(let bytes):
                guard let head else { throw TransportFailure.lost }
                isEmpty = false
                try await receive(head, bytes)
            case .end(.complete):
                guard let head else { throw TransportFailure.lost }
                if isEmpty { try await receive(head, []) }
                return
            case .end(.failed(let failure)):
                guard !failure.mayHaveLeft else { throw TransportFailure.lost }
                throw notSent(failure)
            case .end: throw CancellationError()
            }
        }
    }

    private func notSent(_ failure: HTTPFailure) -> TransportFailure {
        var reason = failure.reason
        switch failure.kind {
        case .lookup(let error as NameLookupFailure):
            guard !error.isTemporary else { return .notSent }
            reason = error.reason
        case .lookup, .notConnected, .tls: break
        default: return .notSent
        }
        while reason.last == "." { reason.removeLast() }
        return .refused(place: "\(place): \(reason)")
    }

    private func call(for exchange: TransportExchange) -> HTTPCall {
        let request = exchange.request
        let timeout = TimeSpan(nanoseconds: max(1_000_000, exchange.timeout.wholeNanoseconds))
        var limits = HTTPLimits(connect: min(Self.connectLimit, timeout), gap: min(gap, timeout))
        if exchange.isStreamed {
            limits.head = timeout
            limits.total = exchange.deadline.map { TimeSpan(nanoseconds: max(1_000_000, $0.wholeNanoseconds)) }
        } else {
            limits.total = timeout
        }
        var call = HTTPCall(
            request.method == .get ? .get : .post, scheme: scheme, host: host, port: port, target: request.path,
            fields: [HTTPField("Host", request.authority)] + request.fields.map { HTTPField($0.name, $0.value) },
            body: exchange.body, limits: limits)
        // libcurl sends a request again when a connection that was open already dies without an answer: never a POST.
        call.connection = request.method == .get ? .pooled : .fresh
        return call
    }
}
