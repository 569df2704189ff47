internal import CGlyphs

/// A glyph of 16 rows of 8 or 16 pixels.
struct PixelGlyph: Sendable, Hashable {
    /// Rows of every glyph.
    static let height = 16

    /// Eight pixels each: 1 or 2.
    var columns: Int
    /// From top to bottom; the highest bit is the leftmost pixel.
    var rows: [UInt16]

    static let areInstalled = HexGlyphs.installed != nil

    /// What stands for a character that no glyph is known of.
    static let box = PixelGlyph(
        columns: 1, rows: [0, 0, 0xFE00] + Array(repeating: 0x8200, count: 10) + [0xFE00, 0, 0])

    /// This glyph with another over it, centred.
    func under(_ mark: PixelGlyph) -> PixelGlyph {
        var glyph = self
        let shift = mark.columns < columns ? 4 : 0
        for row in rows.indices { glyph.rows[row] |= mark.rows[row] >> shift }
        glyph.columns = max(columns, mark.columns)
        return glyph
    }
}

/// The text of `cglyphs_hex`.
struct HexGlyphs: Sendable {
    // Memory that is written once and never given back, so any thread may read it.
    nonisolated(unsafe) let text: UnsafeBufferPointer<UInt8>

    static let installed: HexGlyphs? = {
        let file = cglyphs_hex()
        return file.length > 0 ? HexGlyphs(text: UnsafeBufferPointer(start: file.bytes, count: file.length)) : nil
    }()

    /// Looks a line up by halving: the numbers ascend.
    func glyph(_ wanted: UInt32) -> PixelGlyph? {
        var (low, high) = (0, text.count)
        while low < high {
            var start = (low + high) / 2
            while start > low, text[start - 1] != UInt8(ascii: "\n") { start -= 1 }
            guard let number = number(at: start, digits: 4) else { return nil }
            var end = start
            while end < high, text[end] != UInt8(ascii: "\n") { end += 1 }
            if number == wanted { return end - start > 5 ? glyph(digits: start + 5..<end) : nil }
            if number < wanted { low = end + 1 } else { high = start }
        }
        return nil
    }

    private func glyph(digits: Range<Int>) -> PixelGlyph? {
        let size = digits.count / PixelGlyph.height
        guard size == 2 || size == 4 else { return nil }
        let rows = stride(from: digits.lowerBound, to: digits.upperBound, by: size).compactMap {
            number(at: $0, digits: size).map { UInt16($0) << (size == 2 ? 8 : 0) }
        }
        return rows.count == PixelGlyph.height ? PixelGlyph(columns: size / 2, rows: rows) : nil
    }

    private func number(at start: Int, digits: Int) -> UInt32? {
        guard start + digits <= text.count else { return nil }
        var number: UInt32 = 0
        for byte in text[start..<start + digits] {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            number = number << 4 | UInt32(digit)
        }
        return number
    }
}
