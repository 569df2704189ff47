internal import CMicroHTTPD
internal import Glibc

/// Sockets whose connection is over, but whose client still sends.
///
/// Closing a socket with unread bytes sends a RST, and the RST can take away the answer that the client has not read
/// yet, for instance the 413 in the middle of an upload (RFC 9112 §9.6). So a second descriptor is kept and read
/// empty until the client closes too.
struct LingeringSockets {
    /// How often the sockets are read; nanoseconds.
    static let interval: Int64 = 2_000_000
    /// How long a client may go on sending; nanoseconds.
    static let patience: Int64 = 2_000_000_000
    /// More at once are not kept.
    static let limit = 256

    private var sockets: [(descriptor: Int32, deadline: Int64)] = []

    var isEmpty: Bool { sockets.isEmpty }

    /// Keeps a second descriptor of this socket; the caller closes its own as usual.
    mutating func keep(_ socket: Int32, now: Int64) {
        guard sockets.count < Self.limit else { return }
        let descriptor = cmhd_duplicate(socket)
        guard descriptor >= 0 else { return }
        sockets.append((descriptor, now + Self.patience))
    }

    /// Reads what has come in, and closes those that are done or too late.
    mutating func readEmpty(now: Int64) {
        sockets.removeAll { socket in
            let isOver = socket.deadline <= now || !Self.readEmpty(socket.descriptor)
            if isOver { close(socket.descriptor) }
            return isOver
        }
    }

    mutating func closeAll() {
        for socket in sockets { close(socket.descriptor) }
        sockets = []
    }

    /// - Returns: Whether more may come.
    private static func readEmpty(_ descriptor: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            // A fast sender must not keep the loop.
            for _ in 0..<64 {
                let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
                if count == 0 { return false }
                if count < 0 { return errno == EAGAIN || errno == EINTR }
            }
            return true
        }
    }
}
