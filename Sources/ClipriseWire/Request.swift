/// One complete HTTP request, exactly as it stood on the wire.
///
/// The target and the fields are neither decoded nor merged: what the engine judges is what the client sent.
public struct Request: Sendable {
    /// The method token, which is case-sensitive (RFC 9110 §9.1).
    public enum Method: Sendable, Hashable {
        case get, head, post, put, patch, delete, options
        /// Any other token, as sent.
        case extended(String)
    }

    public var method: Method
    /// The request target with its query, undecoded, as in `/app/cliprise/status?apiKey=a%20b`.
    public var target: [UInt8]
    public var fields: HeaderFields
    /// The body after any transfer coding was removed; empty when there was none.
    ///
    /// The listener reserves room behind the bytes, so that a parser that reads ahead need not copy them.
    public var body: [UInt8]
    /// Whether the other end of the connection is an address of this machine's loopback range.
    public var isFromLoopback: Bool
    /// Whether the connection carried another request before this one.
    public var isOnReusedConnection: Bool
    /// Set when the request came over TLS.
    public var security: Security?

    /// What a TLS connection says of itself.
    public struct Security: Sendable, Hashable {
        /// The server name that the client asked for (RFC 6066 §3), as sent; nil for none, and so for an address.
        public var serverName: [UInt8]?
        /// Whether the connection was opened by a CONNECT to this very server.
        public var isTunnelled: Bool

        public init(serverName: [UInt8]? = nil, isTunnelled: Bool = false) {
            self.serverName = serverName
            self.isTunnelled = isTunnelled
        }
    }

    public init(
        method: Method,
        target: [UInt8],
        fields: HeaderFields = HeaderFields(),
        body: [UInt8] = [],
        isFromLoopback: Bool = true,
        isOnReusedConnection: Bool = false
    ) {
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
        self.isFromLoopback = isFromLoopback
        self.isOnReusedConnection = isOnReusedConnection
    }

    /// The part of the target before the first `?`.
    public var path: ArraySlice<UInt8> { target[..<(mark ?? target.endIndex)] }

    private var mark: Int? {
        target.withUnsafeBufferPointer { $0.place(of: UInt8(ascii: "?"), from: 0, to: $0.count) }
    }

    /// The part of the target behind the first `?`, undecoded; empty when there is none.
    public var query: ArraySlice<UInt8> {
        guard let mark else { return [] }
        return target[(mark + 1)...]
    }
}

extension Request.Method: CustomStringConvertible {
    public init(_ token: String) {
        switch token {
        case "GET": self = .get
        case "HEAD": self = .head
        case "POST": self = .post
        case "PUT": self = .put
        case "PATCH": self = .patch
        case "DELETE": self = .delete
        case "OPTIONS": self = .options
        default: self = .extended(token)
        }
    }

    public var description: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .extended(let token): token
        }
    }
}
