package import ClipriseWire

/// One request, and how to send it.
package struct HTTPCall: Sendable {
    package enum Method: String, Sendable, Hashable {
        case get = "GET"
        case post = "POST"
    }

    package enum Scheme: String, Sendable, Hashable {
        case http, https

        package var usualPort: UInt16 { self == .https ? 443 : 80 }
    }

    package enum Host: Sendable {
        /// A name in ASCII, and what finds its addresses.
        case name(String, lookup: SharedLookup)
        case address(IPAddress)

        /// - Parameter text: An address, that of version 6 without brackets, or a name in ASCII, which the system looks up.
        package init(_ text: String) {
            let address = IPAddress(text)
            self = address.map { .address($0) } ?? .name(text, lookup: SharedLookup { try NameLookup.system(text) })
        }
    }

    package enum Connection: Sendable, Hashable {
        /// One that is open already, if there is any.
        ///
        /// When such a one dies without an answer, the request is sent again: only for what may be sent twice.
        case pooled
        /// A new one, so that the request leaves this machine at most once; later calls may use it again.
        case fresh
        /// A new one, which is closed afterwards.
        case single
    }

    package var method: Method
    package var scheme: Scheme
    package var host: Host
    /// 1–65535.
    package var port: UInt16
    /// Path and query as they stand in the request line: visible ASCII.
    package var target: String
    /// All fields but `Content-Length`, `Host` among them.
    package var fields: [HTTPField]
    /// Empty for none.
    package var body: [UInt8]
    package var connection = Connection.pooled
    package var limits: HTTPLimits
    /// Tries each address by itself and in order, instead of racing those of both versions.
    package var triesInOrder = false
    /// Whether a server on this machine may show any certificate, given `triesInOrder`.
    package var acceptsAnyCertificateOnLoopback = false

    package init(
        _ method: Method, scheme: Scheme, host: Host, port: UInt16, target: String, fields: [HTTPField],
        body: [UInt8] = [], limits: HTTPLimits
    ) {
        self.method = method
        self.scheme = scheme
        self.host = host
        self.port = port
        self.target = target
        self.fields = fields
        self.body = body
        self.limits = limits
    }
}

package struct HTTPField: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether both stand on one line and cannot be taken for anything else.
    var isSound: Bool {
        !name.isEmpty && !name.utf8.contains { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: ":") }
            && !value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
    }
}

/// How long a request may take; nil for as long as it likes.
package struct HTTPLimits: Sendable, Hashable {
    /// Until a connection to one address stands, TLS included.
    package var connect: TimeSpan
    /// From the start to the head of the answer, the name's lookup included.
    package var head: TimeSpan?
    /// Between two pieces of the body; a receiver that pauses stops this clock.
    package var gap: TimeSpan?
    /// From the start to the end.
    package var total: TimeSpan?

    package init(connect: TimeSpan, head: TimeSpan? = nil, gap: TimeSpan? = nil, total: TimeSpan? = nil) {
        self.connect = connect
        self.head = head
        self.gap = gap
        self.total = total
    }
}
