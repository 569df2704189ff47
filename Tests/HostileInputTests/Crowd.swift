internal import Glibc

/// Many clients on one thread: each sends its bytes and reads what it is owed, or, owed nothing, says that it is done
/// and reads to the end.
///
/// No client waits for another, so that one that is never answered holds up nobody and is named at the end.
struct Crowd {
    /// What became of one client.
    struct Fate {
        var index: Int
        var received: [UInt8]
        var end: End
    }

    enum End: Sendable, Hashable {
        case answered, closed, reset
        /// Neither answered nor closed in time.
        case hung
        /// No connection came about.
        case refused(errno: Int32)
    }

    fileprivate struct Client {
        var descriptor: Int32
        var fate: Fate
        var unsent: ArraySlice<UInt8>
        var owed: [Bool]?
        var sentAt: Int64?
        var hasClosedSending = false
        var deadline: Int64
    }

    /// The most clients at once.
    static let size = 64
    /// How long a client may live, generous for a slow machine and a sanitizer; nanoseconds.
    private let patience: Int64
    /// Whether the sending side is closed with the last byte, and not a moment later.
    private let closesAtOnce: Bool

    private let port: UInt16
    private var clients: [Client] = []
    private var ended: [Fate] = []

    init(port: UInt16, patience: Int64 = 120_000_000_000, closesAtOnce: Bool = false) {
        self.port = port
        self.patience = patience
        self.closesAtOnce = closesAtOnce
    }

    /// Adds a client as soon as there is room; returns those that have ended.
    mutating func add(_ index: Int, _ bytes: [UInt8], owed: [Bool]?) -> [Fate] {
        while clients.count >= Self.size { turn() }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var fate = Fate(index: index, received: [], end: .closed)
        if descriptor < 0 || (Self.connect(descriptor, port) != 0 && errno != EINPROGRESS) {
            fate.end = .refused(errno: errno)
            if descriptor >= 0 { close(descriptor) }
            ended.append(fate)
        } else {
            clients.append(
                Client(
                    descriptor: descriptor, fate: fate, unsent: bytes[...], owed: owed,
                    deadline: Self.now() + patience))
        }
        return takeEnded()
    }

    /// Waits until all clients have ended.
    mutating func finish() -> [Fate] {
        while !clients.isEmpty { turn() }
        return takeEnded()
    }

    private mutating func takeEnded() -> [Fate] {
        defer { ended = [] }
        return ended
    }

    private mutating func turn() {
        var polled = clients.map { client in
            pollfd(
                fd: client.descriptor,
                events: Int16(client.sentAt != nil ? POLLIN : POLLIN | POLLOUT), revents: 0)
        }
        poll(&polled, nfds_t(polled.count), 10)
        let now = Self.now()
        for index in clients.indices.reversed() {
            let events = Int32(polled[index].revents)
            var end: End?
            if events & POLLOUT != 0 { clients[index].send(at: now, closesAtOnce ? Int32(MSG_MORE) : 0) }
            clients[index].closeSending(at: now, closesAtOnce ? 0 : 5_000_000)
            if events & (POLLIN | POLLHUP | POLLERR) != 0 { end = clients[index].receive() }
            if end == nil, now > clients[index].deadline { end = .hung }
            guard let end else { continue }
            close(clients[index].descriptor)
            clients[index].fate.end = end
            ended.append(clients.remove(at: index).fate)
        }
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private static func connect(_ descriptor: Int32, _ port: UInt16) -> Int32 {
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
}

extension Crowd.Client {
    /// Sends what the system takes.
    ///
    /// - Parameter flags: `MSG_MORE` holds the bytes back until the side is closed, so that both arrive as one.
    mutating func send(at now: Int64, _ flags: Int32) {
        while !unsent.isEmpty {
            let count = unsent.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | flags)
            }
            if count > 0 {
                unsent = unsent.dropFirst(count)
            } else if errno == EAGAIN {
                return
            } else {
                // The server has closed: what it said before can still be read.
                unsent = []
            }
        }
        sentAt = now
    }

    /// Closes the sending side a moment behind the last byte, when nothing is owed.
    mutating func closeSending(at now: Int64, _ delay: Int64) {
        guard owed == nil, !hasClosedSending, let sentAt, now >= sentAt + delay else { return }
        shutdown(descriptor, Int32(SHUT_WR))
        hasClosedSending = true
    }

    private var hasAllAnswers: Bool {
        guard let owed else { return false }
        let answers = Answers(fate.received, heads: owed)
        return answers.isWhole && answers.all.count >= owed.count
    }

    /// Reads what is there; returns how the connection ended, once it has.
    mutating func receive() -> Crowd.End? {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { space in
            while true {
                let count = recv(descriptor, space.baseAddress, space.count, 0)
                if count > 0 {
                    fate.received += UnsafeRawBufferPointer(rebasing: space[..<count])
                } else if count == 0 {
                    return .closed
                } else if errno != EINTR {
                    guard errno == EAGAIN else { return .reset }
                    return hasAllAnswers ? .answered : nil
                }
            }
        }
    }
}
