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
        ] as [(String, TextPlace?)])
    func `the first error is named by its place`(text: String, place: TextPlace?) {
        #expect(JSONLocator(Array(text.utf8)).firstError() == place)
    }
}
