import ClipriseWire
import Testing

@Suite struct MarkupTests {
    static let texts: [(text: String, attribute: String, element: String)] = [
        ("a < b && c > \"d\"", "a &lt; b &amp;&amp; c &gt; &quot;d&quot;", "a &lt; b &amp;&amp; c &gt; &quot;d&quot;"),
        ("one\r\n\ttwo", "one&#13;&#10;&#9;two", "one\r\n\ttwo"),
        ("\u{1B}[2J\u{202E}", "\\u001b[2J\\u202e", "\\u001b[2J\\u202e"),
        ("\u{FFFE}é😀", "\u{FFFD}é😀", "\u{FFFD}é😀"),
        ("\"\u{301}", "&quot;\u{301}", "&quot;\u{301}"),
    ]

    @Test(arguments: texts)
    func `text of others is no markup, in an attribute or in an element`(
        text: String, attribute: String, element: String
    ) {
        #expect(Markup.escape(text) == attribute)
        #expect(Markup.escape(text, keepsLines: true) == element)
    }
}
