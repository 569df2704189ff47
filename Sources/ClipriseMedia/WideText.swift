/// Text in any script as glyphs of `PixelGlyph`.
///
/// Arabic letters are joined, what is written from the right is shown so, marks stand over their letters. What only says
/// how to draw (joiners, variants, skin tones) is left out: the people of a family stand side by side.
struct WideText {
    struct Cell {
        var scalar: Unicode.Scalar
        var glyph: PixelGlyph
        var marks: [PixelGlyph] = []
        var isSpace: Bool { scalar == " " }
        var columns: Int { marks.reduce(glyph.columns) { max($0, $1.columns) } }
        /// Whether it stands by itself, so that lines may break beside it.
        var isIdeograph: Bool { glyph.columns == 2 && WritingDirection.kind(of: scalar) != .right }

        /// The bits, with the marks, as they are in a run that is turned round or not.
        func drawn(isMirrored: Bool) -> PixelGlyph {
            var base = glyph
            if isMirrored, let other = PixelGlyph.of(WritingDirection.mirrored(scalar)) { base = other }
            for mark in marks { base = base.under(mark) }
            return base
        }
    }

    private(set) var cells: [Cell] = []
    private(set) var isFromRight = false

    /// - Parameter text: White space becomes one space.
    init(_ text: String) {
        for scalar in ArabicForms.shaped(Array(text.unicodeScalars)) {
            if scalar.properties.isWhitespace || scalar.value < 0x20 {
                if let last = cells.last, !last.isSpace { append(" ") }
            } else if ArabicForms.isMark(scalar), let last = cells.indices.last {
                if let mark = PixelGlyph.of(scalar), !scalar.properties.isDefaultIgnorableCodePoint {
                    cells[last].marks.append(mark)
                }
            } else if !scalar.properties.isDefaultIgnorableCodePoint,
                !(scalar.properties.isEmojiModifier && cells.last?.scalar.properties.isEmojiModifierBase == true)
            {
                append(scalar)
            }
        }
        if cells.last?.isSpace == true { cells.removeLast() }
        isFromRight = WritingDirection.isFromRight(cells.lazy.map { WritingDirection.kind(of: $0.scalar) })
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        cells.append(Cell(scalar: scalar, glyph: PixelGlyph.of(scalar) ?? PixelGlyph.box))
    }

    /// Cuts the text into lines of at most `columns` columns of eight pixels, at least 2.
    ///
    /// Breaks at spaces, after hyphens and between ideographs where it can, and inside longer words. Text that needs more
    /// than `limit` lines ends in an ellipsis.
    func lines(columns: Int, limit: Int = .max) -> [[Cell]] {
        var lines: [[Cell]] = []
        var rest = cells[...]
        while !rest.isEmpty {
            let end = Self.fitting(rest, columns: columns)
            if end == rest.endIndex {
                lines.append(Array(rest))
                return lines
            }
            if lines.count == limit - 1 {
                var last = rest[..<Self.fitting(rest, columns: columns - 1)]
                while last.last?.isSpace == true { last.removeLast() }
                let dots: Unicode.Scalar = "…"
                lines.append(last + [Cell(scalar: dots, glyph: PixelGlyph.of(dots) ?? PixelGlyph.box)])
                return lines
            }
            let cut = Self.lineEnd(in: rest, fitting: end)
            var line = rest[..<cut]
            while line.last?.isSpace == true { line.removeLast() }
            lines.append(Array(line))
            rest = rest[cut...]
            while rest.first?.isSpace == true { rest.removeFirst() }
        }
        return lines
    }

    /// Behind the last cell that a line has room for.
    private static func fitting(_ rest: ArraySlice<Cell>, columns: Int) -> Int {
        var (width, end) = (0, rest.startIndex)
        while end < rest.endIndex, width + rest[end].columns <= columns {
            width += rest[end].columns
            end += 1
        }
        // At least one, or there would be no end.
        return max(end, min(rest.startIndex + 1, rest.endIndex))
    }

    /// Where a line that is too long is cut.
    private static func lineEnd(in rest: ArraySlice<Cell>, fitting end: Int) -> Int {
        for index in stride(from: end, to: rest.startIndex, by: -1) {
            let (before, after) = (rest[index - 1], rest[index])
            if after.isSpace || before.scalar == "-" { return index }
            let isBetween = before.isIdeograph || after.isIdeograph || before.isSpace
            if isBetween, !neverFirst.contains(after.scalar), !neverLast.contains(before.scalar) { return index }
        }
        return end
    }

    private static let neverFirst: Set<Unicode.Scalar> = [
        "、", "。", "，", "．", "！", "？", "；", "：", "）", "」", "』", "】", "》", "〉", "”", "’", ",", ".", "!", "?", ")", "ー",
        "々", "っ", "ゃ",
        "ゅ", "ょ", "ッ", "ャ", "ュ", "ョ", "…",
    ]
    private static let neverLast: Set<Unicode.Scalar> = ["（", "「", "『", "【", "《", "〈", "“", "‘", "("]

    /// The pixels of a line, row by row; the highest bit of each byte is its leftmost pixel.
    func bitmap(of line: [Cell]) -> [[UInt8]] {
        var rows = Array(repeating: [UInt8](), count: PixelGlyph.height)
        let kinds = line.map { WritingDirection.kind(of: $0.scalar) }
        for (index, isMirrored) in WritingDirection.order(kinds, isFromRight: isFromRight) {
            let glyph = line[index].drawn(isMirrored: isMirrored)
            for row in rows.indices {
                rows[row].append(UInt8(glyph.rows[row] >> 8))
                if glyph.columns == 2 { rows[row].append(UInt8(glyph.rows[row] & 0xFF)) }
            }
        }
        return rows
    }
}
