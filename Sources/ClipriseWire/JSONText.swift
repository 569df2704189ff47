extension [UInt8] {
    /// Appends a literal without making a `String` of it.
    public mutating func append(literal: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Appends a JSON string with its quotes, escaped as RFC 8259 §7 demands.
    public mutating func append(jsonString text: some StringProtocol) {
        append(UInt8(ascii: "\""))
        if text.utf8.withContiguousStorageIfAvailable({ append(escaped: $0) }) == nil {
            Array(text.utf8).withUnsafeBufferPointer { append(escaped: $0) }
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends what lies between two bytes that need an escape in one piece.
    private mutating func append(escaped bytes: UnsafeBufferPointer<UInt8>) {
        // Without a way out of the loop, and a choice within it, the compiler looks at sixteen bytes at once.
        var found: UInt8 = 0
        for byte in bytes {
            found |= (byte < 0x20 ? 1 : 0) | (byte == UInt8(ascii: "\"") ? 1 : 0) | (byte == UInt8(ascii: "\\") ? 1 : 0)
        }
        guard found != 0 else { return append(contentsOf: bytes) }
        var (start, next) = (0, 0)
        while next < bytes.count {
            let (index, byte) = (next, bytes[next])
            next += 1
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
            start = index + 1
            switch byte {
            case UInt8(ascii: "\""): append(literal: "\\\"")
            case UInt8(ascii: "\\"): append(literal: "\\\\")
            case 0x0A: append(literal: "\\n")
            case 0x0D: append(literal: "\\r")
            case 0x09: append(literal: "\\t")
            default:
                append(literal: "\\u00")
                append(hexDigit(byte >> 4))
                append(hexDigit(byte & 15))
            }
        }
        append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    /// Appends a JSON string that may be shown on a terminal: the same value, with escapes for all that `Printable` does
    /// not let through as it is.
    public mutating func append(shownJSONString text: some StringProtocol) {
        append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": append(literal: "\\\"")
            case "\\": append(literal: "\\\\")
            case _ where Printable.isPlain(scalar): append(contentsOf: String(Character(scalar)).utf8)
            default: append(contentsOf: Printable.escaped(scalar).utf8)
            }
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends a whole number in decimal.
    public mutating func append(decimal number: some FixedWidthInteger) {
        append(contentsOf: String(number).utf8)
    }

    /// Appends bytes for use in the query of a URL: all but unreserved characters as `%XX` (RFC 3986 §2.3).
    public mutating func append(percentEncoded bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte.isASCIIAlphanumeric || "-._~".utf8.contains(byte) {
                append(byte)
            } else {
                append(UInt8(ascii: "%"))
                append(upperHexDigit(byte >> 4))
                append(upperHexDigit(byte & 15))
            }
        }
    }

    /// A part of a URL with its `%XX` resolved; a broken `%` stands for itself.
    ///
    /// - Parameter plusIsSpace: Whether `+` is a space, as in queries.
    public init(percentDecoded bytes: ArraySlice<UInt8>, plusIsSpace: Bool = false) {
        self = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.endIndex, let high = hexValue(bytes[index + 1]),
                let low = hexValue(bytes[index + 2])
            {
                append(high << 4 | low)
                index += 3
            } else {
                append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
                index += 1
            }
        }
    }
}

extension String {
    /// Bytes for use in a path or a query of a URL: all but unreserved characters as `%XX` (RFC 3986 §2.3).
    public init(percentEncoded bytes: some Sequence<UInt8>) {
        var text: [UInt8] = []
        text.append(percentEncoded: bytes)
        self.init(decoding: text, as: UTF8.self)
    }
}

/// The lower-case hexadecimal digit of a value below 16.
public func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 + value : 0x57 + value
}

private func upperHexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 + value : 0x37 + value
}

/// The value of a hexadecimal digit, or nil.
public func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x37
    case 0x61...0x66: digit - 0x57
    default: nil
    }
}
