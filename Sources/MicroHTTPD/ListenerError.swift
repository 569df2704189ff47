internal import Glibc

/// Why a listener could not start.
public enum ListenerError: Error, Hashable {
    /// Someone else listens on this port.
    case portInUse(port: UInt16)
    /// The system does not let this user bind the port; below 1024 that needs a privilege.
    case portNotPermitted(port: UInt16)
    /// The address is not one of this machine's.
    case addressNotAvailable(host: String)
    /// The host is neither an address nor `localhost`.
    case hostIsNoAddress(host: String)
    /// The limit on open files leaves no room for connections.
    case tooFewFiles(limit: Int)
    /// The loaded libmicrohttpd was built without TLS.
    case tlsNotSupported
    /// The certificate or the key is not PEM, or they do not belong together.
    case tlsIdentityUnusable
    /// A system call failed for another reason.
    case refused(call: String, errno: Int32)
}

extension ListenerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .portInUse(let port): "port \(port) is in use by another program"
        case .portNotPermitted(let port): "port \(port) may not be bound by this user"
        case .addressNotAvailable(let host): "\(host) is not an address of this machine"
        case .hostIsNoAddress(let host): "\"\(host)\" is neither an IP address nor localhost"
        case .tooFewFiles(let limit): "at most \(limit) open files are allowed, too few to serve connections"
        case .tlsNotSupported: "the installed libmicrohttpd cannot serve TLS"
        case .tlsIdentityUnusable: "the TLS certificate and key are not PEM, or do not belong together"
        case .refused(let call, let number): "\(call): \(String(cString: strerror(number)))"
        }
    }
}
