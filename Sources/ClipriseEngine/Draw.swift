public import ClipriseWire

/// Chance without a generator's state: each draw is a function of what it is for.
///
/// A draw that is added or left out moves no other one, and a recorded run replays for ever.
public enum Draw {
    /// Mixes one word into a running value (the finisher of SplitMix64).
    @inline(__always) public static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 { mixWord(state, word) }

    /// Mixes a text.
    public static func mix(_ state: UInt64, _ bytes: some Sequence<UInt8>) -> UInt64 {
        // Text and arrays lie in one piece, where to step from byte to byte costs nothing.
        if let mixed = bytes.withContiguousStorageIfAvailable({ mix(state, $0) }) { return mixed }
        return Array(bytes).withUnsafeBufferPointer { mix(state, $0) }
    }

    private static func mix(_ state: UInt64, _ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var state = state
        for byte in bytes { state = mix(state, UInt64(byte)) }
        return mix(state, UInt64(bytes.count))
    }

    /// A number in 0 ..< 1 with 53 random bits.
    public static func unit(_ word: UInt64) -> Double {
        Double(word >> 11) * 0x1p-53
    }
}

/// Task ids as a permutation of ordinals: an id can be turned back, so no table of ids is kept.
///
/// A four-round Feistel network over 128 bits, keyed by seed and account. An id that was not made here turns back into
/// a block whose right half is not zero, but for one chance in 2^64.
public struct TaskIDs: Sendable {
    private let keys: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64, account: [UInt8]) {
        let base = Draw.mix(Draw.mix(seed, 0x7461_736B), account)
        keys = (Draw.mix(base, 1), Draw.mix(base, 2), Draw.mix(base, 3), Draw.mix(base, 4))
    }

    /// The id of the task with this 0-based position.
    public func id(of position: Int) -> TaskID {
        var left = UInt64(position)
        var right: UInt64 = 0
        right ^= Draw.mix(keys.0, left)
        left ^= Draw.mix(keys.1, right)
        right ^= Draw.mix(keys.2, left)
        left ^= Draw.mix(keys.3, right)
        return TaskID(high: left, low: right)
    }

    /// The 0-based position of a task with this id, if it is an id of this account.
    func position(of id: TaskID) -> Int? {
        var (left, right) = (id.high, id.low)
        left ^= Draw.mix(keys.3, right)
        right ^= Draw.mix(keys.2, left)
        left ^= Draw.mix(keys.1, right)
        right ^= Draw.mix(keys.0, left)
        guard right == 0 else { return nil }
        return Int(exactly: left)
    }
}
