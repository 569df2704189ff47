internal import ClipriseWire

extension JSONError {
    /// Why this text is no JSON, in words: what it is instead where its bytes show it, else the error itself.
    ///
    /// - Parameter text: The text that the error is about.
    public func cause(in text: [UInt8]) -> String {
        if let format = Self.format(of: text) { return "it is \(format)" }
        switch self {
        case .badString where Self.hasLoneSurrogate(text):
            return "a \\u escape is one half of a surrogate pair without the other (RFC 8259 §8.2)"
        case .syntax, .badString, .badNumber, .empty:
            return Self.habit(text) ?? description
        case .tooDeep, .notUTF8, .tooLarge:
            return description
        }
    }

    private static func format(of text: [UInt8]) -> String? {
        guard !text.starts(with: [0xEF, 0xBB, 0xBF]) else {
            return "UTF-8 with a byte order mark (BOM), which JSON must not have (RFC 8259 §8.1)"
        }
        // Other texts may begin so.
        let deflated: [[UInt8]] = [[0x78, 0x01], [0x78, 0x9C], [0x78, 0xDA]]
        let isDeflated = deflated.contains { text.starts(with: $0) }
        let format = isDeflated ? "compressed with deflate" : ForeignText.format(of: text)
        return format.map { $0.hasPrefix("compressed") ? "\($0); send it as it is" : $0 }
    }

    /// What people send in place of JSON.
    private static func habit(_ text: [UInt8]) -> String? {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        let rest = text.drop { blanks.contains($0) }
        guard let first = rest.first else { return text.isEmpty ? nil : "it is nothing but white space" }
        if rest.starts(with: "--".utf8) { return "it is a multipart form, not JSON" }
        if first == UInt8(ascii: "<") { return "it is XML or HTML, not JSON" }
        let name = rest.prefix { ($0 | 0x20) &- 0x61 < 26 || $0 == UInt8(ascii: "_") }
        if !name.isEmpty, rest.dropFirst(name.count).first == UInt8(ascii: "=") { return "it is a form, not JSON" }
        if rest.starts(with: "{'".utf8) { return "keys and texts stand in double quotes (RFC 8259 §7)" }
        return nil
    }

    /// Whether an escape from `\uD800` to `\uDFFF` stands alone.
    private static func hasLoneSurrogate(_ text: [UInt8]) -> Bool {
        func unit(at index: Int) -> UInt16? {
            guard index + 6 <= text.count, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u")
            else { return nil }
            return UInt16(String(decoding: text[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
        }
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            switch unit(at: index) {
            case .some(0xD800..<0xDC00):
                guard case .some(0xDC00..<0xE000) = unit(at: index + 6) else { return true }
                index += 12
            case .some(0xDC00..<0xE000): return true
            case .some: index += 6
            case nil: index += 2
            }
        }
        return false
    }
}
