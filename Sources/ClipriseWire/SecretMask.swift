/// Takes an account's key, and what is named as a secret, out of texts that are kept or shown.
///
/// The key is found as it is, percent-encoded (RFC 3986 §2.1) and in the escapes of JSON (RFC 8259 §7). A value is taken for
/// a secret behind `Bearer`, behind `apiKey=` and its like, and as the member of a JSON text under such a name.
package struct SecretMask: Sendable {
    /// What stands in the place of a secret.
    package static let word = "REDACTED"
    /// Shorter keys stand in other texts by chance: those are found only where a name says that they are secrets.
    package static let shortestKey = 6

    private let key: [UInt8]

    package init(key: [UInt8]) {
        self.key = key
    }

    /// - Parameter isCut: Whether the text is the beginning of a longer one: a key that begins at its end is taken out as well.
    package func masked(_ text: [UInt8], isCut: Bool = false) -> [UInt8] {
        Self.withoutNamed(withoutKey(text, isCut: isCut))
    }

    package func masked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let masked = masked(bytes)
        return masked == bytes ? text : String(decoding: masked, as: UTF8.self)
    }

    /// The value of a header field: nothing is left of a credential but its scheme.
    package func masked(field name: String, _ value: String) -> String {
        let plain = Self.plain(name.utf8)
        guard Self.secretFields.contains(where: { plain.contains($0) }) else { return masked(value) }
        guard plain.contains(Self.authorization), let space = value.firstIndex(of: " "), space > value.startIndex else {
            return Self.word
        }
        return "\(value[..<space]) \(Self.word)"
    }

    // MARK: The key

    private func withoutKey(_ text: [UInt8], isCut: Bool) -> [UInt8] {
        guard key.count >= Self.shortestKey, let first = key.first else { return text }
        var masked: [UInt8] = []
        var (copied, place) = (0, 0)
        while place < text.count {
            let byte = text[place]
            guard byte == first || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\"),
                let end = endOfKey(text, from: place, isCut: isCut)
            else {
                place += 1
                continue
            }
            masked += text[copied..<place]
            masked += Self.word.utf8
            (copied, place) = (end, end)
        }
        return copied == 0 ? text : masked + text[copied...]
    }

    /// Where the key ends that begins at a place; nil when it is not there.
    private func endOfKey(_ text: [UInt8], from start: Int, isCut: Bool) -> Int? {
        var place = start
        for byte in key {
            guard place < text.count else { return isCut ? place : nil }
            // An escape first: a key may have a `%` or `\` of its own, which stands escaped or as it is.
            switch Self.spelt(text[place...]) {
            case .byte(byte, let length): place += length
            case .cut where isCut: return text.count
            case .byte, .cut, .none:
                guard text[place] == byte else { return nil }
                place += 1
            }
        }
        return place
    }

    private enum Spelt {
        case byte(UInt8, length: Int)
        /// An escape that the text ends in.
        case cut
        case none
    }

    /// The byte that an escape stands for.
    private static func spelt(_ text: ArraySlice<UInt8>) -> Spelt {
        guard text.first == UInt8(ascii: "%") || text.first == UInt8(ascii: "\\") else { return .none }
        let bytes = Array(text.prefix(6))
        func hex(_ first: Int) -> Spelt {
            guard bytes.count >= first + 2 else { return .cut }
            guard let high = hexValue(bytes[first]), let low = hexValue(bytes[first + 1]) else { return .none }
            return .byte(high << 4 | low, length: first + 2)
        }
        switch bytes[0] {
        case UInt8(ascii: "%"): return hex(1)
        case UInt8(ascii: "\\"):
            guard bytes.count > 1 else { return .cut }
            guard bytes[1] == UInt8(ascii: "u") else { return .byte(bytes[1], length: 2) }
            guard bytes.dropFirst(2).prefix(2).allSatisfy({ $0 == UInt8(ascii: "0") }) else { return .none }
            return hex(4)
        default: return .none
        }
    }

    // MARK: Names

    private static let authorization = "authorization"
    /// Parts of the names of fields whose values are secrets.
    private static let secretFields = [authorization, "apikey", "token", "secret", "password", "cookie"]
    /// Members of JSON texts whose values are secrets.
    private static let secretMembers: Set<String> = [
        authorization, "apikey", "xapikey", "token", "accesstoken", "secret", "clientsecret", "apisecret", "password",
    ]
    /// Names before `=`.
    private static let secretParameters: Set<String> = ["apikey", "xapikey", "accesstoken"]
    /// The longest name that is looked at, and the shortest token behind `Bearer`.
    private static let (longestName, shortestToken) = (24, 8)

    /// In lower case, without `-` and `_`.
    private static func plain(_ name: some Sequence<UInt8>) -> String {
        String(
            decoding: name.compactMap { byte in
                switch byte {
                case UInt8(ascii: "-"), UInt8(ascii: "_"): nil
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
                default: byte
                }
            }, as: UTF8.self)
    }

    private static func withoutNamed(_ text: [UInt8]) -> [UInt8] {
        var masked: [UInt8] = []
        var (copied, place) = (0, 0)
        while place < text.count {
            let secret: Range<Int>? =
                switch text[place] {
                case UInt8(ascii: "="): parameter(text, place)
                case UInt8(ascii: ":"): member(text, place)
                case UInt8(ascii: " "): token(text, place)
                default: nil
                }
            place += 1
            guard let secret, !secret.isEmpty, !text[secret].elementsEqual(word.utf8) else { continue }
            masked += text[copied..<secret.lowerBound]
            masked += word.utf8
            (copied, place) = (secret.upperBound, secret.upperBound)
        }
        return copied == 0 ? text : masked + text[copied...]
    }

    /// The value behind `apiKey=`.
    private static func parameter(_ text: [UInt8], _ equals: Int) -> Range<Int>? {
        guard secretParameters.contains(name(text, before: equals)) else { return nil }
        return equals
            + 1..<end(text, of: equals + 1) { byte in
                !" \t\r\n&\"'\\<>#,;".utf8.contains(byte)
            }
    }

    /// The value behind `"apiKey":`, whose quotes may be escaped, as in a JSON text within another.
    private static func member(_ text: [UInt8], _ colon: Int) -> Range<Int>? {
        var end = colon
        while end > 0, isSpace(text[end - 1]) { end -= 1 }
        guard end > 0, text[end - 1] == UInt8(ascii: "\"") else { return nil }
        end -= 1
        while end > 0, text[end - 1] == UInt8(ascii: "\\") { end -= 1 }
        guard secretMembers.contains(name(text, before: end)) else { return nil }
        var start = colon + 1
        while start < text.count, isSpace(text[start]) { start += 1 }
        while start < text.count, text[start] == UInt8(ascii: "\\") { start += 1 }
        guard start < text.count, text[start] == UInt8(ascii: "\"") else { return nil }
        start += 1
        return start..<Self.end(text, of: start) { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }

    /// The token behind `Bearer`: long, and no word of a language.
    private static func token(_ text: [UInt8], _ space: Int) -> Range<Int>? {
        guard name(text, before: space) == "bearer" else { return nil }
        let token =
            space
            + 1..<end(text, of: space + 1) { byte in
                isNameByte(byte) || ".~+/=".utf8.contains(byte)
            }
        let isWord = text[token].allSatisfy { ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: ".") }
        return token.count >= shortestToken && !isWord ? token : nil
    }

    private static func name(_ text: [UInt8], before end: Int) -> String {
        var start = end
        while start > 0, end - start < longestName, isNameByte(text[start - 1]) { start -= 1 }
        return plain(text[start..<end])
    }

    private static func end(_ text: [UInt8], of start: Int, while isPart: (UInt8) -> Bool) -> Int {
        text[start...].firstIndex { !isPart($0) } ?? text.count
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { " \t\r\n".utf8.contains(byte) }
}
