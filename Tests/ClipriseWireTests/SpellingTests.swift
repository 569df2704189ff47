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
