/// What members a record has.
package struct RecordDescription: RecordVisitor, Sendable, Hashable {
    package typealias Failure = Never

    package struct Member: Sendable, Hashable {
        package var key: String
        package var kind: Kind
        package var isOptional: Bool
    }

    package indirect enum Kind: Sendable, Hashable {
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

    package private(set) var members: [Member] = []
    private var isOptional = false
    package let isView: Bool

    package var isReading: Bool { false }

    /// Describes the members that a record of this shape can have.
    package init<Value: Record>(of record: Value, isView: Bool = false) {
        self.isView = isView
        var record = record
        record.visit(&self)
    }

    private mutating func add(_ key: StaticString, _ kind: Kind) {
        members.append(Member(key: "\(key)", kind: kind, isOptional: isOptional))
        isOptional = false
    }

    package mutating func has(_ key: StaticString, _ isThere: Bool) -> Bool {
        isOptional = true
        return true
    }

    package mutating func pass(_ key: StaticString) {
        isOptional = true
        add(key, .json)
    }

    package mutating func text(_ key: StaticString, _ value: inout String) { add(key, .text) }
    package mutating func flag(_ key: StaticString, _ value: inout Bool) { add(key, .flag) }

    package mutating func integer(_ key: StaticString, _ value: inout Int64, in range: ClosedRange<Int64>) {
        add(key, .integer(range))
    }

    package mutating func number(_ key: StaticString, _ value: inout UInt64, _ digits: RecordDigits) {
        add(key, .number(digits))
    }

    package mutating func time(_ key: StaticString, _ nanoseconds: inout Int64, _ kind: RecordTime) {
        add(key, .time(kind))
    }

    package mutating func word(_ key: StaticString, _ word: String, known: () -> [String], _ take: (String) -> Bool) {
        add(key, .word(known()))
    }

    package mutating func name(_ key: StaticString, _ position: inout Int, in list: RecordList) {
        add(key, .name(list))
    }

    package mutating func id(_ key: StaticString, ofTask ordinal: Int) {
        isOptional = true
        add(key, .id)
    }

    package mutating func json(_ key: StaticString, _ text: inout [UInt8]) { add(key, .json) }
    package mutating func bytes(_ key: StaticString, _ value: inout [UInt8]) { add(key, .bytes) }

    package mutating func rows(_ key: StaticString, _ rows: inout [[[UInt8]]], of expected: String) {
        add(key, .list(.list(.bytes)))
    }

    package mutating func record<Value: Record>(_ key: StaticString, _ value: inout Value) {
        add(key, .record(RecordDescription(of: value, isView: isView)))
    }

    package mutating func records<Value: Record>(_ key: StaticString, _ values: inout [Value]) {
        add(key, .list(.record(RecordDescription(of: Value.blank, isView: isView))))
    }

    package mutating func texts(_ key: StaticString, _ values: inout [String]) { add(key, .list(.text)) }

    package mutating func integers(_ key: StaticString, _ values: inout [Int64], in range: ClosedRange<Int64>) {
        add(key, .list(.integer(range)))
    }

    package func demand(
        _ isSound: @autoclosure () -> Bool, _ key: StaticString, _ reason: @autoclosure () -> RecordError.Reason
    ) {}
}
