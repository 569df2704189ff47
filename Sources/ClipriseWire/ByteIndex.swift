/// Numbers byte strings in the order of their adding, 0-based, and finds the number of a string that it only borrows.
///
/// Open addressing, FNV-1a; strings are never removed. Callers keep what belongs to a string in an array of their own.
public struct ByteIndex: Sendable {
    private struct Slot: Sendable {
        var hash: UInt64
        var number: Int32
    }

    private var slots: [Slot]
    private var keys: [[UInt8]] = []

    public init() {
        slots = Array(repeating: Slot(hash: 0, number: -1), count: 16)
    }

    public var count: Int { keys.count }

    /// The number of `key`, or nil.
    public func number(of key: ArraySlice<UInt8>) -> Int? {
        key.withUnsafeBufferPointer(number(of:))
    }

    /// The number of `key`, or nil.
    public func number(of key: UnsafeBufferPointer<UInt8>) -> Int? {
        let hash = Self.hash(key)
        var index = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[index].number >= 0 {
            if slots[index].hash == hash {
                let number = Int(slots[index].number)
                let isSame = keys[number].withUnsafeBufferPointer { known in
                    guard known.count == key.count else { return false }
                    for offset in 0..<known.count where known[offset] != key[offset] { return false }
                    return true
                }
                if isSame { return number }
            }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds a string that is not there yet.
    ///
    /// - Returns: Its number: the count before.
    public mutating func add(_ key: [UInt8]) -> Int {
        precondition(number(of: key[...]) == nil, "each byte string is added once")
        if (keys.count + 1) * 2 > slots.count { grow() }
        keys.append(key)
        insert(Slot(hash: key.withUnsafeBufferPointer(Self.hash), number: Int32(keys.count - 1)))
        return keys.count - 1
    }

    private mutating func insert(_ slot: Slot) {
        var index = Int(truncatingIfNeeded: slot.hash) & (slots.count - 1)
        while slots[index].number >= 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(hash: 0, number: -1), count: old.count * 2)
        for slot in old where slot.number >= 0 { insert(slot) }
    }

    private static func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash ^ (hash >> 32)
    }
}
