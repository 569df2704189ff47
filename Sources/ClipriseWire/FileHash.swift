/// A hash of a file's bytes; the same on every machine and in every version, for bundles keep it.
public enum FileHash {
    public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = mixWord(0x626F_6479, UInt64(bytes.count))
        var offset = 0
        while offset + 8 <= bytes.count {
            state = mixWord(state, UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        let rest = bytes[offset...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return mixWord(state, rest)
    }
}
