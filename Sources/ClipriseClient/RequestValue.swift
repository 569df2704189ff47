internal import ClipriseWire

/// A JSON value.
public enum RequestValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number with a fraction or an exponent; it must be finite.
    case number(Double)
    case string(String)
    case array([RequestValue])
    /// Members in writing order.
    case object([RequestField])

    /// The value of the member `key` of an object, the last if there are several; nil for all else.
    public subscript(key: String) -> RequestValue? {
        guard case .object(let fields) = self else { return nil }
        return fields.last { $0.key == key }?.value
    }

    /// The text of a string; nil for all else.
    public var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The value as JSON without white space, UTF-8.
    public var json: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.boolean(value)
        case .integer(let value): writer.integer(value)
        case .number(let value):
            precondition(value.isFinite, "JSON has no infinite numbers")
            writer.raw("\(value)".utf8)
        case .string(let text): writer.string(text)
        case .array(let values): writer.array(values) { $1.write(to: &$0) }
        case .object(let fields):
            writer.object { writer in
                for field in fields {
                    writer.key(text: field.key)
                    field.value.write(to: &writer)
                }
            }
        }
    }
}

/// A member of a JSON object.
public struct RequestField: Sendable, Hashable {
    public var key: String
    public var value: RequestValue

    public init(_ key: String, _ value: RequestValue) {
        self.key = key
        self.value = value
    }
}

extension RequestValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: RequestValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, RequestValue)...) {
        self = .object(elements.map { RequestField($0.0, $0.1) })
    }
}
