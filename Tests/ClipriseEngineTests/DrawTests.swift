import Testing

@testable import ClipriseEngine

@Suite struct DrawTests {
    @Test func `the mix is the published SplitMix64`() {
        // The first outputs of the reference generator for the seed 0.
        #expect(Draw.mix(0, UInt64(0)) == 0xE220_A839_7B1D_CDAF)
        #expect(Draw.mix(0x9E37_79B9_7F4A_7C15, UInt64(0)) == 0x6E78_9E6A_A1B9_65F4)
    }

    @Test func `texts mix by all their bytes and their length`() {
        let texts: [[UInt8]] = [[], [0], [0, 0], [1], [0, 1], [1, 0]]
        #expect(Set(texts.map { Draw.mix(1, $0) }).count == texts.count)
    }

    @Test func `a unit is at least 0 and below 1`() {
        #expect(Draw.unit(0) == 0)
        #expect(Draw.unit(.max) < 1)
        let mean = (0..<10_000).reduce(0.0) { $0 + Draw.unit(Draw.mix(3, UInt64($1))) } / 10_000
        #expect(abs(mean - 0.5) < 0.02)
    }
}
