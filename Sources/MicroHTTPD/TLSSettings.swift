internal import CMicroHTTPDHooks

/// How a listener serves TLS: 1.2 or 1.3, with HTTP/1.1 as the only protocol offered (ALPN).
public struct TLSSettings: Sendable, Hashable {
    /// The port to bind, on the same addresses as the other; 0 lets the system choose.
    public var port: UInt16
    /// The certificate as PEM text, followed by those that lead from it to a trusted one.
    ///
    /// An elliptic curve key (P-256) costs a third of what an RSA key costs for each new connection.
    public var certificate: String
    /// The private key as PEM text.
    public var key: String
    /// Whether an abort with FIN lacks the closing word of TLS (`close_notify`), as when a server process dies.
    public var closesSilently = false

    public init(port: UInt16 = 0, certificate: String, key: String) {
        self.port = port
        self.certificate = certificate
        self.key = key
    }
}

/// A certificate and its key as GnuTLS reads them; for the rest of the process's life.
struct Credentials: Sendable {
    // Never freed, and never changed once it is made.
    nonisolated(unsafe) let pointer: UnsafeMutableRawPointer

    /// - Throws: `ListenerError.tlsIdentityUnusable`.
    init(_ settings: TLSSettings) throws(ListenerError) {
        guard let pointer = cmhd_make_credentials(settings.certificate, settings.key) else {
            throw .tlsIdentityUnusable
        }
        self.pointer = pointer
    }
}

extension TLSSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Names no key, so that none gets into a log.
    public var description: String { "TLSSettings(port: \(port))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["port": port]) }
}
