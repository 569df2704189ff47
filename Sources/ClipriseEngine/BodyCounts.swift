internal import ClipriseWire

/// How often each body was sent, by its hash.
///
/// Open addressing, so that a body is found, or found missing, with one look at memory: a hash is well mixed already. So no
/// chance brings as many bodies to one place as `mostPlaces`. Whoever chooses them for that makes no look longer: what
/// finds no place counts each time as its first, as do bodies beyond the limit.
struct BodyCounts: Sendable {
    /// Twelve bytes; the count is 0 where there is none.
    private struct Slot: Sendable {
        var low: UInt32 = 0
        var high: UInt32 = 0
        var times: UInt32 = 0

        var hash: UInt64 { UInt64(high) << 32 | UInt64(low) }
    }

    /// A power of two of them, at least half of them free; none before the first body.
    private var slots: [Slot] = []
    /// How many bodies there are.
    private(set) var count = 0

    /// Where counting stops, so that what was written can be read again.
    static let mostTimes = Int(Int32.max)
    private static let firstSize = 16
    /// How many places are looked at for one body.
    static let mostPlaces = 1_024

    /// How often a body was sent, 1 or more; nil for one that was not.
    subscript(hash: UInt64) -> Int? {
        guard let place = place(of: hash), slots[place].times != 0 else { return nil }
        return Int(slots[place].times)
    }

    /// Counts a body once more, unless it is a new one beyond `limit`.
    ///
    /// - Returns: How often it was sent, this time counted, at most `mostTimes`.
    mutating func add(_ hash: UInt64, limit: Int) -> Int {
        if slots.isEmpty { slots = Array(repeating: Slot(), count: Self.firstSize) }
        guard let place = place(of: hash) else { return 1 }
        let times = Int(slots[place].times)
        if times == 0, count >= limit { return 1 }
        let more = min(times + 1, Self.mostTimes)
        put(hash, more, at: place)
        return more
    }

    /// - Parameter times: 1 to `mostTimes`.
    mutating func set(_ hash: UInt64, to times: Int) {
        if slots.isEmpty { slots = Array(repeating: Slot(), count: Self.firstSize) }
        if let place = place(of: hash) { put(hash, times, at: place) }
    }

    /// All bodies, in no order.
    var all: [(hash: UInt64, count: Int)] {
        slots.compactMap { $0.times == 0 ? nil : (hash: $0.hash, count: Int($0.times)) }
    }

    /// Has the place of a body on its way to the processor.
    @inline(__always) func prefetch(_ hash: UInt64) {
        if !slots.isEmpty { slots.prefetch(at: Self.start(hash, slots.count)) }
    }

    private mutating func put(_ hash: UInt64, _ times: Int, at place: Int) {
        let isNew = slots[place].times == 0
        slots[place] = Slot(
            low: UInt32(truncatingIfNeeded: hash), high: UInt32(hash >> 32), times: UInt32(min(times, Self.mostTimes)))
        guard isNew else { return }
        count += 1
        if count * 2 > slots.count { grow() }
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(), count: old.count * 2)
        for slot in old where slot.times != 0 {
            if let place = place(of: slot.hash) { slots[place] = slot } else { count -= 1 }
        }
    }

    /// Where a body is, or would be put; nil when there is no room for it.
    @inline(__always) private func place(of hash: UInt64) -> Int? {
        slots.withUnsafeBufferPointer { slots in
            let start = Self.start(hash, slots.count)
            for offset in 0..<min(slots.count, Self.mostPlaces) {
                let place = (start + offset) & (slots.count - 1)
                if slots[place].times == 0 || slots[place].hash == hash { return place }
            }
            return nil
        }
    }

    /// The first place to look at.
    @inline(__always) private static func start(_ hash: UInt64, _ size: Int) -> Int {
        Int(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 32) & (size - 1)
    }
}
