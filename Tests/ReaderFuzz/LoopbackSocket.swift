internal import Glibc

/// A blocking connection to a port of this machine; closed when it goes away.
final class LoopbackSocket {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Nil when there is no connection.
    init?(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        // Ports of ended connections would be used up.
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    /// Sends as much as is taken.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func closeSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads until `mark` came so often, or the end.
    func read(through mark: [UInt8], times: Int) {
        while received.ranges(of: mark).count < times, fill() > 0 {}
    }

    /// All that came and comes; nil when the other side does not close in 30 s.
    func readToEnd() -> [UInt8]? {
        while true {
            let count = fill()
            if count == 0 || count < 0 && errno == ECONNRESET { return received }
            if count < 0 { return nil }
        }
    }

    private func fill() -> Int {
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { space in
            var count = -1
            // A program that was stopped and goes on finds its calls interrupted, whether it has handlers or not.
            repeat { count = recv(descriptor, space.baseAddress, space.count, 0) } while count < 0 && errno == EINTR
            if count > 0 { received.append(contentsOf: UnsafeRawBufferPointer(rebasing: space[..<count])) }
            return count
        }
    }
}
