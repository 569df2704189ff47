/// An API key as logs, journals and exports may show it.
package enum ShortenedKey {
    /// What cannot be of use to a thief, and still tells accounts apart.
    ///
    /// A key that this server chose, `mock-` and 16 hexadecimal digits, opens nothing but this server and is shown whole.
    /// Of any other the first four characters stand (none of a key shorter than eight; `?` for what cannot be printed),
    /// `…`, and 16 bits of a hash as four hexadecimal digits, such as `sk-l…3f2a`. They leave a key of the live service as
    /// hard to find as it was: one in 65,536 of far more keys than anyone can try.
    package static func bytes(_ key: some Collection<UInt8>) -> [UInt8] {
        if isOfServer(key) { return Array(key) }
        if key.isEmpty { return Array("…".utf8) }
        let shown = key.count >= 8 ? key.prefix(4).map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") } : []
        return shown + Array("…".utf8) + tag(key)
    }

    package static func text(_ key: some Collection<UInt8>) -> String {
        String(decoding: bytes(key), as: UTF8.self)
    }

    private static func isOfServer(_ key: some Collection<UInt8>) -> Bool {
        let prefix = "mock-".utf8
        return key.count == prefix.count + 16 && key.starts(with: prefix)
            && key.dropFirst(prefix.count).allSatisfy { digits.contains($0) }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// The low 16 bits of FNV-1a of 64 bits.
    private static func tag(_ key: some Collection<UInt8>) -> [UInt8] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return stride(from: 12, through: 0, by: -4).map { digits[Int(hash >> $0 & 0xF)] }
    }
}
