internal import ClipriseWire

/// Pieces of compact JSON.
enum JSONFragment {
    /// An object of the members that have a value, in their order.
    static func object(_ members: [(key: String, value: String?)]) -> String {
        let pairs = members.compactMap { member in member.value.map { "\(text(member.key)):\($0)" } }
        return "{\(pairs.joined(separator: ","))}"
    }

    static func object(_ key: String, _ value: String) -> String {
        object([(key, value)])
    }

    static func list(_ elements: [String]) -> String {
        "[\(elements.joined(separator: ","))]"
    }

    /// A text in double quotes that is the same in YAML: what a YAML reader takes for a line end, or refuses, is escaped,
    /// and so are the brackets of a text that has many open ones (`TextGuard`).
    static func text(_ text: String) -> String {
        let isDeep = opensMany(text)
        var bytes: [UInt8] = []
        var plain = ""
        for scalar in text.unicodeScalars {
            let isBracket = isDeep && "[]{}".unicodeScalars.contains(scalar)
            // Beyond U+FFFF an escape would be two, which YAML refuses; the characters themselves it takes.
            let isOdd = !Printable.isPlain(scalar) || (0xFFFE...0xFFFF).contains(scalar.value)
            guard isBracket || isOdd && scalar.value <= 0xFFFF else {
                plain.unicodeScalars.append(scalar)
                continue
            }
            bytes += inner(plain)
            plain = ""
            let digits = String(scalar.value, radix: 16)
            switch scalar {
            case "\n": bytes.append(literal: "\\n")
            case "\r": bytes.append(literal: "\\r")
            case "\t": bytes.append(literal: "\\t")
            default: bytes += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            }
        }
        bytes += inner(plain)
        return "\"\(String(decoding: bytes, as: UTF8.self))\""
    }

    /// A JSON string without its quotes.
    private static func inner(_ text: String) -> ArraySlice<UInt8> {
        var bytes: [UInt8] = []
        bytes.append(jsonString: text)
        return bytes[1..<(bytes.count - 1)]
    }

    /// Whether a text has more than a few brackets open at any place or at its end, as part of a page has.
    private static func opensMany(_ text: String) -> Bool {
        var open = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): open = max(0, open - 1)
            default: continue
            }
            if open > 16 { return true }
        }
        return open > 0
    }

    static func span(_ span: TimeSpan) -> String {
        text(Units.text(span))
    }

    /// Shortest digits that read back to the same number, without `.0`.
    static func number(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? "\(number)"
    }
}
