// Reads JSON text through simdjson. Parsing a request body is the dearest step of the hot path: values are views of
// the reader's buffers, and nothing is allocated until a caller asks for a `String`.
//
// Pointers: the two of a `JSONValue` belong to a reader of the current thread; `withJSON` takes it and gives it back.
// A value must not leave the closure that it was given to.

internal import CClipriseJSON
internal import ClipriseWire

/// One value of a JSON text, valid only inside the closure of `withJSON` that brought it.
public struct JSONValue {
    @usableFromInline let tape: UnsafePointer<UInt64>
    @usableFromInline let strings: UnsafePointer<UInt8>
    @usableFromInline let index: Int

    @inlinable
    init(tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, index: Int) {
        self.tape = tape
        self.strings = strings
        self.index = index
    }

    public enum Kind: String, Sendable, Hashable {
        case object, array, string, integer, number, boolean, null
    }

    @inlinable internal var word: UInt64 { tape[index] }
    @inlinable internal var tag: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }
    @inlinable internal var payload: UInt64 { word & 0x00FF_FFFF_FFFF_FFFF }

    @inlinable
    public var kind: Kind {
        switch tag {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "l"), UInt8(ascii: "u"): .integer
        case UInt8(ascii: "d"): .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        default: .null
        }
    }

    @inlinable
    public var isNull: Bool { tag == UInt8(ascii: "n") }
    @inlinable
    public var isObject: Bool { tag == UInt8(ascii: "{") }
    @inlinable
    public var isString: Bool { tag == UInt8(ascii: "\"") }

    /// The UTF-8 bytes of a string, escapes resolved, or nil.
    @inlinable
    public var utf8: UnsafeBufferPointer<UInt8>? {
        guard isString else { return nil }
        let entry = strings + Int(payload)
        let length = UnsafeRawPointer(entry).loadUnaligned(as: UInt32.self)
        return UnsafeBufferPointer(start: entry + 4, count: Int(length))
    }

    /// A copy of a string, or nil.
    @inlinable
    public var string: String? {
        utf8.map { String(decoding: $0, as: UTF8.self) }
    }

    @inlinable
    public var boolean: Bool? {
        switch tag {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }

    /// An integer that fits 64 bits with a sign, or a number without a fraction that does; nil for all else.
    @inlinable
    public var integer: Int64? {
        switch tag {
        case UInt8(ascii: "l"): Int64(bitPattern: tape[index + 1])
        case UInt8(ascii: "d"): Int64(exactly: Double(bitPattern: tape[index + 1]))
        default: nil
        }
    }

    /// Any number; an integer beyond 2^53 is rounded.
    @inlinable
    public var number: Double? {
        switch tag {
        case UInt8(ascii: "l"): Double(Int64(bitPattern: tape[index + 1]))
        case UInt8(ascii: "u"): Double(tape[index + 1])
        case UInt8(ascii: "d"): Double(bitPattern: tape[index + 1])
        default: nil
        }
    }

    /// The elements of an array in order; empty for any other kind.
    @inlinable
    public var elements: Elements {
        tag == UInt8(ascii: "[") ? Elements(position: at(index + 1)) : Elements(position: at(endOfContainer(index)))
    }

    /// The members of an object in the order of the text, duplicates included; empty for any other kind.
    @inlinable
    public var members: Members {
        isObject ? Members(position: at(index + 1)) : Members(position: at(endOfContainer(index)))
    }

    /// The value of the last member called `key`, as JavaScript's `JSON.parse` would have it, or nil.
    public subscript(key key: StaticString) -> JSONValue? {
        var found: JSONValue?
        for member in members where member.key.equals(key) { found = member.value }
        return found
    }

    /// The value of the last member called `key`, or nil.
    public func member(_ key: String) -> JSONValue? {
        var found: JSONValue?
        for member in members where member.key.spells(key) { found = member.value }
        return found
    }

    /// Whether two values are the same JSON: numbers by value, objects member by member in order.
    @inlinable
    public func isSame(as other: JSONValue) -> Bool {
        switch (kind, other.kind) {
        case (.object, .object):
            var theirs = other.members.makeIterator()
            for mine in members {
                guard let their = theirs.next(), mine.key.elementsEqual(their.key), mine.value.isSame(as: their.value)
                else { return false }
            }
            return theirs.next() == nil
        case (.array, .array):
            var theirs = other.elements.makeIterator()
            for mine in elements {
                guard let their = theirs.next(), mine.isSame(as: their) else { return false }
            }
            return theirs.next() == nil
        case (.string, .string):
            guard let mine = utf8, let their = other.utf8 else { return false }
            return mine.elementsEqual(their)
        case (.boolean, .boolean): return boolean == other.boolean
        case (.null, .null): return true
        default:
            guard let mine = number, let their = other.number else { return false }
            return mine == their
        }
    }

    @inlinable internal func at(_ index: Int) -> JSONValue {
        JSONValue(tape: tape, strings: strings, index: index)
    }

    /// The index of the closing word of a container; for other kinds the index of a word that closes nothing.
    @inlinable internal func endOfContainer(_ index: Int) -> Int {
        switch tag {
        case UInt8(ascii: "{"), UInt8(ascii: "["): Int(UInt32(truncatingIfNeeded: payload)) - 1
        default: 0
        }
    }

    /// Whether this position closes a container, or is the root word: iteration ends here.
    @inlinable internal var isEnd: Bool {
        tag == UInt8(ascii: "]") || tag == UInt8(ascii: "}") || tag == UInt8(ascii: "r")
    }

    /// The position behind this value.
    @inlinable internal var following: JSONValue {
        switch tag {
        case UInt8(ascii: "{"), UInt8(ascii: "["): at(Int(UInt32(truncatingIfNeeded: payload)))
        case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): at(index + 2)
        default: at(index + 1)
        }
    }

    public struct Elements: Sequence, IteratorProtocol {
        @usableFromInline internal var position: JSONValue

        @inlinable
        init(position: JSONValue) {
            self.position = position
        }

        @inlinable
        public mutating func next() -> JSONValue? {
            guard !position.isEnd else { return nil }
            defer { position = position.following }
            return position
        }

        public var isEmpty: Bool { position.isEnd }

        /// Counted anew at each call.
        public var count: Int {
            var rest = self
            var total = 0
            while rest.next() != nil { total += 1 }
            return total
        }
    }

    public struct Members: Sequence, IteratorProtocol {
        @usableFromInline internal var position: JSONValue

        @inlinable
        init(position: JSONValue) {
            self.position = position
        }

        @inlinable
        public mutating func next() -> (key: UnsafeBufferPointer<UInt8>, value: JSONValue)? {
            guard !position.isEnd, let key = position.utf8 else { return nil }
            let value = position.following
            position = value.following
            return (key, value)
        }
    }
}

/// Why a text could not be read as JSON.
public enum JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    case empty
    /// Arrays and objects are nested deeper than `limit`.
    case tooDeep(limit: Int)
    case notUTF8
    /// A number is malformed or does not fit 64 bits.
    case badNumber
    /// A string is not closed, holds a raw control character, or has a wrong escape or a lone surrogate.
    case badString
    case tooLarge
    case syntax

    @inlinable
    public var description: String {
        switch self {
        case .empty: "the text is empty"
        case .tooDeep(let limit): "arrays and objects are nested deeper than \(limit)"
        case .notUTF8: "the text is not UTF-8"
        case .badNumber: "a number is malformed or too large"
        case .badString: "a string is not closed or has a wrong character or escape"
        case .tooLarge: "the text is too large"
        case .syntax: "the text is not JSON"
        }
    }

    init(_ error: cjson_error) {
        self =
            switch error {
            case cjson_empty: .empty
            case cjson_too_deep: .tooDeep(limit: Int(CJSON_DEPTH_LIMIT))
            case cjson_not_utf8: .notUTF8
            case cjson_number_too_large: .badNumber
            case cjson_bad_string: .badString
            case cjson_too_large: .tooLarge
            default: .syntax
            }
    }
}

/// Spare bytes behind a text that save `withJSON` a copy.
public let jsonPadding = Int(CJSON_PADDING)

/// Reads `text` and hands its value to `body`.
///
/// May be used inside itself, three levels deep; nothing of the value may leave the closure.
@inlinable
public func withJSON<Output, Failure: Error>(
    _ text: [UInt8], _ body: (JSONValue) throws(Failure) -> Output
) throws(Failure) -> Result<Output, JSONError> {
    switch takeAndRead(text) {
    case .failure(let error): return .failure(error)
    case .success(let value):
        defer { giveBack() }
        return .success(try body(value))
    }
}

/// Reads with a reader of this thread, which stays taken on success.
@usableFromInline
func takeAndRead(_ text: [UInt8]) -> Result<JSONValue, JSONError> {
    guard let reader = cjson_take() else { return .failure(.tooLarge) }
    var document = cjson_document()
    let error = text.withUnsafeBufferPointer { bytes in
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return cjson_empty }
        return cjson_read(reader, start, bytes.count, text.capacity, &document)
    }
    guard error == cjson_ok, let tape = document.tape, let strings = document.strings else {
        cjson_give_back()
        return .failure(JSONError(error))
    }
    return .success(JSONValue(tape: tape, strings: strings, index: 1))
}

@usableFromInline
func giveBack() {
    cjson_give_back()
}
