import ClipriseLocks
import Glibc
import RawSocket
import Testing

/// A server whose connections each run a piece of code, on a thread of their own.
final class ConnectionServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let open = Locked<[Int32]>([])

    /// - Parameter serve: Gets each connection, which is closed when it returns.
    init(isIPv6: Bool = false, _ serve: @escaping @Sendable (ServedConnection) -> Void) throws {
        (listener, port) = try Self.listen(isIPv6: isIPv6, backlog: 128)
        let (listener, open) = (listener, open)
        OtherThread {
            var count = 0
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { break }
                open.withLock { $0.append(descriptor) }
                count += 1
                let connection = ServedConnection(descriptor: descriptor, number: count)
                OtherThread {
                    serve(connection)
                    open.withLock { list in
                        list.removeAll { $0 == descriptor }
                        close(descriptor)
                    }
                }.detach()
            }
            close(listener)
        }.detach()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        open.withLock { for descriptor in $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    /// A listening socket on a free port of this machine.
    static func listen(isIPv6: Bool = false, backlog: Int32) throws -> (listener: Int32, port: UInt16) {
        let listener = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var v4 = sockaddr_in()
        v4.sin_family = sa_family_t(AF_INET)
        v4.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var v6 = sockaddr_in6()
        v6.sin6_family = sa_family_t(AF_INET6)
        v6.sin6_addr = in6addr_loopback
        let isBound = isIPv6 ? bind(listener, to: &v6) : bind(listener, to: &v4)
        try #require(isBound && Glibc.listen(listener, backlog) == 0)
        // The port stands at the same place in both.
        return (listener, UInt16(bigEndian: isIPv6 ? v6.sin6_port : v4.sin_port))
    }

    private static func bind<Address>(_ listener: Int32, to address: inout Address) -> Bool {
        var size = socklen_t(MemoryLayout<Address>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                Glibc.bind(listener, address, size) == 0 && getsockname(listener, address, &size) == 0
            }
        }
    }
}

/// The server's end of one connection.
struct ServedConnection: Sendable {
    let descriptor: Int32
    /// Counts from 1 in the order of coming.
    let number: Int

    /// Reads one whole request; nil when the client leaves before.
    func request() -> String? {
        var bytes: [UInt8] = []
        var space = [UInt8](repeating: 0, count: 1 << 16)
        var whole: Int?
        while true {
            if whole == nil, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
                let head = String(decoding: bytes[..<end], as: UTF8.self)
                whole = end + (head.firstMatch(of: /(?i)content-length: (\d+)/).flatMap { Int($0.1) } ?? 0)
            }
            if let whole, bytes.count >= whole { return String(decoding: bytes, as: UTF8.self) }
            let count = recv(descriptor, &space, space.count, 0)
            guard count > 0 else { return nil }
            bytes += space[..<count]
        }
    }

    /// - Returns: Whether all of it went out.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends an answer with a body of a known length.
    func answer(_ body: String, status: Int = 200) {
        send("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Waits until the client has left, or for this long.
    ///
    /// - Returns: Whether it has left.
    @discardableResult
    func waitForLeaving(milliseconds: Int32 = 3_600_000) -> Bool {
        var end = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&end, 1, milliseconds) == 1 else { return false }
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) <= 0
    }

    /// Waits until more can be sent, or for this long.
    func canSend(milliseconds: Int32) -> Bool {
        var end = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&end, 1, milliseconds) == 1
    }
}
