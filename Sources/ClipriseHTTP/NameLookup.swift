internal import Glibc

/// Asks the system for the addresses of a name.
package enum NameLookup {
    /// The most addresses of one name that are returned; further ones are never connected to.
    static let addressLimit = 64

    /// Asks `getaddrinfo`, which blocks until all configured sources answered or gave up.
    ///
    /// - Returns: The addresses in the system's order of preference, each once.
    package static func system(_ name: String) throws(NameLookupFailure) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var head: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &head)
        guard code == 0 else { throw NameLookupFailure(name, code) }
        defer { freeaddrinfo(head) }
        var addresses: [IPAddress] = []
        var next = head
        while let entry = next?.pointee, addresses.count < addressLimit {
            if let pointer = UnsafeRawPointer(entry.ai_addr),
                let address = IPAddress(family: entry.ai_family, at: pointer), !addresses.contains(address)
            {
                addresses.append(address)
            }
            next = entry.ai_next
        }
        return addresses
    }
}

/// A name could not be looked up.
package struct NameLookupFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package var name: String
    /// As the system words it.
    package var reason: String
    /// Whether it may be known a little later: no server of names answered.
    package var isTemporary: Bool
    package var description: String { "\(name): \(reason)" }

    /// - Parameter code: What `getaddrinfo` returned.
    init(_ name: String, _ code: Int32) {
        self.name = name
        reason = String(cString: gai_strerror(code))
        isTemporary = code == EAI_AGAIN
    }
}
