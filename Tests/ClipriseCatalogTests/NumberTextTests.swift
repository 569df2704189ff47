import ClipriseCatalog
import Testing

/// Numbers that texts write.
@Suite struct NumberTextTests {
    @Test(
        arguments: [
            "0", "5", "007", "-1", "2.5", "-0.1", ".5", "-.75", "0.30", "1.1", "123456789012345", "0.00000000000001",
            "99999999999999.9", "9007199254740993", "12345678901234567890", "0.12345678901234567",
            "-1234567890123456.25",
        ])
    func `a text in plain decimals means the number that is nearest to it`(text: String) throws {
        let number = try #require(Double(text))
        #expect(Scalar.text(text).means(.number(number)))
        #expect(!Scalar.text(text).means(.number(number.nextUp)))
        #expect(!Scalar.text(text).means(.number(number.nextDown)))
    }

    @Test(
        arguments: [
            "", "-", ".", "5.", "1.2.3", "1..2", "+1", "--1", "1-", "1e3", "0x10", "nan", " 1", "1 ", "1,5", "１",
            "123456789012345678901",
        ])
    func `any other text is no number`(text: String) {
        for number in [0, 1, 1.2, 5, 12, 15, 16, 1_000, 1.2345678901234568e20] {
            #expect(!Scalar.text(text).means(.number(number)))
        }
    }
}
