import ClipriseWire
import Testing

@Suite struct SecretMaskTests {
    static let key = "sk-live/0123%\"é".utf8.map { $0 }

    static let texts: [(text: String, masked: String)] = [
        ("no secret at all", "no secret at all"),
        (#"the key sk-live/0123%"é stands here"#, "the key REDACTED stands here"),
        (#"sk-live/0123%"ésk-live/0123%"é"#, "REDACTEDREDACTED"),
        ("sk%2Dlive%2f0123%25%22%C3%A9&x=1", "REDACTED&x=1"),
        (#"{"p":"sk-live\/0123%\"é"}"#, #"{"p":"REDACTED"}"#),
        (#"{"p":"\u0073k-live\/0123%\u0022é"}"#, #"{"p":"REDACTED"}"#),
        (#"sk-live/0123"#, "sk-live/0123"),
        ("http://h/app?apiKey=other-key&taskId=1", "http://h/app?apiKey=REDACTED&taskId=1"),
        (#"{"fileURL":"http://h/app?apiKey=other"}"#, #"{"fileURL":"http://h/app?apiKey=REDACTED"}"#),
        ("?API_KEY=a&api-key=b&X-Api-Key=c", "?API_KEY=REDACTED&api-key=REDACTED&X-Api-Key=REDACTED"),
        (
            #"{"apiKey" : "other", "api_key":"x","Authorization":"Bearer y"}"#,
            #"{"apiKey" : "REDACTED", "api_key":"REDACTED","Authorization":"REDACTED"}"#
        ),
        (
            #"{"options":"{\"token\":\"abc\",\"size\":\"1\"}"}"#,
            #"{"options":"{\"token\":\"REDACTED\",\"size\":\"1\"}"}"#
        ),
        ("Authorization: Bearer sk-123456789", "Authorization: Bearer REDACTED"),
        // Each with nothing in the text that another sort of secret would need.
        ("BEARER sk-123456789", "BEARER REDACTED"), ("-bearer sk-123456789", "-bearer REDACTED"),
        ("apiKey=other", "apiKey=REDACTED"), (#""token":"a""#, #""token":"REDACTED""#),
        // What only sounds like one.
        ("a bearer of good tidings, a bearer certificates", "a bearer of good tidings, a bearer certificates"),
        (#"{"prompt":"the secret: a token = a cat"}"#, #"{"prompt":"the secret: a token = a cat"}"#),
        (#"{"tokens":"5","monkey":"x"}"#, #"{"tokens":"5","monkey":"x"}"#),
        (#"{"apiKey":7,"token":null}"#, #"{"apiKey":7,"token":null}"#),
        ("apiKey=", "apiKey="), ("=", "="), (":", ":"), (#"":"#, #"":"#), ("%", "%"), (#"\"#, #"\"#), ("", ""),
    ]

    @Test(arguments: texts.indices)
    func `a secret is taken out in whatever spelling it stands, and nothing else is`(index: Int) {
        let (text, masked) = Self.texts[index]
        let mask = SecretMask(key: Self.key)
        #expect(mask.masked(text) == masked)
        #expect(mask.masked(masked) == masked)
    }

    @Test(arguments: 1..<15)
    func `a key that a cut text ends in is taken out as well`(length: Int) {
        let mask = SecretMask(key: Array("sk-live-0123456".utf8))
        for spelt in ["sk-live-0123456", "%73%6B%2dlive-0123456", #"\u0073k-live-0123456"#] {
            let text = Array("the key: ".utf8) + spelt.utf8.prefix(length)
            let masked = String(decoding: mask.masked(text, isCut: true), as: UTF8.self)
            #expect(masked == "the key: REDACTED", "\(spelt) \(length)")
            #expect(mask.masked(text) == text)
        }
    }

    @Test func `a short key is found by its name alone`() {
        let mask = SecretMask(key: Array("abc".utf8))
        #expect(mask.masked("abc?apiKey=abc") == "abc?apiKey=REDACTED")
    }

    static let fields: [(name: String, value: String, masked: String)] = [
        ("Authorization", "Bearer abc", "Bearer REDACTED"), ("authorization", "abc", "REDACTED"),
        ("Proxy-Authorization", "Basic YWJj", "Basic REDACTED"), ("X-API-Key", "abc def", "REDACTED"),
        ("Cookie", "session=1", "REDACTED"), ("X-Auth-Token", "abc", "REDACTED"),
        ("Idempotency-Key", "abc", "abc"), ("X-Note", "it is sk-live-key!", "it is REDACTED!"),
        ("Referer", "http://x/?apiKey=abc", "http://x/?apiKey=REDACTED"), ("Authorization", "", "REDACTED"),
    ]

    @Test(arguments: fields.indices)
    func `of a field that carries credentials only the scheme is left`(index: Int) {
        let (name, value, masked) = Self.fields[index]
        #expect(SecretMask(key: Array("sk-live-key".utf8)).masked(field: name, value) == masked)
    }
}
