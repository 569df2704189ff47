/// What members a record has.
public struct RecordDescription: RecordVisitor, Sendable, Hashable {
    public typealias Failure = Never

    public struct Member: Sendable, Hashable {
        public var key: String
        public var kind: Kind
        public var isOptional: Bool
    }

    public indirect enum Kind: Sendable, Hashable {
        case text, flag, bytes, json
        case integer(ClosedRange<Int64>)
        case number(RecordDigits)
        case time(RecordTime)
        case word([String])
        /// The name of what stands at a position of a list, or the position.
        case name(RecordList)
        /// Of a task.
        case id
        case record(RecordDescription)
        case list(Kind)
    }

    public private(set) var members: [Member] = []
    private var isOptional = false
    public let isView: Bool

    public var isReading: Bool { false }

    /// Describes the members that a record of this shape can have.
    public init<Value: Record>(of record: Value, isView: Bool = false) {
        self.isView = isView
        var record = record
        record.visit(&self)
    }

    private mutating func add(_ key: StaticString, _ kind: Kind) {
        members.append(Member(key: "\(key)", kind: kind, isOptional: isOptional))
        isOptional = false
    }

    public mutating func has(_ key: StaticString, _ isThere: Bool) -> Bool {
        isOptional = true
        return true
    }

    public mutating func pass(_ key: StaticString) {
        isOptional = true
        add(key, .json)
    }

    public mutating func text(_ key: StaticString, _ value: inout String) { add(key, .text) }
    public mutating func flag(_ key: StaticString, _ value: inout Bool) { add(key, .flag) }

    public mutating func integer(_ key: StaticString, _ value: inout Int64, in range: ClosedRange<Int64>) {
        add(key, .integer(range))
    }

    public mutating func number(_ key: StaticString, _ value: inout UInt64, _ digits: RecordDigits) {
        add(key, .number(digits))
    }

    public mutating func time(_ key: StaticString, _ nanoseconds: inout Int64, _ kind: RecordTime) {
        add(key, .time(kind))
    }

    public mutating func word(_ key: StaticString, _ word: String, known: () -> [String], _ take: (String) -> Bool) {
        add(key, .word(known()))
    }

    public mutating func name(_ key: StaticString, _ position: inout Int, in list: RecordList) {
        add(key, .name(list))
    }

    public mutating func id(_ key: StaticString, ofTask ordinal: Int) {
        isOptional = true
        add(key, .id)
    }

    public mutating func json(_ key: StaticString, _ text: inout [UInt8]) { add(key, .json) }
    public mutating func bytes(_ key: StaticString, _ value: inout [UInt8]) { add(key, .bytes) }

    public mutating func rows(_ key: StaticString, _ rows: inout [[[UInt8]]], of expected: String) {
        add(key, .list(.list(.bytes)))
    }

    public mutating func record<Value: Record>(_ key: StaticString, _ value: inout Value) {
        add(key, .record(RecordDescription(of: value, isView: isView)))
    }

    public mutating func records<Value: Record>(_ key: StaticString, _ values: inout [Value]) {
        add(key, .list(.record(RecordDescription(of: Value.blank, isView: isView))))
    }

    public mutating func texts(_ key: StaticString, _ values: inout [String]) { add(key, .list(.text)) }

    public mutating func integers(_ key: StaticString, _ values: inout [Int64], in range: ClosedRange<Int64>) {
        add(key, .list(.integer(range)))
    }

    public func demand(
        _ isSound: @autoclosure () -> Bool, _ key: StaticString, _ reason: @autoclosure () -> RecordError.Reason
    ) {}
}
