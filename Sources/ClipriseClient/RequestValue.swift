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

    func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(literal: "null")
        case .bool(let value): bytes.append(literal: value ? "true" : "false")
        case .integer(let value): bytes.append(decimal: value)
        case .number(let value):
            precondition(value.isFinite, "JSON has no infinite numbers")
            bytes.append(contentsOf: "\(value)".utf8)
        case .string(let text): bytes.append(jsonString: text)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let fields):
            bytes.append(UInt8(ascii: "{"))
            for (index, field) in fields.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(jsonString: field.key)
                bytes.append(UInt8(ascii: ":"))
                field.value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// The value as JSON without white space, UTF-8.
    public var json: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
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
