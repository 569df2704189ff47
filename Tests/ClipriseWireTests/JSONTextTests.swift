import ClipriseWire
import Testing

@Suite struct JSONTextTests {
    @Test(
        arguments: [
            ("", #""""#), ("plain", #""plain""#), (#"a"b"#, #""a\"b""#), (#"a\b"#, #""a\\b""#), ("a/b", #""a/b""#),
            ("\n\r\t", #""\n\r\t""#), ("\u{0}\u{1}\u{8}\u{C}\u{1F}", #""\u0000\u0001\u0008\u000c\u001f""#),
            ("\u{7F}", "\"\u{7F}\""), ("ü😀\u{2028}", "\"ü😀\u{2028}\""), ("\r\n", #""\r\n""#),
        ])
    func `a text is escaped as JSON demands and no further`(text: String, json: String) {
        var bytes: [UInt8] = []
        bytes.append(jsonString: text)
        #expect(bytes == Array(json.utf8))
    }

    @Test(
        arguments: [
            ("abc-._~XYZ019", "abc-._~XYZ019"), ("a b", "a%20b"), ("a+b&c=d", "a%2Bb%26c%3Dd"), ("ü", "%C3%BC"),
            ("%", "%25"), ("\u{0}\u{7F}", "%00%7F"), ("\"</", "%22%3C%2F"), ("", ""),
        ])
    func `a text for a query is encoded but for the unreserved characters`(text: String, encoded: String) {
        var bytes: [UInt8] = []
        bytes.append(percentEncoded: text.utf8)
        #expect(String(decoding: bytes, as: UTF8.self) == encoded)
    }

    @Test func `what was encoded for a query is read back`() {
        let all = (0...255).map { UInt8($0) }
        var query: [UInt8] = Array("k=".utf8)
        query.append(percentEncoded: all)
        #expect(Query(query[...]).first("k").map(Array.init) == all)
    }

    @Test func `numbers of any size are written in decimal`() {
        var bytes: [UInt8] = []
        bytes.append(decimal: Int64.min)
        bytes.append(decimal: UInt64.max)
        bytes.append(decimal: 0)
        #expect(String(decoding: bytes, as: UTF8.self) == "-9223372036854775808184467440737095516150")
    }

    @Test func `a digit is its value and back`() {
        for value in UInt8(0)..<16 { #expect(hexValue(hexDigit(value)) == value) }
        #expect(Array("/:@G`g".utf8).allSatisfy { hexValue($0) == nil })
        #expect(hexValue(UInt8(ascii: "F")) == 15)
    }
}
