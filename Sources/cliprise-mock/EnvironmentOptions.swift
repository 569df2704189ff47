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
            ("journal-limit", .value), ("callback-allow", .values), ("callback-to", .value),
            ("record", .value),
        ],
        "exec": [
            ("scenario", .values), ("account", .values), ("open", .flag), ("profile", .value), ("seed", .value),
            ("catalog", .value), ("time-scale", .value), ("realistic", .flag), ("journal-limit", .value),
            ("callback-allow", .values), ("callback-to", .value), ("host-gate", .value), ("accept-host", .values),
            ("strict", .flag), ("strict-input", .flag), ("report", .values), ("record", .value), ("quiet", .flag),
            ("log-level", .value), ("virtual-time", .flag),
        ],
        "grade": [("scenario", .value), ("format", .value), ("strict", .flag)],
        "scenario": [],
        "simulate": [
            ("clients", .value), ("policy", .values), ("for", .value), ("arrival", .value), ("seed", .value),
            ("credits", .value), ("shared-account", .flag), ("time-scale", .value), ("profile", .value),
            ("catalog", .value), ("goal", .value), ("graded", .value), ("strict", .flag), ("json", .flag),
            ("csv", .flag), ("jobs", .values), ("plot", .value), ("record", .value),
        ],
        "replay": [("catalog", .value)],
        "shrink": [("catalog", .value), ("tries", .value), ("expect", .value)],
        "models": [("catalog", .value), ("kind", .value), ("json", .flag)],
        "quote": [("catalog", .value), ("json", .flag), ("strict", .flag), ("profile", .value)],
    ]

    /// Options of which one on the command line also beats the other in the environment.
    private static let rivals = ["realistic": "time-scale", "time-scale": "realistic"]

    private var values: [(variable: String, arguments: [String])] = []

    private let command: String

    /// The long options of a command.
    static func names(of command: String) -> [String] { (options[command] ?? []).map { "--\($0.name)" } }

    /// Reads the options that the command line does not name itself; what stands behind a `--` is not ours.
    init(for commandLine: [String]) {
        let arguments = commandLine.prefix { $0 != "--" }
        command = arguments.first { !$0.hasPrefix("-") && Self.options[$0] != nil } ?? "serve"
        guard !arguments.contains(where: { ["--help", "-h", "help", "--version"].contains($0) }) else { return }
        func isGiven(_ name: String) -> Bool {
            arguments.contains { $0 == "--\(name)" || $0.hasPrefix("--\(name)=") }
        }
        for option in Self.options[command] ?? [] where !isGiven(option.name) {
            if let rival = Self.rivals[option.name], isGiven(rival) { continue }
            // The one option of `models` that only its `list` has.
            if option.name == "kind", arguments.contains("show") { continue }
            let variable = "CLIPRISE_MOCK_" + option.name.uppercased().map { $0 == "-" ? "_" : $0 }
            guard let value = getenv(variable).map({ String(cString: $0) }), !value.isEmpty else { continue }
            let flag = "--\(option.name)"
            switch option.kind {
            case .flag:
                if !["0", "false", "no"].contains(value.lowercased()) { values.append((variable, [flag])) }
            case .value: values.append((variable, ["\(flag)=\(value)"]))
            case .values: values.append((variable, value.split(separator: ",").map { "\(flag)=\($0)" }))
            }
        }
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
