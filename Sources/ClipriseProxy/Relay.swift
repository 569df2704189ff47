package import ClipriseCatalog
internal import ClipriseConformance
package import ClipriseEngine
package import ClipriseHTTP
internal import ClipriseLocks
package import ClipriseWire
package import MicroHTTPD

/// Passes the requests of a client on to an upstream, on a leash, and reports what it saw.
package final class Relay: Sendable {
    package struct Settings: Sendable {
        package var scheme: HTTPCall.Scheme
        package var upstream: HTTPCall.Host
        package var port: UInt16
        /// The `Host` that is sent in the place of this machine's own names; another one that a client sends goes on.
        package var host = "\(Contract.host)"
        /// The edition that answers are held against.
        package var engine = EngineSettings()
        package var cap: Int64 = 0
        /// See `SpendLeash.unpriced`.
        package var unpriced: Int64?
        /// How long an answer may take to begin.
        package var patience = TimeSpan.seconds(120)

        package init(scheme: HTTPCall.Scheme, upstream: HTTPCall.Host, port: UInt16) {
            self.scheme = scheme
            self.upstream = upstream
            self.port = port
        }

        /// Whether the upstream is on this machine, as another mock is.
        package var isOnThisMachine: Bool {
            switch upstream {
            case .address(let address): address.isLoopback
            case .name(let name, _): Relay.isLoopback(name)
            }
        }
    }

    /// What has become of the requests so far.
    package struct Counts: Sendable, Hashable {
        package var passed = 0
        package var open = 0
        package var lost = 0
    }

    let settings: Settings
    let catalog: Catalog
    package let leash: SpendLeash
    let keys = KeyRing()
    let expectations: Expectations
    private let loop = HTTPLoop()
    private let report: @Sendable (SeenExchange) -> Void
    private let state = Locked((last: 0, counts: Counts()))
    private let start = MachineClock.steady / 1_000_000

    /// - Parameter report: Called once for each request, when its answer is over, on any thread.
    package init(_ settings: Settings, _ catalog: Catalog, report: @escaping @Sendable (SeenExchange) -> Void) {
        self.settings = settings
        self.catalog = catalog
        self.report = report
        leash = SpendLeash(cap: settings.cap, unpriced: settings.unpriced)
        expectations = Expectations(settings.engine, catalog, key: nil, host: settings.host)
    }

    deinit { loop.shutdown() }

    package var counts: Counts { state.withLock { $0.counts } }

    /// Ends what is under way.
    package func stop() { loop.shutdown() }

    var now: Int64 { MachineClock.steady / 1_000_000 - start }

    /// Decides on a request; nil when its answer comes from upstream.
    package func handle(_ request: Request, _ exchange: ExchangeHandle) -> ResponsePlan? {
        let target = Self.originForm(request.target)
        guard request.method == .get || request.method == .head || request.method == .post else {
            return Self.refusal(
                405, "this proxy passes GET, HEAD and POST", fields: [.init("Allow", "GET, HEAD, POST")])
        }
        guard !target.starts(with: "\(Contract.adminPath)".utf8) else {
            return Self.refusal(404, "the proxy has no admin API; it is in front of another server")
        }
        guard target.first == UInt8(ascii: "/"), !target.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else {
            return Self.refusal(400, "this target cannot be passed on")
        }
        let host = upstreamHost(request, port: exchange.port)
        let sent = request.sent(to: host, target: target)
        var seen = seen(request, as: sent)
        let credits: Int64
        do throws(SpendLeash.Withheld) {
            credits = try leash.take(Price.of(sent, catalog))
        } catch {
            seen.result = .withheld(error.reason)
            report(seen)
            return Self.refusal(403, error.reason)
        }
        seen.credits = credits
        state.withLock { state in
            state.counts.passed += 1
            state.counts.open += 1
        }
        let receiver = PassingAnswer(seen, exchange, self, ownBase: ownBase(request, exchange))
        _ = loop.start(call(sent, host), receiver)
        return nil
    }

    /// An exchange with upstream is over.
    func ended(_ seen: SeenExchange) {
        state.withLock { state in
            state.counts.open -= 1
            if case .lost = seen.result { state.counts.lost += 1 }
        }
        report(seen)
    }

    // MARK: The request

    private func seen(_ request: Request, as sent: Request) -> SeenExchange {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        var seen = SeenExchange(
            number: number, at: now, kind: .other, method: "\(request.method)", target: "", result: .withheld(""))
        func expected(_ decision: Decision) -> SeenExchange.Expected? {
            expectations.answer(decision).map { SeenExchange.Expected(slot: $0.slot, answer: $0.answer) }
        }
        let engine = expectations.engine
        switch engine.receive(sent, port: 443) {
        case .admin: break
        case .decided(let decision):
            if decision.event.operation == .generate { seen.kind = .generate }
            if [.status, .download].contains(decision.event.operation) { seen.kind = .status }
            seen.expected = expected(decision)
            seen.expectedOfStranger = seen.expected
        case .keyed(let head):
            seen.kind = head.operation == .generate ? .generate : .status
            seen.key = keys.number(of: head.key)
            seen.expectedOfStranger = expected(engine.refuse(head))
            switch engine.ask(head, sent) {
            case .order(let order): seen.model = catalog.models[order.model].id
            case .refused(let refusal):
                seen.expected = expected(refusal.decision)
                seen.model = refusal.decision.event.model.map { catalog.models[$0].id }
            case .status(let query):
                seen.task = query.taskID.map {
                    String(decoding: keys.masked(Array($0.prefix(128)), isCut: $0.count > 128), as: UTF8.self)
                }
                seen.wantsFile = query.wantsFile
                seen.expected = expected(engine.unknownTask(query))
            }
        }
        // Now that the key is known.
        seen.target = String(
            decoding: keys.masked(Array(sent.target.prefix(2_048)), isCut: sent.target.count > 2_048), as: UTF8.self)
        seen.request = String(decoding: keys.recorded(sent.body), as: UTF8.self)
        return seen
    }

    private func call(_ request: Request, _ host: String) -> HTTPCall {
        var fields = [HTTPField("Host", host)]
        for index in 0..<request.fields.count {
            let name = String(decoding: request.fields.name(at: index), as: UTF8.self)
            guard !Self.notPassed.contains(name.lowercased()) else { continue }
            fields.append(HTTPField(name, String(decoding: request.fields.value(at: index), as: UTF8.self)))
        }
        let isPost = request.method == .post
        var call = HTTPCall(
            isPost ? .post : .get, scheme: settings.scheme, host: settings.upstream, port: settings.port,
            target: String(decoding: request.target, as: UTF8.self), fields: fields,
            body: isPost ? request.body : [],
            limits: HTTPLimits(connect: .seconds(10), head: settings.patience, gap: settings.patience))
        // A mock on this machine has a certificate of its own making.
        call.triesInOrder = settings.isOnThisMachine
        call.acceptsAnyCertificateOnLoopback = settings.isOnThisMachine
        // Each leaves at most once: a job is not bought twice, and a poll that got no answer is seen to have got none.
        call.connection = .fresh
        return call
    }

    /// What belongs to one connection (RFC 9110 §7.6.1), or is set anew; answers come as they are, not packed.
    private static let notPassed: Set<String> = [
        "host", "connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "trailer",
        "transfer-encoding", "upgrade", "content-length", "accept-encoding", "expect",
    ]

    /// The `Host` for upstream: what the client sent, unless that is a name of this machine; without this proxy's port.
    private func upstreamHost(_ request: Request, port: UInt16) -> String {
        guard let sent = request.fields.first("host") else { return settings.host }
        var text = String(decoding: sent, as: UTF8.self)
        if text.hasSuffix(":\(port)") { text.removeLast("\(port)".count + 1) }
        return text.isEmpty || Self.isLoopback(text) ? settings.host : text
    }

    static func isLoopback(_ authority: String) -> Bool {
        var name = authority.lowercased()
        if name.hasPrefix("[") {
            name = String(name.dropFirst().prefix { $0 != "]" })
        } else {
            name = String(name.prefix { $0 != ":" })
        }
        return name == "localhost" || name.hasSuffix(".localhost") || IPAddress(name)?.isLoopback == true
            || name == "0.0.0.0"
    }

    /// Where the client finds this proxy.
    private func ownBase(_ request: Request, _ exchange: ExchangeHandle) -> String {
        let scheme = request.security == nil ? "http" : "https"
        let sent = request.fields.first("host").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return "\(scheme)://\(Self.isLoopback(sent) ? sent : "127.0.0.1:\(exchange.port)")"
    }

    /// The target without scheme and host, which a client sends that takes this for its proxy.
    private static func originForm(_ target: [UInt8]) -> [UInt8] {
        guard target.first != UInt8(ascii: "/"), let mark = target.firstRange(of: Array("://".utf8)) else {
            return target
        }
        let rest = target[mark.upperBound...]
        return rest.firstIndex(of: UInt8(ascii: "/")).map { Array(rest[$0...]) } ?? [UInt8(ascii: "/")]
    }

    // MARK: Answers of the proxy itself

    /// A problem (RFC 9457) that says that it is not upstream's answer.
    static func refusal(_ status: Int, _ reason: String, fields: [ResponsePlan.Field] = []) -> ResponsePlan {
        let json = JSONWriter.object {
            $0.member("title", "cliprise-mock proxy")
            $0.member("status", status)
            $0.member("detail", reason)
        }
        return ResponsePlan(
            status: status, contentType: .problemJSON, fields: [.init("X-Cliprise-Mock", "proxy")] + fields,
            body: .plain(json))
    }
}

extension Request {
    /// The request as upstream gets it.
    fileprivate func sent(to host: String, target: [UInt8]) -> Request {
        var sent = self
        sent.target = target
        var fields = HeaderFields()
        fields.append(name: "Host".utf8, value: host.utf8)
        for index in 0..<self.fields.count where !self.fields.isNamed("host", at: index) {
            fields.append(name: self.fields.name(at: index), value: self.fields.value(at: index))
        }
        sent.fields = fields
        return sent
    }
}
