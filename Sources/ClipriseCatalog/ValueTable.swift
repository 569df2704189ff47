internal import ClipriseJSON
internal import ClipriseWire

/// What one parameter takes without a word, in flat tables.
///
/// Nearly every value of nearly every body passes here. What does not pass is not refused: `BodyCheck` holds it against
/// the parameter's rules one by one, and finds the words. A class, since a copy of a struct would count its references.
final class ValueTable: Sendable {
    enum Verdict {
        /// To be looked at rule by rule.
        case open
        /// Sound, and none of a list.
        case sound
        /// Sound, and this one of the parameter's list, 0-based.
        case choice(Int)
    }

    private enum Kind: Sendable {
        case text, boolean, whole, number
        /// Never passes here: lists, URLs, objects, indexes, and lists that mix texts and numbers.
        case other
    }

    private let kind: Kind
    private let hasList: Bool
    /// The texts of the list one behind another, and where each begins; the last number is the end of all.
    private let texts: FixedTable<UInt8>
    private let starts: FixedTable<Int>
    private let numbers: FixedTable<Double>
    private let range: ClosedRange<Double>
    /// Bytes that a text may have whatever its characters are.
    private let length: ClosedRange<Int>

    init(_ parameter: Parameter) {
        let list = parameter.allowed?.value
        hasList = list != nil
        var (texts, numbers): ([[UInt8]], [Double]) = ([], [])
        for value in list ?? [] {
            switch value {
            case .text(let text): texts.append(Array(text.utf8))
            case .number(let number): numbers.append(number)
            case .boolean: continue
            }
        }
        let isPure = texts.count == list?.count ?? 0
        let isNumeric = numbers.count == list?.count ?? 0
        kind =
            switch parameter.type?.value {
            case .string where isPure: .text
            case .boolean where list == nil: .boolean
            case .integer where isNumeric: .whole
            case .number where isNumeric: .number
            default: .other
            }
        self.texts = FixedTable(texts.flatMap(\.self))
        starts = FixedTable(texts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) })
        self.numbers = FixedTable(numbers)
        let least = parameter.minimum?.value ?? -.infinity
        range = least...max(least, parameter.maximum?.value ?? .infinity)
        // A character of Unicode has one to four bytes.
        let fewest = 4 * (parameter.minLength?.value ?? 0)
        length = fewest...max(fewest, parameter.maxLength?.value ?? .max)
    }

    deinit {
        texts.deallocate()
        starts.deallocate()
        numbers.deallocate()
    }

    func verdict(on value: JSONValue, in place: Parameter.Place) -> Verdict {
        switch kind {
        case .text:
            guard let bytes = value.utf8 else { return .open }
            if hasList {
                // The length of a value of the list is what the list makes it, unless the model says otherwise.
                guard let choice = choice(bytes), length.contains(bytes.count) else { return .open }
                return .choice(choice)
            }
            return length.contains(bytes.count) ? .sound : .open
        case .boolean: return value.boolean == nil ? .open : .sound
        case .whole, .number:
            guard let number = number(value), range.contains(number) else { return .open }
            guard hasList else { return .sound }
            // In `options` a number may be an index of the list.
            guard place != .options, let choice = numbers.firstIndex(of: number) else { return .open }
            return .choice(choice)
        case .other: return .open
        }
    }

    /// The lengths in bytes of the texts that are sound whatever else they are; nil where something else decides.
    var lengthsOfTexts: ClosedRange<Int>? {
        if case .text = kind, !hasList { length } else { nil }
    }

    private func number(_ value: JSONValue) -> Double? {
        switch value.kind {
        case .integer: value.number
        case .number: kind == .number ? value.number : nil
        case .object, .array, .string, .boolean, .null: nil
        }
    }

    private func choice(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let first = bytes.baseAddress, let start = texts.buffer.baseAddress else { return nil }
        for index in 0..<(starts.count - 1) where starts[index + 1] - starts[index] == bytes.count {
            if UnsafeBufferPointer.areEqual(start + starts[index], first, bytes.count) { return index }
        }
        return nil
    }
}

/// The keys of a model, for finding the parameter that one names.
struct KeyTable: Sendable {
    /// A key or an alias: its length and its first bytes, which tell nearly all of them apart, and where all bytes are.
    private struct Entry: Sendable {
        var head: UInt64
        var length: Int32
        var start: Int32
        var position: Int32
        var isAlias: Bool
    }

    private let entries: FixedTable<Entry>
    private let bytes: FixedTable<UInt8>

    /// Keys come before aliases, and of equal ones the first counts.
    init(_ parameters: [Parameter]) {
        var (entries, bytes): ([Entry], [UInt8]) = ([], [])
        func add(_ key: String, _ position: Int, isAlias: Bool) {
            let name = Array(key.utf8)
            entries.append(
                Entry(
                    head: name.withUnsafeBufferPointer(Self.head), length: Int32(name.count),
                    start: Int32(bytes.count), position: Int32(position), isAlias: isAlias))
            bytes += name
        }
        for (position, parameter) in parameters.enumerated() { add(parameter.key, position, isAlias: false) }
        for (position, parameter) in parameters.enumerated() {
            for alias in parameter.aliases?.statements.flatMap(\.value) ?? [] { add(alias, position, isAlias: true) }
        }
        (self.entries, self.bytes) = (FixedTable(entries), FixedTable(bytes))
    }

    /// Gives the memory back.
    func deallocate() {
        entries.deallocate()
        bytes.deallocate()
    }

    /// The position of the parameter that `key` names, and whether it is another spelling.
    func position(of key: UnsafeBufferPointer<UInt8>) -> (position: Int, isAlias: Bool)? {
        guard let first = key.baseAddress, let known = bytes.buffer.baseAddress, !key.isEmpty else { return nil }
        let head = Self.head(key)
        for entry in entries.buffer where entry.head == head && Int(entry.length) == key.count {
            if UnsafeBufferPointer.areEqual(known + Int(entry.start), first, key.count) {
                return (Int(entry.position), entry.isAlias)
            }
        }
        return nil
    }

    /// The first eight bytes, with zeros behind a shorter key.
    private static func head(_ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
        if key.count >= 8, let first = key.baseAddress {
            return UInt64(littleEndian: UnsafeRawPointer(first).loadUnaligned(as: UInt64.self))
        }
        var head: UInt64 = 0
        withUnsafeMutableBytes(of: &head) { $0.copyMemory(from: UnsafeRawBufferPointer(key)) }
        return UInt64(littleEndian: head)
    }
}

/// What the values of some parameters are read as, for those of their lists and their fallbacks read once.
struct ReadingTable<Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        var parameter: Int
        var choices: [Value?]
        var fallback: Value?
    }

    private let entries: FixedTable<Entry>
    private let read: @Sendable (Effective) -> Value?

    init(_ parameters: [Parameter], at positions: [Int], read: @escaping @Sendable (Effective) -> Value?) {
        self.read = read
        entries = FixedTable(
            positions.map { position in
                Entry(
                    parameter: position,
                    choices: parameters[position].allowed?.value.map { read(.fixed($0)) } ?? [],
                    fallback: parameters[position].defaultValue.flatMap { read(.fixed($0.value)) })
            })
    }

    /// Gives the memory back.
    func deallocate() { entries.deallocate() }

    var count: Int { entries.count }

    func reads(_ parameter: Int) -> Bool { entries.contains { $0.parameter == parameter } }

    /// What the parameter at a place of the table amounts to.
    func value(_ place: Int, _ values: borrowing EffectiveValues) -> Value? {
        switch values.source(of: entries[place].parameter) {
        case .choice(let choice): entries[place].choices[choice]
        case .fallback: entries[place].fallback
        case .other: read(values[entries[place].parameter])
        }
    }
}
