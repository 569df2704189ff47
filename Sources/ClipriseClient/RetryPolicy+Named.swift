internal import ClipriseWire

extension RetryPolicy {
    /// The names that `init(named:)` knows, the default first.
    public static let names = [
        "full-jitter", "equal-jitter", "decorrelated", "exponential", "fixed", "aws-standard", "aws-standard-2026",
        "naive",
    ]

    /// The policy of a client that says nothing: `full-jitter`.
    public static let standard = RetryPolicy(name: "full-jitter")

    /// One of the policies that have a name.
    ///
    /// `full-jitter`, `equal-jitter`, `decorrelated` and `exponential` (no jitter) differ in chance only: base 1 s,
    /// factor 2, cap 30 s, ten attempts. `fixed` waits 2 s. `aws-standard` is the standard mode of the AWS SDKs before
    /// 2026 (base 1 s, cap 20 s, three attempts, 500 tokens), `aws-standard-2026` the one since (base 50 ms, 1 s after
    /// a 429 and between polls). `naive` is the bad example: it sends everything again after 100 ms, a generate of
    /// unknown fate too, polls each second and ignores Retry-After.
    ///
    /// - Throws: `UnknownPolicyError` for any other name.
    public init(named name: String) throws(UnknownPolicyError) {
        switch name {
        case "full-jitter": self = .standard
        case "equal-jitter": self.init(name: name, jitter: .equal)
        case "decorrelated": self.init(name: name, jitter: .decorrelated)
        case "exponential": self.init(name: name, jitter: .none)
        case "fixed": self.init(name: name, base: .seconds(2), factor: 1, jitter: .none)
        case "aws-standard":
            self.init(name: name, cap: .seconds(20), maxAttempts: 3, retryAfterCap: .seconds(20))
        case "aws-standard-2026":
            self.init(
                name: name, base: .milliseconds(50), throttledBase: .seconds(1), pollBase: .seconds(1),
                cap: .seconds(20), maxAttempts: 3, retryBudget: RetryBudget(cost: 14, throttledCost: 5),
                retryAfterCap: .seconds(5), capsRetryAfterAboveDelay: true)
        case "naive":
            self.init(
                name: name, base: .milliseconds(100), pollBase: .seconds(1), factor: 1, jitter: .none,
                maxAttempts: 1_000, retryBudget: nil, honoursRetryAfter: false, resendsUnknown: true,
                retriesRefusals: true)
        default: throw UnknownPolicyError(name: name)
        }
    }
}

/// A name that no policy has.
public struct UnknownPolicyError: Error, Hashable, CustomStringConvertible {
    /// The name as given.
    public var name: String
    /// The names that there are.
    public var names: [String]

    /// An error about a name.
    public init(name: String, names: [String] = RetryPolicy.names) {
        self.name = name
        self.names = names
    }

    /// Says which names there are, and which was probably meant.
    public var description: String {
        let meant = Spelling.hint(for: name, in: names)
        return "\"\(name)\" is not a policy\(meant) (there are \(names.joined(separator: ", ")))"
    }
}
