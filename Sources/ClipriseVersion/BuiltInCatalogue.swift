internal import ClipriseFiles

/// The built-in catalogue as a number, for programs that do not read it.
package enum BuiltInCatalogue {
    /// 16 hexadecimal digits, as the admin API shows them: `Catalog.contentHash` of the built-in models.
    package static var hashText: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The same function of the files' bytes as `Catalog.contentHash`, which stands above this module; a test holds
    /// one against the other.
    static var hash: UInt64 {
        BuiltInFiles.catalog.reduce(0) { mix($0, ofFile($1.bytes)) }
    }

    private static func ofFile(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let raw = UnsafeRawBufferPointer(bytes)
        var hash = mix(0x626F_6479, UInt64(raw.count))
        let end = raw.count & ~7
        for offset in stride(from: 0, to: end, by: 8) {
            hash = mix(hash, UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        }
        return mix(hash, raw[end...].reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// The finisher of SplitMix64.
    private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        var z = (state ^ word) &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
