internal import ClipriseConformance
internal import ClipriseHTTP
internal import ClipriseLocks
internal import ClipriseWire
internal import MicroHTTPD

/// One answer of upstream on its way to the client: files piece by piece, all else when it is whole.
final class PassingAnswer: HTTPReceiver {
    private struct State {
        var seen: SeenExchange
        var head: HTTPHead?
        var body: [UInt8] = []
        var size = 0
        var isFile = false
        var isTooLong = false
    }

    /// The longest answer that is no file, in bytes.
    private static let limit = 8 << 20

    private let state: Locked<State>
    private let exchange: ExchangeHandle
    private let relay: Relay
    /// Where the client finds this proxy, as the beginning of a URL.
    private let ownBase: String

    init(_ seen: SeenExchange, _ exchange: ExchangeHandle, _ relay: Relay, ownBase: String) {
        state = Locked(State(seen: seen))
        self.exchange = exchange
        self.relay = relay
        self.ownBase = ownBase
    }

    func receive(_ head: HTTPHead) {
        let isFile = state.withLock { state in
            state.head = head
            state.isFile = state.seen.wantsFile && (head.status == 200 || head.status == 206)
            return state.isFile
        }
        guard isFile else { return }
        var plan = Self.plan(head)
        plan.body = .steps(announcedLength: Self.announced(head), [.send([]), .hold])
        exchange.answer(plan)
    }

    func receive(_ piece: UnsafeRawBufferPointer) -> HTTPAppetite {
        state.withLock { state in
            state.size += piece.count
            if state.isFile {
                exchange.release(adding: [.send(Array(piece)), .hold])
                return .more
            }
            guard state.size <= Self.limit else {
                state.isTooLong = true
                return .stop
            }
            state.body.append(contentsOf: piece)
            return .more
        }
    }

    func end(_ end: HTTPEnd) {
        let state = state.withLock { $0 }
        var seen = state.seen
        seen.took = relay.now - seen.at
        let failure: HTTPFailure? = if case .failed(let failure) = end { failure } else { nil }
        guard let head = state.head else { return finish(&seen, without: failure) }
        let type = head.value(of: "content-type")
        let isWhole = failure == nil && !state.isTooLong
        seen.result = .answered(
            SeenExchange.Answer(
                status: head.status, contentType: type,
                retryAfter: head.value(of: "retry-after").map { String($0.prefix(200)) },
                body: state.isFile ? [] : relay.keys.recorded(state.body), size: state.size,
                announced: Self.announced(head), isFile: state.isFile, isWhole: isWhole))
        if !state.isFile, isWhole,
            Reading(Observation(status: head.status, contentType: type, body: state.body)).isCertainRefusal
        {
            relay.leash.giveBack(seen.credits)
            seen.credits = 0
        }
        // Before the client can go on: what it has seen is in the record, and what it did not pay is there to spend.
        relay.ended(seen)
        if state.isFile {
            exchange.release(adding: isWhole ? [] : [.abort(.close)])
        } else {
            send(state, head, failure)
        }
    }

    /// No head came.
    private func finish(_ seen: inout SeenExchange, without failure: HTTPFailure?) {
        let reason = failure?.reason ?? "the proxy was stopped"
        guard let failure, !failure.mayHaveLeft else {
            seen.result = .lost(reason)
            relay.ended(seen)
            // As the client would see it without a proxy.
            exchange.answer(ResponsePlan(status: 502, body: .steps(announcedLength: 0, [.abort(.close)])))
            return
        }
        relay.leash.giveBack(seen.credits)
        seen.credits = 0
        seen.result = .notSent(reason)
        relay.ended(seen)
        exchange.answer(Relay.refusal(502, "upstream cannot be reached: \(reason)"))
    }

    /// Sends an answer that is no file.
    private func send(_ state: State, _ head: HTTPHead, _ failure: HTTPFailure?) {
        guard !state.isTooLong else {
            return exchange.answer(
                Relay.refusal(502, "upstream's answer is longer than \(Self.limit >> 20) MiB and no file"))
        }
        var plan = Self.plan(head)
        let body = ownURL(in: state.body)
        guard failure == nil else {
            let announced = max(Self.announced(head) ?? 0, body.count + 1)
            plan.body = .steps(announcedLength: announced, [.send(body), .abort(.close)])
            return exchange.answer(plan)
        }
        plan.body = .plain(body)
        exchange.answer(plan)
    }

    /// The body with the URL of a file that is asked for from upstream's status turned to this proxy.
    private func ownURL(in body: [UInt8]) -> [UInt8] {
        let answer = Observation(status: 200, contentType: nil, body: body)
        guard let url = Comparison.templated(answer).url, let mark = url.firstRange(of: "://"),
            let slash = url[mark.upperBound...].firstIndex(of: "/"),
            url[slash...].hasPrefix("\(Contract.statusPath)?"),
            let place = Comparison.place(of: url, in: body)
        else { return body }
        var body = body
        let isEscaped = place.count != url.utf8.count
        let own = ownBase + url[slash...]
        let text =
            isEscaped ? own.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "\\/") : own
        body.replaceSubrange(place, with: Array(text.utf8))
        return body
    }

    // MARK: The head

    private static func plan(_ head: HTTPHead) -> ResponsePlan {
        let type = head.value(of: "content-type")
        let fields = head.fields.filter { !ownFields.contains($0.name.lowercased()) }
        return ResponsePlan(
            status: head.status, contentType: type.map { .custom($0) },
            fields: fields.map { ResponsePlan.Field($0.name, $0.value) })
    }

    /// What belongs to one connection, or is set by the listener.
    private static let ownFields: Set<String> = [
        "content-type", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection",
        "proxy-authenticate", "trailer", "upgrade", "te",
    ]

    private static func announced(_ head: HTTPHead) -> Int? {
        head.value(of: "content-length").flatMap { Int($0) }
    }
}
