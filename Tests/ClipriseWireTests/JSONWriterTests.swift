import ClipriseWire
import Testing

@Suite struct JSONWriterTests {
    @Test func `commas stand between values and nowhere else`() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("a", 1)
            writer.member("b", array: [1, 2]) { $0.integer($1) }
            writer.member("c", object: { _ in })
            writer.key(text: "d\"")
            writer.array { writer in
                writer.null()
                writer.boolean(true)
                writer.raw("[5]".utf8)
            }
        }
        writer.endLine()
        writer.string("next")
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"a":1,"b":[1,2],"c":{},"d\"":[null,true,[5]]}"# + "\n\"next\"")
    }

    @Test(
        arguments: [
            (0, "0.000000"), (1_500_000_000, "1.500000"), (999, "0.000000"), (61_000_042_999, "61.000042"),
            (-1_500_000_000, "-1.500000"), (Int64.max, "9223372036.854775"),
        ] as [(Int64, String)])
    func `instants are seconds to the microsecond`(nanoseconds: Int64, text: String) {
        var writer = JSONWriter()
        writer.seconds(Instant(nanoseconds: nanoseconds))
        #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
    }

    @Test(
        arguments: [
            (0, "0.000"), (0.25, "0.250"), (1, "1.000"), (0.9996, "1.000"), (-2.5, "-2.500"), (.nan, "null"),
            (.infinity, "null"),
        ] as [(Double, String)])
    func `fractions have three decimals`(value: Double, text: String) {
        var writer = JSONWriter()
        writer.thousandths(value)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
    }

    /// Seconds since 1970 by `date -u +%s -d …`.
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_767_225_600_000, "2026-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func `moments are dates of the calendar`(milliseconds: Int64, text: String) {
        var writer = JSONWriter()
        writer.date(milliseconds * 1_000_000)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "\"\(text)\"")
    }

    @Test(
        arguments: [
            ("250ms", 250_000_000), ("1.5s", 1_500_000_000), ("2m", 120_000_000_000), ("1h", 3_600_000_000_000),
            ("0s", 0), ("0.0000000019s", nil), ("0.000000002s", 2), ("8760h", 31_536_000_000_000_000), ("8760.1h", nil),
            ("8761h", nil),
            ("1", nil), ("s", nil), ("1.s", nil), (".5s", nil), ("1.2.3s", nil), ("-1s", nil), ("1 s", nil), ("", nil),
            ("1d", nil), ("1234567890s", nil), ("999999999h", nil), ("1S", nil), ("1e3s", nil),
        ] as [(String, Int64?)])
    func `lengths of time have a number and a unit`(text: String, nanoseconds: Int64?) {
        #expect(TimeSpan(text: text)?.nanoseconds == nanoseconds)
    }

    @Test(
        arguments: [
            ("", "…"), ("1234567", "…12a7"), ("12345678", "1234…a42d"), ("sk-live-1", "sk-l…cd9a"),
            ("a\u{1}c\u{7F}56789", "a?c?…4238"), ("test-key", "test…c7c7"), ("load-1", "…57a7"), ("load-2", "…595a"),
            ("mock-0123456789abcdef", "mock-0123456789abcdef"), ("mock-0123456789abcde", "mock…7a70"),
            ("mock-0123456789abcdeg", "mock…7515"), ("mock-0123456789ABCDEF", "mock…8ba2"),
        ])
    func `a shortened key shows its beginning and what tells it from others`(key: String, shown: String) {
        #expect(ShortenedKey.text(Array(key.utf8)) == shown)
    }
}
