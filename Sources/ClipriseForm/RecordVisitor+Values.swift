public import ClipriseWire

extension RecordVisitor {
    @inlinable
    public func about(_ sentence: StaticString) {}

    // MARK: Values that stand as numbers or texts

    public mutating func integer(
        _ key: StaticString, _ value: inout Int, in range: ClosedRange<Int64> = RecordRange.counts
    ) throws(Failure) {
        var wide = Int64(value)
        try integer(key, &wide, in: range)
        value = Int(wide)
    }

    public mutating func integers(
        _ key: StaticString, _ values: inout [Int], in range: ClosedRange<Int64> = RecordRange.counts
    ) throws(Failure) {
        var wide = values.map { Int64($0) }
        try integers(key, &wide, in: range)
        if isReading { values = wide.map { Int($0) } }
    }

    // Inlined, for the type of a word is known where it is visited, and costs much to ask for here.
    @inlinable @inline(__always)
    public mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ key: StaticString, _ value: inout Word
    ) throws(Failure) {
        var read: Word?
        try word(key, value.rawValue, known: { Word.allCases.map(\.rawValue) }) { text in
            read = Word(rawValue: text)
            return read != nil
        }
        if let read { value = read }
    }

    public mutating func word(
        _ key: StaticString, _ value: inout Bool, no: String, yes: String
    ) throws(Failure) {
        var read = value
        try word(key, value ? yes : no, known: { [no, yes] }) { text in
            read = text == yes
            return read || text == no
        }
        value = read
    }

    /// A text that is always the same.
    public mutating func constant(_ key: StaticString, _ text: String) throws(Failure) {
        try word(key, text, known: { [text] }) { $0 == text }
    }

    private func name(of key: TimeKey) -> StaticString { isView ? key.seconds : key.nanoseconds }

    public mutating func instant(_ key: TimeKey, _ value: inout Instant) throws(Failure) {
        try time(name(of: key), &value.nanoseconds, .instant)
    }

    public mutating func date(_ key: TimeKey, _ nanoseconds: inout Int64) throws(Failure) {
        try time(name(of: key), &nanoseconds, .date)
    }

    public mutating func span(
        _ key: TimeKey, _ value: inout TimeSpan, in range: ClosedRange<Int64> = RecordRange.spans
    ) throws(Failure) {
        try time(name(of: key), &value.nanoseconds, .span(range))
    }

    public mutating func value<Value: RecordValue>(_ key: StaticString, _ value: inout Value) throws(Failure) {
        var known: Value? = value
        try self.value(key, &known)
        if let known { value = known }
    }

    // MARK: Members that may be absent

    public mutating func optional(_ key: StaticString, _ value: inout String?) throws(Failure) {
        guard has(key, value != nil) else { return }
        var known = value ?? ""
        try text(key, &known)
        value = known
    }

    public mutating func optional(_ key: StaticString, _ value: inout Bool?) throws(Failure) {
        guard has(key, value != nil) else { return }
        var known = value ?? false
        try flag(key, &known)
        value = known
    }

    public mutating func optional<Value: RecordValue>(value key: StaticString, _ value: inout Value?) throws(Failure) {
        if has(key, value != nil) { try self.value(key, &value) }
    }

    public mutating func optional<Entry: RecordEntry>(
        entries key: StaticString, _ entries: inout [Entry]?
    ) throws(Failure) {
        guard has(key, entries != nil) else { return }
        var known = entries ?? []
        try self.entries(key, &known)
        entries = known
    }

    public mutating func optional(
        _ key: StaticString, _ value: inout Int?, in range: ClosedRange<Int64> = RecordRange.counts
    ) throws(Failure) {
        guard has(key, value != nil) else { return }
        var known = value ?? 0
        try integer(key, &known, in: range)
        value = known
    }

    @inlinable @inline(__always)
    public mutating func optional<Word: RawRepresentable<String> & CaseIterable>(
        _ key: StaticString, _ value: inout Word?
    ) throws(Failure) {
        guard has(key, value != nil) else { return }
        var read: Word?
        try word(key, value?.rawValue ?? "", known: { Word.allCases.map(\.rawValue) }) { text in
            read = Word(rawValue: text)
            return read != nil
        }
        if let read { value = read }
    }

    public mutating func optional(
        _ key: StaticString, _ position: inout Int?, in list: RecordList
    ) throws(Failure) {
        guard has(key, position != nil) else { return }
        var known = position ?? 0
        try name(key, &known, in: list)
        position = known
    }

    public mutating func optional(_ key: TimeKey, _ value: inout Instant?) throws(Failure) {
        guard has(name(of: key), value != nil) else { return }
        var known = value ?? .start
        try instant(key, &known)
        value = known
    }

    public mutating func optional(_ key: TimeKey, date value: inout Int64?) throws(Failure) {
        guard has(name(of: key), value != nil) else { return }
        var known = value ?? 0
        try date(key, &known)
        value = known
    }

    public mutating func optional(_ key: TimeKey, _ value: inout TimeSpan?) throws(Failure) {
        guard has(name(of: key), value != nil) else { return }
        var known = value ?? .zero
        try span(key, &known)
        value = known
    }

    public mutating func optional<Value: Record>(_ key: StaticString, _ value: inout Value?) throws(Failure) {
        guard has(key, value != nil) else { return }
        var known = value ?? .blank
        try record(key, &known)
        value = known
    }

    /// A number that is absent when it is `standard`.
    public mutating func integer(
        _ key: StaticString, _ value: inout Int, in range: ClosedRange<Int64> = RecordRange.counts, or standard: Int
    ) throws(Failure) {
        if has(key, value != standard) { try integer(key, &value, in: range) }
    }

    /// A flag that is absent when it is not set.
    public mutating func flag(ifSet key: StaticString, _ value: inout Bool) throws(Failure) {
        if has(key, value) { try flag(key, &value) }
    }

    /// A hash that is absent when it is 0.
    public mutating func hash(ifSet key: StaticString, _ value: inout UInt64) throws(Failure) {
        if has(key, value != 0) { try number(key, &value, .hexadecimal) }
    }

    /// A list that is absent when it is empty.
    public mutating func records<Value: Record>(
        ifAny key: StaticString, _ values: inout [Value]
    ) throws(Failure) {
        if has(key, !values.isEmpty) { try records(key, &values) }
    }
}
