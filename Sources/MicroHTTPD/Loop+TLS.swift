// TLS: handshakes that wait without costing anything, and connections that begin with a CONNECT to another loop.

internal import CMicroHTTPD
internal import CMicroHTTPDHooks
internal import ClipriseWire
internal import Glibc

extension Loop {
    /// The TLS session of a connection; nil without TLS.
    func session(of slot: SlotPointer) -> UnsafeMutableRawPointer? {
        tls == nil ? nil : cmhd_session(slot.pointee.connection)
    }

    // MARK: Handshakes

    /// A connection was handed over.
    func beginHandshake(_ slot: SlotPointer) {
        slot.pointee.isShaking = true
        slot.pointee.origin = newOrigin
        // The bytes of a handshake are no request line.
        slot.pointee.receivedBefore = nil
    }

    /// The handshake of a connection went a step further, or cannot.
    func handshakeWent(_ slot: SlotPointer, _ session: UnsafeMutableRawPointer, _ result: Int32) {
        guard slot.pointee.isShaking else { return }
        switch result {
        case 1:
            // Left in the library's hands, it would be asked again and again.
            guard !isEnding, !slot.pointee.isSuspended else { return }
            slot.pointee.isSuspended = true
            MHD_suspend_connection(slot.pointee.connection)
            cmhd_watch_once(handshakeEvents, slot.pointee.socket, UInt64(slot.pointee.index))
        case 0:
            slot.pointee.isShaking = false
            slot.pointee.since = now
            slot.pointee.receivedBefore = nil
            slot.pointee.request.security = Request.Security(
                serverName: serverName(session), isTunnelled: slot.pointee.origin != nil)
        default:
            reportHandshake(slot, session, result)
        }
    }

    private func serverName(_ session: UnsafeMutableRawPointer) -> [UInt8]? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { name in
            guard let start = name.baseAddress else { return nil }
            let size = cmhd_server_name(session, start, name.count)
            return size == 0 ? nil : UnsafeRawBufferPointer(start: start, count: size).map(\.self)
        }
    }

    /// Bytes of clients came.
    func resumeHandshakes() {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64) { ready in
            guard let start = ready.baseAddress else { return }
            for place in 0..<Int(max(0, cmhd_take_ready(handshakeEvents, start))) {
                // A socket that was closed in this very moment may have left a word behind.
                guard let slot = slots[UInt32(truncatingIfNeeded: start[place])], slot.pointee.isShaking,
                    slot.pointee.isSuspended
                else { continue }
                resume(slot)
            }
        }
    }

    /// Looks at a handshake that is not done, and ends it when it takes too long.
    func cutHandshake(_ slot: SlotPointer) {
        let due = slot.pointee.since + configuration.headTimeout.nanoseconds
        guard now >= due else { return lookAgain(slot, at: min(due, now + lookInterval)) }
        if slot.pointee.doom == nil {
            report(0, .tlsHandshake, "the TLS handshake took too long, and the connection was cut", slot)
        }
        cut(slot)
        if slot.pointee.isSuspended { resume(slot) }
        lookAgain(slot, at: now + lookInterval)
    }

    private func reportHandshake(_ slot: SlotPointer, _ session: UnsafeMutableRawPointer, _ result: Int32) {
        // Clients that look whether somebody listens are no news.
        guard slot.pointee.doom == nil, !isEnding, cmhd_received(slot.pointee.socket) > 0 else { return }
        let message =
            cmhd_is_no_tls(session, result)
            ? "what came is no TLS: the URL of this port begins with https://"
            : "no TLS connection came to be: \(String(cString: cmhd_handshake_problem(session, result)))"
        report(0, .tlsHandshake, message, slot)
    }

    /// A connection with TLS is over.
    func endConnection(_ slot: SlotPointer) {
        cmhd_unwatch(handshakeEvents, slot.pointee.socket)
        cmhd_forget(session(of: slot), slot.pointee.socket)
        slot.pointee.origin?.endTunnel()
    }

    // MARK: CONNECT

    /// Answers a CONNECT, and hands the socket to a loop that serves TLS.
    ///
    /// The connection stays suspended here until that loop is done with the socket; then it is closed.
    func openTunnel(_ exchange: ExchangeHandle, _ slot: SlotPointer, _ tunnels: Tunnels) -> MHD_Result {
        guard !isEnding else { return .NO }
        slot.pointee.phase = .tunnel
        let descriptor = cmhd_duplicate(slot.pointee.socket)
        guard descriptor >= 0 else {
            reportFull("the system allows no more open files")
            return .NO
        }
        // All earlier answers are out, and there is room for a line.
        let answer = Array(
            "HTTP/1.1 200 Connection Established\r\nDate: \(HTTPDate.text(wall()))\r\n\r\n".utf8)
        let sent = send(slot.pointee.socket, answer, answer.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        let tunnel = Tunnel(socket: descriptor, origin: exchange)
        let inbox = tunnels.inboxes[Int(slot.pointee.index) % tunnels.inboxes.count]
        guard sent == answer.count, inbox.post(tunnel) else {
            close(descriptor)
            return .NO
        }
        slot.pointee.isSuspended = true
        MHD_suspend_connection(slot.pointee.connection)
        deadlines.remove(slot.pointee.index)
        return .YES
    }

    /// Takes the socket of a CONNECT over.
    func take(_ tunnel: Tunnel) {
        guard slots.count < connectionLimit else { return tunnel.drop() }
        var address = sockaddr_storage()
        let length = cmhd_peer(tunnel.socket, &address)
        // A client that has left already has no address.
        guard length > 0 else { return tunnel.drop() }
        newOrigin = tunnel.origin
        defer { newOrigin = nil }
        let isTaken = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { add(tunnel.socket, $0, length) }
        }
        if !isTaken { tunnel.origin.endTunnel() }
    }
}
