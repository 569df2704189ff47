import ClipriseWire
import Testing

@Suite struct QueryTests {
    @Test(
        arguments: [
            ("apiKey=a", "a"), ("x=1&apiKey=a&y=2", "a"), ("apiKey=", ""), ("apiKey", ""), ("apiKey&apiKey=a", ""),
            ("apiKey=a&apiKey=b", "a"), ("apiKey=a=b", "a=b"), ("apiKey=%61%2f%2F", "a//"), ("apiKey=a+b", "a b"),
            ("apiKey=a%2Bb", "a+b"), ("apiKey=%", "%"), ("apiKey=%4", "%4"), ("apiKey=%4g", "%4g"),
            ("apiKey=%%41", "%A"), ("apiKey=%2541", "%41"), ("apiKey=a%26apiKey%3Db", "a&apiKey=b"),
            ("&&apiKey=a&&", "a"), ("apiKey=a;b", "a;b"), ("api%4Bey=a", "a"), ("%61piKey", ""), ("apiKey=%C3%BC", "ü"),
            ("apiKey=a?b", "a?b"), ("apiKey=%00", "\u{0}"),
        ])
    func `a value is read and decoded`(query: String, value: String) {
        let found = Query(Array(query.utf8)[...]).first("apiKey")
        #expect(found.map(Array.init) == Array(value.utf8))
    }

    @Test(
        arguments: [
            "", "&", "=", "=a", "apikey=a", "apiKe=a", "apiKeyy=a", " apiKey=a", "+apiKey=a", "x=apiKey=a", "x=apiKey",
            "apiKey%3Da", "%=a",
        ])
    func `what is not there is nil`(query: String) {
        #expect(Query(Array(query.utf8)[...]).first("apiKey") == nil)
    }

    @Test func `a query in the middle of other bytes is read where it stands`() {
        let target = Array("/status?a=1&b=%32#".utf8)
        let query = Query(target[8..<17])
        #expect(query.first("a").map(Array.init) == [0x31])
        #expect(query.first("b").map(Array.init) == [0x32])
    }

    @Test func `bytes that are no text are bytes`() {
        #expect(Query(Array("k=%FF%80".utf8)[...]).first("k").map(Array.init) == [0xFF, 0x80])
    }
}
