// From bytes to requests.

internal import CClipriseCrash
internal import CMicroHTTPD
internal import CMicroHTTPDHooks
internal import ClipriseWire
internal import Glibc

extension Loop {
    // MARK: Connections

    func opened(_ connection: OpaquePointer) -> SlotPointer {
        let slot = slots.insert(
            connection: connection, socket: cmhd_socket(connection), loop: .passUnretained(self),
            isFromLoopback: isNewPeerLoopback, now: now)
        // What was read empty under this number meanwhile counts as well.
        cmhd_forget_lines(slot.pointee.socket)
        if headsAreInOnePiece {
            cmhd_begin_heads(
                slot.pointee.socket, UnsafeRawPointer(connection), slot, UInt16(MemoryLayout<Slot>.size))
        }
        if tls != nil { beginHandshake(slot) }
        lookAgain(slot, at: now + lookInterval)
        return slot
    }

    func closed(_ slot: SlotPointer) {
        deadlines.remove(slot.pointee.index)
        unfollow(slot)
        reportIfUnanswered(slot)
        linger(slot)
        cmhd_end_heads(slot.pointee.socket)
        if tls != nil { endConnection(slot) }
        slots.remove(slot)
        connectionClosed()
    }

    // MARK: Requests

    func targetArrived(_ target: UnsafePointer<CChar>?, _ slot: SlotPointer) {
        slot.pointee.generation &+= 1
        slot.pointee.phase = .head
        slot.pointee.since = slot.pointee.pendingSince ?? now
        slot.pointee.limit = .max
        slot.pointee.targetEnd = nil
        activeCount += 1
        requestCount &+= 1
        slot.pointee.headSize = 0
        let length = target.map(strlen) ?? 0
        let bytes = UnsafeRawBufferPointer(start: target, count: length)
        slot.pointee.isRepeated =
            cmhd_repeated_head(slot.pointee.socket) != 0
            && isTarget(bytes, of: slot)
        if !slot.pointee.isRepeated {
            slot.pointee.request.target.removeAll(keepingCapacity: true)
            slot.pointee.request.target.append(contentsOf: bytes)
        }
        if let target {
            slot.pointee.targetEnd = target + length
            cmhd_end_at_query(target)
        }
    }

    private func isTarget(_ bytes: UnsafeRawBufferPointer, of slot: SlotPointer) -> Bool {
        slot.pointee.request.target.withUnsafeBytes { known in
            guard known.count == bytes.count, let left = known.baseAddress, let right = bytes.baseAddress else {
                return false
            }
            return memcmp(left, right, bytes.count) == 0
        }
    }

    func headArrived(
        method: UnsafePointer<CChar>, version: UnsafePointer<CChar>, _ slot: SlotPointer
    ) -> MHD_Result {
        let size = cmhd_head_size(slot.pointee.connection)
        slot.pointee.isMethodKnown = true
        if slot.pointee.isRepeated, size == cmhd_repeated_head(slot.pointee.socket) {
            slot.pointee.headSize = size
            return awaitBody(slot)
        }
        slot.pointee.isRepeated = false
        cmhd_keep_head(slot.pointee.socket, 0)
        if slot.pointee.known != nil { slot.pointee.known = nil }
        slot.pointee.request.method = Request.Method(token: method)
        do throws(HeadScan.Refusal) {
            let place = HeadScan.Place(
                method: method, version: version, targetEnd: slot.pointee.targetEnd, isInOnePiece: headsAreInOnePiece)
            let length = try HeadScan.run(slot, place)
            slot.pointee.announced = length
            guard length <= configuration.bodyLimit || length <= bodyLimit(slot) else { throw Self.tooLarge }
            let headEnd = UnsafeRawPointer(method) + size
            let hasNULs = cmhd_nuls(slot.pointee.socket) != 0
            if hasNULs { try checkNULs(slot, headEnd: headEnd) }
            if slot.pointee.isChunked {
                try beginChunks(slot, headEnd: headEnd)
            } else {
                slot.pointee.headSize = size
                if !hasNULs, !cmhd_has_odd_line(slot.pointee.socket) { keepHead(of: slot, size) }
            }
        } catch {
            return refuse(error, slot)
        }
        return awaitBody(slot)
    }

    private func keepHead(of slot: SlotPointer, _ size: Int) {
        switch cmhd_keep_head(slot.pointee.socket, size) {
        case cmhd_kept_latest:
            guard let latest = latestHead, latest.isFromLoopback == slot.pointee.isFromLoopback else { fallthrough }
            latest.share(with: &slot.pointee.request)
            slot.pointee.known = latest
        case cmhd_kept_anew:
            latestHead = KnownHead(slot.pointee.request, isFromLoopback: slot.pointee.isFromLoopback)
            slot.pointee.known = latestHead
        default: break
        }
    }

    private func awaitBody(_ slot: SlotPointer) -> MHD_Result {
        let length = slot.pointee.announced
        slot.pointee.request.isFromLoopback = slot.pointee.isFromLoopback
        slot.pointee.request.isOnReusedConnection = slot.pointee.generation > 1
        // What only some paths take gets its memory as it comes: announcing it costs a client nothing.
        if length > 0 {
            spares.lend(to: &slot.pointee.request.body)
            slot.pointee.request.body.reserveCapacity(min(length, configuration.bodyLimit) + Self.spareBodyBytes)
        }
        slot.pointee.phase = .body
        return .YES
    }

    func bodyArrived(_ piece: UnsafeRawBufferPointer, _ slot: SlotPointer) -> MHD_Result {
        let length = slot.pointee.request.body.count + piece.count
        guard length <= configuration.bodyLimit || length <= bodyLimit(slot) else {
            return refuseRunningBody(Self.tooLarge, slot)
        }
        if slot.pointee.request.body.capacity < length + Self.spareBodyBytes {
            slot.pointee.request.body.reserveCapacity(room(for: length, slot) + Self.spareBodyBytes)
        }
        slot.pointee.request.body.append(contentsOf: piece)
        let nuls = cmhd_nuls(slot.pointee.socket)
        if nuls != 0, let start = piece.baseAddress {
            cmhd_set_nuls(slot.pointee.socket, nuls - min(nuls, cmhd_count_nuls(start, piece.count)))
        }
        return .YES
    }

    /// Refuses a head that a NUL came with, wherever it stood.
    ///
    /// The library ends a value at it, and makes line ends NULs too: of one before the end of a line nothing is left.
    ///
    /// - Parameter headEnd: Behind the head, in libmicrohttpd's memory.
    private func checkNULs(_ slot: SlotPointer, headEnd: UnsafeRawPointer) throws(HeadScan.Refusal) {
        var count = 0
        guard headsAreInOnePiece, cmhd_unparsed(UnsafeRawPointer(slot.pointee.connection), headEnd, &count) else {
            // It may have been behind the head: what comes next is not taken for another request.
            (slot.pointee.isLast, slot.pointee.lingers) = (true, true)
            return
        }
        let behind = cmhd_count_nuls(headEnd, count)
        guard cmhd_nuls(slot.pointee.socket) == behind else {
            throw HeadScan.Refusal(status: 400, reason: .malformedField, message: "NUL byte in a header field")
        }
    }

    /// The memory for a body of which `length` bytes are there, in bytes.
    ///
    /// Twice as much, so that many small chunks are not copied each time. From some length on all that may come: what is
    /// not written yet costs nothing, where to copy half of a large body would make all other clients wait.
    private func room(for length: Int, _ slot: SlotPointer) -> Int {
        length < Self.longestMove ? 2 * length : max(length, bodyLimit(slot))
    }

    /// The longest piece of a body that is moved to larger memory; bytes.
    private static let longestMove = 4 << 20

    /// Bytes of memory behind a body, for parsers that read ahead.
    static let spareBodyBytes = 64

    func requestArrived(_ slot: SlotPointer) -> MHD_Result {
        if slot.pointee.isChunked {
            do throws(HeadScan.Refusal) {
                try endChunks(slot)
            } catch {
                return refuse(error, slot)
            }
        }
        // Where such a request ends is in doubt: nothing behind it is taken for another one.
        if cmhd_has_odd_line(slot.pointee.socket) { (slot.pointee.isLast, slot.pointee.lingers) = (true, true) }
        let exchange = ExchangeHandle(inbox: inbox, slot: slot.pointee.index, generation: slot.pointee.generation)
        slot.pointee.phase = .awaiting
        if let tunnels, tunnels.accepts(slot.pointee.request) { return openTunnel(exchange, slot, tunnels) }
        defer { ccrash_doing(nil, nil, 0) }
        // Moved out for the call and back: that counts no references, where a copy would count four.
        let plan = withUnsafeMutablePointer(to: &slot.pointee.request) { place in
            let request = place.move()
            request.sayDoing()
            var known = slot.pointee.known.take()
            var memory = HandlerMemory(
                isRepeated: slot.pointee.isRepeated, reading: known?.reading.take(), shared: shared.take())
            let plan = handler(request, exchange, &memory)
            place.initialize(to: request)
            known?.reading = memory.reading.take()
            slot.pointee.known = known.take()
            slot.pointee.reportsEnd = memory.reportsEnd
            shared = memory.shared.take()
            return plan
        }
        if let plan { return begin(plan, slot) }
        return suspend(slot, until: .max) ? .YES : .NO
    }

    // MARK: Time

    /// The time of a slot has come: its pause is over, or it must be looked at.
    func deadlineReached(_ slot: SlotPointer) {
        if slot.pointee.isShaking { return cutHandshake(slot) }
        if slot.pointee.isSuspended {
            if slot.pointee.isHeld, now < slot.pointee.limit { return lookAtHeld(slot) }
            if now >= slot.pointee.limit || slot.pointee.phase == .awaiting { slot.pointee.doom = .timedOut }
            return resume(slot)
        }
        switch slot.pointee.phase {
        case .idle:
            lookAtIdle(slot)
        case .head, .body:
            let due = slot.pointee.since + configuration.headTimeout.nanoseconds
            if hasSentAll(slot) {
                cut(slot, as: .clientLeft)
            } else if now >= due {
                cutSlow(slot)
            }
            lookAgain(slot, at: now < due ? min(due, now + lookInterval) : now + lookInterval)
        case .awaiting, .beforeHead, .sending, .refused, .tunnel:
            lookAgain(slot, at: now + lookInterval)
        }
    }

    /// How often a connection that waits for a request is looked at; nanoseconds.
    var lookInterval: Int64 { max(1, configuration.headTimeout.nanoseconds / 4) }

    func lookAgain(_ slot: SlotPointer, at due: Int64) {
        // Rounded up, so that many connections share one waking.
        let grain = min(lookInterval, 250_000_000)
        deadlines.set(slot.pointee.index, due: (due / grain + 1) * grain)
    }

    /// Looks for a client that sends its request line byte by byte.
    ///
    /// libmicrohttpd reports nothing before that line is complete, and its own time limit starts again with every byte.
    /// The system counts what came in: if that grows while no request begins, the line is under way.
    private func lookAtIdle(_ slot: SlotPointer) {
        if hasSentAll(slot) {
            shutdown(slot.pointee.socket, Int32(SHUT_RDWR))
        } else if let pending = slot.pointee.pendingSince {
            if now - pending >= configuration.headTimeout.nanoseconds - lookInterval { cutSlow(slot) }
        } else {
            let received = cmhd_received(slot.pointee.socket)
            if let before = slot.pointee.receivedBefore, received > before { slot.pointee.pendingSince = now }
            slot.pointee.receivedBefore = received
        }
        lookAgain(slot, at: now + lookInterval)
    }

    /// Whether nothing more can come from a client, of which more is awaited: then its connection is over.
    ///
    /// libmicrohttpd overlooks a client that closes its side in the same moment as its last bytes arrive: it reads them,
    /// and waits for an event that has been.
    private func hasSentAll(_ slot: SlotPointer) -> Bool {
        cmhd_peer_closed(slot.pointee.socket) != 0 && cmhd_unread(slot.pointee.socket) == 0
    }

    /// Frees the slot of a held answer whose client has left; a suspended connection does not notice by itself.
    private func lookAtHeld(_ slot: SlotPointer) {
        if cmhd_peer_gone(slot.pointee.socket) != 0 {
            slot.pointee.doom = .clientLeft
            resume(slot)
        } else {
            deadlines.set(slot.pointee.index, due: min(now + lookInterval, slot.pointee.limit))
        }
    }

    /// Ends a connection whose client is too slow; libmicrohttpd notices by itself.
    func cut(_ slot: SlotPointer, as outcome: ExchangeEnd.Outcome = .timedOut) {
        slot.pointee.doom = outcome
        shutdown(slot.pointee.socket, Int32(SHUT_RDWR))
    }
}

extension Request {
    /// Says for the last words that this request is being answered: the first three segments of its path, or the first
    /// two of one that begins as the admin API's do, since a key may stand behind them.
    fileprivate func sayDoing() {
        target.withUnsafeBufferPointer { target in
            if let end = Self.endOfKnownPath(target) { return ccrash_doing("answering", target.baseAddress, end) }
            let most = target.count > 1 && target[1] == UInt8(ascii: "_") ? 2 : 3
            var (end, slashes) = (0, 0)
            while end < min(target.count, 96), target[end] != UInt8(ascii: "?") {
                if target[end] == UInt8(ascii: "/") { slashes += 1 }
                if slashes > most { break }
                end += 1
            }
            ccrash_doing("answering", target.baseAddress, end)
        }
    }

    /// Where the path ends of nearly every request; nil for other paths.
    private static func endOfKnownPath(_ target: UnsafeBufferPointer<UInt8>) -> Int? {
        endOf(Contract.statusPath, in: target) ?? endOf(Contract.generatePath, in: target)
    }

    private static func endOf(_ path: StaticString, in target: UnsafeBufferPointer<UInt8>) -> Int? {
        let length = path.utf8CodeUnitCount
        guard target.count >= length, UnsafeBufferPointer(rebasing: target[..<length]).equals(path),
            target.count == length || target[length] == UInt8(ascii: "?")
        else { return nil }
        return length
    }
}

extension Request.Method {
    fileprivate init(token: UnsafePointer<CChar>) {
        switch cmhd_method(token) {
        case 1: self = .get
        case 2: self = .post
        case 3: self = .head
        case 4: self = .put
        case 5: self = .patch
        case 6: self = .delete
        case 7: self = .options
        default: self = .extended(String(cString: token))
        }
    }
}
