/// A small seeded generator (SplitMix64): a run that failed can be run again from its seed.
package struct Chance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The generator of one request: requests do not depend on each other, so that one alone can be made again.
    package init(seed: UInt64, index: Int) {
        state = seed &+ UInt64(index) &* 0xD134_2543_DE82_EF95
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    package mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(limit, 1), using: &self) }

    package mutating func oneIn(_ odds: Int) -> Bool { below(odds) == 0 }

    /// One of a list that is not empty.
    package mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

    package mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

    package mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }
}
