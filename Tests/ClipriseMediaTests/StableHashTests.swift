import Testing

@testable import ClipriseMedia

/// These values must never change: all colours, emblems, notes and words follow from them.
@Suite struct StableHashTests {
    @Test(arguments: [("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8)])
    func `the hash is FNV-1a with its published values`(text: String, expected: UInt64) {
        var hash = StableHash()
        for byte in text.utf8 { hash.feed(byte) }
        #expect(hash.value == expected)
    }

    @Test func `texts are fed with their ends`() {
        var hashes: [UInt64] = []
        for parts in [["ab", "c"], ["a", "bc"], ["abc", ""]] {
            var hash = StableHash()
            for part in parts { hash.feed(part) }
            hashes.append(hash.value)
        }
        #expect(Set(hashes).count == 3)
    }

    @Test func `the seed stream is SplitMix64 with its published values`() {
        var seeds = SeedStream(seed: 1_234_567)
        #expect(seeds.next() == 6_457_827_717_110_365_317)
        #expect(seeds.next() == 3_203_168_211_198_807_973)
    }
}
