internal import Glibc

/// Options that stand in the environment as `CLIPRISE_MOCK_<OPTION>`.
enum EnvironmentOptions {
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
            ("idle-timeout", .value), ("admin-token", .value),
        ],
        "models": [("catalog", .value), ("json", .flag)],
        "quote": [("catalog", .value), ("json", .flag), ("strict", .flag), ("profile", .value)],
    ]

    /// The arguments with those of the environment added that the command line does not name itself.
    static func adding(to arguments: [String]) -> [String] {
        let command = arguments.first { !$0.hasPrefix("-") && options[$0] != nil } ?? "serve"
        guard !arguments.contains(where: { ["--help", "-h", "help", "--version"].contains($0) }) else {
            return arguments
        }
        var added: [String] = []
        for option in options[command] ?? [] {
            let flag = "--\(option.name)"
            guard !arguments.contains(where: { $0 == flag || $0.hasPrefix(flag + "=") }) else { continue }
            let variable = "CLIPRISE_MOCK_" + option.name.uppercased().map { $0 == "-" ? "_" : $0 }
            guard let value = getenv(variable).map({ String(cString: $0) }), !value.isEmpty else { continue }
            switch option.kind {
            case .flag: if !["0", "false", "no"].contains(value.lowercased()) { added.append(flag) }
            case .value: added += ["\(flag)=\(value)"]
            case .values: added += value.split(separator: ",").map { "\(flag)=\($0)" }
            }
        }
        // Behind the subcommand and before a `--`, where options are read.
        let end = arguments.firstIndex(of: "--") ?? arguments.count
        return arguments[..<end] + added + arguments[end...]
    }
}
