/// What is checked of a text before YAML is read, so that no text can exhaust memory, time or the stack.
struct TextGuard {
    /// The most bytes of a scenario.
    static let sizeLimit = 4 * 1024 * 1024
    /// The deepest nesting of lists and objects.
    static let depthLimit = 32
    /// Brackets that may be open at once, and columns of indentation: twice, and many times, what the depth allows.
    private static let openBracketLimit = 64
    private static let indentationLimit = 200

    /// The text as a string, or the first problem with its place.
    static func check(_ bytes: [UInt8]) -> Result<String, Problem> {
        guard bytes.count <= sizeLimit else {
            return .failure(Problem(at: 0, in: bytes, "larger than \(sizeLimit / 1024 / 1024) MiB"))
        }
        if let problem = controlCharacter(bytes) ?? deepNesting(bytes) ?? alias(bytes) { return .failure(problem) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .failure(Problem(at: firstInvalid(bytes), in: bytes, "a byte that is no UTF-8"))
        }
        return .success(text)
    }

    struct Problem: Error {
        var place: Place
        var text: String

        init(at offset: Int, in bytes: [UInt8], _ text: String) {
            let before = bytes.prefix(offset)
            let line = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            let column = before[line...].count { $0 & 0xC0 != 0x80 }
            place = Place(line: 1 + before.count { $0 == 0x0A }, column: column + 1)
            self.text = text
        }
    }

    private static func controlCharacter(_ bytes: [UInt8]) -> Problem? {
        let offset = bytes.firstIndex { ($0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D) || $0 == 0x7F }
        return offset.map { Problem(at: $0, in: bytes, "a control character") }
    }

    /// Brackets are counted wherever they stand: a text with this many open ones is refused as well.
    private static func deepNesting(_ bytes: [UInt8]) -> Problem? {
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
                return Problem(at: offset, in: bytes, "nested deeper than \(depthLimit) levels")
            }
        }
        return nil
    }

    /// An alias is refused before it is followed: few lines of them can stand for billions of nodes.
    ///
    /// Only a word `*x` whose anchor `&x` stands before it is one; `veo-*` and `*.zip` are ordinary text.
    private static func alias(_ bytes: [UInt8]) -> Problem? {
        var anchors: Set<ArraySlice<UInt8>> = []
        var previous: UInt8 = 0x0A
        for (offset, byte) in bytes.enumerated() {
            let mayStart = [0x20, 0x0A, 0x09, 0x0D, 0x2C, 0x5B, 0x7B, 0x3A].contains(previous)
            previous = byte
            guard mayStart, byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") else { continue }
            let name = bytes[(offset + 1)...].prefix { byte in
                byte > 0x20 && !",[]{}".utf8.contains(byte)
            }
            guard !name.isEmpty else { continue }
            if byte == UInt8(ascii: "&") {
                anchors.insert(name)
            } else if anchors.contains(name) {
                return Problem(at: offset, in: bytes, "aliases (*name) are not part of the language; write it out")
            }
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
