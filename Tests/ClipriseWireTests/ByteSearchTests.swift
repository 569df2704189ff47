import ClipriseWire
import Testing

@Suite struct ByteSearchTests {
    @Test(arguments: [
        ("abc", "abc", true), ("abc", "xxabc", true), ("abc", "abcxx", true), ("abc", "ababc", true),
        ("abc", "ab", false), ("abc", "", false), ("abc", "abdabxacb", false), ("a", "bba", true), ("a", "bbb", false),
        ("aab", "aaaab", true), ("sk-secret", "Basic c2stc2VjcmV0", false),
        // The same low six bits as the last byte, and yet another byte.
        ("ab", "a\u{22}a\u{62}", true), ("ab", "a\u{22}a\u{22}", false),
    ])
    func `A text is found where it stands, and nowhere else`(needle: String, text: String, isFound: Bool) {
        #expect(ByteSearch(Array(needle.utf8)).isFound(in: Array(text.utf8)) == isFound)
    }

    @Test func `Every place of every text over three letters agrees with a search letter by letter`() {
        let needles = ["a", "ab", "aab", "aba", "abca"].map { Array($0.utf8) }
        for number in 0..<2_187 {
            var (rest, text) = (number, [UInt8]())
            for _ in 0..<7 {
                text.append(UInt8(ascii: "a") + UInt8(rest % 3))
                rest /= 3
            }
            for needle in needles {
                let isThere = (0...(text.count - needle.count)).contains {
                    text[$0..<($0 + needle.count)].elementsEqual(needle)
                }
                #expect(ByteSearch(needle).isFound(in: text) == isThere, "\(needle) in \(text)")
            }
        }
    }

    @Test(arguments: [
        ([("Host", "example.org"), ("X-Note", "my key-123")], true),
        ([("Authorization", "Bearer key-123"), ("authorization", "key-123")], false),
        ([("Authorization", "Bearer key-123"), ("Cookie", "key-123")], true),
        ([("Authorizations", "Bearer key-123")], true),
        ([("key-123", "no"), ("X-Note", "key-12"), ("X-Empty", "")], false),
        ([], false),
    ])
    func `a text is found in the values of all fields but those of one name`(
        fields: [(name: String, value: String)], isFound: Bool
    ) {
        let search = ByteSearch(Array("key-123".utf8))
        #expect(HeaderFields(fields).isFound(search, butIn: "authorization") == isFound)
    }
}
