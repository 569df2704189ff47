import ClipriseServer
import ClipriseWire
import Glibc

/// A server on a free port, and a client that sends bytes as they are.
final class SocketServer: RunningServer {
    let clock: HandClock
    private let server: Server

    init(_ configuration: ServerConfiguration, _ clock: HandClock) throws {
        self.clock = clock
        server = try Server(configuration) { clock.now }
    }

    var port: UInt16 { server.port }

    func stop() { server.stop() }

    func exchange(_ request: [UInt8]) throws -> Answer {
        let connection = try Connection(port: port)
        try connection.send(request)
        let answer = try connection.receive(hasBody: !request.starts(with: "HEAD ".utf8))
        let excess = try connection.finish()
        guard excess.isEmpty else {
            throw TranscriptError("\(excess.count) bytes behind the answer: \(String(decoding: excess, as: UTF8.self))")
        }
        return answer
    }
}

/// One connection to the loopback; every wait ends after a minute.
private final class Connection {
    private let socket: Int32
    private var received: [UInt8] = []

    init(port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw TranscriptError("cannot connect to port \(port): errno \(errno)") }
    }

    deinit { close(socket) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw TranscriptError("cannot send: errno \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    func receive(hasBody: Bool) throws -> Answer {
        var headEnd: Int?
        while headEnd == nil {
            guard try receiveMore() else { throw TranscriptError("the connection ended before the head did") }
            headEnd = received[...].position(of: Array("\r\n\r\n".utf8))
        }
        let end = headEnd ?? 0
        let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
        guard lines[0].hasPrefix("HTTP/1.1 "), let status = Int(lines[0].dropFirst(9).prefix(3)) else {
            throw TranscriptError("bad status line \(lines[0])")
        }
        let fields = try lines.dropFirst().map { line in
            guard let mark = line.firstRange(of: ": ") else { throw TranscriptError("bad field \(line)") }
            return (name: String(line[..<mark.lowerBound]), value: String(line[mark.upperBound...]))
        }
        var answer = Answer(status: status, fields: fields, body: [])
        let length = hasBody ? answer.values(of: "Content-Length").first.flatMap { Int($0) } ?? 0 : 0
        while received.count < end + 4 + length {
            guard try receiveMore() else { throw TranscriptError("the connection ended before the body did") }
        }
        answer.body = Array(received[(end + 4)..<(end + 4 + length)])
        received.removeFirst(end + 4 + length)
        return answer
    }

    /// Tells the server that nothing more comes, and answers with what it still sends.
    func finish() throws -> [UInt8] {
        shutdown(socket, Int32(SHUT_WR))
        while try receiveMore() {}
        return received
    }

    /// False at the end of the stream.
    private func receiveMore() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &piece, piece.count, 0)
        guard count >= 0 else { throw TranscriptError("nothing came: errno \(errno)") }
        received += piece[..<count]
        return count > 0
    }
}
