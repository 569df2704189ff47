import ClipriseWire
import Foundation
import Testing

@testable import ClipriseMedia

/// Prompts in scripts that the small font does not have.
@Suite(.enabled(if: PixelGlyph.areInstalled, "unifont and fonts-unifont are not installed"))
struct ScriptTests {
    /// What the font's own text says of the first, and what FreeType draws of the others at 16 pixels.
    static let glyphs: [(Unicode.Scalar, columns: Int, rows: [UInt16])] = [
        (
            "中", 2,
            [
                0x0100, 0x0100, 0x0100, 0x0100, 0x3FF8, 0x2108, 0x2108, 0x2108, 0x2108, 0x2108, 0x3FF8, 0x2108, 0x0100,
                0x0100, 0x0100, 0x0100,
            ]
        ),
        (
            "а", 1,
            [0, 0, 0, 0, 0, 0, 0x3C00, 0x4200, 0x0200, 0x3E00, 0x4200, 0x4200, 0x4600, 0x3A00, 0, 0]
        ),
        (
            "😀", 2,
            [
                0x0000, 0x03E0, 0x0C18, 0x1004, 0x2002, 0x2632, 0x4631, 0x4001, 0x4001, 0x4FF9, 0x2AAA, 0x26B2, 0x13E4,
                0x0C18, 0x03E0, 0x0000,
            ]
        ),
        (
            "🌊", 2,
            [
                0, 0, 0, 0, 0x00F0, 0x01F8, 0x03C8, 0x0780, 0x0F80, 0x1FC0, 0x3FF0, 0xFFFF, 0xFFFF, 0xFFFF, 0, 0,
            ]
        ),
    ]

    @Test(arguments: glyphs)
    func `a glyph has the pixels of the font`(scalar: Unicode.Scalar, columns: Int, rows: [UInt16]) {
        #expect(PixelGlyph.of(scalar) == PixelGlyph(columns: columns, rows: rows))
    }

    @Test func `what has no glyph is none`() {
        for value: UInt32 in [0xE000, 0x10FFFF, 0x3FFFF] {
            #expect(Unicode.Scalar(value).flatMap(PixelGlyph.of) == nil)
        }
    }

    static let prompts = [
        "東京の夜景、静かな海", "서울의 밤", "北京的雪景", "Тихий океан на закате", "منظر غروب على البحر",
        "חוף הים בשקיעה", "A wave 🌊 and a 👨‍👩‍👧 with 👍🏽 and 🇩🇪", "मुंबई में बारिश", "กรุงเทพ", "Ελλάδα", "café 咖啡 ☕️ 1️⃣",
    ]

    @Test(arguments: prompts)
    func `no box stands for a character`(prompt: String) {
        #expect(GlyphText(prompt).lacksCharacters)
        #expect(WideText(prompt).cells.allSatisfy { $0.glyph != PixelGlyph.box })
        let card = Card(.sample(.png, Size(512, 512), prompt: prompt), ordinal: 1)
        #expect(card.lines.contains { !$0.bitmap.isEmpty })
    }

    @Test(arguments: prompts, Size.images)
    func `the text stays within the picture`(prompt: String, size: Size) {
        let card = Card(.sample(.png, size, prompt: prompt), ordinal: 1)
        var bottom = 0
        for line in card.lines {
            #expect(line.y >= bottom)
            bottom = line.y + line.height
            if let row = line.bitmap.first, size.width >= 64 {
                #expect(line.x >= 0 && line.x + 8 * row.count * line.scale <= size.width)
            }
        }
        #expect(bottom <= size.height)
    }

    /// By the tables of Unicode: the letters' own forms, as they are joined.
    static let words: [(String, [UInt32])] = [
        ("سلام", [0xFEB3, 0xFEFC, 0xFEE1]), ("مرحبا", [0xFEE3, 0xFEAE, 0xFEA3, 0xFE92, 0xFE8E]),
        ("کتاب", [0xFB90, 0xFE98, 0xFE8E, 0xFE8F]), ("لا", [0xFEFB]), ("ب", [0xFE8F]), ("بب", [0xFE91, 0xFE90]),
        ("بَب", [0xFE91, 0x064E, 0xFE90]), ("بـ", [0xFE91, 0x0640]), ("دار", [0xFEA9, 0xFE8D, 0xFEAD]),
        ("abc", [0x61, 0x62, 0x63]),
    ]

    @Test(arguments: words)
    func `Arabic letters are joined`(word: String, forms: [UInt32]) {
        #expect(ArabicForms.shaped(Array(word.unicodeScalars)).map(\.value) == forms)
    }

    /// Rules P2, P3, W4, W7, N1, N2, L2 and L4 of UAX #9, by hand.
    static let directions: [(text: String, shown: String)] = [
        ("abc def", "abc def"), ("abc אבג 123", "abc 123 גבא"), ("שלום world 5", "world 5 םולש"),
        ("אב 1.5 גד", "דג 1.5 בא"),
        ("א(ב)", "(ב)א"), ("a אב, גד z", "a דג ,בא z"), ("123 אב", "בא 123"), ("אב!", "!בא"),
    ]

    @Test(arguments: directions)
    func `what is written from the right is shown from the right`(text: String, shown: String) {
        let scalars = Array(text.unicodeScalars)
        let kinds = scalars.map(WritingDirection.kind)
        let order = WritingDirection.order(kinds, isFromRight: WritingDirection.isFromRight(kinds))
        var line = String.UnicodeScalarView()
        for (index, isMirrored) in order {
            line.append(isMirrored ? WritingDirection.mirrored(scalars[index]) : scalars[index])
        }
        #expect(String(line) == shown)
    }

    static let wrappings: [(text: String, columns: Int, limit: Int, lines: [String])] = [
        ("東京の夜景、静かな海", 8, .max, ["東京の夜", "景、静か", "な海"]),
        // A comma begins no line.
        ("東京の夜景、静かな海", 10, .max, ["東京の夜", "景、静かな", "海"]),
        ("Тихий океан", 6, .max, ["Тихий", "океан"]), ("Тихий океан", 8, 1, ["Тихий о…"]),
        ("東京の夜景、静かな海", 8, 2, ["東京の夜", "景、静…"]), ("オーシャン", 2, .max, ["オ", "ー", "シ", "ャ", "ン"]),
    ]

    @Test(arguments: wrappings)
    func `lines break between ideographs, and what is too long ends in an ellipsis`(
        text: String, columns: Int, limit: Int, lines: [String]
    ) {
        let cut = WideText(text).lines(columns: columns, limit: limit).map { cells in
            String(String.UnicodeScalarView(cells.map(\.scalar)))
        }
        #expect(cut == lines)
    }

    @Test func `a line from the right ends at the right edge`() throws {
        let card = Card(.sample(.png, Size(512, 512), prompt: "منظر"), ordinal: 1)
        let line = try #require(card.lines.first { !$0.bitmap.isEmpty })
        let left = Card(.sample(.png, Size(512, 512), prompt: "Тихий"), ordinal: 1).lines.first { !$0.bitmap.isEmpty }
        #expect(line.x > (try #require(left).x))
    }
}

/// The fonts are files of the machine, which may be of another version or broken.
@Suite struct BrokenGlyphTests {
    @Test(arguments: [
        "", "\n", "0041", "0041:", "0041:\n", "0041:00\n", "0041:XX", "004\n0041:" + String(repeating: "G", count: 32),
    ])
    func `a line that is no glyph is none`(text: String) {
        Array(text.utf8).withUnsafeBufferPointer { #expect(HexGlyphs(text: $0).glyph(0x41) == nil) }
    }

    @Test(.enabled(if: PixelGlyph.areInstalled, "unifont and fonts-unifont are not installed"))
    func `a font with other bytes, or fewer, draws something else or nothing`() throws {
        let path = "/usr/share/fonts/opentype/unifont/unifont_upper.otf"
        var font = Array(try #require(FileManager.default.contents(atPath: path)))
        func draw(_ length: Int) {
            font.withUnsafeBufferPointer { all in
                let glyphs = OutlineGlyphs(UnsafeBufferPointer(rebasing: all[..<length]))
                for scalar in stride(from: UInt32(0x1F300), to: 0x1F700, by: 97) { _ = glyphs?.glyph(scalar) }
            }
        }
        for length in [0, 1, 11, 100, 300, 5_000, font.count / 2, font.count - 1] { draw(length) }
        // The directory of the tables, the head of the outlines, and glyphs, where a byte leads far away or into nothing.
        let tag = try #require(font.firstRange(of: Array("CFF ".utf8))).lowerBound
        let outlines = font[(tag + 8)..<(tag + 12)].reduce(0) { $0 << 8 | Int($1) }
        var word: UInt64 = 7
        for (places, count) in [(0..<400, 2), (outlines..<outlines + 400, 2), (outlines..<font.count, 60_000)] {
            for _ in 0..<150 {
                let sound = font
                for _ in 0..<count {
                    word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    font[places.lowerBound + Int(word >> 33) % places.count] = UInt8(truncatingIfNeeded: word >> 24)
                }
                draw(font.count)
                font = sound
            }
        }
    }
}

/// Without its fonts a machine draws letters of ASCII, and boxes.
@Suite struct InstalledGlyphTests {
    @Test func `glyphs are there where Debian's font is installed`() {
        let hasFont = FileManager.default.fileExists(atPath: "/usr/share/unifont/unifont.hex")
        #expect(PixelGlyph.areInstalled == hasFont)
    }
}
