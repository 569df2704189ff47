public import ClipriseWire

/// How the engine applies the contract; fixed while it runs.
public struct EngineSettings: Sendable, Hashable {
    public typealias Profile = ContractProfile

    /// Which `Host` is let in (contract, HOST-3).
    public enum HostGate: String, Sendable, Hashable, CaseIterable {
        /// The documented host, with any port: a container may have another one outside.
        case documented
        /// The documented host without a port.
        case exact
        /// As `documented`, and the names of the loopback.
        case loopback
    }

    /// How long a task takes.
    public enum Pace: Sendable, Hashable {
        /// For pleasant local work: an image or sound about 2 s, a video about 6 s.
        case pleasant
        /// The typical time of the real service times this factor; 0 finishes at once.
        case scaled(Double)
    }

    /// The factors of a scaled pace.
    public static let paces: ClosedRange<Double> = 0...1_000
    public static let paceRule = "a factor from 0 to 1000"

    public var seed: UInt64
    public var profile: Profile
    public var isStrict: Bool
    /// Whether a model that is not in the catalogue is taken, with a warning, at no price.
    public var takesAnyModel = false
    /// Answers in the place of the contract's; nil for none.
    public var answers: AnswerEdition?
    public var hostGate: HostGate
    /// Further host names that are let in, in lower case, with any port.
    public var acceptedHosts: [String]
    public var pace: Pace
    /// This server's own name in the URLs that it hands out to clients that name another host; in lower case, an IPv6
    /// address in brackets.
    public var ownHost: String
    /// Whether a client that asks for the documented host in its TLS handshake is taken to have it in its URL.
    ///
    /// A client that only has it in its `Host` field may ask for it too.
    public var believesServerName = true
    /// What the URLs that are handed out begin with, whatever host a client names; nil for that host.
    public var publicURL: PublicURL?

    public init(
        seed: UInt64 = 1, profile: Profile = .documented, isStrict: Bool = false, hostGate: HostGate = .documented,
        acceptedHosts: [String] = [], pace: Pace = .pleasant, ownHost: String = "127.0.0.1"
    ) {
        self.seed = seed
        self.profile = profile
        self.isStrict = isStrict
        self.hostGate = hostGate
        self.acceptedHosts = acceptedHosts
        self.pace = pace
        self.ownHost = ownHost
    }
}
