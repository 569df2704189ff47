import ClipriseWire
import Testing

@Suite struct SpellingTests {
    static let models = ["runway", "runway-aleph", "kling-3", "sora-2", "seedream-v3", "seedream-v4", "z-image"]

    @Test(
        arguments: [
            ("runway", "runway"), ("RUNWAY", "runway"), ("runwya", "runway"), ("runawy-aleph", "runway-aleph"),
            ("kling3", "kling-3"), ("sora2", "sora-2"), ("sora-3", "sora-2"), ("seedream-v5", "seedream-v3"),
            ("z_image", "z-image"), ("rnway", "runway"), ("runnway", "runway"),
        ])
    func `a slip of the finger is mended`(word: String, meant: String) {
        #expect(Spelling.nearest(to: word, in: Self.models) == meant)
    }

    @Test(arguments: ["", "x", "midjourney", "gpt", "runway-gen-4-turbo-hd"])
    func `what is too far off is left alone`(word: String) {
        #expect(Spelling.nearest(to: word, in: Self.models) == nil)
    }

    @Test func `of equally near ones the first is meant, and of none none`() {
        #expect(Spelling.nearest(to: "ac", in: ["ab", "ad"]) == "ab")
        #expect(Spelling.nearest(to: "a", in: [String]()) == nil)
    }

    @Test func `of many words the first of the nearest is meant, whatever their order`() {
        var draw: UInt64 = 1
        func next(_ limit: Int) -> Int {
            draw = draw &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(draw >> 33) % limit
        }
        func word(_ letters: [Character]) -> String { String((0..<next(12)).map { _ in letters[next(letters.count)] }) }
        for letters in [Array("abC-2"), Array("aäbß"), Array("abcdefghijkl")] {
            for _ in 0..<300 {
                let words = (0...next(12)).map { _ in word(letters) }
                let asked = word(letters)
                let distances = words.map { Self.edits(Array(asked.lowercased()), Array($0.lowercased())) }
                let near = words.indices.filter {
                    distances[$0] <= max(1, max(asked.count, words[$0].count) / 3)
                }
                let expected = near.min { (distances[$0], $0) < (distances[$1], $1) }
                #expect(Spelling.Words(words).nearest(to: asked) == expected.map { words[$0] }, "\(asked) in \(words)")
            }
        }
    }

    /// The number of edits by its definition.
    private static func edits(_ left: [Character], _ right: [Character]) -> Int {
        var table = [[Int]](repeating: Array(0...right.count), count: left.count + 1)
        for row in 0..<left.count {
            table[row + 1][0] = row + 1
            for column in 0..<right.count {
                let change = table[row][column] + (left[row] == right[column] ? 0 : 1)
                var least = min(change, table[row][column + 1] + 1, table[row + 1][column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    least = min(least, table[row - 1][column - 1] + 1)
                }
                table[row + 1][column + 1] = least
            }
        }
        return table[left.count][right.count]
    }

    @Test func `a swap of neighbours is one edit`() {
        // Three letters allow one edit.
        #expect(Spelling.nearest(to: "acb", in: ["abc"]) == "abc")
        #expect(Spelling.nearest(to: "bca", in: ["abc"]) == nil)
    }

    @Test(
        arguments: [
            // Three edits of ten letters, and four.
            ("abcdefgxyz", "abcdefghij", true), ("abcdefwxyz", "abcdefghij", false),
            // The same letters in another order are as many edits as if they were others.
            ("jihgfedcba", "abcdefghij", false),
            ("größe", "grosse", false), ("größe", "Grösse", true), ("模型", "model", false),
            (String(repeating: "ab", count: 40), String(repeating: "ab", count: 39) + "ba", true),
            (String(repeating: "ab", count: 40), String(repeating: "cd", count: 40), false),
            (String(repeating: "x", count: 300), String(repeating: "x", count: 299), true),
        ])
    func `a third of the letters may differ, in words of any length and script`(
        word: String, candidate: String, isNear: Bool
    ) {
        #expect(Spelling.nearest(to: word, in: [candidate]) == (isNear ? candidate : nil))
        #expect(Spelling.nearest(to: candidate, in: ["unlike", word]) == (isNear ? word : nil))
    }

    @Test func `what looks nearest by its letters does not hide what is nearer`() {
        // The letters of the first are those of the word; two swaps make it, one change the second.
        #expect(Spelling.nearest(to: "abcdef", in: ["badcef", "abcdeg"]) == "abcdeg")
        #expect(Spelling.nearest(to: "abcdef", in: ["abcdeg", "bacdef"]) == "abcdeg")
    }
}
