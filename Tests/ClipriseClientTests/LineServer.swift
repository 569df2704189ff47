import ClipriseLocks
import Foundation
import Glibc

/// A server that answers each connection's one request with bytes given in advance, and closes.
final class LineServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let seen = Locked<[String]>([])

    /// - Parameter answers: One for each connection; an empty one closes it without a word.
    init(_ answers: [String]) throws {
        (listener, port) = try listenOnLoopback()
        let (listener, seen) = (listener, seen)
        Thread.detachNewThread {
            for answer in answers {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                seen.withLock { [request = Self.request(connection)] in $0.append(request) }
                var rest = Array(answer.utf8)[...]
                while !rest.isEmpty {
                    let count = rest.withUnsafeBytes {
                        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                    }
                    guard count > 0 else { break }
                    rest = rest.dropFirst(count)
                }
                close(connection)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// The requests so far, in order.
    var requests: [String] { seen.withLock { $0 } }

    /// Reads a head and as many bytes of body as it announces.
    private static func request(_ connection: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let gap = text.range(of: "\r\n\r\n") {
                let length = text.firstMatch(of: /(?i)content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
                if text[gap.upperBound...].utf8.count >= length { return text }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return text }
            bytes += buffer[..<count]
        }
    }
}

/// Accepts connections by the kernel's hand and never says a word.
final class SilentListener: Sendable {
    let port: UInt16
    private let listener: Int32

    init() throws {
        (listener, port) = try listenOnLoopback()
    }

    deinit { close(listener) }
}

/// A listening socket on a free port of the loopback address.
private func listenOnLoopback() throws -> (listener: Int32, port: UInt16) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(listener, address, size) == 0 && getsockname(listener, address, &size) == 0
        }
    }
    guard isBound, listen(listener, 8) == 0 else { throw POSIXError(.EADDRINUSE) }
    return (listener, UInt16(bigEndian: address.sin_port))
}
