internal import ClipriseWire

/// What is checked of a text before YAML is read, so that no text can exhaust memory, time or the stack.
struct TextGuard {
    /// The most bytes of a scenario.
    static let sizeLimit = 4 * 1024 * 1024
    /// The deepest nesting of lists and objects.
    static let depthLimit = 32
    /// Brackets that may be open at once, and columns of indentation: twice, and many times, what the depth allows.
    private static let openBracketLimit = 64
    private static let indentationLimit = 200
    /// Lines `%TAG`: libyaml compares each with all before it, so that a text full of them would take hours.
    private static let tagLimit = 16

    /// Refuses a text by the first problem that is found.
    static func check(_ bytes: [UInt8]) throws(TextProblem) {
        guard bytes.count <= sizeLimit else {
            throw TextProblem(at: 0, in: bytes, "larger than \(sizeLimit / 1024 / 1024) MiB")
        }
        if let format = ForeignText.format(of: bytes) { throw TextProblem(at: 0, in: bytes, "it is \(format)") }
        if let problem = controlCharacter(bytes) ?? deepNesting(bytes) ?? tags(bytes) { throw problem }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw TextProblem(at: firstInvalid(bytes), in: bytes, "a byte that is no UTF-8")
        }
    }

    private static func controlCharacter(_ bytes: [UInt8]) -> TextProblem? {
        let offset = bytes.firstIndex { ($0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D) || $0 == 0x7F }
        return offset.map { TextProblem(at: $0, in: bytes, "a control character") }
    }

    /// Brackets are counted wherever they stand: a text with this many open ones is refused as well.
    private static func deepNesting(_ bytes: [UInt8]) -> TextProblem? {
        var open = 0
        var indentation = 0
        var isAtStart = true
        for (offset, byte) in bytes.enumerated() {
            switch byte {
            case 0x0A: (isAtStart, indentation) = (true, 0)
            case 0x20, UInt8(ascii: "-"), UInt8(ascii: "?"): indentation += isAtStart ? 1 : 0
            default: isAtStart = false
            }
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): open = max(0, open - 1)
            default: break
            }
            if open > openBracketLimit || indentation > indentationLimit {
                return TextProblem(at: offset, in: bytes, "nested deeper than \(depthLimit) levels")
            }
        }
        return nil
    }

    private static func tags(_ bytes: [UInt8]) -> TextProblem? {
        var count = 0
        var previous: UInt8 = 0x0A
        for (offset, byte) in bytes.enumerated() {
            // The last bytes of LF, CR, and of what else ends a line: U+0085, U+2028 and U+2029.
            let isAtStart = [0x0A, 0x0D, 0x85, 0xA8, 0xA9].contains(previous)
            previous = byte
            guard isAtStart, byte == UInt8(ascii: "%"), bytes[offset...].starts(with: "%TAG".utf8) else { continue }
            count += 1
            if count > tagLimit { return TextProblem(at: offset, in: bytes, "more than \(tagLimit) lines %TAG") }
        }
        return nil
    }

    private static func firstInvalid(_ bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return min(offset, bytes.count)
    }
}

/// Why a text as such is refused, and where.
struct TextProblem: Error {
    var place: Place
    var text: String
}

extension TextProblem {
    /// - Parameter offset: The byte that the place is of; lines and columns are counted as those of a `YAMLEvent`.
    init(at offset: Int, in bytes: some Collection<UInt8>, _ text: String) {
        var place = Place(line: 1, column: 1)
        var last: (UInt8, UInt8) = (0, 0)
        for byte in bytes.prefix(offset) {
            switch (last.0, last.1, byte) {
            case (_, 0x0D, 0x0A): place.column = 1
            case (_, _, 0x0A), (_, _, 0x0D), (_, 0xC2, 0x85), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9):
                place = Place(line: place.line + 1, column: 1)
            default: place.column += byte & 0xC0 == 0x80 ? 0 : 1
            }
            last = (last.1, byte)
        }
        self.init(place: place, text: text)
    }
}
