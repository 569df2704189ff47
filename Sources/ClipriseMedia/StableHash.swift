internal import ClipriseWire

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
        defer { state &+= mixStep }
        return mixWord(state, 0)
    }

    /// The next number, 0..<`bound`.
    mutating func next(below bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }
}
