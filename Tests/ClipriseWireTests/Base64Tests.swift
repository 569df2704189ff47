import ClipriseWire
import Testing

@Suite struct Base64Tests {
    // RFC 4648 §10, and every digit that stands for no letter.
    static let vectors: [(plain: [UInt8], coded: String)] =
        [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ].map { (Array($0.0.utf8), $0.1) } + [([0xFB, 0xEF, 0xBE, 0xFF, 0xFF, 0xFF, 0, 0, 0], "++++////AAAA")]

    @Test(arguments: vectors)
    func `bytes become the text of the RFC, and come back`(plain: [UInt8], coded: String) {
        #expect(Base64.encode(plain) == coded)
        #expect(Base64.decode(Array(coded.utf8)) == plain)
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Zg===", "Z===", "Zm9v\n", "Zm9*", "Zg==Zg==", "=Zg=", "Zm-_", "Zm8 "])
    func `a text that is no base64 is refused`(text: String) {
        #expect(Base64.decode(Array(text.utf8)) == nil)
    }
}
