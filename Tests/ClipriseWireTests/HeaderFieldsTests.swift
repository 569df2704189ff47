import ClipriseWire
import Testing

@Suite struct HeaderFieldsTests {
    @Test func `fields keep their order, spelling and duplicates`() {
        let fields = HeaderFields([("Host", "a"), ("X-One", ""), ("hOST", "b")])
        #expect(fields.count == 3)
        #expect(String(decoding: fields.name(at: 2), as: UTF8.self) == "hOST")
        #expect(fields.value(at: 1).isEmpty)
        #expect(fields.find("host").count == 2)
        #expect(fields.find("host").first.elementsEqual("a".utf8))
        #expect(fields.first("x-one")?.isEmpty == true)
        #expect(fields.first("x-on") == nil)
        #expect(fields.find("none").count == 0)
    }

    @Test func `only letters lose their case`() {
        // `@` and `[` stand next to the capital letters, a backtick and `{` next to the small ones.
        let fields = HeaderFields([("@A[", "1"), ("`a{", "2")])
        #expect(fields.first("@a[")?.elementsEqual("1".utf8) == true)
        #expect(fields.first("`a{")?.elementsEqual("2".utf8) == true)
    }

    @Test func `fields that were forgotten are removed`() {
        var fields = HeaderFields([("Host", "a")])
        fields.removeAll()
        #expect(fields.count == 0)
        #expect(fields.first("host") == nil)
        fields.append(name: "Via".utf8, value: "b".utf8)
        #expect(fields.first("via")?.elementsEqual("b".utf8) == true)
    }
}
