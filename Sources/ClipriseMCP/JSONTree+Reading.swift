internal import ClipriseJSON
internal import ClipriseOpenAPI

extension JSONTree {
    /// A copy of a value that outlives its text.
    init(_ value: JSONValue) {
        switch value.kind {
        case .null: self = .null
        case .boolean: self = .boolean(value.boolean ?? false)
        case .integer, .number: self = .number(value.number ?? 0)
        case .string: self = .text(value.string ?? "")
        case .array: self = .list(value.elements.map { JSONTree($0) })
        case .object:
            self = .object(
                value.members.map { .init(key: String(decoding: $0.key, as: UTF8.self), value: JSONTree($0.value)) })
        }
    }
}
