import ClipriseWire
import Testing

@Suite struct TimeSpanTextTests {
    static let lengths: [(text: String, milliseconds: Int64)] = [
        ("0s", 0), ("250ms", 250), ("1.5s", 1_500), ("2m", 120_000), ("1h", 3_600_000), ("1m30s", 90_000),
        ("1h2m3s4ms", 3_723_004), ("1h30s", 3_630_000), ("1s500ms", 1_500), ("1.5m30s", 120_000), ("90m90s", 5_490_000),
        ("8760h", 31_536_000_000), ("8759h60m", 31_536_000_000),
    ]

    @Test(arguments: lengths)
    func `a length may have several units, from the longest to the shortest`(text: String, milliseconds: Int64) throws {
        #expect(TimeSpan(text: text)?.nanoseconds == milliseconds * 1_000_000)
        #expect(try text.contains(Self.pattern))
    }

    @Test(arguments: [
        "", "s", "5", "1m30", "30s1m", "1m1m", "1ms1s", "1m 30s", "-1s", "+1s", "1.s", ".5s", "1..5s", "1m-30s", "1M",
        "1sm", "1h30", "１s", "1d", "1234567890s",
    ])
    func `all else is none`(text: String) throws {
        #expect(TimeSpan(text: text) == nil)
        #expect(try !text.contains(Self.pattern))
    }

    @Test(arguments: ["8761h", "8760h1ms", "999999999h"])
    func `more than a year is none`(text: String) {
        #expect(TimeSpan(text: text) == nil)
    }

    private static var pattern: Regex<AnyRegexOutput> {
        get throws { try Regex(TimeSpan.textPattern) }
    }
}
