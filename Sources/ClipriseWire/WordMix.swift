/// What SplitMix64 adds to its state for each number: 2^64 divided by the golden ratio, made odd.
public let mixStep: UInt64 = 0x9E37_79B9_7F4A_7C15

/// FNV-1a of 64 bits; `start` is the hash of what stands before, nothing by default.
@inlinable public func fnv1a(_ bytes: some Sequence<UInt8>, _ start: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
    var hash = start
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
}

/// The finisher of SplitMix64: mixes one word into a running value.
@inlinable @inline(__always) public func mixWord(_ state: UInt64, _ word: UInt64) -> UInt64 {
    var z = (state ^ word) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
}
