import ClipriseWire
import Testing

@Suite struct DecimalTextTests {
    @Test(arguments: [("0", 0), ("7", 7), ("10", 10), ("65535", 65_535)] as [(String, UInt16)])
    func `a whole number is digits alone`(text: String, number: UInt16) {
        #expect(DecimalText.whole(text) == number)
        #expect(DecimalText.number(text) == Double(number))
    }

    @Test(arguments: [
        ("0.5", 0.5), ("0.0", 0), ("1e3", 1_000), ("1E+03", 1_000), ("2.5e-1", 0.25), ("1e-05", 0.000_01),
    ])
    func `a number may have a fraction and an exponent, as in JSON`(text: String, number: Double) {
        #expect(DecimalText.number(text) == number)
        #expect(DecimalText.whole(text) as Int? == nil)
    }

    static let others = [
        "", " ", " 5", "5 ", "+5", "-5", "-0", "+0", "007", "00", "1_000", "1,000", "5.", ".5", "0x10", "0o7", "1e",
        "e1",
        "1.e1", "1e1.5", "inf", "infinity", "nan", "NaN", "٥", "５", "5\n", "5\u{0}", "1 2", "--5", "0x1p4", "1e400",
    ]

    @Test(arguments: others)
    func `all else is no number`(text: String) {
        #expect(DecimalText.whole(text) as Int? == nil)
        #expect(DecimalText.number(text) == nil)
    }

    @Test func `one of a thing is not called by its plural`() {
        #expect([0, 1, 2].map { DecimalText.count($0, "rule") } == ["0 rules", "1 rule", "2 rules"])
        #expect([1, 2].map { DecimalText.count($0, "entry", "entries") } == ["1 entry", "2 entries"])
    }

    @Test func `what does not fit is no whole number`() {
        #expect(DecimalText.whole("65536") as UInt16? == nil)
        #expect(DecimalText.whole("9223372036854775808") as Int64? == nil)
        #expect(DecimalText.whole("18446744073709551615") as UInt64? == .max)
    }
}
