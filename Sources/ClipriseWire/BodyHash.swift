/// A hash that tells bodies apart, byte by byte; the same on every machine.
public enum BodyHash {
    /// Sixteen bytes at a time, each time the product of two words, whose upper half is laid over the lower one by
    /// exclusive or: as the hash `wyhash` does it.
    @inlinable public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = mixWord(0x626F_6479, UInt64(bytes.count))
        var offset = 0
        while bytes.count &- offset >= 16 {
            state = fold(word(bytes, offset) ^ firstKey, word(bytes, offset &+ 8) ^ state)
            offset &+= 16
        }
        if bytes.count &- offset >= 8 {
            state = fold(word(bytes, offset) ^ firstKey, state)
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset &+= 1
        }
        return mixWord(state, rest)
    }

    public static func of(_ body: [UInt8]) -> UInt64 { body.withUnsafeBytes { of($0) } }

    /// No text in UTF-8 has these eight bytes, so that no such factor is 0, which would forget the other.
    @usableFromInline static let firstKey: UInt64 = 0xA076_1D64_78BD_642F

    @inlinable @inline(__always) static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    @inlinable @inline(__always) static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
