import ClipriseJSON
import Testing

@Suite struct JSONPlaceTests {
    static let text = Array(
        """
        {
          "a": [1, {"b": "ü", "c": 3}],
          "a b": true
        }
        """.utf8)

    @Test(
        arguments: [
            ([], TextPlace(line: 1, column: 1)), ([.key("a")], TextPlace(line: 2, column: 8)),
            ([.key("a"), .index(1), .key("c")], TextPlace(line: 2, column: 28)),
            ([.key("a b")], TextPlace(line: 3, column: 10)),
            ([.key("a"), .index(1), .key("none")], TextPlace(line: 2, column: 12)),
        ] as [([JSONStep], TextPlace)])
    func `a path leads to its line and column`(path: [JSONStep], place: TextPlace) {
        #expect(JSONLocator(Self.text).place(of: path) == place)
    }

    @Test(
        arguments: [
            ("{\"a\": 1}", nil), ("{\"a\": 1,}", TextPlace(line: 1, column: 9)),
            ("[1,\n 2,\n x]", TextPlace(line: 3, column: 2)),
            ("{} {}", TextPlace(line: 1, column: 4)), ("", TextPlace(line: 1, column: 1)),
            (#"{"a": "1\n\u00e9\ud83d\ude00\\", "b": [-0.5e+10, 0, 10E2, ""]}"#, nil),
            ("[0,\n 1e400]", TextPlace(line: 2, column: 2)), ("[1, 01]", TextPlace(line: 1, column: 6)),
            ("[1, -]", TextPlace(line: 1, column: 5)), ("[1.]", TextPlace(line: 1, column: 2)),
            ("[1e+]", TextPlace(line: 1, column: 2)), (#"["a\x"]"#, TextPlace(line: 1, column: 4)),
            (#"["a\u12g4"]"#, TextPlace(line: 1, column: 4)), (#"["\ud83d"]"#, TextPlace(line: 1, column: 3)),
            (#"["\ude00"]"#, TextPlace(line: 1, column: 3)), (#"["a"#, TextPlace(line: 1, column: 4)),
            (#"["a\"#, TextPlace(line: 1, column: 4)), ("[1", TextPlace(line: 1, column: 3)),
        ] as [(String, TextPlace?)])
    func `the first error is named by its place`(text: String, place: TextPlace?) {
        #expect(JSONLocator(Array(text.utf8)).firstError() == place)
        #expect((try? withJSON(Array(text.utf8)) { _ in true }.get()) == (place == nil ? true : nil))
    }

    @Test func `a byte that is no UTF-8 is named by its place`() {
        let text = Array("[\"é\",\n \"".utf8) + [0xFF] + Array("\", x]".utf8)
        #expect(JSONLocator(text).firstError() == TextPlace(line: 2, column: 3))
    }
}
