internal import ClipriseWire

/// A piece of a JSON Schema (draft 2020-12).
indirect enum Schema: Sendable {
    case object([(key: String, value: Schema)])
    case list([Schema])
    case text(String)
    /// A number, `true` or `false`, as written in JSON.
    case literal(String)
    /// Stands once in `$defs` and is referred to by its name.
    case named(String, Schema)

    /// Texts of one of these words.
    static func words(_ words: [String]) -> Schema {
        .object([("enum", .list(words.map(Schema.text)))])
    }

    static func pattern(_ pattern: String) -> Schema {
        .object([("type", .text("string")), ("pattern", .text(pattern))])
    }

    static func any(of choices: [Schema]) -> Schema {
        choices.count == 1 ? choices[0] : .object([("anyOf", .list(choices))])
    }

    /// The schema with a sentence for people.
    func described(_ about: String) -> Schema {
        switch self {
        case .object(let members): .object(members + [("description", .text(about))])
        case .named: .object([("allOf", .list([self])), ("description", .text(about))])
        case .list, .text, .literal: self
        }
    }
}

extension Schema {
    /// The whole document, indented, with the definitions of all named pieces in the order of their names.
    func document(title: String) -> String {
        var definitions: [String: Schema] = [:]
        collect(into: &definitions)
        guard case .object(let members) = self else { return "" }
        let sorted = definitions.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
        let head: [(key: String, value: Schema)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")), ("title", .text(title)),
        ]
        var text: [UInt8] = []
        Schema.object(head + members + [("$defs", .object(sorted))]).write(to: &text, indentation: 0)
        text.append(0x0A)
        return String(decoding: text, as: UTF8.self)
    }

    private func collect(into definitions: inout [String: Schema]) {
        switch self {
        case .object(let members): for member in members { member.value.collect(into: &definitions) }
        case .list(let elements): for element in elements { element.collect(into: &definitions) }
        case .named(let name, let schema):
            guard definitions[name] == nil else { return }
            definitions[name] = schema
            schema.collect(into: &definitions)
        case .text, .literal: break
        }
    }

    private func write(to text: inout [UInt8], indentation: Int) {
        switch self {
        case .text(let value): text.append(jsonString: value)
        case .literal(let value): text.append(contentsOf: value.utf8)
        case .named(let name, _):
            text.append(literal: #"{"$ref": "#)
            text.append(jsonString: "#/$defs/\(name)")
            text.append(literal: "}")
        case .list(let elements):
            Self.write(elements, "[", "]", to: &text, indentation: indentation) { element, text in
                element.write(to: &text, indentation: indentation + 2)
            }
        case .object(let members):
            Self.write(members, "{", "}", to: &text, indentation: indentation) { member, text in
                text.append(jsonString: member.key)
                text.append(literal: ": ")
                member.value.write(to: &text, indentation: indentation + 2)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], _ open: StaticString, _ close: StaticString, to text: inout [UInt8], indentation: Int,
        element: (Element, inout [UInt8]) -> Void
    ) {
        text.append(literal: open)
        for (index, value) in elements.enumerated() {
            text.append(literal: index == 0 ? "\n" : ",\n")
            text.append(contentsOf: repeatElement(0x20, count: indentation + 2))
            element(value, &text)
        }
        if !elements.isEmpty {
            text.append(0x0A)
            text.append(contentsOf: repeatElement(0x20, count: indentation))
        }
        text.append(literal: close)
    }
}
