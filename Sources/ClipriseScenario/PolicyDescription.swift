public import ClipriseWire

/// A retry policy as written by hand: what is given differs from the policy that it builds on.
public struct PolicyDescription: Sendable, Hashable {
    public enum Jitter: String, Sendable, Hashable, CaseIterable { case none, full, equal, decorrelated }

    public enum Budget: Sendable, Hashable {
        case none
        case tokens(Int, cost: Int?, throttledCost: Int?, plainRefund: Int?)
    }

    /// Something that a client has, or has not.
    public enum Limit<Value: Sendable & Hashable>: Sendable, Hashable {
        case none
        case some(Value)
    }

    /// Waits one after the other.
    public enum Waits: Sendable, Hashable {
        case backoff(base: TimeSpan, factor: Double?, cap: TimeSpan?, jitter: Jitter?)
        /// The last one repeats.
        case list([TimeSpan])
    }

    /// How the calls of one operation are tried again.
    public struct Retry: Sendable, Hashable {
        public var maxAttempts: Int
        public var waits: Waits?
    }

    public struct Pool: Sendable, Hashable {
        public var size: Int
        public var wait: TimeSpan?
    }

    public struct Rate: Sendable, Hashable {
        public var limit: Int
        public var per: TimeSpan
        public var burst: Int?
    }

    public struct Breaker: Sendable, Hashable {
        public var failures: Int
        public var open: TimeSpan
        public var trials: Int?
    }

    public struct Hedge: Sendable, Hashable {
        public var after: TimeSpan
        public var operations: [Operation]?
    }

    public enum Operation: String, Sendable, Hashable, CaseIterable { case generate, status, download }

    public enum Resends: String, Sendable, Hashable, CaseIterable { case never, lost, gateway, errors, always }

    /// What it is called in reports.
    public var name: String
    /// The named policy that it builds on; nil for the client's usual one.
    public var builtOn: String?
    public var base: TimeSpan?
    public var throttledBase: TimeSpan?
    public var pollBase: TimeSpan?
    public var cap: TimeSpan?
    public var factor: Double?
    public var jitter: Jitter?
    public var maxAttempts: Int?
    public var deadline: TimeSpan?
    public var requestTimeout: TimeSpan?
    public var retryAfterCap: TimeSpan?
    public var honoursRetryAfter: Bool?
    public var resendsUnknown: Bool?
    public var retriesRefusals: Bool?
    public var budget: Budget?
    /// The waits between polls, apart from those of retries.
    public var poll: Waits?
    public var generate: Retry?
    public var status: Retry?
    public var download: Retry?
    public var resends: Resends?
    /// How often a whole job is begun.
    public var jobAttempts: Int?
    /// What a client does around its calls; nil for as in the policy that it builds on.
    public var maxJobs: Limit<Int>?
    public var pool: Limit<Pool>?
    public var rateLimit: Limit<Rate>?
    public var breaker: Limit<Breaker>?
    public var hedge: Limit<Hedge>?
    public var adaptiveRate: Bool?
    /// Where `on` stands, for messages.
    public var builtOnPlace: Place
}

extension PolicyDescription {
    /// Reads a policy from YAML or JSON.
    ///
    /// - Parameters:
    ///   - text: As for a scenario.
    ///   - source: What stands for the file in messages.
    /// - Throws: Everything that is wrong, each with its place.
    public init(yaml text: [UInt8], source: String) throws(ScenarioErrors) {
        self = try Forms.policy.whole(text, source: source, what: "policy")
    }
}
