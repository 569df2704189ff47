// From plans to bytes.

internal import CMicroHTTPD
internal import CMicroHTTPDHooks
internal import ClipriseLocks
internal import ClipriseWire
internal import Glibc

/// Everything of an answer that is not its body.
struct Head {
    var status: Int
    var contentType: ResponsePlan.ContentType?
    var fields: [ResponsePlan.Field]
    /// Seconds since 1970; nil for now.
    var date: Int64?
    /// Whether the connection ends with this answer.
    var closes: Bool
}

extension Loop {
    /// The longest body that is copied when it is handed over; bytes.
    ///
    /// A longer one is sent from where it lies.
    static let longestCopy = 4 << 10
    /// The longest body that is handed to the system as a whole; bytes.
    ///
    /// To a client that reads as fast as is sent, the system takes a longer one to its end at once, and all others wait.
    static let longestWhole = 4 << 20
    /// The memory of an exchange that is given back beside the loop; bytes.
    static let largeMemory = 1 << 20
    /// The longest piece of a body of steps; bytes.
    static let longestBuffer = 64 << 10
    /// The buffer of an answer whose further steps are not known yet; bytes.
    static let growingBuffer = 4 << 10

    // MARK: Before the head

    /// Begins to play a plan; called from the access callback only.
    func begin(_ plan: ResponsePlan, _ slot: SlotPointer) -> MHD_Result {
        if case .plain(let bytes) = plan.body, bytes.count <= Self.longestWhole {
            slot.pointee.phase = .sending
            slot.pointee.sent = bytes.count
            if slot.pointee.cursor != nil { slot.pointee.cursor = nil }
            return queueBuffer(bytes, head: head(of: plan, slot), slot)
        }
        return beginSteps(plan, slot)
    }

    private func beginSteps(_ plan: ResponsePlan, _ slot: SlotPointer) -> MHD_Result {
        var cursor = PlanCursor(plan.body)
        if let early = slot.pointee.cursor { cursor.adopt(early) }
        slot.pointee.cursor = cursor
        slot.pointee.plan = plan
        slot.pointee.phase = .beforeHead
        return goOnBeforeHead(slot)
    }

    /// Something came from outside the loop; it may be late.
    func take(_ message: Message) {
        guard let slot = slots[message.slot], slot.pointee.generation == message.generation else { return }
        switch message.content {
        case .answer(let plan):
            guard slot.pointee.phase == .awaiting, slot.pointee.isSuspended else { return }
            slot.pointee.plan = plan
            resume(slot)
        case .release(let steps):
            release(slot, adding: steps)
        case .tunnelEnded:
            guard slot.pointee.phase == .tunnel, slot.pointee.isSuspended else { return }
            resume(slot)
        }
    }

    private func release(_ slot: SlotPointer, adding steps: [ResponsePlan.Step]) {
        switch slot.pointee.phase {
        case .awaiting:
            if slot.pointee.cursor == nil { slot.pointee.cursor = PlanCursor() }
        case .beforeHead, .sending:
            break
        case .idle, .head, .body, .refused, .tunnel:
            return
        }
        slot.pointee.cursor?.release(adding: steps)
        if !steps.isEmpty, let cursor = slot.pointee.cursor,
            cursor.unsentBytes + 64 * cursor.remainingStepCount > configuration.backlogLimit
        {
            cut(slot, as: .fellBehind)
            if slot.pointee.isSuspended { resume(slot) }
            return
        }
        if slot.pointee.limit != .max, slot.pointee.phase != .awaiting {
            slot.pointee.limit = now + configuration.longestWait.nanoseconds
        }
        if slot.pointee.isHeld { resume(slot) }
    }

    /// libmicrohttpd asks again, after a suspension before the head.
    func wokenBeforeHead(_ slot: SlotPointer) -> MHD_Result {
        if slot.pointee.doom != nil { return .NO }
        if slot.pointee.phase == .beforeHead { return goOnBeforeHead(slot) }
        guard let plan = slot.pointee.plan else {
            // Not woken by us. Anything but waiting on would make the library ask in a circle.
            return suspend(slot, until: .max) ? .YES : .NO
        }
        slot.pointee.plan = nil
        return begin(plan, slot)
    }

    private func goOnBeforeHead(_ slot: SlotPointer) -> MHD_Result {
        switch slot.pointee.cursor?.nextBeforeHead(at: Instant(nanoseconds: monotonicTime())) {
        case .wait(let due):
            return suspend(slot, until: due.nanoseconds) ? .YES : .NO
        case .hold:
            return hold(slot) ? .YES : .NO
        case .abort(let kind):
            slot.pointee.doom = .abortedByPlan
            breakOff(kind, slot)
            return .NO
        case .send, .finish, nil:
            return queueReader(slot)
        }
    }

    // MARK: Handing over

    private func head(of plan: ResponsePlan, _ slot: SlotPointer) -> Head {
        Head(
            status: plan.status, contentType: plan.contentType, fields: plan.fields, date: plan.date,
            closes: drainDeadline != nil || slot.pointee.isLast)
    }

    /// Queues an answer that is all there.
    func queueBuffer(_ bytes: [UInt8], head: Head, _ slot: SlotPointer) -> MHD_Result {
        var head = head
        let date = head.date ?? wall()
        head.date = date
        if head.fields.isEmpty, !head.closes,
            let known = responses.response(
                bytes, head.contentType, date: date,
                make: { finished(responseHolding(bytes), head.contentType, date) },
                redate: { dateField.replace(date, in: $0) })
                ?? ownAnswer(bytes, head.contentType, date, slot)
        {
            return queue(known, status: head.status, slot)
        }
        return queue(response(bytes), head, slot)
    }

    /// A response with these bytes that is the slot's until its request is over.
    private func ownAnswer(_ bytes: [UInt8], _ type: ResponsePlan.ContentType?, _ date: Int64, _ slot: SlotPointer)
        -> OpaquePointer?
    {
        if let answer = spares.take(for: bytes, type),
            answer.renew(bytes, date: date, redate: { dateField.replace(date, in: $0) })
        {
            slot.pointee.answer = answer
            return answer.response
        }
        slot.pointee.answer = OwnAnswer(bytes, type, date: date) { _ = finished($0, type, date) }
        return slot.pointee.answer?.response
    }

    private func finished(
        _ response: OpaquePointer?, _ type: ResponsePlan.ContentType?, _ date: Int64
    ) -> OpaquePointer? {
        guard let response else { return nil }
        dateField.add(date, to: response)
        if let type { add(type, to: response) }
        return response
    }

    private func response(_ bytes: [UInt8]) -> OpaquePointer? {
        guard bytes.count <= Self.longestCopy else { return responseHolding(bytes) }
        return bytes.withUnsafeBytes { bytes in
            MHD_create_response_from_buffer(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
        }
    }

    /// An answer with this body for libmicrohttpd to send in the place of its own.
    ///
    /// - Returns: A response that the caller must destroy or give away.
    func refusalResponse(_ type: ResponsePlan.ContentType, _ body: [UInt8]) -> OpaquePointer? {
        finished(response(body), type, wall())
    }

    /// Queues an answer whose body is asked for piece by piece.
    private func queueReader(_ slot: SlotPointer) -> MHD_Result {
        guard let plan = slot.pointee.plan, let cursor = slot.pointee.cursor else { return .NO }
        slot.pointee.plan = nil
        slot.pointee.phase = .sending
        var announced: Int?
        switch plan.body {
        case .plain(let bytes): announced = bytes.count
        case .steps(let length, _): announced = length
        }
        // To a HEAD, an answer of unknown size would send the end of a chunked body: it gets a size.
        if slot.pointee.request.method == .head { announced = announced ?? cursor.unsentBytes }
        let size = announced.map { UInt64(max(0, $0)) } ?? cmhd_unknown_size()
        let piece = max(cursor.largestPiece, cursor.mayGrow ? Self.growingBuffer : 1)
        let response = MHD_create_response_from_callback(size, min(piece, Self.longestBuffer), onRead, slot, nil)
        return queue(response, head(of: plan, slot), slot)
    }

    private func queue(_ response: OpaquePointer?, _ head: Head, _ slot: SlotPointer) -> MHD_Result {
        guard let response else { return .NO }
        defer { MHD_destroy_response(response) }
        if !head.fields.contains(where: { $0.isDate }) { dateField.add(head.date ?? wall(), to: response) }
        if let contentType = head.contentType { add(contentType, to: response) }
        for field in head.fields {
            // The library refuses an empty value and a line break; such a field is left out.
            _ = MHD_add_response_header(response, field.name, field.value)
        }
        if head.closes { _ = MHD_add_response_header(response, "Connection", "close") }
        return queue(response, status: head.status, slot)
    }

    private func queue(_ response: OpaquePointer, status: Int, _ slot: SlotPointer) -> MHD_Result {
        let connection = UnsafeMutableRawPointer(slot.pointee.connection)
        return cmhd_queue(connection, UInt32(clamping: status), UnsafeMutableRawPointer(response)) ? .YES : .NO
    }

    private func add(_ type: ResponsePlan.ContentType, to response: OpaquePointer) {
        let name: StaticString = "Content-Type"
        name.withUTF8Buffer { name in
            _ = name.withMemoryRebound(to: CChar.self) { name in
                type.text.withCString { MHD_add_response_header(response, name.baseAddress, $0) }
            }
        }
    }

    // MARK: The body

    /// Plays the plan up to the next bytes; called when the library has sent all it had.
    func readBody(into space: UnsafeMutableRawBufferPointer, _ slot: SlotPointer) -> Int {
        if slot.pointee.doom != nil { return contentEndedWithError }
        let now = Instant(nanoseconds: monotonicTime())
        switch slot.pointee.cursor?.next(at: now, capacity: space.count) {
        case .send(let bytes):
            bytes.withUnsafeBytes { space.copyMemory(from: $0) }
            slot.pointee.sent += bytes.count
            return bytes.count
        case .wait(let due):
            return suspend(slot, until: due.nanoseconds) ? 0 : contentEndedWithError
        case .hold:
            return hold(slot) ? 0 : contentEndedWithError
        case .abort(let kind):
            return abortBody(kind, now, slot)
        case .finish, nil:
            return contentEnded
        }
    }

    private func abortBody(_ kind: ResponsePlan.Abort, _ now: Instant, _ slot: SlotPointer) -> Int {
        if tls != nil { cmhd_flush() }
        // A reset throws away what is still here, so it waits for a client that reads slowly, but not for ever.
        if kind == .reset, cmhd_unsent(slot.pointee.socket) > 0 {
            let patience = slot.pointee.abortDeadline ?? now.nanoseconds + 2_000_000_000
            slot.pointee.abortDeadline = patience
            if now.nanoseconds < patience, suspend(slot, until: now.nanoseconds + 1_000_000) { return 0 }
        }
        slot.pointee.doom = .abortedByPlan
        breakOff(kind, slot)
        return contentEndedWithError
    }

    /// Prepares the end that the plan wants; the library closes after it.
    private func breakOff(_ kind: ResponsePlan.Abort, _ slot: SlotPointer) {
        switch kind {
        case .reset: cmhd_reset(slot.pointee.socket)
        case .close:
            slot.pointee.lingers = cmhd_unread(slot.pointee.socket) > 0
            // The library finds no way any more to say the closing word.
            if tls?.closesSilently == true { shutdown(slot.pointee.socket, Int32(SHUT_WR)) }
        }
    }

    // MARK: The end

    func completed(_ slot: SlotPointer, _ how: MHD_RequestTerminationCode) {
        activeCount -= 1
        unfollow(slot)
        if tls != nil { cmhd_flush() }
        if slot.pointee.phase == .tunnel { return slot.pointee.clear(now: now, spares) }
        if let kind = slot.pointee.cursor?.remainingAbort, how == .REQUEST_TERMINATED_COMPLETED_OK,
            slot.pointee.doom == nil, slot.pointee.request.method != .head
        {
            // The client has all that was announced, so the library was done before the plan was.
            slot.pointee.doom = .abortedByPlan
            if kind == .reset {
                cmhd_reset(slot.pointee.socket)
            } else {
                if tls?.closesSilently == false, let session = session(of: slot) { cmhd_tls_bye(session) }
                shutdown(slot.pointee.socket, Int32(SHUT_RDWR))
            }
        }
        if slot.pointee.reportsEnd, let observer { observer(end(of: slot, how)) }
        linger(slot)
        let headSize = slot.pointee.headSize
        cmhd_end_request(slot.pointee.socket, headSize == 0 ? 0 : headSize + slot.pointee.request.body.count)
        giveUpLargeMemory(slot)
        if let answer = slot.pointee.answer.take() { spares.put(answer) }
        slot.pointee.clear(now: now, spares)
    }

    /// Lets go of what is large beside the loop: to give much memory back to the system takes milliseconds.
    private func giveUpLargeMemory(_ slot: SlotPointer) {
        if slot.pointee.request.body.capacity > Self.largeMemory {
            giveUp(Large(&slot.pointee.request.body, leaving: []))
        }
        if slot.pointee.cursor != nil, slot.pointee.sent + (slot.pointee.cursor?.unsentBytes ?? 0) > Self.largeMemory {
            giveUp(Large(&slot.pointee.cursor, leaving: nil))
        }
    }

    /// Lets go of something there, and nowhere else: no reference to it is left here.
    private func giveUp<Value>(_ large: consuming Large<Value>) {
        let held = Unmanaged.passRetained(large)
        _ = consume large
        disposal.add { held.release() }
    }

    private func end(of slot: SlotPointer, _ how: MHD_RequestTerminationCode) -> ExchangeEnd {
        let outcome: ExchangeEnd.Outcome
        if let doom = slot.pointee.doom {
            outcome = doom
        } else if slot.pointee.phase == .refused {
            outcome = .refused
        } else {
            switch how {
            case .REQUEST_TERMINATED_COMPLETED_OK: outcome = slot.pointee.phase == .sending ? .completed : .clientLeft
            case .REQUEST_TERMINATED_TIMEOUT_REACHED: outcome = .timedOut
            case .REQUEST_TERMINATED_DAEMON_SHUTDOWN: outcome = .stopped
            default: outcome = .clientLeft
            }
        }
        let isWholeOrNothing = slot.pointee.cursor == nil
        return ExchangeEnd(
            exchange: ExchangeHandle(inbox: inbox, slot: slot.pointee.index, generation: slot.pointee.generation),
            outcome: outcome,
            bodyBytesSent: isWholeOrNothing && outcome != .completed ? 0 : slot.pointee.sent)
    }

    // MARK: Suspending

    /// Takes a connection out of the daemon's hands until `due`; nanoseconds.
    ///
    /// - Returns: Whether it did; at the very end of a loop it does not.
    func suspend(_ slot: SlotPointer, until due: Int64) -> Bool {
        guard !isEnding else { return false }
        if slot.pointee.limit == .max {
            slot.pointee.limit = monotonicTime() + configuration.longestWait.nanoseconds
        }
        slot.pointee.isSuspended = true
        MHD_suspend_connection(slot.pointee.connection)
        deadlines.set(slot.pointee.index, due: min(due, slot.pointee.limit))
        return true
    }

    /// Suspends until a release, for no longer than the longest wait from now on.
    ///
    /// A client that left answers what is sent to it with a RST. Here all is sent, so here, or a little later, it shows.
    ///
    /// - Returns: Whether it did; not when the client has left, nor at the very end of a loop.
    private func hold(_ slot: SlotPointer) -> Bool {
        if cmhd_peer_gone(slot.pointee.socket) != 0 {
            slot.pointee.doom = .clientLeft
            return false
        }
        let now = monotonicTime()
        slot.pointee.limit = now + configuration.longestWait.nanoseconds
        let mayBeGone = cmhd_peer_closed(slot.pointee.socket) != 0
        guard suspend(slot, until: now + (mayBeGone ? 5_000_000 : lookInterval)) else { return false }
        slot.pointee.isHeld = true
        return true
    }

    func resume(_ slot: SlotPointer) {
        slot.pointee.isSuspended = false
        slot.pointee.isHeld = false
        MHD_resume_connection(slot.pointee.connection)
        lookAgain(slot, at: now + lookInterval)
    }
}

extension ResponsePlan.Field {
    fileprivate var isDate: Bool { name.utf8.count == 4 && name.lowercased() == "date" }
}

/// Something large that was taken out of its place.
private final class Large<Value: Sendable>: Sendable {
    let value: Value

    init(_ place: inout Value, leaving rest: Value) {
        value = place
        place = rest
    }
}
