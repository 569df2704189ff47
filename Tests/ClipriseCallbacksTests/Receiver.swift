// What stands at the other end of a callback: accepts, reads whole requests, and answers as it is told to.

import ClipriseLocks
import Glibc
import RawSocket
import Testing

final class Receiver: Sendable {
    let port: UInt16
    /// Opened once for each request that is read.
    let arrivals = Gate()
    private let listener: Int32
    private let state: Locked<State>

    private struct State {
        var requests: [String] = []
        var connections: [Int32] = []
    }

    /// - Parameters:
    ///   - lastByte: Listens on `127.0.0.x`.
    ///   - port: 0 takes a free one.
    ///   - answer: Sent after each whole request; nil sends nothing and leaves the connection open.
    init(lastByte: UInt32 = 1, port: UInt16 = 0, answer: String?) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let state = Locked(State())
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = (0x7F00_0000 | lastByte).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) }
        }
        try #require(bound == 0 && listen(listener, 64) == 0)
        withUnsafeMutablePointer(to: &address) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        self.port = UInt16(bigEndian: address.sin_port)
        self.listener = listener
        self.state = state
        let arrivals = arrivals
        OtherThread {
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 { break }
                state.withLock { $0.connections.append(connection) }
                OtherThread { Self.serve(connection, answer, state, arrivals) }.detach()
            }
            close(listener)
        }.detach()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    /// All requests so far, whole.
    var requests: [String] { state.withLock { $0.requests } }

    private static func serve(_ connection: Int32, _ answer: String?, _ state: Locked<State>, _ arrivals: Gate) {
        var text = RequestText()
        var space = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &space, space.count, 0)
            if count <= 0 { break }
            text.bytes += space[..<count]
            while let request = text.next() {
                state.withLock { $0.requests.append(request) }
                arrivals.open()
                if let answer { send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL)) }
            }
        }
        state.withLock { state in
            state.connections.removeAll { $0 == connection }
            close(connection)
        }
    }
}

/// Takes whole requests out of a stream of bytes.
struct RequestText {
    var bytes: [UInt8] = []

    mutating func next() -> String? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
        let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length: ") }
            .flatMap { Int($0.dropFirst(16)) }
        let whole = end + (length ?? 0)
        guard bytes.count >= whole else { return nil }
        defer { bytes.removeFirst(whole) }
        return String(decoding: bytes[..<whole], as: UTF8.self)
    }
}
