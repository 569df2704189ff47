import ClipriseWire
import Testing

@testable import ClipriseMedia

@Suite struct TextTests {
    struct Wrapping: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var columns: Int
        var limit = Int.max
        var lines: [String]
    }

    static let wrappings = [
        Wrapping(testDescription: "empty", text: " ", columns: 5, lines: []),
        Wrapping(testDescription: "fits exactly", text: "hello", columns: 5, lines: ["hello"]),
        Wrapping(testDescription: "at spaces", text: "a bc  def", columns: 4, lines: ["a bc", "def"]),
        Wrapping(testDescription: "after hyphens", text: "veo-3-fast", columns: 7, lines: ["veo-3-", "fast"]),
        Wrapping(testDescription: "inside a long word", text: "abcdefgh", columns: 3, lines: ["abc", "def", "gh"]),
        Wrapping(testDescription: "cut", text: "one two three", columns: 5, limit: 2, lines: ["one", "two…"]),
        Wrapping(testDescription: "one cut line", text: "abcdef", columns: 5, limit: 1, lines: ["abcd…"]),
        Wrapping(testDescription: "line feeds are spaces", text: "a\nb\r\nc", columns: 9, lines: ["a b c"]),
        Wrapping(
            testDescription: "accents", text: "Żółć naïve ﬂ “x” – 海👍🏽", columns: 30, lines: ["Zolc naive □ \"x\" - □□"]),
    ]

    @Test(arguments: wrappings)
    func `text is wrapped at the width and cut at the limit`(wrapping: Wrapping) {
        let lines = GlyphText(wrapping.text).lines(columns: wrapping.columns, limit: wrapping.limit)
        #expect(lines.map(Self.text) == wrapping.lines)
    }

    @Test(arguments: [(64, 1, "64x64"), (64, 12, "7/12"), (512, 1, "512 x 512"), (512, 12, "image 7 of 12")])
    func `a picture of any size names model, prompt, task and size`(side: Int, count: Int, expected: String) {
        let spec = ResultSpec.sample(.png, Size(side, side), count: count, prompt: "A café by the sea at dusk")
        let card = Card(spec, ordinal: 7)
        let text = card.lines.map { Self.text($0.glyphs) }.joined(separator: "|")
        for part in ["grok-", "A caf", "b7e1c2d4-", expected] { #expect(text.contains(part), "\(text)") }
    }

    @Test(arguments: Size.images)
    func `no text leaves the picture and no two lines overlap`(size: Size) {
        let card = Card(.sample(.jpeg, size, count: 16), ordinal: 16)
        var bottom = 0
        for line in card.lines {
            #expect(line.y >= bottom)
            #expect(line.x + line.glyphs.count * line.advance - line.scale <= size.width || size.width < 64)
            bottom = line.y + line.height
        }
        #expect(bottom <= size.height)
    }

    private static func text(_ glyphs: [UInt8]) -> String {
        String(
            glyphs.map { glyph -> Character in
                switch glyph {
                case Font.box: "□"
                case Font.ellipsis: "…"
                default: Character(Unicode.Scalar(glyph + UInt8(Font.firstScalar)))
                }
            })
    }
}
