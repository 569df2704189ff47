struct GlyphText {
    var glyphs: [UInt8] = []
    /// Whether a box stands for a character.
    private(set) var lacksCharacters = false

    /// Turns text into glyphs: one for each character.
    ///
    /// Latin letters lose their accents, white space becomes one space, and what the font lacks becomes a box.
    init(_ text: String) {
        for character in text {
            guard let scalar = character.unicodeScalars.first else { continue }
            let glyph = character.isWhitespace ? 0 : Self.glyph(for: scalar)
            if glyph == 0, glyphs.last ?? 0 == 0 { continue }
            if glyph == Font.box { lacksCharacters = true }
            glyphs.append(glyph)
        }
        if glyphs.last == 0 { glyphs.removeLast() }
    }

    /// Cuts the text into lines of at most `columns` glyphs.
    ///
    /// Breaks at spaces and after hyphens where it can, and inside words longer than a line. Text that needs more than `limit` lines
    /// ends in an ellipsis. Both numbers must be positive.
    func lines(columns: Int, limit: Int = .max) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = glyphs[...]
        while !rest.isEmpty {
            if lines.count == limit - 1, rest.count > columns {
                var last = Array(rest.prefix(columns - 1))
                while last.last == 0 { last.removeLast() }
                lines.append(last + [Font.ellipsis])
                return lines
            }
            guard rest.count > columns else {
                lines.append(Array(rest))
                return lines
            }
            let end = Self.lineEnd(in: rest, columns: columns)
            lines.append(Array(rest[..<end]))
            rest = rest[end...]
            if rest.first == 0 { rest.removeFirst() }
        }
        return lines
    }

    /// Where a line that is too long is cut; before a space or after a hyphen if there is one.
    private static func lineEnd(in rest: ArraySlice<UInt8>, columns: Int) -> Int {
        // A space right after the line is as good as one in it.
        for index in stride(from: rest.startIndex + columns, to: rest.startIndex, by: -1) {
            if rest[index] == 0 || rest[index - 1] == letter(UInt8(ascii: "-")) { return index }
        }
        return rest.startIndex + columns
    }

    private static func glyph(for scalar: Unicode.Scalar) -> UInt8 {
        switch scalar.value {
        case 0x21...0x7E: UInt8(scalar.value - Font.firstScalar)
        case 0xC0...0x17F: letter(latin[Int(scalar.value - 0xC0)])
        case 0x2018, 0x2019, 0x201A: letter(UInt8(ascii: "'"))
        case 0x201C, 0x201D, 0x201E, 0xAB, 0xBB: letter(UInt8(ascii: "\""))
        case 0x2010...0x2015, 0x2212: letter(UInt8(ascii: "-"))
        case 0xD7: letter(UInt8(ascii: "x"))
        case 0x2026: Font.ellipsis
        default: Font.box
        }
    }

    private static func letter(_ ascii: UInt8) -> UInt8 {
        ascii - UInt8(Font.firstScalar)
    }

    /// The plain letter for each of U+00C0–U+017F, in order.
    private static let latin: [UInt8] = Array(
        ("AAAAAAACEEEEIIII" + "DNOOOOOxOUUUUYTs" + "aaaaaaaceeeeiiii" + "dnooooo/ouuuuyty"
            + "AaAaAaCcCcCcCcDd" + "DdEeEeEeEeEeGgGg" + "GgGgHhHhIiIiIiIi" + "IiIiJjKkkLlLlLlL"
            + "lLlNnNnNnnNnOoOo" + "OoOoRrRrRrSsSsSs" + "SsTtTtTtUuUuUuUu" + "UuUuWwYyYZzZzZzs").utf8)
}
