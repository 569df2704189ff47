public import ClipriseJSON

/// What is wrong with a record, and where.
public struct RecordError: Error, Sendable, Hashable {
    public enum Reason: Sendable, Hashable {
        /// The object at the path lacks a member.
        case missing(String)
        /// A member that none has.
        case unknown(near: String?)
        case repeated
        case text, flag, bytes, object, array
        /// Out of its range, or nil for what is no whole number.
        case integer(ClosedRange<Int64>, found: Int64?)
        case number(RecordDigits)
        /// Nil for what is no text.
        case word(String?, known: [String])
        /// What was expected in its place.
        case expected(String)
        /// What is wrong, as a clause.
        case said(String)
    }

    /// From the record that was read.
    public var path: [JSONStep]
    public var reason: Reason

    public init(_ path: [JSONStep], _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    init(_ key: StaticString, _ reason: Reason) { self.init([.key("\(key)")], reason) }

    /// The same, of a record that stands in another one.
    func inside(_ steps: [JSONStep]) -> RecordError { RecordError(steps + path, reason) }
}

extension RecordError.Reason {
    /// What was expected.
    ///
    /// - Parameter nouns: What texts and arrays are called.
    public func expectation(_ nouns: (text: String, array: String) = ("a string", "an array")) -> String {
        switch self {
        case .missing(let key): "a key \"\(key)\""
        case .unknown: "no such key"
        case .repeated: "each key once"
        case .text: nouns.text
        case .flag: "true or false"
        case .bytes: "\(nouns.text), or {\"base64\": …}"
        case .object: "an object"
        case .array: nouns.array
        case .integer(_, found: nil): "a whole number"
        case .integer(let range, found: _) where range.lowerBound == range.upperBound: "\(range.lowerBound)"
        case .integer(let range, found: _): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(.decimal): "a whole number as \(nouns.text)"
        case .number(.hexadecimal): "16 hexadecimal digits"
        case .word(_, let known): "one of \(known.joined(separator: ", "))"
        case .expected(let expected): expected
        case .said(let words): words
        }
    }
}
