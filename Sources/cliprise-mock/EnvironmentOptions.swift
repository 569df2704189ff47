internal import ClipriseWire
internal import Glibc

/// Options that stand in the environment as `CLIPRISE_MOCK_<OPTION>`.
struct EnvironmentOptions {
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

    /// The command of a command line; one with commands of its own is named with the one of them that is meant.
    private static func command(of arguments: some Sequence<String>) -> String {
        var words = arguments.filter { !$0.hasPrefix("-") }[...]
        guard let first = words.firstIndex(where: { options[$0] != nil || usual[$0] != nil }) else { return "serve" }
        let word = words[first]
        guard let usual = usual[word] else { return word }
        words = words[(first + 1)...]
        return words.lazy.map { "\(word) \($0)" }.first { options[$0] != nil } ?? "\(word) \(usual)"
    }

    /// Reads the options that the command line does not name itself; what stands behind a `--` is not ours.
    ///
    /// - Throws: `Failure` for a value of a flag that is neither yes nor no.
    init(for commandLine: [String]) throws {
        let arguments = commandLine.prefix { $0 != "--" }
        command = Self.command(of: arguments)
        guard !arguments.contains(where: { ["--help", "-h", "help", "--version"].contains($0) }) else { return }
        func isGiven(_ name: String) -> Bool {
            arguments.contains { $0 == "--\(name)" || $0.hasPrefix("--\(name)=") }
        }
        warnOfUnknown()
        for option in Self.options[command] ?? [] where !isGiven(option.name) {
            if let rival = Self.rivals[option.name], isGiven(rival) { continue }
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
            throw Failure.usage("\(variable)=\(value.printable): write true or false (1 or 0, yes or no, on or off)")
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
