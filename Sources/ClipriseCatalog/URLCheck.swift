internal import ClipriseWire

/// Decides whether a text is a URL that one could fetch (RFC 3986 §3, http and https only).
enum URLCheck {
    static func isHTTPS(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        isPlain(bytes) || rest(of: bytes, after: "https://").map(isAuthorityAndPath) ?? false
    }

    static func isWeb(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        isHTTPS(bytes) || rest(of: bytes, after: "http://").map(isAuthorityAndPath) ?? false
    }

    /// Whether a text is `https://`, a name of letters, digits, dots and hyphens, and a path or nothing, as most are.
    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = 8
        guard bytes.count > start, UnsafeBufferPointer(rebasing: bytes[..<start]).equals("https://") else {
            return false
        }
        var index = start
        while index < bytes.count, isHostByte(bytes[index]) { index += 1 }
        guard (1...253).contains(index - start), bytes[start] != UInt8(ascii: "."), bytes[start] != UInt8(ascii: "-")
        else { return false }
        guard index < bytes.count else { return true }
        guard bytes[index] == UInt8(ascii: "/") else { return false }
        while index < bytes.count, !isNeverInURL(bytes[index]) { index += 1 }
        return index == bytes.count
    }

    private static func rest(
        of bytes: UnsafeBufferPointer<UInt8>, after scheme: StaticString
    ) -> UnsafeBufferPointer<UInt8>? {
        let length = scheme.utf8CodeUnitCount
        guard bytes.count > length else { return nil }
        for index in 0..<length where bytes[index] | (bytes[index] &- 0x41 < 26 ? 0x20 : 0) != scheme.utf8Start[index] {
            return nil
        }
        return UnsafeBufferPointer(rebasing: bytes[length...])
    }

    private static func isAuthorityAndPath(_ rest: UnsafeBufferPointer<UInt8>) -> Bool {
        // A raw space, control character, quote or angle bracket never stands in a URL; other scripts are let through,
        // since clients send them and servers mend them.
        var index = 0
        while index < rest.count {
            if isNeverInURL(rest[index]) { return false }
            index += 1
        }
        var end = 0
        while end < rest.count, !endsAuthority(rest[end]) { end += 1 }
        // Behind the last @, or all of it.
        var start = end
        while start > 0, rest[start - 1] != 0x40 { start -= 1 }
        let authority = UnsafeBufferPointer(rebasing: rest[start..<end])
        if authority.first == UInt8(ascii: "[") {
            var closing = 1
            var hasColon = false
            while closing < authority.count, isAddressByte(authority[closing]) {
                if authority[closing] == 0x3A { hasColon = true }
                closing += 1
            }
            guard hasColon, closing < authority.count, authority[closing] == UInt8(ascii: "]") else { return false }
            return isPort(UnsafeBufferPointer(rebasing: authority[(closing + 1)...]))
        }
        var colon = 0
        while colon < authority.count, authority[colon] != 0x3A {
            if !isHostByte(authority[colon]) { return false }
            colon += 1
        }
        guard (1...253).contains(colon), authority[0] != UInt8(ascii: "."), authority[0] != UInt8(ascii: "-") else {
            return false
        }
        return isPort(UnsafeBufferPointer(rebasing: authority[colon...]))
    }

    /// Controls, the space, and any of `"<>\^`{|}`.
    private static func isNeverInURL(_ byte: UInt8) -> Bool {
        // A text is a megabyte long at worst: no ranges and no literals of letters, which a debug build works out anew
        // for each byte.
        if byte &- 0x61 < 26 { return false }
        return byte <= 0x20 || byte == 0x22 || byte == 0x3C || byte == 0x3E || byte == 0x5C || byte == 0x5E
            || byte == 0x60
            || byte == 0x7B || byte == 0x7C || byte == 0x7D || byte == 0x7F
    }

    /// Any of `/?#`.
    private static func endsAuthority(_ byte: UInt8) -> Bool { byte == 0x2F || byte == 0x3F || byte == 0x23 }

    /// Letters, digits, `-._`, and other scripts.
    private static func isHostByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte >= 0x80
    }

    /// Digits in base 16, the colon and the dot.
    private static func isAddressByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 11 || (byte | 0x20) &- 0x61 < 6 || byte == 0x2E
    }

    /// Nothing, or a colon and up to five digits.
    private static func isPort(_ rest: UnsafeBufferPointer<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: ":") else { return rest.isEmpty }
        let digits = rest.dropFirst()
        guard digits.count <= 5, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 65_535
    }
}
