public import HTTPTypes

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
        _ exchange: TransportExchange, receive: @escaping @Sendable (HTTPResponse, [UInt8]) async throws -> Void
    ) async throws

    /// Gives back what the transport holds; no request may follow.
    func shutdown() async
}

/// A request as a transport gets it.
public struct TransportExchange: Sendable, Hashable {
    /// The head, whose path holds the API key in calls of status: not for logs.
    public var request: HTTPRequest
    /// The body, empty for none.
    public var body: [UInt8]
    /// The most time until the end of the answer or, when `isStreamed`, until its head and between two pieces.
    public var timeout: Duration
    /// Whether the answer may be large.
    public var isStreamed: Bool

    /// Values as given.
    public init(request: HTTPRequest, body: [UInt8] = [], timeout: Duration, isStreamed: Bool = false) {
        self.request = request
        self.body = body
        self.timeout = timeout
        self.isStreamed = isStreamed
    }
}
