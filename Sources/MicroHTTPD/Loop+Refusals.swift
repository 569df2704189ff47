// What never reaches the handler: answered here, or by libmicrohttpd, or cut.

internal import CMicroHTTPD
internal import CMicroHTTPDHooks
internal import ClipriseWire
internal import Glibc

extension Loop {
    /// The most bytes of a body, for one that is longer than usual.
    func bodyLimit(_ slot: SlotPointer) -> Int {
        guard slot.pointee.isFromLoopback, let area = configuration.area(of: slot.pointee.request.target) else {
            return configuration.bodyLimit
        }
        return max(area.loopbackBodyLimit, configuration.bodyLimit)
    }

    static let tooLarge = HeadScan.Refusal(
        status: 413, reason: .bodyTooLarge, message: "request body too large")

    /// Answers instead of the handler, before the body, and closes.
    func refuse(_ refusal: HeadScan.Refusal, _ slot: SlotPointer) -> MHD_Result {
        report(refusal, slot)
        slot.pointee.phase = .refused
        slot.pointee.lingers = true
        let (type, body) = refusalBody(refusal, slot)
        return queueBuffer(body, head: Head(status: refusal.status, contentType: type, fields: [], closes: true), slot)
    }

    /// Refuses a request in the middle of its body, and closes.
    ///
    /// libmicrohttpd takes no answer there, so the bytes go to the socket directly. Nothing is ahead of them: all earlier
    /// answers are out.
    func refuseRunningBody(_ refusal: HeadScan.Refusal, _ slot: SlotPointer) -> MHD_Result {
        report(refusal, slot)
        slot.pointee.phase = .refused
        slot.pointee.lingers = true
        let (type, body) = refusalBody(refusal, slot)
        let answer =
            "HTTP/1.1 \(refusal.status) \(refusal.status == 413 ? "Content Too Large" : "Bad Request")\r\n"
            + "Date: \(HTTPDate.text(wall()))\r\nConnection: close\r\n"
            + "Content-Type: \(type.text)\r\nContent-Length: \(body.count)\r\n\r\n"
        let bytes = Array(answer.utf8) + body
        if let session = session(of: slot) {
            cmhd_tls_send(session, bytes, bytes.count)
        } else {
            send(slot.pointee.socket, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        return .NO
    }

    /// libmicrohttpd is about to refuse a request by itself, and will close the connection.
    ///
    /// - Returns: The answer to send in the place of its page, given away; nil for that page.
    func libraryRefuses(status: Int, _ slot: SlotPointer) -> OpaquePointer? {
        let refusal = HeadScan.Refusal(
            status: status, reason: reason(ofLibraryStatus: status, slot.pointee.phase),
            message: message(ofLibraryStatus: status, slot.pointee.phase))
        report(refusal, slot)
        let (type, body) = refusalBody(refusal, slot)
        if status == 505, cmhd_spoke_http2(slot.pointee.socket) {
            let bytes = HTTP2Refusal.bytes(status: status, body: body, date: wall(), message: refusal.message)
            send(slot.pointee.socket, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            // What the library writes behind it goes nowhere.
            shutdown(slot.pointee.socket, Int32(SHUT_WR))
        }
        slot.pointee.phase = .refused
        slot.pointee.lingers = true
        return refusalResponse(type, body)
    }

    private func reason(ofLibraryStatus status: Int, _ phase: Slot.Phase) -> RefusedRequest.Reason {
        switch status {
        case 413: .bodyTooLarge
        case 414: .targetTooLong
        case 431: .fieldsTooLarge
        case 505: .unsupportedVersion
        default:
            switch phase {
            case .idle: .malformedLine
            case .head: .malformedField
            default: .malformedChunk
            }
        }
    }

    private func message(ofLibraryStatus status: Int, _ phase: Slot.Phase) -> StaticString {
        switch reason(ofLibraryStatus: status, phase) {
        case .bodyTooLarge: "request body too large"
        case .targetTooLong: "request line too long"
        case .fieldsTooLarge: "header fields too large"
        case .unsupportedVersion:
            "HTTP version other than 1.0 and 1.1 (HTTP/2 with prior knowledge is one): use HTTP/1.1"
        case .malformedLine: "malformed request line"
        case .malformedField: "a header line is no field"
        default: "malformed chunk or trailer"
        }
    }

    private func refusalBody(
        _ refusal: HeadScan.Refusal, _ slot: SlotPointer
    ) -> (type: ResponsePlan.ContentType, body: [UInt8]) {
        let (status, message) = (refusal.status, refusal.message)
        guard slot.pointee.phase != .idle, configuration.area(of: slot.pointee.request.target) != nil else {
            return (.json, Array(#"{"code":\#(status),"message":"\#(message)"}"#.utf8))
        }
        let detail = status == 413 ? "The limit is \(bodyLimit(slot)) bytes." : "The head of the request is unsound."
        let problem =
            #"{"type":"about:blank","title":"\#(message)","status":\#(status),"detail":"\#(detail)"}"# + "\n"
        return (.problemJSON, Array(problem.utf8))
    }

    // MARK: Cut

    /// Ends a connection whose client takes too long to send its request.
    func cutSlow(_ slot: SlotPointer) {
        if slot.pointee.doom == nil {
            let isBody = slot.pointee.phase == .body
            report(
                0, isBody ? .slowBody : .slowHead, isBody ? "the body took too long" : "the head took too long", slot)
        }
        cut(slot)
    }

    /// Reports a first request that is none, and that libmicrohttpd closed the connection on without an answer.
    func reportIfUnanswered(_ slot: SlotPointer) {
        // After a first request it is not known how much of what came belonged to it.
        guard refusalObserver != nil, tls == nil, slot.pointee.generation == 0, slot.pointee.phase == .idle,
            slot.pointee.doom == nil, !isEnding, cmhd_received(slot.pointee.socket) > 0
        else { return }
        report(0, .noRequest, "what came is no request of HTTP/1.1; closed without an answer", slot)
    }

    /// Keeps the socket open for a client that still sends, if an answer must reach it.
    func linger(_ slot: SlotPointer) {
        guard slot.pointee.lingers else { return }
        slot.pointee.lingers = false
        lingering.keep(slot.pointee.socket, now: now)
    }

    // MARK: Reporting

    private func report(_ refusal: HeadScan.Refusal, _ slot: SlotPointer) {
        report(refusal.status, refusal.reason, "\(refusal.message)", slot)
    }

    func report(_ status: Int, _ reason: RefusedRequest.Reason, _ message: String, _ slot: SlotPointer) {
        guard let refusalObserver else { return }
        let hasLine = slot.pointee.phase != .idle
        refusalObserver(
            RefusedRequest(
                status: status, reason: reason, message: message,
                method: slot.pointee.isMethodKnown ? slot.pointee.request.method : nil,
                target: hasLine ? slot.pointee.request.target : []))
    }
}
