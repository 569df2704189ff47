import ClipriseJSON
import Testing

/// Whole numbers that do not fit 64 bits are numbers all the same (RFC 8259 §6).
@Suite struct LargeNumberTests {
    static let numbers: [(text: String, value: Double)] = [
        ("18446744073709551616", 18_446_744_073_709_551_616), ("-9223372036854775809", -9_223_372_036_854_775_808),
        ("123456789012345678901234567890", 1.2345678901234568e29), ("-1" + String(repeating: "0", count: 300), -1e300),
    ]

    @Test(arguments: numbers)
    func `a whole number beyond 64 bits is read as a floating-point number`(text: String, value: Double) throws {
        let read = withJSON(Array(#"{"a": "1\"2,\#(text)", "b": [\#(text), 7, 1.5e2, 9007199254740992]}"#.utf8)) {
            root in
            #expect(root[key: "a"]?.string == "1\"2,\(text)")
            let list = root[key: "b"]?.elements.map { $0.number } ?? []
            #expect(list == [value, 7, 150, 9_007_199_254_740_992])
        }
        try read.get()
    }

    @Test func `whole numbers of 64 bits beside a larger one stay whole`() throws {
        let text =
            "[18446744073709551616, 9223372036854775807, -9223372036854775808, 1767225600000000000, 18446744073709551615]"
        let read = withJSON(Array(text.utf8)) { root in
            #expect(
                root.elements.map { $0.integer } == [
                    nil, 9_223_372_036_854_775_807, -9_223_372_036_854_775_808, 1_767_225_600_000_000_000, nil,
                ])
        }
        try read.get()
    }
}
