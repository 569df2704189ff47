import ClipriseWire
import Testing

@Suite struct PrintableTests {
    static let lines: [(text: String, shown: String)] = [
        ("plain text, ünï 😀 漢字", "plain text, ünï 😀 漢字"),
        ("", ""),
        ("a\u{1B}[31mred\u{7}", #"a\u001b[31mred\u0007"#),
        (
            "\u{1B}]0;pwned\u{7}\u{1B}[2J\r\n::error::x\u{9B}31m\u{202E}",
            #"\u001b]0;pwned\u0007\u001b[2J\r\n::error::x\u009b31m\u202e"#
        ),
        ("tab\there\u{0}", #"tab\there\u0000"#),
        ("\u{7F}\u{80}\u{9F}\u{A0}", "\\u007f\\u0080\\u009f\u{A0}"),
        ("\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}", #"\u202a\u202b\u202c\u202d\u202e"#),
        ("\u{2066}\u{2067}\u{2068}\u{2069}\u{200E}\u{200F}\u{61C}", #"\u2066\u2067\u2068\u2069\u200e\u200f\u061c"#),
        ("a\u{2028}b\u{2029}c", #"a\u2028b\u2029c"#),
        ("\u{FEFF}\u{AD}\u{200B}", #"\ufeff\u00ad\u200b"#),
        ("\u{E0041}", #"\udb40\udc41"#),
        // A family of emoji and a Persian word need their joiners.
        ("👩\u{200D}👩\u{200D}👧 می\u{200C}خواهم", "👩\u{200D}👩\u{200D}👧 می\u{200C}خواهم"),
        ("::set-env name=A::b", #"\u003a:set-env name=A::b"#),
        ("  ::stop-commands::x", #"  \u003a:stop-commands::x"#),
        ("a ##[error]b", #"a \u0023#[error]b"#),
        ("a: b # c", "a: b # c"),
        (#"back\slash"#, #"back\slash"#),
    ]

    @Test(arguments: lines)
    func `what is not plain text is shown as an escape`(text: String, shown: String) {
        #expect(text.printable == shown)
    }

    @Test func `of several lines the line feeds stay`() {
        #expect(Printable.lines("a\n\tb\r\u{1B}\u{85}") == "a\n\tb\\r\\u001b\\u0085")
    }

    @Test func `none of several lines is a command of a CI system`() {
        #expect(Printable.lines("evil\n::error::x") == "evil\n\\u003a:error::x")
        #expect(Printable.lines("a\n \t::add-mask::x\n\n::b\n") == "a\n \t\\u003a:add-mask::x\n\n\\u003a:b\n")
        #expect(Printable.lines("a\nb ##[error]c: d") == "a\nb \\u0023#[error]c: d")
        #expect(Printable.lines("a::b\nc: d # e") == "a::b\nc: d # e")
    }

    @Test func `every control and every format character is escaped, and shown text is plain`() {
        for value in (0...0x10FFFF as ClosedRange<UInt32>) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let shown = String(Character(scalar)).printable
            let isOdd =
                value < 0x20 || (0x7F..<0xA0).contains(value)
                || [.format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
                    && value != 0x200C && value != 0x200D
            #expect((shown != String(Character(scalar))) == isOdd, "U+\(String(value, radix: 16))")
            #expect(shown.unicodeScalars.allSatisfy(Printable.isPlain), "U+\(String(value, radix: 16))")
        }
    }
}
