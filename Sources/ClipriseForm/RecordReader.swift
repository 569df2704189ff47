public import ClipriseJSON
public import ClipriseWire

/// Reads a record from a JSON object.
public struct RecordReader: RecordVisitor {
    public typealias Failure = RecordError

    private let members: JSONValue.Members
    /// The member that is likely to be asked for next: they come in the order in which they are visited.
    private var next: (key: UnsafeBufferPointer<UInt8>, value: JSONValue)?
    private var behind: JSONValue.Members
    private var taken = 0
    private let total: Int
    /// A bit for each key that is there, and for few that are not: most of what an object lacks is not looked for.
    private let marks: UInt64
    private let manner: RecordManner
    private let names: ReadNames
    /// Whether no member may stand twice.
    private var isOnce: Bool { manner == .strict || manner == .once }

    public var isReading: Bool { true }
    public var isView: Bool { false }

    /// - Throws: `RecordError` for what is no object.
    public init(_ value: JSONValue, _ manner: RecordManner, names: ReadNames = ReadNames()) throws(RecordError) {
        guard value.isObject else { throw RecordError([], .object) }
        members = value.members
        behind = members
        next = behind.next()
        var (rest, total, marks): (_, Int, UInt64) = (members, 0, 0)
        while let member = rest.next() {
            total &+= 1
            marks |= Self.mark(member.key.baseAddress, member.key.count)
        }
        (self.total, self.marks) = (total, marks)
        self.manner = manner
        self.names = names
    }

    /// Reads the whole object.
    public mutating func read<Value: Record>(_ record: inout Value) throws(RecordError) {
        do throws(RecordError) {
            try record.visit(&self)
        } catch {
            // A key that is misspelt is why another one is missing.
            try checkKeys(of: record)
            throw error
        }
        if taken != total { try checkKeys(of: record) }
    }

    private func checkKeys<Value: Record>(of record: Value) throws(RecordError) {
        guard manner != .open else { return }
        let known = RecordDescription(of: record).members.map(\.key)
        var seen: Set<String> = []
        for member in members {
            let key = String(decoding: member.key, as: UTF8.self)
            guard known.contains(key) else {
                throw RecordError([.key(key)], .unknown(near: Spelling.nearest(to: key, in: known)))
            }
            let isNew = seen.insert(key).inserted
            if isOnce, !isNew { throw RecordError([.key(key)], .repeated) }
        }
    }

    private static func mark(_ key: UnsafePointer<UInt8>?, _ count: Int) -> UInt64 {
        guard let key, count > 1 else { return 1 }
        let sum = Int(key[0]) &* 7 &+ Int(key[count &- 1]) &* 3 &+ Int(key[count / 2]) &+ count &* 5
        return 1 << UInt64(truncatingIfNeeded: sum & 63)
    }

    /// Brings a member before the others.
    private mutating func find(_ key: StaticString) -> Bool {
        if isOnce, next?.key.equals(key) ?? false { return true }
        guard marks & Self.mark(key.utf8Start, key.utf8CodeUnitCount) != 0 else { return false }
        var rest = members
        var isFound = false
        while let member = rest.next() {
            guard member.key.equals(key) else { continue }
            (next, behind, isFound) = (member, rest, true)
            if isOnce { break }
        }
        return isFound
    }

    /// The value of the member before the others.
    private mutating func takeNext() -> JSONValue? {
        guard let value = next?.value else { return nil }
        next = behind.next()
        taken += 1
        return value
    }

    /// - Parameter wanted: What an open reader says of a member that is missing.
    private mutating func take(
        _ key: StaticString, _ wanted: @autoclosure () -> RecordError.Reason
    ) throws(RecordError) -> JSONValue {
        guard find(key), let value = takeNext() else {
            throw manner == .open ? RecordError(key, wanted()) : RecordError([], .missing("\(key)"))
        }
        return value
    }

    // MARK: Members

    public mutating func has(_ key: StaticString, _ isThere: Bool) -> Bool { find(key) }

    public mutating func pass(_ key: StaticString) {
        if find(key) { _ = takeNext() }
    }

    public mutating func text(_ key: StaticString, _ value: inout String) throws(RecordError) {
        guard let text = try take(key, .text).string else { throw RecordError(key, .text) }
        value = text
    }

    public mutating func flag(_ key: StaticString, _ value: inout Bool) throws(RecordError) {
        guard let flag = try take(key, .flag).boolean else { throw RecordError(key, .flag) }
        value = flag
    }

    public mutating func integer(
        _ key: StaticString, _ value: inout Int64, in range: ClosedRange<Int64>
    ) throws(RecordError) {
        let found = try take(key, .integer(range, found: nil))
        guard manner != .strict || found.kind == .integer, let number = found.integer else {
            throw RecordError(key, .integer(range, found: nil))
        }
        guard range.contains(number) else { throw RecordError(key, .integer(range, found: number)) }
        value = number
    }

    public mutating func number(
        _ key: StaticString, _ value: inout UInt64, _ digits: RecordDigits
    ) throws(RecordError) {
        guard let text = try take(key, .text).string else { throw RecordError(key, .text) }
        let read =
            switch digits {
            case .decimal: UInt64(text)
            case .hexadecimal:
                text.utf8.count == 16 && text.utf8.allSatisfy { hexValue($0) != nil } ? UInt64(text, radix: 16) : nil
            }
        guard let read else { throw RecordError(key, .number(digits)) }
        value = read
    }

    public mutating func time(
        _ key: StaticString, _ nanoseconds: inout Int64, _ kind: RecordTime
    ) throws(RecordError) {
        switch kind {
        case .instant: try integer(key, &nanoseconds, in: RecordRange.instants)
        case .date: try integer(key, &nanoseconds, in: RecordRange.dates)
        case .span(let range): try integer(key, &nanoseconds, in: range)
        }
    }

    public mutating func word(
        _ key: StaticString, _ word: String, known: () -> [String], _ take: (String) -> Bool
    ) throws(RecordError) {
        let text = try self.take(key, .text).string
        guard let text, take(text) else { throw RecordError(key, .word(text, known: known())) }
    }

    public mutating func name(
        _ key: StaticString, _ position: inout Int, in list: RecordList
    ) throws(RecordError) {
        guard find(key), let name = next?.value.string else {
            return try integer(key, &position, in: RecordRange.counts)
        }
        _ = takeNext()
        guard let found = names.position(name, in: list) else {
            let near = Spelling.nearest(to: name, in: names.names(list)).map { ", did you mean \($0)?" } ?? ""
            throw RecordError(key, .said("the header has no \"\(name)\"\(near)"))
        }
        position = found
    }

    public mutating func id(_ key: StaticString, ofTask ordinal: Int) throws(RecordError) {
        guard find(key) else { return }
        var text = ""
        try self.text(key, &text)
        guard let id = TaskID(hex: Array(text.utf8)[...]) else {
            throw RecordError(key, .expected("32 lower-case hexadecimal digits"))
        }
        if let known = names.note(id, ofTask: ordinal) { throw RecordError(key, .said("task \(ordinal) is \(known)")) }
    }

    public mutating func json(_ key: StaticString, _ text: inout [UInt8]) throws(RecordError) {
        var writer = JSONWriter()
        writer.value(try take(key, .text))
        text = writer.bytes
    }

    public mutating func bytes(_ key: StaticString, _ value: inout [UInt8]) throws(RecordError) {
        guard let bytes = try take(key, .bytes).bytes else { throw RecordError(key, .bytes) }
        value = bytes
    }

    public mutating func record<Value: Record>(_ key: StaticString, _ value: inout Value) throws(RecordError) {
        let found = try take(key, .object)
        do throws(RecordError) {
            var reader = try RecordReader(found, manner, names: names)
            try reader.read(&value)
        } catch {
            throw error.inside([.key("\(key)")])
        }
    }

    public mutating func records<Value: Record>(_ key: StaticString, _ values: inout [Value]) throws(RecordError) {
        var read: [Value] = []
        for element in try elements(key) {
            do throws(RecordError) {
                read.append(try Value(element, manner, names: names))
            } catch {
                throw error.inside([.key("\(key)"), .index(read.count)])
            }
        }
        values = read
    }

    public mutating func texts(_ key: StaticString, _ values: inout [String]) throws(RecordError) {
        var read: [String] = []
        for element in try elements(key) {
            guard let text = element.string else { throw RecordError([.key("\(key)"), .index(read.count)], .text) }
            read.append(text)
        }
        values = read
    }

    public mutating func value<Value: RecordValue>(_ key: StaticString, _ value: inout Value?) throws(RecordError) {
        let found = try take(key, .expected("a value"))
        do throws(RecordError) {
            value = try Value(found, manner)
        } catch {
            throw error.inside([.key("\(key)")])
        }
    }

    public mutating func entries<Entry: RecordEntry>(
        _ key: StaticString, _ entries: inout [Entry]
    ) throws(RecordError) {
        let found = try take(key, .object)
        guard found.isObject else { throw RecordError(key, .object) }
        var read: [Entry] = []
        var seen: Set<String> = []
        for member in found.members {
            let name = String(decoding: member.key, as: UTF8.self)
            do throws(RecordError) {
                guard seen.insert(name).inserted else { throw RecordError([], .repeated) }
                read.append(Entry(key: name, value: try Entry.Value(member.value, manner)))
            } catch {
                throw error.inside([.key("\(key)"), .key(name)])
            }
        }
        entries = read
    }

    public mutating func integers(
        _ key: StaticString, _ values: inout [Int64], in range: ClosedRange<Int64>
    ) throws(RecordError) {
        var read: [Int64] = []
        for element in try elements(key) {
            guard let number = element.integer, range.contains(number) else {
                throw RecordError([.key("\(key)"), .index(read.count)], .integer(range, found: element.integer))
            }
            read.append(number)
        }
        values = read
    }

    private mutating func elements(_ key: StaticString) throws(RecordError) -> JSONValue.Elements {
        let found = try take(key, .array)
        guard found.kind == .array else { throw RecordError(key, .array) }
        return found.elements
    }

    public func demand(
        _ isSound: @autoclosure () -> Bool, _ key: StaticString?, _ reason: @autoclosure () -> RecordError.Reason
    ) throws(RecordError) {
        guard isSound() else { throw RecordError(key.map { [.key("\($0)")] } ?? [], reason()) }
    }
}

extension JSONValue {
    /// A text, or what `{"base64":…}` holds; nil for all else.
    public var bytes: [UInt8]? {
        utf8.map { Array($0) } ?? self[key: "base64"]?.utf8.flatMap { Base64.decode(Array($0)) }
    }
}

extension JSONWriter {
    /// A value that was read.
    public mutating func value(_ json: JSONValue) {
        switch json.kind {
        case .object:
            object { writer in
                for member in json.members {
                    writer.key(text: String(decoding: member.key, as: UTF8.self))
                    writer.value(member.value)
                }
            }
        case .array:
            array { writer in
                for element in json.elements { writer.value(element) }
            }
        case .string: string(json.string ?? "")
        case .integer:
            if let integer = json.integer { self.integer(integer) } else { raw("\(json.number ?? 0)".utf8) }
        case .number: raw("\(json.number ?? 0)".utf8)
        case .boolean: boolean(json.boolean ?? false)
        case .null: null()
        }
    }
}
