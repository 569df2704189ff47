public struct RecordDescription: RecordVisitor, Sendable, Hashable {
    public typealias Failure = Never

    public private(set) var members: [RecordMember] = []
    private var isOptional = false
    private var sentence = ""
    public let isView: Bool
    /// Whether a schema refuses members that are not described.
    let isClosed: Bool

    public var isReading: Bool { false }

    /// Describes the members that a record of this shape can have.
    public init<Value: Record>(of record: Value, isView: Bool = false, isClosed: Bool = false) {
        self.isView = isView
        self.isClosed = isClosed
        var record = record
        record.visit(&self)
    }

    private mutating func add(_ key: StaticString, _ kind: RecordKind) {
        members.append(RecordMember(key: "\(key)", kind: kind, isOptional: isOptional, about: sentence))
        (isOptional, sentence) = (false, "")
    }

    public mutating func about(_ sentence: StaticString) { self.sentence = "\(sentence)" }

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

    public mutating func record<Value: Record>(_ key: StaticString, _ value: inout Value) {
        add(key, .record(RecordDescription(of: value, isView: isView).members))
    }

    public mutating func records<Value: Record>(_ key: StaticString, _ values: inout [Value]) {
        add(key, .list(.record(RecordDescription(of: Value.blank, isView: isView).members)))
    }

    public mutating func texts(_ key: StaticString, _ values: inout [String]) { add(key, .list(.text)) }

    public mutating func value<Value: RecordValue>(_ key: StaticString, _ value: inout Value?) { add(key, Value.kind) }

    public mutating func entries<Entry: RecordEntry>(_ key: StaticString, _ entries: inout [Entry]) {
        add(key, .entries(Entry.Value.kind))
    }

    public mutating func integers(_ key: StaticString, _ values: inout [Int64], in range: ClosedRange<Int64>) {
        add(key, .list(.integer(range)))
    }

    public func demand(
        _ isSound: @autoclosure () -> Bool, _ key: StaticString?, _ reason: @autoclosure () -> RecordError.Reason
    ) {}
}
