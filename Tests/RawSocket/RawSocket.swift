// A blocking TCP client for tests, without any idea of what a well-behaved client does.

internal import Glibc

/// One TCP connection to this machine; closed when the value goes away.
package final class RawSocket {
    /// How a connection ended, as its client sees it.
    package enum End: Sendable, Hashable {
        /// The other side closed in order (FIN).
        case closed
        /// The other side broke off (RST).
        case reset
        /// Nothing more came in time; the connection is still open.
        case timedOut
    }

    /// A system call failed.
    package struct Failure: Error, Hashable {
        package var call: String
        package var errno: Int32

        package init(call: String, errno: Int32) {
            self.call = call
            self.errno = errno
        }
    }

    package let descriptor: Int32
    /// What came in but was not yet asked for.
    private var buffer: [UInt8] = []
    private var end: End?

    /// Connects to a port of the loopback address.
    ///
    /// - Parameters:
    ///   - receiveBuffer: The size of the receive buffer in bytes, for a client that reads slowly; 0 leaves it alone.
    ///   - timeout: How long each single wait may take, in seconds.
    package init(port: UInt16, isIPv6: Bool = false, receiveBuffer: Int32 = 0, timeout: Int = 5) throws {
        descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", errno: errno) }
        setTimeout(SO_RCVTIMEO, milliseconds: timeout * 1_000)
        setTimeout(SO_SNDTIMEO, milliseconds: timeout * 1_000)
        if receiveBuffer > 0 {
            var size = receiveBuffer
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4)
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        guard Self.connect(descriptor, port: port, isIPv6: isIPv6) == 0 else {
            throw Failure(call: "connect", errno: errno)
        }
    }

    deinit {
        close(descriptor)
    }

    private static func connect(_ descriptor: Int32, port: UInt16, isIPv6: Bool) -> Int32 {
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Changes how long each single wait for bytes may take; positive.
    package func setReadTimeout(milliseconds: Int) {
        setTimeout(SO_RCVTIMEO, milliseconds: milliseconds)
    }

    private func setTimeout(_ option: Int32, milliseconds: Int) {
        var limit = timeval(tv_sec: milliseconds / 1_000, tv_usec: milliseconds % 1_000 * 1_000)
        setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    // MARK: Sending

    /// Sends all bytes.
    package func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(call: "send", errno: errno) }
            rest = rest.dropFirst(count)
        }
    }

    package func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    /// Sends a FIN and goes on reading.
    package func closeSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    // MARK: Reading

    /// Reads until `count` bytes are there or nothing more can come; returns them with the reason when they are fewer.
    package func read(_ count: Int) -> (bytes: [UInt8], end: End?) {
        while buffer.count < count, end == nil { fill() }
        let taken = Array(buffer.prefix(count))
        buffer.removeFirst(taken.count)
        return (taken, taken.count < count ? takeEnd() : nil)
    }

    /// Reads until the connection ends, or nothing came for the timeout.
    package func readToEnd() -> (text: String, end: End) {
        while end == nil { fill() }
        let text = String(decoding: buffer, as: UTF8.self)
        buffer = []
        return (text, takeEnd() ?? .timedOut)
    }

    /// Reads up to and with the first place where `mark` stands; nil when the connection ends before.
    package func read(through mark: String) -> String? {
        let mark = Array(mark.utf8)
        while true {
            if let place = buffer.firstRange(of: mark) {
                let text = String(decoding: buffer[..<place.upperBound], as: UTF8.self)
                buffer.removeFirst(place.upperBound)
                return text
            }
            if end != nil { return nil }
            fill()
        }
    }

    /// A timeout is forgotten once it was told, since more may come later.
    private func takeEnd() -> End? {
        defer { if end == .timedOut { end = nil } }
        return end
    }

    private func fill() {
        let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { space in
            let count = recv(descriptor, space.baseAddress, space.count, 0)
            if count > 0 { buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: space[..<count])) }
            return count
        }
        if count == 0 {
            end = .closed
        } else if count < 0, errno != EINTR {
            end = errno == ECONNRESET ? .reset : .timedOut
        }
    }
}
