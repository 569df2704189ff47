/// The header fields of one request, in arrival order, duplicates kept, spelling as sent.
///
/// All names and values lie in one buffer, so a request costs two allocations however many fields it has.
package struct HeaderFields: Sendable {
    private var bytes: [UInt8]
    private var slots: [Slot]

    private struct Slot: Sendable {
        var nameStart: Int32
        var valueStart: Int32
        var valueEnd: Int32
    }

    package init() {
        bytes = []
        slots = []
    }

    /// Makes fields from literals, for tests and hosts without a socket.
    package init(_ pairs: [(name: String, value: String)]) {
        self.init()
        for pair in pairs {
            append(name: Array(pair.name.utf8), value: Array(pair.value.utf8))
        }
    }

    package var count: Int { slots.count }

    package mutating func reserve(fields: Int, bytes byteCount: Int) {
        slots.reserveCapacity(fields)
        bytes.reserveCapacity(byteCount)
    }

    /// Forgets all fields; the memory stays for the next request.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
    }

    package mutating func append(name: some Sequence<UInt8>, value: some Sequence<UInt8>) {
        let nameStart = Int32(truncatingIfNeeded: bytes.count)
        bytes.append(contentsOf: name)
        let valueStart = Int32(truncatingIfNeeded: bytes.count)
        bytes.append(contentsOf: value)
        slots.append(
            Slot(nameStart: nameStart, valueStart: valueStart, valueEnd: Int32(truncatingIfNeeded: bytes.count)))
    }

    /// Appends from memory that is only borrowed for the call.
    package mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        let nameStart = Int32(truncatingIfNeeded: bytes.count)
        bytes.append(contentsOf: name)
        let valueStart = Int32(truncatingIfNeeded: bytes.count)
        bytes.append(contentsOf: value)
        slots.append(
            Slot(nameStart: nameStart, valueStart: valueStart, valueEnd: Int32(truncatingIfNeeded: bytes.count)))
    }

    package func name(at index: Int) -> ArraySlice<UInt8> {
        bytes[Int(slots[index].nameStart)..<Int(slots[index].valueStart)]
    }

    package func value(at index: Int) -> ArraySlice<UInt8> {
        bytes[Int(slots[index].valueStart)..<Int(slots[index].valueEnd)]
    }

    /// The number of fields called `name` and the value of the first of them.
    ///
    /// - Parameter name: The name in lower case; names compare without case (RFC 9110 §5.1).
    package func find(_ name: StaticString) -> (count: Int, first: ArraySlice<UInt8>) {
        var found = 0
        var first: ArraySlice<UInt8> = []
        for index in slots.indices where equals(slot: slots[index], lowercaseName: name) {
            if found == 0 { first = value(at: index) }
            found += 1
        }
        return (found, first)
    }

    /// The value of the first field called `name` (lower case), or nil.
    package func first(_ name: StaticString) -> ArraySlice<UInt8>? {
        for index in slots.indices where equals(slot: slots[index], lowercaseName: name) {
            return value(at: index)
        }
        return nil
    }

    private func equals(slot: Slot, lowercaseName name: StaticString) -> Bool {
        let length = Int(slot.valueStart - slot.nameStart)
        guard length == name.utf8CodeUnitCount else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            for offset in 0..<length {
                var byte = bytes[Int(slot.nameStart) + offset]
                if byte &- 0x41 < 26 { byte |= 0x20 }
                if byte != name.utf8Start[offset] { return false }
            }
            return true
        }
    }
}
