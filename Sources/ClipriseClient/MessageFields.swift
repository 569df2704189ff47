internal import ClipriseWire

/// The header fields of a message, in order, duplicates kept; names compare without case.
public struct MessageFields: Sendable, Hashable {
    /// One field.
    public struct Field: Sendable, Hashable {
        /// The name, as spelled.
        public var name: String
        /// The value, without blanks around it.
        public var value: String

        /// Values as given.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    private var list: [Field]

    /// Makes fields of a list.
    public init(_ fields: some Sequence<Field> = []) {
        list = Array(fields)
    }

    /// Adds a field, also where the name is there already.
    public mutating func append(_ name: String, _ value: String) {
        list.append(Field(name: name, value: value))
    }

    /// The value of the first field of this name; setting it takes the place of all of them, nil removes them.
    public subscript(name: String) -> String? {
        get { list.first { Self.isSame($0.name, name) }?.value }
        set {
            list.removeAll { Self.isSame($0.name, name) }
            if let newValue { append(name, newValue) }
        }
    }

    /// ASCII letters count as equal in both cases, all else by itself (RFC 9110 §5.1).
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8) { $0.asciiLowercased == $1.asciiLowercased }
    }
}

extension MessageFields: RandomAccessCollection {
    /// 0.
    public var startIndex: Int { 0 }
    /// The number of fields.
    public var endIndex: Int { list.count }
    /// The field at a place.
    public subscript(position: Int) -> Field { list[position] }
}

extension MessageFields: ExpressibleByDictionaryLiteral {
    /// Makes fields of names and values, in their order.
    public init(dictionaryLiteral elements: (String, String)...) {
        list = elements.map { Field(name: $0.0, value: $0.1) }
    }
}
