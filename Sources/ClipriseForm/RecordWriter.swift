public import ClipriseWire

/// Writes records as JSON.
public struct RecordWriter: RecordVisitor {
    public typealias Failure = Never

    private var json: JSONWriter
    private let names: (any RecordNames)?
    public let isView: Bool

    public var isReading: Bool { false }

    fileprivate init(_ names: (any RecordNames)?, isView: Bool) {
        json = JSONWriter()
        self.names = names
        self.isView = isView
    }

    fileprivate mutating func writeMembers<Value: Record>(of record: Value, to writer: inout JSONWriter) {
        // Exchanged, so that nobody holds the text twice.
        swap(&json, &writer)
        var record = record
        record.visit(&self)
        swap(&json, &writer)
    }

    public func has(_ key: StaticString, _ isThere: Bool) -> Bool { isThere }
    public func pass(_ key: StaticString) {}

    public mutating func text(_ key: StaticString, _ value: inout String) { json.member(key, value) }
    public mutating func flag(_ key: StaticString, _ value: inout Bool) { json.member(key, value) }

    public mutating func integer(_ key: StaticString, _ value: inout Int64, in range: ClosedRange<Int64>) {
        json.member(key, value)
    }

    public mutating func number(_ key: StaticString, _ value: inout UInt64, _ digits: RecordDigits) {
        json.member(key, digits == .hexadecimal ? value.hex : String(value))
    }

    public mutating func time(_ key: StaticString, _ nanoseconds: inout Int64, _ kind: RecordTime) {
        json.key(key)
        switch kind {
        case _ where !isView: json.integer(nanoseconds)
        case .date: json.date(nanoseconds)
        case .instant, .span: json.seconds(Instant(nanoseconds: nanoseconds))
        }
    }

    public mutating func word(_ key: StaticString, _ word: String, known: () -> [String], _ take: (String) -> Bool) {
        json.member(key, word)
    }

    public mutating func name(_ key: StaticString, _ position: inout Int, in list: RecordList) {
        if let name = names?.name(at: position, in: list) { json.member(key, name) } else { json.member(key, position) }
    }

    public mutating func id(_ key: StaticString, ofTask ordinal: Int) {
        if let id = names?.id(ofTask: ordinal) { json.member(key, id.description) }
    }

    public mutating func json(_ key: StaticString, _ text: inout [UInt8]) {
        json.key(key)
        json.raw(text)
    }

    public mutating func bytes(_ key: StaticString, _ value: inout [UInt8]) {
        json.key(key)
        json.bytes(value)
    }

    public mutating func record<Value: Record>(_ key: StaticString, _ value: inout Value) {
        json.key(key)
        write(&value)
    }

    private mutating func write<Value: Record>(_ value: inout Value) {
        json.beginObject()
        value.visit(&self)
        json.endObject()
    }

    public mutating func records<Value: Record>(_ key: StaticString, _ values: inout [Value]) {
        json.key(key)
        json.beginArray()
        for var value in values { write(&value) }
        json.endArray()
    }

    public mutating func texts(_ key: StaticString, _ values: inout [String]) {
        json.member(key, array: values) { $0.string($1) }
    }

    public mutating func value<Value: RecordValue>(_ key: StaticString, _ value: inout Value?) {
        json.key(key)
        if let value { value.write(to: &json) } else { json.null() }
    }

    public mutating func entries<Entry: RecordEntry>(_ key: StaticString, _ entries: inout [Entry]) {
        json.key(key)
        json.beginObject()
        for entry in entries {
            json.key(text: entry.key)
            entry.value.write(to: &json)
        }
        json.endObject()
    }

    public mutating func integers(_ key: StaticString, _ values: inout [Int64], in range: ClosedRange<Int64>) {
        json.member(key, array: values) { $0.integer($1) }
    }

    public func demand(
        _ isSound: @autoclosure () -> Bool, _ key: StaticString?, _ reason: @autoclosure () -> RecordError.Reason
    ) {}
}

extension JSONWriter {
    /// Bytes as text where they are UTF-8, otherwise as `{"base64":…}`.
    public mutating func bytes(_ bytes: [UInt8]) {
        if let text = String(validating: bytes, as: UTF8.self) {
            string(text)
        } else {
            object { $0.member("base64", Base64.encode(bytes)) }
        }
    }

    /// The members of a record; the object is opened and closed by whoever calls.
    ///
    /// - Parameters:
    ///   - names: Nil when nothing has a name.
    ///   - isView: Whether this is for people, with times as seconds and dates, rather than to be read back.
    public mutating func members<Value: Record>(
        of record: Value, names: (any RecordNames)? = nil, isView: Bool = false
    ) {
        var writer = RecordWriter(names, isView: isView)
        writer.writeMembers(of: record, to: &self)
    }
}
