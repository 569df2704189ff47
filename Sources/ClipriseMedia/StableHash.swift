/// A 64-bit FNV-1a hash.
///
/// Swift's own hash changes with every process; a picture must not.
struct StableHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func feed(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    /// Feeds the text and an end mark, so that "ab" + "c" differs from "a" + "bc".
    mutating func feed(_ text: String) {
        for byte in text.utf8 { feed(byte) }
        feed(0xFF)
    }
}

/// SplitMix64: spreads one seed over as many numbers as a design needs.
struct SeedStream {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The next number, 0..<`bound`.
    mutating func next(below bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }
}
