/// Sends one request and hands over its answer; it neither tries again nor follows redirects.
public protocol ClipriseTransport: Sendable {
    /// Sends a request.
    ///
    /// - Parameters:
    ///   - exchange: What to send and how long to wait. The request's authority is the documented host, and becomes
    ///     the `Host` field; where the request goes is the transport's to know.
    ///   - receive: To be called with the head and each piece of the body in order; at least once, with no bytes for an
    ///     empty body. It may throw to end the exchange; the error is thrown on.
    /// - Throws: `TransportFailure`; `CancellationError`; what `receive` throws.
    func send(
        _ exchange: TransportExchange, receive: @escaping @Sendable (ResponseHead, [UInt8]) async throws -> Void
    ) async throws

    /// Gives back what the transport holds; no request may follow.
    func shutdown() async
}

/// A request as a transport gets it.
public struct TransportExchange: Sendable, Hashable {
    /// The head, whose path holds the API key in calls of status: not for logs.
    public var request: RequestHead
    /// The body, empty for none.
    public var body: [UInt8]
    /// The most time until the end of the answer or, when `isStreamed`, until its head and between two pieces.
    public var timeout: Duration
    /// Whether the answer may be large.
    public var isStreamed: Bool
    /// The most time until the end of a streamed answer, however steadily it comes; nil for no such limit.
    public var deadline: Duration?

    /// Values as given.
    public init(
        request: RequestHead, body: [UInt8] = [], timeout: Duration, isStreamed: Bool = false,
        deadline: Duration? = nil
    ) {
        self.request = request
        self.body = body
        self.timeout = timeout
        self.isStreamed = isStreamed
        self.deadline = deadline
    }
}

/// What a request says before its body.
public struct RequestHead: Sendable, Hashable {
    /// What to do with the resource.
    public enum Method: String, Sendable, Hashable {
        case get = "GET"
        case post = "POST"
    }

    /// GET or POST.
    public var method: Method
    /// What the `Host` field says.
    public var authority: String
    /// Path and query, percent-encoded.
    public var path: String
    /// All other fields, but for the body's length.
    public var fields: MessageFields

    /// Values as given.
    public init(method: Method, authority: String, path: String, fields: MessageFields = [:]) {
        self.method = method
        self.authority = authority
        self.path = path
        self.fields = fields
    }
}

/// What an answer says before its body.
public struct ResponseHead: Sendable, Hashable {
    /// The HTTP status, 200–999.
    public var status: Int
    /// The fields.
    public var fields: MessageFields

    /// Values as given.
    public init(status: Int, fields: MessageFields = [:]) {
        self.status = status
        self.fields = fields
    }
}
