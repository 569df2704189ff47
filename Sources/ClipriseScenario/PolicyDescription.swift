package import ClipriseWire

/// A retry policy as written by hand: what is given differs from the policy that it builds on.
package struct PolicyDescription: Sendable, Hashable {
    package enum Jitter: String, Sendable, Hashable, CaseIterable { case none, full, equal, decorrelated }

    package enum Budget: Sendable, Hashable {
        case none
        case tokens(Int, cost: Int?, throttledCost: Int?, plainRefund: Int?)
    }

    /// Something that a client has, or has not.
    package enum Limit<Value: Sendable & Hashable>: Sendable, Hashable {
        case none
        case some(Value)
    }

    /// Waits one after the other.
    package enum Waits: Sendable, Hashable {
        case backoff(base: TimeSpan, factor: Double?, cap: TimeSpan?, jitter: Jitter?)
        /// The last one repeats.
        case list([TimeSpan])
    }

    /// How the calls of one operation are tried again.
    package struct Retry: Sendable, Hashable {
        package var maxAttempts: Int
        package var waits: Waits?
    }

    package struct Pool: Sendable, Hashable {
        package var size: Int
        package var wait: TimeSpan?
    }

    package struct Rate: Sendable, Hashable {
        package var limit: Int
        package var per: TimeSpan
        package var burst: Int?
    }

    package struct Breaker: Sendable, Hashable {
        package var failures: Int
        package var open: TimeSpan
        package var trials: Int?
    }

    package struct Hedge: Sendable, Hashable {
        package var after: TimeSpan
        package var operations: [Operation]?
    }

    package enum Operation: String, Sendable, Hashable, CaseIterable { case generate, status, download }

    package enum Resends: String, Sendable, Hashable, CaseIterable { case never, lost, gateway, errors, always }

    /// What it is called in reports.
    package var name: String
    /// The named policy that it builds on; nil for the client's usual one.
    package var builtOn: String?
    package var base: TimeSpan?
    package var throttledBase: TimeSpan?
    package var pollBase: TimeSpan?
    package var cap: TimeSpan?
    package var factor: Double?
    package var jitter: Jitter?
    package var maxAttempts: Int?
    package var deadline: TimeSpan?
    package var requestTimeout: TimeSpan?
    package var retryAfterCap: TimeSpan?
    package var honoursRetryAfter: Bool?
    package var resendsUnknown: Bool?
    package var retriesRefusals: Bool?
    package var budget: Budget?
    /// The waits between polls, apart from those of retries.
    package var poll: Waits?
    package var generate: Retry?
    package var status: Retry?
    package var download: Retry?
    package var resends: Resends?
    /// How often a whole job is begun.
    package var jobAttempts: Int?
    /// What a client does around its calls; nil for as in the policy that it builds on.
    package var maxJobs: Limit<Int>?
    package var pool: Limit<Pool>?
    package var rateLimit: Limit<Rate>?
    package var breaker: Limit<Breaker>?
    package var hedge: Limit<Hedge>?
    package var adaptiveRate: Bool?
    /// Where `on` stands, for messages.
    package var builtOnPlace: Place

    /// Reads a policy from YAML or JSON.
    ///
    /// - Parameters:
    ///   - text: As for a scenario.
    ///   - source: What stands for the file in messages.
    /// - Throws: Everything that is wrong, each with its place.
    package init(yaml text: [UInt8], source: String) throws(ScenarioErrors) {
        let findings = Findings(source: source)
        let read = YAMLReader.tree(text, findings: findings).flatMap { Forms.policy.read($0, findings) }
        if let errors = findings.thrown() { throw errors }
        guard let read else {
            throw ScenarioErrors(errors: [
                ScenarioError(source: source, place: Place(line: 1, column: 1), reason: .notYAML("no policy in it"))
            ])
        }
        self = read
    }

    init(name: String, builtOn: String?, builtOnPlace: Place) {
        self.name = name
        self.builtOn = builtOn
        self.builtOnPlace = builtOnPlace
    }
}
