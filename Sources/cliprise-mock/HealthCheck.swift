internal import ClipriseHTTP
internal import ClipriseWire
internal import Glibc

/// One `GET /__admin/ready` over a socket of its own.
struct HealthCheck {
    private let target: HealthTarget
    private let seconds: Int
    /// On the machine's steady clock, in nanoseconds.
    private let deadline: Int64

    init(_ target: HealthTarget, seconds: Int) {
        self.target = target
        self.seconds = seconds
        deadline = MachineClock.steady + Int64(seconds) * 1_000_000_000
    }

    /// Why the server is not ready; nil when it is.
    mutating func problem() -> String? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(target.host, "\(target.port)", &hints, &found)
        guard code == 0 else { return "\(target.host): \(String(cString: gai_strerror(code)))" }
        defer { freeaddrinfo(found) }
        var reason = "the name has no address"
        var next = found
        while let address = next {
            guard let problem = problem(at: address.pointee) else { return nil }
            reason = problem
            next = address.pointee.ai_next
        }
        return reason
    }

    private func problem(at address: addrinfo) -> String? {
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, address.ai_socktype | flags, 0)
        guard descriptor >= 0 else { return text(errno) }
        defer { close(descriptor) }
        if connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
            guard errno == EINPROGRESS else { return text(errno) }
            guard wait(descriptor, Int16(POLLOUT)) else { return late }
            var failure: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size)
            guard failure == 0 else { return text(failure) }
        }
        let request = Array(
            "GET /__admin/ready HTTP/1.1\r\nHost: \(target.authority)\r\nConnection: close\r\n\r\n".utf8)
        // SIGPIPE is ignored. A few hundred bytes fit into the buffer of a new connection.
        guard send(descriptor, request, request.count, 0) == request.count else {
            return text(errno)
        }
        return verdict(on: statusLine(descriptor))
    }

    private enum Line {
        case text(String)
        case late
        case failure(Int32)
    }

    /// The first line of the answer; what came before the end when there is none.
    private func statusLine(_ descriptor: Int32) -> Line {
        var bytes: [UInt8] = []
        while !bytes.contains(UInt8(ascii: "\n")), bytes.count < 1_024 {
            guard wait(descriptor, Int16(POLLIN)) else { return .late }
            var chunk = [UInt8](repeating: 0, count: 1_024)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count >= 0 else { return .failure(errno) }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return .text(String(decoding: bytes.prefix { $0 >= 0x20 && $0 < 0x7F }.prefix(80), as: UTF8.self))
    }

    private func verdict(on line: Line) -> String? {
        switch line {
        case .late: return late
        case .failure(let number): return text(number)
        case .text(let line):
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3,
                let status: Int = DecimalText.whole(words[1])
            else { return line.isEmpty ? "it closed the connection" : "what listens there does not speak HTTP" }
            switch status {
            case 200: return nil
            case 401: return "it wants a token beyond the loopback; ask on its own machine"
            case 404: return "what listens there is no cliprise-mock (404 for /__admin/ready)"
            default: return "it returns \(status) for GET /__admin/ready"
            }
        }
    }

    private var late: String { "no answer within \(seconds) s" }

    private func text(_ number: Int32) -> String { String(cString: strerror(number)) }

    /// False when the deadline passes first.
    private func wait(_ descriptor: Int32, _ events: Int16) -> Bool {
        var place = pollfd(fd: descriptor, events: events, revents: 0)
        while true {
            let rest = (deadline - MachineClock.steady) / 1_000_000
            guard rest > 0 else { return false }
            let count = poll(&place, 1, Int32(clamping: rest))
            if count > 0 { return true }
            guard count == 0 || errno == EINTR else { return false }
        }
    }
}
