internal import ClipriseWire

/// A place in a text: line and column, both 1-based, the column counted in characters (Unicode scalars).
public struct TextPlace: Sendable, Hashable, CustomStringConvertible {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public var description: String { "\(line):\(column)" }
}

/// One step from a JSON value to a value inside it.
public enum JSONStep: Sendable, Hashable {
    case key(String)
    /// 0-based.
    case index(Int)
}

extension [JSONStep] {
    /// The path as people write it: `accounts[0].key`.
    public var text: String {
        reduce(into: "") { text, step in
            switch step {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}

/// Finds places in JSON text, for messages; the fast reader keeps none.
public struct JSONLocator {
    private let text: [UInt8]
    private var offset = 0

    public init(_ text: [UInt8]) {
        self.text = text
    }

    /// The place of the value at the end of `path`, of the deepest step that exists.
    ///
    /// - Parameter path: The steps from the root; of two equal keys the last is meant.
    public func place(of path: [JSONStep]) -> TextPlace {
        var walker = self
        walker.offset = 0
        var found = 0
        _ = walker.find(path[...], found: &found)
        return place(at: found)
    }

    /// Where in the text the value at the end of `path` stands; nil when there is none.
    public func range(of path: [JSONStep]) -> Range<Int>? {
        var walker = self
        walker.offset = 0
        var found = 0
        guard walker.find(path[...], found: &found) else { return nil }
        walker.offset = found
        return walker.skipValue(depth: 0) ? found..<walker.offset : nil
    }

    /// The place where the text stops being JSON, or nil when the whole text is one JSON value.
    public func firstError() -> TextPlace? {
        var walker = self
        walker.offset = 0
        let isValue = walker.skipValue(depth: 0)
        if isValue { walker.skipSpace() }
        let end = min(walker.offset, firstInvalid)
        return isValue && end == text.count ? nil : place(at: end)
    }

    /// The first byte that is no UTF-8, or the end.
    private var firstInvalid: Int {
        guard String(validating: text, as: UTF8.self) == nil else { return text.count }
        var decoder = UTF8()
        var iterator = text.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return offset
    }

    private func place(at end: Int) -> TextPlace {
        var place = TextPlace(line: 1, column: 1)
        for byte in text.prefix(end) {
            if byte == UInt8(ascii: "\n") {
                place.line += 1
                place.column = 1
            } else if byte & 0xC0 != 0x80 {
                place.column += 1
            }
        }
        return place
    }

    private var byte: UInt8? { offset < text.count ? text[offset] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: expected) else { return false }
        offset += 1
        return true
    }

    /// Walks to the value at `path`; leaves in `found` the start of the deepest value reached.
    private mutating func find(_ path: ArraySlice<JSONStep>, found: inout Int) -> Bool {
        skipSpace()
        found = offset
        guard let step = path.first else { return true }
        let rest = path.dropFirst()
        var lastMatch: Int?
        switch step {
        case .key(let key):
            guard take("{") else { return false }
            repeat {
                skipSpace()
                let start = offset
                guard skipString() else { break }
                let isMatch = text[(start + 1)..<max(start + 1, offset - 1)].elementsEqual(key.utf8)
                skipSpace()
                guard take(":") else { break }
                skipSpace()
                if isMatch { lastMatch = offset }
                guard skipValue(depth: 0) else { break }
                skipSpace()
            } while take(",")
        case .index(let index):
            guard take("[") else { return false }
            var position = 0
            repeat {
                skipSpace()
                if position == index { lastMatch = offset }
                guard skipValue(depth: 0) else { break }
                position += 1
                skipSpace()
            } while take(",")
        }
        guard let lastMatch else { return false }
        offset = lastMatch
        return find(rest, found: &found)
    }

    private mutating func skipValue(depth: Int) -> Bool {
        skipSpace()
        guard depth < 256, let byte else { return false }
        switch byte {
        case UInt8(ascii: "{"): return skipContainer(closing: "}", hasKeys: true, depth: depth)
        case UInt8(ascii: "["): return skipContainer(closing: "]", hasKeys: false, depth: depth)
        case UInt8(ascii: "\""): return skipString()
        case UInt8(ascii: "t"): return skipWord("true")
        case UInt8(ascii: "f"): return skipWord("false")
        case UInt8(ascii: "n"): return skipWord("null")
        default: return skipNumber()
        }
    }

    private mutating func skipContainer(closing: Unicode.Scalar, hasKeys: Bool, depth: Int) -> Bool {
        offset += 1
        skipSpace()
        if take(closing) { return true }
        while true {
            skipSpace()
            if hasKeys {
                guard skipString() else { return false }
                skipSpace()
                guard take(":") else { return false }
            }
            guard skipValue(depth: depth + 1) else { return false }
            skipSpace()
            if take(closing) { return true }
            guard take(",") else { return false }
        }
    }

    private mutating func skipString() -> Bool {
        guard take("\"") else { return false }
        while let byte {
            if byte < 0x20 { return false }
            if byte == UInt8(ascii: "\\") {
                guard skipEscape() else { return false }
                continue
            }
            offset += 1
            if byte == UInt8(ascii: "\"") { return true }
        }
        return false
    }

    /// An escape, or two that are the halves of one character beyond U+FFFF.
    private mutating func skipEscape() -> Bool {
        guard offset + 1 < text.count else { return false }
        guard text[offset + 1] == UInt8(ascii: "u") else {
            guard "\"\\/bfnrt".utf8.contains(text[offset + 1]) else { return false }
            offset += 2
            return true
        }
        guard let unit = unit(at: offset), !(0xDC00..<0xE000).contains(unit) else { return false }
        guard (0xD800..<0xDC00).contains(unit) else {
            offset += 6
            return true
        }
        guard let low = self.unit(at: offset + 6), (0xDC00..<0xE000).contains(low) else { return false }
        offset += 12
        return true
    }

    /// The UTF-16 unit of the escape `\u` and four digits.
    private func unit(at start: Int) -> UInt16? {
        guard start + 6 <= text.count, text[start] == UInt8(ascii: "\\"), text[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return text[(start + 2)..<(start + 6)].reduce(0 as UInt16?) { value, digit in
            guard let value, let digit = hexValue(digit) else { return nil }
            return value << 4 | UInt16(digit)
        }
    }

    private mutating func skipWord(_ word: StaticString) -> Bool {
        let end = offset + word.utf8CodeUnitCount
        guard end <= text.count else { return false }
        for index in offset..<end where text[index] != word.utf8Start[index - offset] { return false }
        offset = end
        return true
    }

    private mutating func skipNumber() -> Bool {
        let start = offset
        _ = take("-")
        var isNumber = take("0") || skipDigits()
        if isNumber, take(".") { isNumber = skipDigits() }
        if isNumber, take("e") || take("E") {
            _ = take("+") || take("-")
            isNumber = skipDigits()
        }
        guard isNumber, Double(String(decoding: text[start..<offset], as: UTF8.self))?.isFinite == true else {
            offset = start
            return false
        }
        return true
    }

    private mutating func skipDigits() -> Bool {
        let start = offset
        while let byte, (0x30...0x39).contains(byte) { offset += 1 }
        return offset > start
    }
}
