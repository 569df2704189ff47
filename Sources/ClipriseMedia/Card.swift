/// A flat picture: rectangles and scaled text, painted in order over a background.
///
/// Rows are made on demand, so a picture of any size needs the memory of one row.
struct Card {
    /// What a pixel is painted with; an index into the palette.
    enum Ink: UInt8, CaseIterable {
        case background, panel, text, muted, accent, shade
        case bar1, bar2, bar3, bar4, bar5, bar6, bar7
    }

    struct Fill {
        var x: Range<Int>
        var y: Range<Int>
        var ink: Ink
    }

    /// One line of text; `x` and `y` are its top left corner, `scale` the pixels of a font pixel.
    struct Line {
        var x: Int
        var y: Int
        var scale: Int
        var ink: Ink
        var glyphs: [UInt8]
        /// From one glyph to the next, in pixels.
        var advance: Int
        /// Instead of glyphs, the font pixels row by row, of equal length; the highest bit is the leftmost.
        var bitmap: [[UInt8]] = []

        init(x: Int, y: Int, scale: Int, ink: Ink, glyphs: [UInt8], advance: Int? = nil) {
            self.x = x
            self.y = y
            self.scale = scale
            self.ink = ink
            self.glyphs = glyphs
            self.advance = advance ?? Font.advance * scale
        }

        init(x: Int, y: Int, scale: Int, ink: Ink, bitmap: [[UInt8]]) {
            self.init(x: x, y: y, scale: scale, ink: ink, glyphs: [])
            self.bitmap = bitmap
        }

        /// Rows of font pixels.
        var rows: Int { bitmap.isEmpty ? Font.glyphHeight : bitmap.count }
        var height: Int { rows * scale }
    }

    let width: Int
    let height: Int
    let palette: Palette
    var fills: [Fill] = []
    var lines: [Line] = []
    /// Where a video shows its running time and progress; nil for images.
    var player: Player?

    /// The first rows of the bands of equal rows, ascending, and `height` as the last.
    var bandEdges: [Int] {
        var edges = [0, height]
        for fill in fills {
            edges.append(fill.y.lowerBound)
            edges.append(fill.y.upperBound)
        }
        for line in lines {
            for row in 0...line.rows { edges.append(line.y + row * line.scale) }
        }
        edges.sort()
        var unique: [Int] = []
        for edge in edges where edge >= 0 && edge <= height && edge != unique.last { unique.append(edge) }
        return unique
    }

    /// Paints row `y` into `row`, one ink for each pixel; `row` must hold `width` elements.
    func paint(row y: Int, into row: UnsafeMutableBufferPointer<UInt8>) {
        row.update(repeating: Ink.background.rawValue)
        for fill in fills where fill.y.contains(y) {
            let x = fill.x.clamped(to: 0..<width)
            if !x.isEmpty { row.extracting(x).update(repeating: fill.ink.rawValue) }
        }
        for line in lines where y >= line.y && y < line.y + line.height {
            let fontRow = (y - line.y) / line.scale
            if line.bitmap.isEmpty {
                paint(line, fontRow: fontRow, into: row)
            } else {
                for (index, bits) in line.bitmap[fontRow].enumerated() where bits != 0 {
                    paint(bits, at: line.x + 8 * index * line.scale, line, into: row)
                }
            }
        }
    }

    private func paint(_ line: Line, fontRow: Int, into row: UnsafeMutableBufferPointer<UInt8>) {
        var left = line.x
        for glyph in line.glyphs {
            paint(Font.row(fontRow, of: glyph) << 3, at: left, line, into: row)
            left += line.advance
        }
    }

    /// Paints eight font pixels, the highest bit first.
    private func paint(_ bits: UInt8, at left: Int, _ line: Line, into row: UnsafeMutableBufferPointer<UInt8>) {
        var (bits, x) = (bits, left)
        while bits != 0 {
            if bits & 0x80 != 0 {
                let pixels = (x..<x + line.scale).clamped(to: 0..<width)
                if !pixels.isEmpty { row.extracting(pixels).update(repeating: line.ink.rawValue) }
            }
            bits <<= 1
            x += line.scale
        }
    }
}

/// The moving parts of a video's picture.
struct Player {
    /// The running time as `mm:ss`, drawn anew when a digit changes.
    var clock: Card.Line
    /// The progress bar fills this from left to right.
    var barX: Range<Int>
    var barY: Range<Int>
    /// The bar grows in steps of this many pixels.
    var barStep: Int
}
