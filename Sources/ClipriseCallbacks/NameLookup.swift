internal import Glibc

/// Asks the system for the addresses of a name.
package enum NameLookup {
    package typealias Lookup = @Sendable (_ name: String) throws(CallbackFailure) -> [IPAddress]

    /// The most addresses of one name that are returned; further ones are never connected to.
    static let addressLimit = 64

    /// Asks `getaddrinfo`, which blocks until all configured sources answered or gave up.
    ///
    /// - Returns: The addresses in the system's order of preference, each once.
    /// - Throws: `CallbackFailure.lookup`.
    package static func system(_ name: String) throws(CallbackFailure) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var head: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &head)
        guard code == 0 else { throw .lookup(name: name, reason: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(head) }
        var addresses: [IPAddress] = []
        var next = head
        while let entry = next?.pointee, addresses.count < addressLimit {
            if let address = address(of: entry), !addresses.contains(address) { addresses.append(address) }
            next = entry.ai_next
        }
        return addresses
    }

    private static func address(of entry: addrinfo) -> IPAddress? {
        guard let pointer = UnsafeRawPointer(entry.ai_addr) else { return nil }
        return switch entry.ai_family {
        case AF_INET: IPAddress(pointer.loadUnaligned(as: sockaddr_in.self).sin_addr)
        case AF_INET6: IPAddress(pointer.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        default: nil
        }
    }
}
