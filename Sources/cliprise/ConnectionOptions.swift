internal import ArgumentParser
internal import ClipriseClient
internal import ClipriseWire
internal import Glibc

/// Where to, as whom, and how patiently.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "Where the service is; CLIPRISE_BASE_URL otherwise, the live service without it.")
    var baseURL: String?
    @Option(
        help: "A file with the key, readable by you alone; otherwise the key is in CLIPRISE_API_KEY.",
        completion: .file())
    var keyFile: String?
    @Option(help: "How to wait and retry: \(RetryPolicy.names.joined(separator: ", ")).")
    var policy: String?
    @Option(help: "The most seconds for the whole job, 1 to 86400.", transform: DecimalText.readWhole)
    var deadline: Int?
    @Flag(help: "Refuse to talk to the live service.")
    var mockOnly = false
    @Flag(help: "Print JSON, errors too.")
    var json = false
    @Flag(name: [.short, .long], help: "No progress on standard error.")
    var quiet = false

    /// - Parameter maxBytes: As given with `--max-bytes`.
    func client(maxBytes: Int?) throws -> ClipriseClient {
        var environment: [String: String] = [:]
        for name in ["CLIPRISE_API_KEY", "CLIPRISE_BASE_URL", "CLIPRISE_POLICY", "CLIPRISE_MOCK_ONLY"] {
            environment[name] = variable(name)
        }
        if let keyFile { environment["CLIPRISE_API_KEY"] = try Self.key(in: keyFile) }
        if let baseURL { environment["CLIPRISE_BASE_URL"] = baseURL }
        if let policy { environment["CLIPRISE_POLICY"] = policy }
        var configuration = try ClientConfiguration(environment: environment)
        if mockOnly { configuration.mockOnly = true }
        if let deadline {
            guard (1...86_400).contains(deadline) else {
                throw Failure(message: "--deadline \(deadline): 1 to 86400 seconds")
            }
            configuration.policy.deadline = .seconds(deadline)
        }
        if let maxBytes {
            guard maxBytes > 0 else { throw Failure(message: "--max-bytes \(maxBytes): at least 1 byte") }
            configuration.downloadLimit = maxBytes
        }
        return ClipriseClient(configuration)
    }

    /// Reads a key from a file that nobody else may read.
    private static func key(in path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Failure(message: "\(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw Failure(message: "\(path): not a file")
        }
        let rights = facts.st_mode & 0o777
        guard rights & 0o077 == 0 else {
            throw Failure(
                message: "\(path): others can read the key (mode \(String(rights, radix: 8))); chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: 4_097)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0, count <= 4_096 else { throw Failure(message: "\(path): no key in it") }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
