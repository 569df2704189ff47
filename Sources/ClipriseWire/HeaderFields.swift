/// The header fields of one request, in arrival order, duplicates kept, spelling as sent.
///
/// All names and values lie in one buffer, so a request costs two allocations however many fields it has, and none
/// when the value is used again.
public struct HeaderFields: Sendable {
    private var bytes: [UInt8]
    private var slots: [Slot]
    /// Whether `bytes` is the head as it was received, in which the slots lie one behind the other.
    private var isReceivedText = false

    /// Where a name and its value lie in `bytes`.
    private struct Slot: Sendable {
        var nameStart: Int32
        var nameEnd: Int32
        var valueStart: Int32
        var valueEnd: Int32

        /// - Parameter name: In lower case.
        @inline(__always) func isNamed(_ name: StaticString, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
            let wanted = name.utf8Start
            let length = Int32(truncatingIfNeeded: name.utf8CodeUnitCount)
            guard nameEnd &- nameStart == length else { return false }
            for offset in 0..<Int(length) {
                let byte = bytes[Int(nameStart) &+ offset]
                guard (byte &- 0x41 < 26 ? byte | 0x20 : byte) == wanted[offset] else { return false }
            }
            return true
        }
    }

    public init() {
        bytes = []
        slots = []
    }

    /// Makes fields from literals, for tests and hosts without a socket.
    public init(_ pairs: [(name: String, value: String)]) {
        self.init()
        for pair in pairs {
            append(name: Array(pair.name.utf8), value: Array(pair.value.utf8))
        }
    }

    public var count: Int { slots.count }

    /// Forgets all fields; the memory stays for the next request.
    public mutating func removeAll() {
        isReceivedText = false
        bytes.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
    }

    public mutating func append(name: some Sequence<UInt8>, value: some Sequence<UInt8>) {
        let nameStart = bytes.count
        bytes.append(contentsOf: name)
        let valueStart = bytes.count
        bytes.append(contentsOf: value)
        note(name: nameStart..<valueStart, value: valueStart..<bytes.count)
    }

    /// Appends from memory that is only borrowed for the call.
    public mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        let nameStart = bytes.count
        bytes.append(contentsOf: name)
        let valueStart = bytes.count
        bytes.append(contentsOf: value)
        note(name: nameStart..<valueStart, value: valueStart..<bytes.count)
    }

    /// Notes a field by its place in a text that is handed in when all fields are noted.
    ///
    /// One copy of a whole head costs less than one of each name and value.
    public mutating func note(name: Range<Int>, value: Range<Int>) {
        slots.append(
            Slot(
                nameStart: Int32(truncatingIfNeeded: name.lowerBound),
                nameEnd: Int32(truncatingIfNeeded: name.upperBound),
                valueStart: Int32(truncatingIfNeeded: value.lowerBound),
                valueEnd: Int32(truncatingIfNeeded: value.upperBound)))
    }

    /// Copies the text that all noted fields lie in, borrowed for the call; it takes the place of the former one.
    public mutating func finish(with text: UnsafeRawBufferPointer) {
        for slot in slots {
            precondition(
                slot.nameStart >= 0 && slot.valueStart >= 0 && slot.nameEnd <= text.count
                    && slot.valueEnd <= text.count, "a field lies outside of its text")
        }
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: text)
        isReceivedText = true
    }

    /// Appends a line for each field, for `lines`; one that would make the text longer than `limit` is left out.
    public func appendLines(to text: inout [UInt8], limit: Int) {
        if isReceivedText, text.count &+ bytes.count < limit {
            // By far the most heads: one copy, and two marks a field, in the place of a copy of each name and value.
            let start = text.count
            bytes.withUnsafeBufferPointer { text.append(contentsOf: $0) }
            text.append(UInt8(ascii: "\n"))
            return text.withUnsafeMutableBufferPointer { text in
                for slot in slots {
                    text[start &+ Int(slot.nameEnd)] = UInt8(ascii: ":")
                    text[start &+ Int(slot.valueEnd)] = UInt8(ascii: "\n")
                }
            }
        }
        bytes.withUnsafeBufferPointer { bytes in
            for slot in slots {
                let name = Int(slot.nameStart)..<Int(slot.nameEnd)
                let value = Int(slot.valueStart)..<Int(slot.valueEnd)
                guard text.count &+ name.count &+ value.count &+ 3 <= limit else { continue }
                text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[name]))
                text.append(UInt8(ascii: ":"))
                text.append(UInt8(ascii: " "))
                text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[value]))
                text.append(UInt8(ascii: "\n"))
            }
        }
    }

    /// The fields of the lines that `appendLines` made.
    ///
    /// Between two fields of a head as it was received there may be one byte more, a NUL where libmicrohttpd found LF.
    public static func lines(_ text: ArraySlice<UInt8>) -> [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] {
        text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let line = line.drop { $0 == 0 || $0 == 0x0D }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            return (line[..<colon], line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 })
        }
    }

    public func name(at index: Int) -> ArraySlice<UInt8> {
        bytes[Int(slots[index].nameStart)..<Int(slots[index].nameEnd)]
    }

    public func value(at index: Int) -> ArraySlice<UInt8> {
        bytes[Int(slots[index].valueStart)..<Int(slots[index].valueEnd)]
    }

    /// The number of fields called `name` and the value of the first of them.
    ///
    /// - Parameter name: The name in lower case; names compare without case (RFC 9110 §5.1).
    public func find(_ name: StaticString) -> (count: Int, first: ArraySlice<UInt8>) {
        guard let first = index(of: name, from: 0) else { return (0, []) }
        var count = 1
        var next = first + 1
        while let another = index(of: name, from: next) {
            count += 1
            next = another + 1
        }
        return (count, value(at: first))
    }

    /// The value of the first field called `name` (lower case), or nil.
    public func first(_ name: StaticString) -> ArraySlice<UInt8>? {
        index(of: name, from: 0).map { value(at: $0) }
    }

    /// Whether a value has a text in it, of any field but those called `name` (lower case).
    public func isFound(_ search: ByteSearch, butIn name: StaticString) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            slots.withUnsafeBufferPointer { slots in
                for slot in slots where slot.valueEnd &- slot.valueStart >= search.count && !slot.isNamed(name, bytes) {
                    let value = bytes[Int(slot.valueStart)..<Int(slot.valueEnd)]
                    if search.isFound(in: UnsafeBufferPointer(rebasing: value)) { return true }
                }
                return false
            }
        }
    }

    /// Whether the field at `index` is called `name` (lower case).
    public func isNamed(_ name: StaticString, at index: Int) -> Bool {
        bytes.withUnsafeBufferPointer { slots[index].isNamed(name, $0) }
    }

    /// The index of the first field called `name` (lower case) at or behind `start`.
    private func index(of name: StaticString, from start: Int) -> Int? {
        slots.withUnsafeBufferPointer { slots in
            bytes.withUnsafeBufferPointer { bytes in
                var index = start
                while index < slots.count {
                    let slot = slots[index]
                    index += 1
                    if slot.isNamed(name, bytes) { return index - 1 }
                }
                return nil
            }
        }
    }
}
