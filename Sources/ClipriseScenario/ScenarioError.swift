internal import ClipriseWire

/// One thing that is wrong with a text of the scenario language.
public struct ScenarioError: Sendable, Hashable {
    /// The file, or what stands for it.
    public var source: String
    public var place: Place
    public var reason: Reason

    public enum Reason: Sendable, Hashable {
        /// The text is no YAML, or uses more of YAML than the language knows.
        case notYAML(String)
        case unknownKey(String, allowed: [String])
        case duplicateKey(String, first: Place)
        case missingKey(String, of: String)
        /// A value is of the wrong type or outside of its range.
        case unexpected(found: String, expected: String)
        /// A text is none of the words that can stand here.
        case unknownWord(String, allowed: [String])
        /// Each value is right by itself, but not beside the others; says which rule is broken.
        case senseless(String)
        /// The list of errors ends here, after this many.
        case tooMany(Int)
    }
}

extension ScenarioError: CustomStringConvertible {
    /// The error as `FILE:LINE:COLUMN: …`, in one line that is safe to show.
    public var description: String {
        "\(source):\(place.line):\(place.column): \(reason.text.cut(to: 2_000))".printable
    }
}

extension ScenarioError.Reason {
    /// The error without its place.
    public var text: String {
        switch self {
        case .notYAML(let problem): "not readable as YAML: \(problem)"
        case .unknownKey(let key, let allowed): "unknown key \"\(key.cut(to: 60))\"; \(Self.meant(key, allowed))"
        case .duplicateKey(let key, let first):
            "duplicate key \"\(key)\"; it stands already at \(first.line):\(first.column)"
        case .missingKey(let key, let owner): "\(owner) needs the key \"\(key)\""
        case .unexpected(let found, let expected): "found \(found); expected \(expected)"
        case .unknownWord(let word, let allowed): "unknown word \"\(word.cut(to: 60))\"; \(Self.meant(word, allowed))"
        case .senseless(let problem): problem
        case .tooMany(let count): "more than \(count) errors; the rest is not shown"
        }
    }

    private static func meant(_ word: String, _ allowed: [String]) -> String {
        if let meant = Spelling.nearest(to: word, in: allowed) { return "did you mean \"\(meant)\"?" }
        return "allowed: \(allowed.joined(separator: ", "))"
    }
}

extension String {
    /// At most so many characters for a message, and an ellipsis for the rest.
    func cut(to count: Int) -> String { self.count > count ? "\(prefix(count))…" : self }
}

/// Everything that is wrong with a text, in the order of the places; at least one error, at most `limit` and a last one
/// that says so.
public struct ScenarioErrors: Error, Sendable, Hashable {
    public static let limit = 50

    public let errors: [ScenarioError]

    public var lines: [String] { errors.map(\.description) }
}

extension ScenarioErrors: CustomStringConvertible {
    public var description: String { lines.joined(separator: "\n") }
}
