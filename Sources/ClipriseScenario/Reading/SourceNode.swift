internal import ClipriseWire

/// A value of a scenario text with its place.
struct SourceNode {
    enum Content {
        /// Nothing: `null`, `~` or an empty place.
        case nothing
        case boolean(Bool)
        /// A number as written.
        case number(String)
        case text(String)
        case list([SourceNode])
        case object([Member])
    }

    struct Member {
        var key: String
        var keyPlace: Place
        var value: SourceNode
    }

    var place: Place
    var content: Content

    /// The value for a message, cut at 60 characters.
    var description: String {
        switch content {
        case .nothing: "nothing"
        case .boolean(let value): "the word \(value)"
        case .number(let number): "the number \(number.cut(to: 60))"
        case .text(let text): "the text \"\(text.cut(to: 60))\""
        case .list: "a list"
        case .object: "an object"
        }
    }
}

extension SourceNode.Content {
    /// An unquoted word, typed by the core schema of YAML 1.2 (§10.3.2) without octal and hexadecimal numbers, infinities
    /// and leading zeros.
    init(plain word: String) {
        switch word {
        case "", "~", "null", "Null", "NULL": self = .nothing
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        default: self = Self.isNumber(word) ? .number(word) : .text(word)
        }
    }

    private static func isNumber(_ word: String) -> Bool {
        DecimalText.isNumber(word.first == "-" || word.first == "+" ? word.dropFirst() : word[...])
    }
}
