public import ClipriseJSON
public import ClipriseWire

/// What is refused beside values out of their range.
public enum RecordManner: Sendable, Hashable {
    /// Members that are not known or stand twice, and whole numbers with a fraction, be it 0.
    case strict
    /// Members that are not known or stand twice.
    case once
    /// Members that are not known; of two equal ones the last counts.
    case known
    /// Nothing.
    case open
}

/// A value that is read, written and described in one place, such as one of several sorts.
public protocol RecordValue {
    static var kind: RecordKind { get }

    /// - Throws: `RecordError`, with the path from this value.
    init(_ json: JSONValue, _ manner: RecordManner) throws(RecordError)
    func write(to writer: inout JSONWriter)
}

/// A member of an object whose keys are data.
public protocol RecordEntry {
    associatedtype Value: RecordValue

    var key: String { get }
    var value: Value { get }

    init(key: String, value: Value)
}

extension RecordValue where Self: RawRepresentable<String> & CaseIterable {
    public static var kind: RecordKind { .word(allCases.map(\.rawValue)) }

    public init(_ json: JSONValue, _ manner: RecordManner) throws(RecordError) {
        guard let word = json.string.flatMap(Self.init(rawValue:)) else {
            throw RecordError([], .word(json.string, known: Self.allCases.map(\.rawValue)))
        }
        self = word
    }

    public func write(to writer: inout JSONWriter) { writer.string(rawValue) }
}

/// A text that is not empty.
extension String: RecordValue {
    public static var kind: RecordKind { .text }

    public init(_ json: JSONValue, _ manner: RecordManner) throws(RecordError) {
        guard let text = json.string, !text.isEmpty else { throw RecordError([], .text) }
        self = text
    }

    public func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Double: RecordValue {
    public static var kind: RecordKind { .real }

    public init(_ json: JSONValue, _ manner: RecordManner) throws(RecordError) {
        guard let number = json.number else { throw RecordError([], .expected("a number")) }
        self = number
    }

    public func write(to writer: inout JSONWriter) {
        writer.raw((Int64(exactly: self).map { "\($0)" } ?? "\(self)").utf8)
    }
}

extension Array: RecordValue where Element: RecordValue {
    public static var kind: RecordKind { .list(Element.kind) }

    public init(_ json: JSONValue, _ manner: RecordManner) throws(RecordError) {
        guard json.kind == .array else { throw RecordError([], .array) }
        self = []
        for element in json.elements {
            do throws(RecordError) {
                append(try Element(element, manner))
            } catch {
                throw error.inside([.index(count)])
            }
        }
    }

    public func write(to writer: inout JSONWriter) { writer.array(self) { $1.write(to: &$0) } }
}
