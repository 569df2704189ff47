internal import CGlyphs

/// The font of `cglyphs_outlines`: an OpenType file whose outlines (Compact Font Format) run along the edges of pixels.
///
/// Only what such a font has is read: one map of characters in groups, and charstrings of horizontal and vertical lines.
struct OutlineGlyphs: Sendable {
    // Memory that is written once and never given back, so any thread may read it.
    private nonisolated(unsafe) let file: UnsafeBufferPointer<UInt8>
    /// Where the groups of the character map begin, and how many there are.
    private let groups: (start: Int, count: Int)
    /// Where the index of charstrings begins.
    private let charstrings: Int
    private let widths: Int

    /// Units of the font for one pixel, and for the pixels below the baseline.
    private static let (unit, descent) = (4, 8)

    static let installed: OutlineGlyphs? = {
        let file = cglyphs_outlines()
        return OutlineGlyphs(UnsafeBufferPointer(start: file.bytes, count: file.length))
    }()

    init?(_ file: UnsafeBufferPointer<UInt8>) {
        self.file = file
        var tables: [UInt32: Int] = [:]
        for entry in 0..<Self.number(file, 4, 2) {
            tables[UInt32(Self.number(file, 12 + 16 * entry, 4))] = Self.number(file, 20 + 16 * entry, 4)
        }
        // `cmap`, `CFF `, `hmtx`.
        guard let map = tables[0x636D_6170], let outlines = tables[0x4346_4620], let widths = tables[0x686D_7478] else {
            return nil
        }
        self.widths = widths
        let subtables = (0..<Self.number(file, map + 2, 2)).map { map + Self.number(file, map + 8 + 8 * $0, 4) }
        guard let grouped = subtables.first(where: { Self.number(file, $0, 2) == 12 }) else { return nil }
        groups = (grouped + 16, Self.number(file, grouped + 12, 4))
        // Behind the header stand the names, then the dictionary of the font, whose operator 17 says where the strings are.
        let names = outlines + Self.number(file, outlines + 2, 1)
        let dictionaries = Self.end(ofIndex: names, file)
        guard let dictionary = Self.entry(0, ofIndex: dictionaries, file),
            let offset = Self.operand(of: 17, in: dictionary, file)
        else { return nil }
        charstrings = outlines + offset
    }

    /// The glyph of a character above U+FFFF, or nil.
    func glyph(_ scalar: UInt32) -> PixelGlyph? {
        var (low, high) = (0, groups.count)
        while low < high {
            let middle = (low + high) / 2
            let group = groups.start + 12 * middle
            if scalar < UInt32(Self.number(file, group, 4)) {
                high = middle
            } else if scalar > UInt32(Self.number(file, group + 4, 4)) {
                low = middle + 1
            } else {
                let place = Int(scalar) - Self.number(file, group, 4)
                return glyph(at: Self.number(file, group + 8, 4) + place)
            }
        }
        return nil
    }

    private func glyph(at index: Int) -> PixelGlyph? {
        guard let string = Self.entry(index, ofIndex: charstrings, file) else { return nil }
        let width = Self.number(file, widths + 4 * index, 2)
        var glyph = PixelGlyph(
            columns: width > 8 * Self.unit ? 2 : 1, rows: Array(repeating: 0, count: PixelGlyph.height))
        // Crossing an upright edge goes in or out: so all pixels to its right change.
        for edge in edges(of: string) {
            let change = edge.x >= 16 ? 0 : UInt16.max >> UInt16(max(0, edge.x))
            // Nothing that the file says leads out of the glyph.
            let bottom = -Self.descent / Self.unit
            let (low, high) = (max(edge.low, bottom), min(edge.high, bottom + PixelGlyph.height))
            for y in low..<max(low, high) { glyph.rows[PixelGlyph.height - 1 - (y - bottom)] ^= change }
        }
        return glyph
    }

    private struct Edge {
        var x: Int
        var low: Int
        var high: Int
    }

    /// The upright edges of a glyph, in pixels.
    private func edges(of string: Range<Int>) -> [Edge] {
        var edges: [Edge] = []
        var numbers: [Int] = []
        var (x, y, startX, startY) = (0, 0, 0, 0)
        func line(_ dx: Int, _ dy: Int) {
            if dy != 0 {
                let ends = (y / Self.unit, (y + dy) / Self.unit)
                edges.append(Edge(x: x / Self.unit, low: min(ends.0, ends.1), high: max(ends.0, ends.1)))
            }
            (x, y) = (x + dx, y + dy)
        }
        /// The next outline begins from the last point, not from the one that this line leads to.
        func close() {
            let last = (x, y)
            line(startX - x, startY - y)
            (x, y) = last
        }
        var at = string.lowerBound
        while at < string.upperBound {
            let byte = Int(file[at])
            guard byte < 32, byte != 28 else {
                numbers.append(Self.operand(file, &at))
                continue
            }
            at += 1
            switch byte {
            case 4, 21, 22:  // vmoveto, rmoveto, hmoveto
                close()
                let last = numbers.last ?? 0
                if byte != 4 { x += byte == 22 ? last : numbers.dropLast().last ?? 0 }
                if byte != 22 { y += last }
                (startX, startY) = (x, y)
            case 6, 7:  // hlineto, vlineto: in turns
                for (turn, number) in numbers.enumerated() {
                    if (turn % 2 == 0) == (byte == 6) { line(number, 0) } else { line(0, number) }
                }
            default:
                close()
                return edges
            }
            numbers = []
        }
        close()
        return edges
    }

    // MARK: Reading

    /// A number of up to four bytes, the highest first; 0 behind the end.
    private static func number(_ file: UnsafeBufferPointer<UInt8>, _ at: Int, _ size: Int) -> Int {
        guard at >= 0, at + size <= file.count else { return 0 }
        return file[at..<at + size].reduce(0) { $0 << 8 | Int($1) }
    }

    /// A number as dictionaries and charstrings write it; moves behind it.
    private static func operand(_ file: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> Int {
        let byte = number(file, at, 1)
        switch byte {
        case 28, 29:
            let size = byte == 28 ? 2 : 4
            defer { at += 1 + size }
            let value = number(file, at + 1, size)
            return size == 2 ? Int(Int16(truncatingIfNeeded: value)) : Int(Int32(truncatingIfNeeded: value))
        case 247...250:
            defer { at += 2 }
            return (byte - 247) * 256 + number(file, at + 1, 1) + 108
        case 251...254:
            defer { at += 2 }
            return -(byte - 251) * 256 - number(file, at + 1, 1) - 108
        case 30:  // a decimal number in half bytes, up to a half byte of ones
            at += 1
            while at < file.count, file[at] & 0x0F != 0x0F { at += 1 }
            at += 1
            return 0
        default:
            at += 1
            return byte - 139
        }
    }

    /// The last operand of an operator in a dictionary.
    private static func operand(of wanted: Int, in range: Range<Int>, _ file: UnsafeBufferPointer<UInt8>) -> Int? {
        var at = range.lowerBound
        var last: Int?
        while at < range.upperBound {
            let byte = number(file, at, 1)
            guard byte <= 21 else {
                last = operand(file, &at)
                continue
            }
            if byte == wanted { return last }
            at += byte == 12 ? 2 : 1
            last = nil
        }
        return nil
    }

    private static func entry(_ index: Int, ofIndex start: Int, _ file: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        let count = number(file, start, 2)
        guard index >= 0, index < count else { return nil }
        let size = number(file, start + 2, 1)
        guard (1...4).contains(size) else { return nil }
        let base = start + 3 + (count + 1) * size - 1
        let (first, end) = (
            number(file, start + 3 + index * size, size), number(file, start + 3 + (index + 1) * size, size)
        )
        guard 1 <= first, first <= end, base + end <= file.count else { return nil }
        return base + first..<base + end
    }

    private static func end(ofIndex start: Int, _ file: UnsafeBufferPointer<UInt8>) -> Int {
        let count = number(file, start, 2)
        return entry(count - 1, ofIndex: start, file)?.upperBound ?? start + 2
    }
}
