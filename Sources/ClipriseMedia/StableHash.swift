internal import ClipriseWire

/// A 64-bit FNV-1a hash.
///
/// Swift's own hash changes with every process; a picture must not.
struct StableHash {
    private(set) var value = fnv1a([])

    mutating func feed(_ byte: UInt8) { value = fnv1a([byte], value) }

    /// Feeds the text and an end mark, so that "ab" + "c" differs from "a" + "bc".
    mutating func feed(_ text: String) {
        value = fnv1a(text.utf8, value)
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
