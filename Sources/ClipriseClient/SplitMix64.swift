internal import ClipriseWire

/// A small seeded generator whose sequence never changes between releases.
public struct SplitMix64: RandomNumberGenerator, Sendable, Hashable {
    private var state: UInt64

    /// - Parameter seed: Equal seeds give equal sequences, on every machine.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        defer { state &+= mixStep }
        return mixWord(state, 0)
    }
}

extension RandomNumberGenerator {
    /// A number in 0 ..< 1 with 53 random bits.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}
