internal import ClipriseWire
internal import Glibc

/// Options that stand in the environment as `CLIPRISE_MOCK_<OPTION>`.
struct EnvironmentOptions {
    private enum Kind {
        case flag, value
        /// Values separated by commas.
        case values
    }

    private static let options: [String: [(name: String, kind: Kind)]] = [
        "serve": [
            ("port", .value), ("host", .value), ("account", .values), ("open", .flag), ("accept-host", .values),
            ("host-gate", .value), ("profile", .value), ("strict", .flag), ("seed", .value), ("catalog", .value),
            ("time-scale", .value), ("realistic", .flag), ("workers", .value), ("log-level", .value), ("log", .value),
            ("body-limit", .value), ("connection-limit", .value), ("connections-per-address", .value),
            ("idle-timeout", .value), ("admin-token", .value), ("scenario", .values), ("watch", .flag),
            ("journal-limit", .value), ("journal-memory", .value), ("bodies", .value), ("callback-allow", .values),
            ("callback-to", .value), ("record", .value), ("tls", .flag), ("tls-port", .value), ("tls-dir", .value),
            ("tls-silent-close", .flag), ("public-url", .value), ("unknown-model", .value), ("state", .value),
            ("state-sync", .value),
        ],
        "exec": [
            ("scenario", .values), ("account", .values), ("open", .flag), ("profile", .value), ("seed", .value),
            ("catalog", .value), ("time-scale", .value), ("realistic", .flag), ("journal-limit", .value),
            ("journal-memory", .value), ("bodies", .value), ("callback-allow", .values), ("callback-to", .value),
            ("host-gate", .value),
            ("accept-host", .values),
            ("strict", .flag), ("strict-input", .flag), ("report", .values), ("record", .value), ("quiet", .flag),
            ("log-level", .value), ("env", .values), ("allow-idle", .flag), ("explain", .flag),
            ("virtual-time", .flag), ("tls", .flag), ("intercept", .flag), ("tls-dir", .value),
            ("unknown-model", .value),
        ],
        "grade": [("scenario", .value), ("format", .value), ("strict", .flag), ("explain", .flag)],
        "scenario": [],
        "simulate": [
            ("clients", .value), ("policy", .values), ("for", .value), ("arrival", .value), ("seed", .value),
            ("credits", .value), ("shared-account", .flag), ("time-scale", .value), ("profile", .value),
            ("catalog", .value), ("goal", .values), ("graded", .value), ("strict", .flag), ("json", .flag),
            ("csv", .flag), ("jobs", .values), ("plot", .value), ("record", .value), ("seeds", .value),
            ("vary", .value), ("shard", .value), ("arrivals", .value), ("lives", .value), ("from-log", .value),
        ],
        "replay": [("catalog", .value)],
        "prove": [
            ("policy", .value), ("faults", .value), ("polls", .value), ("model", .value), ("record", .value),
            ("json", .flag), ("catalog", .value),
        ],
        "shrink": [("catalog", .value), ("tries", .value), ("expect", .value)],
        "models": [("catalog", .value), ("kind", .value), ("json", .flag)],
        "certificate": [("dir", .value)],
        "health": [("url", .value), ("port", .value), ("timeout", .value)],
        "quote": [
            ("catalog", .value), ("json", .flag), ("strict", .flag), ("profile", .value), ("unknown-model", .value),
        ],
        "openapi": [("catalog", .value), ("profile", .value), ("format", .value)],
        "conformance": [
            ("base-url", .value), ("api-key-env", .value), ("spend-cap", .value),
            // Without "host": CLIPRISE_MOCK_HOST is the address that serve listens on.
            ("profile", .value), ("format", .value), ("write-profile", .value), ("catalog", .value),
        ],
        "proxy": [
            ("upstream", .value), ("spend-cap", .value), ("unpriced", .value), ("record", .value), ("lives", .value),
            ("port", .value), ("listen", .value), ("profile", .value), ("catalog", .value),
            ("tls", .flag), ("tls-port", .value), ("tls-dir", .value), ("tls-silent-close", .flag),
        ],
        "mcp": [],
        "helper": [],
        "state": [],
    ]

    /// Options of which one on the command line also beats the other in the environment.
    private static let rivals = [
        "realistic": "time-scale", "time-scale": "realistic", "url": "port", "port": "url",
    ]

    private var values: [(variable: String, arguments: [String])] = []
    /// What was left aside, a line each.
    private(set) var warnings: [String] = []

    private let command: String

    /// The long options of a command.
    static func names(of command: String) -> [String] { (options[command] ?? []).map { "--\($0.name)" } }

    /// Reads the options that the command line does not name itself; what stands behind a `--` is not ours.
    ///
    /// - Throws: `Failure` for a value of a flag that is neither yes nor no.
    init(for commandLine: [String]) throws {
        let arguments = commandLine.prefix { $0 != "--" }
        command = arguments.first { !$0.hasPrefix("-") && Self.options[$0] != nil } ?? "serve"
        guard !arguments.contains(where: { ["--help", "-h", "help", "--version"].contains($0) }) else { return }
        func isGiven(_ name: String) -> Bool {
            arguments.contains { $0 == "--\(name)" || $0.hasPrefix("--\(name)=") }
        }
        warnOfUnknown()
        for option in Self.options[command] ?? [] where !isGiven(option.name) {
            if let rival = Self.rivals[option.name], isGiven(rival) { continue }
            // The one option of `models` that only its `list` has.
            if option.name == "kind", arguments.contains("show") { continue }
            let variable = Self.variable(option.name)
            guard let value = getenv(variable).map({ String(cString: $0) }), !value.isEmpty else { continue }
            if OrchestratorVariables.isAddress(value) {
                warnings.append(
                    "\(variable)=\(value.printable) comes from a Kubernetes service of this name, and was ignored")
                continue
            }
            let flag = "--\(option.name)"
            switch option.kind {
            case .flag:
                if try Self.isYes(value, variable) { values.append((variable, [flag])) }
            case .value: values.append((variable, ["\(flag)=\(value)"]))
            case .values: values.append((variable, value.split(separator: ",").map { "\(flag)=\($0)" }))
            }
        }
    }

    private static func variable(_ option: String) -> String {
        prefix + option.uppercased().map { $0 == "-" ? "_" : $0 }
    }

    private static let prefix = "CLIPRISE_MOCK_"

    private static func isYes(_ value: String, _ variable: String) throws -> Bool {
        switch value.lowercased() {
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default:
            throw Failure(
                code: .usage,
                message: "\(variable)=\(value.printable): write true or false (1 or 0, yes or no, on or off)")
        }
    }

    /// Names variables that are meant for us and that no command has.
    private mutating func warnOfUnknown() {
        // Those of this command first: of equally near ones the first is meant.
        let own = (Self.options[command] ?? []).map { Self.variable($0.name) }
        let known = own + Set(Self.options.values.joined().map { Self.variable($0.name) }).subtracting(own).sorted()
        // What `exec` sets for its command, and what the client and the test helpers read.
        let ours: Set<String> = [Self.prefix + "ADMIN_URL", Self.prefix + "ONLY", Self.prefix + "BINARY"]
        var names: [String] = []
        var next = environ
        while let entry = next.pointee {
            let (name, value) = Self.parts(String(cString: entry))
            if name.hasPrefix(Self.prefix), !known.contains(name), !ours.contains(name),
                !OrchestratorVariables.isName(name), !OrchestratorVariables.isAddress(value)
            {
                names.append(name)
            }
            next += 1
        }
        for name in names.sorted() {
            let meant = Spelling.nearest(to: name, in: known).map { "; did you mean \($0)?" } ?? ""
            warnings.append("\(name.printable) in the environment is no option, and was ignored\(meant)")
        }
    }

    private static func parts(_ entry: String) -> (name: String, value: String) {
        guard let mark = entry.firstIndex(of: "=") else { return (entry, "") }
        return (String(entry[..<mark]), String(entry[entry.index(after: mark)...]))
    }

    /// The variables that are in force, for messages.
    var names: String { values.map(\.variable).joined(separator: ", ") }

    /// The arguments with the options of the environment, which stand where options are read: before a `--`, and for
    /// `exec` before the words of its command.
    func added(to arguments: [String]) -> [String] {
        var end = arguments.firstIndex(of: "--") ?? arguments.count
        if command == "exec", let word = arguments.firstIndex(of: "exec") { end = word + 1 }
        return arguments[..<end] + values.flatMap(\.arguments) + arguments[end...]
    }
}
