public import ClipriseWire

extension Engine {
    /// What a URL begins with that leads a client here, as in `http://127.0.0.1:8080`: what was set, or the scheme and
    /// the host that it asked (RFC 9110 §7.2), or our own address.
    public func base(of way: Way) -> [UInt8] {
        if let publicURL = settings.publicURL { return Array(publicURL.text.utf8) }
        var base: [UInt8] = []
        base.append(literal: way.security == nil ? "http://" : "https://")
        if leadsHere(way), let host = way.host {
            base.append(contentsOf: host.name)
            if let port = host.port {
                base.append(UInt8(ascii: ":"))
                base.append(decimal: port)
            }
            return base
        }
        base.append(contentsOf: settings.ownHost.utf8)
        base.append(UInt8(ascii: ":"))
        base.append(decimal: way.port)
        return base
    }

    /// The same, or nil when it is our own address without TLS, as it nearly always is.
    public func unusualBase(of head: GenerateHead) -> [UInt8]? {
        head.way.security != nil || leadsHere(head.way) ? base(of: head.way) : nil
    }

    private func leadsHere(_ way: Way) -> Bool { way.leadsHere(believesServerName: settings.believesServerName) }

    /// Whether a host is this server's own address, or the one that it was told it has.
    func isOwn(_ host: Host, port: UInt16) -> Bool {
        if let publicURL = settings.publicURL, host.isNamed(publicURL.host) { return true }
        return host.port == port && (host.isLoopback || host.isNamed(Array(settings.ownHost.utf8)))
    }

    // MARK: As a proxy

    /// Refuses what was sent to us as a proxy, and is for somebody else; nil for all that is for us.
    func refuseForeign(_ request: Request, _ target: Target, port: UInt16) -> Decision? {
        if case .extended("CONNECT") = request.method {
            guard takesTunnel(request) else {
                return foreign(request.method, String(decoding: request.target.prefix(200), as: UTF8.self))
            }
            return Decision(
                ResponsePlan(status: 501, contentType: .text, body: .plain(Array(Self.needsTLS.utf8))),
                DecisionEvent(.other, .http1, hint: Self.needsTLS))
        }
        guard let authority = target.authority else { return nil }
        // A malformed one is reported as such further on, and so is the admin API's own rule for hosts.
        guard let host = Host(authority) else { return nil }
        // Another port of this machine is another server.
        let isHere = host.isLoopback && (host.port ?? port == port || target.isBelow(Contract.adminPath))
        guard !isHere, !isOwn(host, port: port), host.isLoopback || gate.judge(host) != .accepted else { return nil }
        let shown = String(decoding: authority.prefix(200) + target.path.prefix(200), as: UTF8.self)
        return foreign(request.method, "http://" + shown)
    }

    /// Whether a CONNECT is for the mocked host or another that is answered to.
    public func takesTunnel(_ request: Request) -> Bool {
        guard let host = Host(request.target[...]), host.port != nil, !host.isLoopback else { return false }
        return host.isNamed(Contract.host) || gate.judge(host) == .accepted
    }

    private static let needsTLS = "CONNECT wants a server with TLS: start it with --tls"

    private func foreign(_ method: Request.Method, _ place: String) -> Decision {
        let asked = "\(method) \(place)".printable
        var event = DecisionEvent(
            .other, .http1, hint: "tried another host: \(asked); only \(Contract.host) is answered, nothing is sent on")
        event.foreign = asked
        return Decision(
            ResponsePlan(
                status: 403, contentType: .text,
                body: .plain(
                    Array("cliprise-mock answers for \(Contract.host) only and sends nothing on: \(asked)".utf8))),
            event)
    }

    // MARK: Words

    /// Why a host is not let in, and what to do.
    func hint(onRefused host: Host?, wantsFile: Bool, port: UInt16) -> String {
        guard let host else { return "" }
        let name = String(decoding: host.name, as: UTF8.self)
        let full = name + (host.port.map { ":\($0)" } ?? "")
        if host.isNamed(Contract.host), let named = host.port {
            return """
                Host is "\(full)", and --host-gate exact takes it without a port only: send "Host: \(Contract.host)" \
                without ":\(named)", or start the server with --host-gate documented
                """
        }
        if wantsFile, host.isLoopback, host.port != port {
            return """
                Host is "\(full)", but this server listens on port \(port): if another port leads here, start the server \
                with --public-url http://\(full) or --host-gate loopback
                """
        }
        return """
            Host is "\(full)"; send "Host: \(Contract.host)", or start the server with --accept-host NAME or \
            --host-gate loopback
            """
    }
}
