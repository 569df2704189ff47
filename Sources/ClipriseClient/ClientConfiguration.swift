internal import ClipriseWire

/// What a client needs to know.
public struct ClientConfiguration: Sendable {
    /// The live service.
    public static let liveURL = "https://\(Contract.host)"

    /// Where requests go.
    ///
    /// The `Host` field is the documented one whatever stands here.
    public let baseURL: BaseURL
    /// The account's key.
    public var key: APIKey
    /// How long to wait and how often to try.
    public var policy: RetryPolicy
    /// Whether the live service is out of bounds.
    public var mockOnly: Bool
    /// The most bytes of a JSON answer, 1 MiB.
    public var answerLimit = 1 << 20
    /// The most bytes of a file, 4 GiB.
    public var downloadLimit = 1 << 32
    /// Makes all waits repeatable; nil for the system's chance.
    public var seed: UInt64?

    /// Makes a configuration.
    ///
    /// - Throws: `ConfigurationError` for a base URL that is none.
    public init(
        key: APIKey, baseURL: String = liveURL, policy: RetryPolicy = .standard, mockOnly: Bool = false
    ) throws(ConfigurationError) {
        guard let url = BaseURL(baseURL) else { throw .badBaseURL(baseURL) }
        self.baseURL = url
        self.key = key
        self.policy = policy
        self.mockOnly = mockOnly
    }

    /// Reads `CLIPRISE_API_KEY`, `CLIPRISE_BASE_URL` (default: the live service), `CLIPRISE_POLICY` (default:
    /// `full-jitter`) and `CLIPRISE_MOCK_ONLY` (`1` or `true`).
    ///
    /// - Throws: `ConfigurationError` for a key that is absent or no key, and for values that make no sense.
    public init(environment: [String: String]) throws(ConfigurationError) {
        guard let text = environment["CLIPRISE_API_KEY"], !text.isEmpty else { throw .noKey }
        guard let key = APIKey(text) else { throw .badKey }
        let policy: RetryPolicy
        do {
            policy = try RetryPolicy(named: environment["CLIPRISE_POLICY"] ?? RetryPolicy.names[0])
        } catch {
            throw .badPolicy(error)
        }
        try self.init(
            key: key, baseURL: environment["CLIPRISE_BASE_URL"] ?? Self.liveURL, policy: policy,
            mockOnly: ["1", "true"].contains(environment["CLIPRISE_MOCK_ONLY"]?.lowercased()))
    }

    /// The name of the host if it is the live service's.
    var liveHost: String? {
        var host = baseURL.host.lowercased()
        while host.hasSuffix(".") { host.removeLast() }
        return host == "cliprise.app" || host.hasSuffix(".cliprise.app") ? host : nil
    }
}

/// What is wrong with a configuration.
public enum ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no key.
    case noKey
    /// The key is no visible ASCII text of at most 512 characters.
    case badKey
    /// The base URL is no `http` or `https` URL of a host without path and query.
    case badBaseURL(String)
    /// No policy has the name.
    case badPolicy(UnknownPolicyError)

    /// What to do.
    public var description: String {
        switch self {
        case .noKey: "no API key: set CLIPRISE_API_KEY"
        case .badKey: "the API key is not 1 to 512 visible ASCII characters"
        case .badBaseURL(let text):
            "\"\(text)\" is not a base URL: give http or https, a host and perhaps a port, such as http://127.0.0.1:8080"
        case .badPolicy(let error): "\(error)"
        }
    }
}
