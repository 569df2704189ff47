/// A text of a picture in the font that has its characters: the small one where it does, else the one for all scripts.
struct FieldText {
    private let small: GlyphText
    private let wide: WideText?

    init(_ text: String) {
        small = GlyphText(text)
        wide = small.lacksCharacters && PixelGlyph.areInstalled ? WideText(text) : nil
    }

    var isEmpty: Bool { wide?.cells.isEmpty ?? small.glyphs.isEmpty }

    /// The pixels of a font pixel.
    ///
    /// The wide font has twice as many rows, so that both are about as high.
    private func pixels(_ scale: Int) -> Int { wide == nil ? scale : max(1, (scale + 1) / 2) }

    /// From the top of one line to that of the next, where there is room.
    func lineHeight(_ scale: Int) -> Int { wide == nil ? 10 * scale : (PixelGlyph.height + 4) * pixels(scale) }

    /// The same, as tight as it can be read, at scale 1.
    var tightLineHeight: Int { wide == nil ? Font.glyphHeight + 1 : PixelGlyph.height + 1 }

    /// How many glyphs of the least width fit side by side.
    func columns(in width: Int, scale: Int) -> Int {
        wide == nil ? (width + scale) / (Font.advance * scale) : width / (8 * pixels(scale))
    }

    func lineCount(columns: Int) -> Int {
        wide?.lines(columns: columns).count ?? small.lines(columns: columns).count
    }

    /// The text in lines, each below the other by `step`.
    ///
    /// - Parameter limit: The most lines; text that needs more ends in an ellipsis.
    func lines(
        x: Range<Int>, top: Int, step: Int, scale: Int, columns: Int, limit: Int = .max, ink: Card.Ink
    ) -> [Card.Line] {
        let pixels = pixels(scale)
        guard let wide else {
            return small.lines(columns: columns, limit: limit).enumerated().map { index, glyphs in
                Card.Line(x: x.lowerBound, y: top + index * step, scale: pixels, ink: ink, glyphs: glyphs)
            }
        }
        return wide.lines(columns: columns, limit: limit).enumerated().map { index, cells in
            let bitmap = wide.bitmap(of: cells)
            let width = 8 * pixels * (bitmap.first?.count ?? 0)
            let left = wide.isFromRight ? max(x.lowerBound, x.upperBound - width) : x.lowerBound
            return Card.Line(x: left, y: top + index * step, scale: pixels, ink: ink, bitmap: bitmap)
        }
    }
}
