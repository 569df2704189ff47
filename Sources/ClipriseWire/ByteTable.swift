/// A map from byte strings to values that a lookup walks without making a key.
///
/// Open addressing, FNV-1a; entries are never removed. The order of keys cannot be asked for, so nothing depends on it.
package struct ByteTable<Value: Sendable>: Sendable {
    private struct Slot: Sendable {
        var hash: UInt64
        var key: [UInt8]
        var value: Value
    }

    private var slots: [Slot?]
    package private(set) var count = 0

    package init() {
        slots = Array(repeating: nil, count: 16)
    }

    /// The value of `key`; setting nil is not offered, since nothing is ever removed.
    package subscript(key: some Collection<UInt8>) -> Value? {
        let hash = Self.hash(key)
        var index = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while let slot = slots[index] {
            if slot.hash == hash, slot.key.count == key.count, slot.key.elementsEqual(key) { return slot.value }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    package subscript(key: [UInt8]) -> Value? {
        get { self[key[...]] }
        set {
            guard let newValue else { preconditionFailure("a byte table keeps every key it was given") }
            if count * 2 >= slots.count { grow() }
            insert(Slot(hash: Self.hash(key), key: key, value: newValue))
        }
    }

    private mutating func insert(_ slot: Slot) {
        var index = Int(truncatingIfNeeded: slot.hash) & (slots.count - 1)
        while let taken = slots[index] {
            if taken.hash == slot.hash, taken.key == slot.key {
                slots[index] = slot
                return
            }
            index = (index + 1) & (slots.count - 1)
        }
        slots[index] = slot
        count += 1
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: nil, count: old.count * 2)
        count = 0
        for case let slot? in old { insert(slot) }
    }

    private static func hash(_ key: some Collection<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash ^ (hash >> 32)
    }
}
