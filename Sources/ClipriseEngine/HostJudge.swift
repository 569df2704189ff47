internal import ClipriseWire

/// Judges the `Host` of a request (contract, HOST-1 to HOST-4).
struct HostJudge: Sendable {
    enum Verdict: Sendable, Hashable {
        case accepted
        /// Well-formed, but not a host that is answered to.
        case refused
        /// Two fields, none, or a malformed one.
        case malformed
    }

    private let rule: EngineSettings.HostGate
    private let accepted: [[UInt8]]

    init(_ settings: EngineSettings) {
        rule = settings.hostGate
        accepted = settings.acceptedHosts.map { Array($0.utf8) }
    }

    func judge(_ host: Host?) -> Verdict {
        guard let host else { return .malformed }
        if host.isDocumented { return .accepted }
        if host.isNamed(Contract.host) {
            return host.port == nil || rule != .exact ? .accepted : .refused
        }
        for name in accepted where host.isNamed(name) { return .accepted }
        if rule == .loopback, host.isLoopback { return .accepted }
        return .refused
    }
}
