internal import ClipriseWire

/// How a client found this server, as far as the request shows.
public struct Way: Sendable {
    /// The host that was asked; nil for none or a malformed one.
    let host: Host?
    /// The port that is listened on.
    let port: UInt16
    /// Whether the request came to us as a proxy, in absolute form.
    let isProxied: Bool
    let security: Request.Security?

    init(_ request: Request, _ target: Target, _ host: consuming Host?, port: UInt16) {
        self.host = host
        self.port = port
        isProxied = target.authority != nil
        security = request.security
    }

    /// Whether a URL with that host leads the same client here once more.
    ///
    /// All do but one: the documented host, which a client may well have written into its `Host` field by hand while it
    /// connects to us by another name. Such a URL would lead to the real service. What shows that it did not: we are its
    /// proxy, or it asked for this name in its TLS handshake too, or there is a port that the service does not have.
    ///
    /// - Parameter believesServerName: Whether the name in a handshake counts: Node takes it from the `Host` field.
    func leadsHere(believesServerName: Bool) -> Bool {
        guard let host else { return false }
        guard host.isDocumented || host.isNamed(Contract.host), !isProxied else { return true }
        if let security {
            guard believesServerName || security.isTunnelled else { return false }
            return security.serverName.map { host.isNamed(lowercased($0)) } ?? false
        }
        return host.port.map { $0 != 80 && $0 != 443 } ?? false
    }
}
