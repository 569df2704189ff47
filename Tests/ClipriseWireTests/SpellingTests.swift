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
}
