/// Takes an account's key, and what is named as a secret, out of texts that are kept or shown.
///
/// The key is found as it is, percent-encoded (RFC 3986 §2.1) and in the escapes of JSON (RFC 8259 §7). A value is taken for
/// a secret behind `Bearer`, behind `apiKey=` and its like, and as the member of a JSON text under such a name.
public struct SecretMask: Sendable {
    /// What stands in the place of a secret.
    public static let word = "REDACTED"
    /// Shorter keys stand in other texts by chance: those are found only where a name says that they are secrets.
    public static let shortestKey = 6

    private let key: [UInt8]
    /// Looks for the key as it is; nil for one that stands in other texts by chance.
    private let search: ByteSearch?

    public init(key: [UInt8]) {
        self.key = key
        search = key.count >= Self.shortestKey ? ByteSearch(key) : nil
    }

    /// - Parameter isCut: Whether the text is the beginning of a longer one: a key that begins at its end is taken out as well.
    public func masked(_ text: [UInt8], isCut: Bool = false) -> [UInt8] {
        Self.withoutNamed(withoutKey(text, isCut: isCut))
    }

    public func masked(_ text: String) -> String {
        isClean(text) ? text : String(decoding: masked(Array(text.utf8)), as: UTF8.self)
    }

    /// Whether there is nothing in a text to take out, as in nearly every one.
    public func isClean(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { !hasKey($0) && Self.findNamed($0).isEmpty }
    }

    /// The value of a header field: nothing is left of a credential but its scheme.
    public func masked(field name: String, _ value: String) -> String {
        let plain = Self.plain(name.utf8)
        guard Self.secretFields.contains(where: { $0.isFound(in: plain) }) else { return masked(value) }
        guard Self.authorization.isFound(in: plain), let space = value.firstIndex(of: " "), space > value.startIndex
        else { return Self.word }
        return "\(value[..<space]) \(Self.word)"
    }

    // MARK: The key

    private func withoutKey(_ text: [UInt8], isCut: Bool) -> [UInt8] {
        Self.replacing(text) { findKey($0, isCut: isCut) }
    }

    private func hasKey(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let search else { return false }
        // A text without an escape has the key as it is or not at all.
        let hasEscape = text.has(UInt8(ascii: "%")) || text.has(UInt8(ascii: "\\"))
        return hasEscape ? !findKey(text, isCut: false).isEmpty : search.isFound(in: text)
    }

    private func findKey(_ text: UnsafeBufferPointer<UInt8>, isCut: Bool) -> [Range<Int>] {
        guard search != nil, let first = key.first else { return [] }
        var found: [Range<Int>] = []
        var place = 0
        while place < text.count {
            let byte = text[place]
            if byte == first || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\"),
                let end = endOfKey(text, from: place, isCut: isCut)
            {
                found.append(place..<end)
                place = end
            } else {
                place += 1
            }
        }
        return found
    }

    /// The text with a word in the place of each range; they rise.
    private static func replacing(
        _ text: [UInt8], _ find: (UnsafeBufferPointer<UInt8>) -> [Range<Int>]
    ) -> [UInt8] {
        let found = text.withUnsafeBufferPointer(find)
        guard !found.isEmpty else { return text }
        var masked: [UInt8] = []
        var copied = 0
        for range in found {
            masked += text[copied..<range.lowerBound]
            masked += word.utf8
            copied = range.upperBound
        }
        return masked + text[copied...]
    }

    /// Where the key ends that begins at a place; nil when it is not there.
    private func endOfKey(_ text: UnsafeBufferPointer<UInt8>, from start: Int, isCut: Bool) -> Int? {
        var place = start
        for byte in key {
            guard place < text.count else { return isCut ? place : nil }
            // An escape first: a key may have a `%` or `\` of its own, which stands escaped or as it is.
            switch Self.spelt(text, place) {
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

    /// The byte that an escape at a place stands for.
    private static func spelt(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Spelt {
        let mark = text[place]
        guard mark == UInt8(ascii: "%") || mark == UInt8(ascii: "\\") else { return .none }
        func hex(_ first: Int) -> Spelt {
            guard place + first + 1 < text.count else { return .cut }
            guard let high = hexValue(text[place + first]), let low = hexValue(text[place + first + 1]) else {
                return .none
            }
            return .byte(high << 4 | low, length: first + 2)
        }
        guard mark == UInt8(ascii: "\\") else { return hex(1) }
        guard place + 1 < text.count else { return .cut }
        guard text[place + 1] == UInt8(ascii: "u") else { return .byte(text[place + 1], length: 2) }
        for zero in 2...3 where place + zero < text.count && text[place + zero] != UInt8(ascii: "0") { return .none }
        return hex(4)
    }

    // MARK: Names

    private static let authorization = ByteSearch(Array("authorization".utf8))
    /// Parts of the names of fields whose values are secrets.
    private static let secretFields = ["authorization", "apikey", "token", "secret", "password", "cookie"].map {
        ByteSearch(Array($0.utf8))
    }
    /// Members of JSON texts whose values are secrets.
    private static let secretMembers: Set<String> = [
        "authorization", "apikey", "xapikey", "token", "accesstoken", "secret", "clientsecret", "apisecret", "password",
    ]
    /// Names before `=`.
    private static let secretParameters: Set<String> = ["apikey", "xapikey", "accesstoken"]
    /// The longest name that is looked at, and the shortest token behind `Bearer`.
    private static let (longestName, shortestToken) = (24, 8)

    /// In lower case, without `-` and `_`.
    private static func plain(_ name: some Sequence<UInt8>) -> [UInt8] {
        var plain: [UInt8] = []
        for byte in name where byte != UInt8(ascii: "-") && byte != UInt8(ascii: "_") {
            plain.append(byte.asciiLowercased)
        }
        return plain
    }

    private static func withoutNamed(_ text: [UInt8]) -> [UInt8] { replacing(text, findNamed) }

    private static func findNamed(_ text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        guard mayName(text) else { return [] }
        var found: [Range<Int>] = []
        var place = 0
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
            found.append(secret)
            place = secret.upperBound
        }
        return found
    }

    /// Whether a text has the bytes without which it names no secret.
    private static func mayName(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.has(UInt8(ascii: "=")) || text.has(UInt8(ascii: "\"")) && text.has(UInt8(ascii: ":"))
            || text.has(UInt8(ascii: "b")) || text.has(UInt8(ascii: "B"))
    }

    /// The value behind `apiKey=`.
    private static func parameter(_ text: UnsafeBufferPointer<UInt8>, _ equals: Int) -> Range<Int>? {
        guard secretParameters.contains(name(text, before: equals)) else { return nil }
        return equals
            + 1..<end(text, of: equals + 1) { byte in
                !" \t\r\n&\"'\\<>#,;".utf8.contains(byte)
            }
    }

    /// The value behind `"apiKey":`, whose quotes may be escaped, as in a JSON text within another.
    private static func member(_ text: UnsafeBufferPointer<UInt8>, _ colon: Int) -> Range<Int>? {
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
    private static func token(_ text: UnsafeBufferPointer<UInt8>, _ space: Int) -> Range<Int>? {
        // Nearly every space of a text stands behind another word.
        guard space > 0, text[space - 1] | 0x20 == UInt8(ascii: "r"), name(text, before: space) == "bearer" else {
            return nil
        }
        let token =
            space
            + 1..<end(text, of: space + 1) { byte in
                isNameByte(byte) || ".~+/=".utf8.contains(byte)
            }
        let isWord = text[token].allSatisfy { $0.isASCIILetter || $0 == UInt8(ascii: ".") }
        return token.count >= shortestToken && !isWord ? token : nil
    }

    /// The name before a place, in lower case and without `-` and `_`; empty for one that ends as no secret's does.
    private static func name(_ text: UnsafeBufferPointer<UInt8>, before end: Int) -> String {
        // Most texts have many places to look at, and few names of secrets.
        guard end > 0 else { return "" }
        switch text[end - 1] | 0x20 {
        case UInt8(ascii: "y"), UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "d"), UInt8(ascii: "r"): break
        default: return ""
        }
        var start = end
        while start > 0, end - start < longestName, isNameByte(text[start - 1]) { start -= 1 }
        return String(decoding: plain(text[start..<end]), as: UTF8.self)
    }

    private static func end(
        _ text: UnsafeBufferPointer<UInt8>, of start: Int, while isPart: (UInt8) -> Bool
    ) -> Int {
        var end = start
        while end < text.count, isPart(text[end]) { end += 1 }
        return end
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }
}
