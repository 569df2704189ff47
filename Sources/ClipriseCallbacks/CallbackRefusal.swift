package import ClipriseHTTP

/// Why a callback is not sent at all.
///
/// No case holds more of the URL than its host, since a path or a query may hold a secret.
package enum CallbackRefusal: Error, Hashable {
    case urlTooLong(bytes: Int)
    /// A space, a control character, a quote, or another byte that no URL holds. 0-based.
    case badByte(UInt8, at: Int)
    /// Neither `http://` nor `https://` stands at the beginning.
    case badScheme
    /// A user name or a password before the host.
    case userInfo
    case noHost
    case badHost(String)
    /// A host that some programs read as an address, but not in the one full spelling.
    case oddAddress(String)
    case badPort(String)
    case addressNotAllowed(IPAddress)
    /// The name stands for addresses beyond this machine, and was not allowed to.
    case nameNotAllowed(String, IPAddress)
    case noAddress(String)

    /// The longest URL that is called, in bytes; no longer one is accepted with a task.
    package static let urlLimit = 8_192
}

extension CallbackRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .urlTooLong(let bytes): "the URL is \(bytes) bytes long; at most \(Self.urlLimit) are called"
        case .badByte(let byte, let place): "byte \(place) of the URL is \(byte), which no URL holds"
        case .badScheme: "the URL begins with neither https:// nor http://"
        case .userInfo: "the URL holds a user name or password"
        case .noHost: "the URL names no host"
        case .badHost(let host):
            "\"\(host)\" is no host name: letters a-z, digits, \"-\" and \"_\" in parts of 1 to 63, 253 in all"
                + " (write names of other scripts as xn--…)"
        case .oddAddress(let host): "\"\(host)\" may be read as an address, but is not spelled like 127.0.0.1"
        case .badPort(let port): "\"\(port)\" is no port; expected 1 to 65535"
        case .addressNotAllowed(let address):
            "\(address) is not this machine; allow it with --callback-allow \(address)"
        case .nameNotAllowed(let name, let address):
            "\(name) is \(address), which is not this machine; allow it with --callback-allow \(name)"
        case .noAddress(let name): "\(name) has no address"
        }
    }
}
