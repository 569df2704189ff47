internal import Spoiling

/// Packed numbers that are spoilt without a look at what they mean.
enum SpoiltBytes {
    private static let numbers: [UInt64] = [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 32, 1 << 48,
        1_000_000_000_000, 1_000_000_000_001, 0x7FFF_FFFF_FFFF_FFFE, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000,
        0x8000_0000_0000_0001, 0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FF17_2B5A_EFFF,
    ]

    /// Overwrites a number of one of four widths, cuts a piece out, or puts one in.
    static func change(_ bytes: inout [UInt8], _ chance: inout Chance) {
        guard !bytes.isEmpty else { return bytes += chance.bytes(3) }
        let place = chance.below(bytes.count)
        switch chance.below(10) {
        case 0: bytes.removeSubrange(place..<min(bytes.count, place + 1 + chance.below(30)))
        case 1: bytes.insert(contentsOf: chance.bytes(1 + chance.below(30)), at: place)
        case 2: bytes[place] ^= 1 << UInt8(chance.below(8))
        default:
            let number = chance.pick(numbers)
            for index in 0..<min(chance.pick([1, 2, 4, 8]), bytes.count - place) {
                bytes[place + index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(index)))
            }
        }
    }
}
