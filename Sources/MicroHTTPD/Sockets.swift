// Listening sockets. They are ours and not libmicrohttpd's, so that a failure has a name, an address can be served in
// two families, and accepting can be held back.

internal import CMicroHTTPD
internal import Glibc

/// An address to bind.
struct SocketAddress {
    var storage = sockaddr_storage()
    var length: socklen_t
    var isIPv6: Bool

    /// Reads an IPv4 or IPv6 address in text form.
    init?(_ host: String) {
        var four = sockaddr_in()
        var six = sockaddr_in6()
        if inet_pton(AF_INET, host, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            isIPv6 = false
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: four, as: sockaddr_in.self) }
        } else if inet_pton(AF_INET6, host, &six.sin6_addr) == 1 {
            six.sin6_family = sa_family_t(AF_INET6)
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            isIPv6 = true
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: six, as: sockaddr_in6.self) }
        } else {
            return nil
        }
    }

    /// The port, in host byte order.
    ///
    /// It lies at the same place in both families.
    var port: UInt16 {
        get {
            withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)) }
        }
        set {
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: newValue.bigEndian, toByteOffset: 2, as: UInt16.self)
            }
        }
    }

    /// Whether the address is one of this machine's loopback range, in either family.
    static func isLoopback(_ address: UnsafeRawPointer) -> Bool {
        switch Int32(address.load(as: sa_family_t.self)) {
        case AF_INET:
            return address.load(fromByteOffset: 4, as: UInt8.self) == 127
        case AF_INET6:
            let bytes = UnsafeRawBufferPointer(start: address + 8, count: 16)
            if bytes[..<10].allSatisfy({ $0 == 0 }) {
                if bytes[10] == 0xFF, bytes[11] == 0xFF { return bytes[12] == 127 }
                return bytes[10..<15].allSatisfy { $0 == 0 } && bytes[15] == 1
            }
            return false
        default:
            return false
        }
    }

    fileprivate func withPointer<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
        withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}

/// The listening sockets of all loops, bound to one port.
struct ListeningSockets {
    /// For each loop, its sockets.
    var perLoop: [[Int32]]
    var port: UInt16

    /// Binds every address of the configuration for every worker.
    static func open(_ configuration: ListenerConfiguration) throws(ListenerError) -> ListeningSockets {
        let host = configuration.host == "localhost" ? "127.0.0.1" : configuration.host
        guard let first = SocketAddress(host) else { throw .hostIsNoAddress(host: configuration.host) }
        var addresses = [first]
        let other = ["127.0.0.1": "::1", "::": "0.0.0.0"][host]
        if let other = other.flatMap({ SocketAddress($0) }) { addresses.append(other) }

        // With port 0 the system chooses for the first address, and the second may find that port taken.
        var attemptsLeft = configuration.port == 0 ? 16 : 1
        while true {
            attemptsLeft -= 1
            do {
                return try bind(addresses, configuration)
            } catch .portInUse where attemptsLeft > 0 {
                continue
            }
        }
    }

    func close() {
        for socket in perLoop.joined() { _ = Glibc.close(socket) }
    }

    private static func bind(
        _ addresses: [SocketAddress], _ configuration: ListenerConfiguration
    ) throws(ListenerError) -> ListeningSockets {
        var sockets = ListeningSockets(
            perLoop: Array(repeating: [], count: configuration.workers), port: configuration.port)
        do {
            for (ordinal, address) in addresses.enumerated() {
                try sockets.bind(address, host: configuration.host, isOptional: ordinal > 0)
            }
        } catch {
            sockets.close()
            throw error
        }
        return sockets
    }

    /// Binds one address for all loops.
    ///
    /// The first socket is bound before it agrees to share the port, so another program on that port is noticed, even
    /// one that shares.
    private mutating func bind(
        _ address: SocketAddress, host: String, isOptional: Bool
    ) throws(ListenerError) {
        for loop in perLoop.indices {
            let descriptor = cmhd_stream_socket(address.isIPv6 ? AF_INET6 : AF_INET)
            guard descriptor >= 0 else {
                if isOptional, errno == EAFNOSUPPORT { return }
                throw .refused(call: "socket", errno: errno)
            }
            perLoop[loop].append(descriptor)
            set(SO_REUSEADDR, on: descriptor)
            if address.isIPv6 {
                var only: Int32 = 1
                setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &only, 4)
            }
            if loop > 0 { set(SO_REUSEPORT, on: descriptor) }
            var target = address
            target.port = port
            guard target.withPointer({ Glibc.bind(descriptor, $0, target.length) }) == 0 else {
                if isOptional, errno == EADDRNOTAVAIL {
                    _ = Glibc.close(perLoop[loop].removeLast())
                    return
                }
                throw failure(of: "bind", host: host)
            }
            if loop == 0 {
                if perLoop.count > 1 { set(SO_REUSEPORT, on: descriptor) }
                port = Self.boundPort(descriptor)
            }
            guard listen(descriptor, 4_096) == 0 else { throw failure(of: "listen", host: host) }
        }
    }

    private func failure(of call: String, host: String) -> ListenerError {
        switch errno {
        case EADDRINUSE: .portInUse(port: port)
        case EACCES: .portNotPermitted(port: port)
        case EADDRNOTAVAIL: .addressNotAvailable(host: host)
        default: .refused(call: call, errno: errno)
        }
    }

    private func set(_ option: Int32, on descriptor: Int32) {
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, option, &on, 4)
    }

    private static func boundPort(_ descriptor: Int32) -> UInt16 {
        var bound = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutablePointer(to: &bound) {
            _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: bound.sin6_port)
    }
}
