internal import ClipriseWire

/// JSON writes characters beyond U+FFFF as two `\u` escapes (RFC 8259 §7), which YAML refuses.
enum JSONEscapes {
    /// The text with such pairs as the characters themselves; other text is returned as it is.
    ///
    /// Only a text that starts with `{` or `[` is looked at, and only between double quotes.
    static func joined(_ bytes: [UInt8]) -> [UInt8] {
        let start = bytes.first { $0 > 0x20 }
        guard start == UInt8(ascii: "{") || start == UInt8(ascii: "[") else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isQuoted = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard isQuoted, byte == UInt8(ascii: "\\") else {
                result.append(byte)
                index += 1
                continue
            }
            if let high = unit(bytes, at: index), (0xD800...0xDBFF).contains(high),
                let low = unit(bytes, at: index + 6), (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(0x1_0000 + (high - 0xD800) << 10 + (low - 0xDC00))
            {
                result.append(contentsOf: String(Character(scalar)).utf8)
                index += 12
            } else {
                result.append(contentsOf: bytes[index..<min(index + 2, bytes.count)])
                index += 2
            }
        }
        return result
    }

    /// The UTF-16 unit of the escape `\u` and four digits at an index, or nil.
    private static func unit(_ bytes: [UInt8], at index: Int) -> UInt32? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return bytes[(index + 2)..<(index + 6)].reduce(0 as UInt32?) { value, digit in
            guard let value, let digit = hexValue(digit) else { return nil }
            return value << 4 | UInt32(digit)
        }
    }
}
