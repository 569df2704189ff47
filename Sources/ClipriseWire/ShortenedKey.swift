/// An API key as logs, journals and exports may show it.
package enum ShortenedKey {
    /// The first four characters of a key of eight or more, and nothing of a shorter one; what cannot be printed as `?`.
    package static func bytes(_ key: some Collection<UInt8>) -> [UInt8] {
        let shown = key.count >= 8 ? key.prefix(4).map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") } : []
        return shown + Array("…".utf8)
    }

    package static func text(_ key: some Collection<UInt8>) -> String {
        String(decoding: bytes(key), as: UTF8.self)
    }
}
