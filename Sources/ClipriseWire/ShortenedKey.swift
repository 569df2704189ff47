/// An API key as logs, journals and exports may show it.
public enum ShortenedKey {
    /// What cannot be of use to a thief, and still tells accounts apart.
    ///
    /// A key that this server chose, `mock-` and 16 hexadecimal digits, opens nothing but this server and is shown whole.
    /// Of any other the first four characters stand (none of a key shorter than eight; `?` for what cannot be printed),
    /// `…`, and 16 bits of a hash as four hexadecimal digits, such as `sk-l…3f2a`. They leave a key of the live service as
    /// hard to find as it was: one in 65,536 of far more keys than anyone can try.
    public static func bytes(_ key: some Collection<UInt8>) -> [UInt8] {
        key.withContiguousStorageIfAvailable(shortened) ?? Array(key).withUnsafeBufferPointer(shortened)
    }

    public static func text(_ key: some Collection<UInt8>) -> String {
        String(decoding: bytes(key), as: UTF8.self)
    }

    private static func shortened(_ key: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        if isOfServer(key) { return Array(key) }
        var shown: [UInt8] = []
        shown.reserveCapacity(11)
        if key.count >= 8 {
            for byte in key.prefix(4) { shown.append((0x21...0x7E).contains(byte) ? byte : UInt8(ascii: "?")) }
        }
        shown.append(literal: "…")
        if !key.isEmpty {
            let tag = fnv1a(key)
            var shift: UInt64 = 16
            while shift > 0 {
                shift -= 4
                shown.append(hexDigit(UInt8(tag >> shift & 0xF)))
            }
        }
        return shown
    }

    private static func isOfServer(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        guard key.count == 21, UnsafeBufferPointer(rebasing: key[..<5]).equals("mock-") else { return false }
        return key[5...].allSatisfy { $0.isASCIIDigit || (0x61...0x66).contains($0) }
    }
}
