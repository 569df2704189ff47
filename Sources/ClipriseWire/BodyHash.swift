/// A hash that tells bodies and files apart, byte by byte; the same on every machine.
///
/// Each step waits for the one before, so that a processor has time for a second chain beside it: whoever hashes
/// something else of the same length takes a step of this at each of its own.
public struct BodyHash {
    @usableFromInline let bytes: UnsafeRawBufferPointer
    @usableFromInline var state: UInt64
    @usableFromInline var offset = 0

    /// - Parameter bytes: The body, which stays until the hash is finished.
    @inlinable public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        state = mixWord(0x626F_6479, UInt64(bytes.count))
    }

    public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = BodyHash(bytes)
        return hash.finish()
    }

    public static func of(_ body: [UInt8]) -> UInt64 { body.withUnsafeBytes { of($0) } }

    /// Takes the next eight bytes, if there are as many.
    @inlinable @inline(__always) public mutating func step() {
        guard offset + 8 <= bytes.count else { return }
        state = mixWord(state, UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        offset += 8
    }

    /// Takes what is left.
    @inlinable public mutating func finish() -> UInt64 {
        while offset + 8 <= bytes.count { step() }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        return mixWord(state, rest)
    }
}
