/// A JSON object that one function reads, writes and describes.
public protocol Record {
    /// What is read into.
    static var blank: Self { get }

    /// Visits the members in the order in which they are written.
    ///
    /// A reader fills the record, a writer writes it, a description lists its members: the three cannot disagree.
    mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure)
}

/// A reader, a writer or a description of records.
///
/// A member that may be absent is asked for with `has` before it is visited, as `optional` does.
public protocol RecordVisitor {
    associatedtype Failure: Error

    /// Whether values come from a text.
    var isReading: Bool { get }
    /// Whether this is for people, with times as seconds and dates, rather than to be read back.
    var isView: Bool { get }

    /// Whether the record has a member: of one that is read the text says so, of others `isThere`.
    mutating func has(_ key: StaticString, _ isThere: Bool) -> Bool
    /// A sentence for people on the member that is visited next; only a description keeps it.
    mutating func about(_ sentence: StaticString)
    /// A member that may be there and is not looked at.
    mutating func pass(_ key: StaticString)

    mutating func text(_ key: StaticString, _ value: inout String) throws(Failure)
    mutating func flag(_ key: StaticString, _ value: inout Bool) throws(Failure)
    mutating func integer(
        _ key: StaticString, _ value: inout Int64, in range: ClosedRange<Int64>
    ) throws(Failure)
    /// A number of 64 bits as text, so that it survives readers that keep numbers as floats.
    mutating func number(_ key: StaticString, _ value: inout UInt64, _ digits: RecordDigits) throws(Failure)
    mutating func time(_ key: StaticString, _ nanoseconds: inout Int64, _ kind: RecordTime) throws(Failure)
    /// A text out of a list.
    ///
    /// - Parameter take: Takes what was read; false when it is none of the list.
    mutating func word(
        _ key: StaticString, _ word: String, known: () -> [String], _ take: (String) -> Bool
    ) throws(Failure)
    /// The name of what stands at a position of a list, or the position of what has no name.
    mutating func name(_ key: StaticString, _ position: inout Int, in list: RecordList) throws(Failure)
    /// The id of a task, where it is known.
    mutating func id(_ key: StaticString, ofTask ordinal: Int) throws(Failure)
    /// JSON text that has a reader and a writer of its own.
    mutating func json(_ key: StaticString, _ text: inout [UInt8]) throws(Failure)

    /// Bytes as text where they are UTF-8, otherwise as `{"base64":…}`.
    mutating func bytes(_ key: StaticString, _ value: inout [UInt8]) throws(Failure)

    mutating func record<Value: Record>(_ key: StaticString, _ value: inout Value) throws(Failure)
    mutating func records<Value: Record>(_ key: StaticString, _ values: inout [Value]) throws(Failure)
    mutating func texts(_ key: StaticString, _ values: inout [String]) throws(Failure)
    /// A value that reads and writes itself; nil only where nothing is read.
    mutating func value<Value: RecordValue>(_ key: StaticString, _ value: inout Value?) throws(Failure)
    /// An object whose keys are data, each of which stands once.
    mutating func entries<Entry: RecordEntry>(_ key: StaticString, _ entries: inout [Entry]) throws(Failure)
    mutating func integers(
        _ key: StaticString, _ values: inout [Int64], in range: ClosedRange<Int64>
    ) throws(Failure)

    /// Refuses a member that was read, or the record for which the key is nil; does nothing where nothing is read.
    mutating func demand(
        _ isSound: @autoclosure () -> Bool, _ key: StaticString?, _ reason: @autoclosure () -> RecordError.Reason
    ) throws(Failure)
}

/// The key of a time, which says its unit where that is the nanosecond.
public struct TimeKey: Sendable, ExpressibleByStringLiteral {
    let seconds: StaticString
    let nanoseconds: StaticString

    public init(_ seconds: StaticString, _ nanoseconds: StaticString) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    public init(stringLiteral key: StaticString) { self.init(key, key) }
}

/// What numbers can be, so that sums of many stay in 64 bits.
public enum RecordRange {
    /// What a count can be.
    public static let counts: ClosedRange<Int64> = 0...1 << 48
    /// A moment on a clock, in nanoseconds: 146 years from its start.
    public static let instants: ClosedRange<Int64> = 0...1 << 62
    /// A moment of the calendar, in nanoseconds since 1970: to the year 2116.
    public static let dates: ClosedRange<Int64> = -(1 << 62)...1 << 62
    /// A length of time, in nanoseconds: 36 years.
    public static let spans: ClosedRange<Int64> = -(1 << 60)...1 << 60
    /// Credits of one movement: the most that an account holds.
    public static let credits: ClosedRange<Int64> = -1_000_000_000_000...1_000_000_000_000
    /// Sums of credits over the life of an account.
    public static let sums: ClosedRange<Int64> = -1_000_000_000_000_000_000...1_000_000_000_000_000_000
}
