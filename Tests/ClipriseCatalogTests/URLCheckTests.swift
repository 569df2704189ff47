import ClipriseCatalog
import ClipriseWire
import Testing

/// GEN-6: `callBackUrl` must be a valid HTTPS URL.
@Suite struct URLCheckTests {
    static let taken = [
        "https://a", "https://your-service.example.com/webhooks/cliprise", "HTTPS://A.EXAMPLE/", "hTTps://a.example",
        "https://a.example:443/x", "https://a.example:65535", "https://a.example:", "https://127.0.0.1:8443/cb",
        "https://[::1]/", "https://[2001:db8::1]:8443/x?y#z", "https://user:secret@a.example/",
        "https://user@a.example",
        "https://a.example?x=https://b", "https://a.example#f", "https://a_b.example", "https://münchen.example/ü",
        "https://a.example/%20", "https://a.example./", "https://a.example/@:8", "https://xn--mnchen-3ya.example",
    ]

    static let refused = [
        "http://a.example/", "HTTP://a.example", "ftp://a.example", "a.example", "//a.example", "https:/a.example",
        "https:a.example", "https//a.example", "https://", "https:///x", "https://?x", "https://#x", "https://:443/",
        "https://user@/", "https://user:secret@:1/", " https://a.example", "https://a.example ", "https://a .example",
        "https://a.example/x y", #"https://a.example/\t"#, #"https://a.example/\n"#, #"https://a.example/\u0000"#,
        #"https://a.example/\u007f"#, "https://a.example/<x>", "https://a.example/{id}", "https://a.example/`",
        "https://a.example/^", "https://a.example/a|b", #"https://a.example\\x"#, #"https://a.example/\""#,
        "https://a.example:65536", "https://a.example:99999", "https://a.example:123456",
        "https://a.example:18446744073709551617", "https://a.example:-1", "https://a.example:8o", "https://a:1:2",
        "https://[::1", "https://::1/", "https://[]/", "https://[g::1]/", "https://[127]/", "https://[::1]x",
        "https://[::1]:x", "https://.example", "https://-a.example", "https://a,b.example", "https://*.example",
        "javascript:alert(1)", "https",
    ]

    @Test(arguments: taken)
    func `a valid HTTPS URL is taken and kept as sent`(url: String) throws {
        let order = try Fixtures.body("z-image").setting("callBackUrl", "\"\(url)\"").checked().get()
        #expect(order.callBackURL == Array(url.utf8))
    }

    @Test(arguments: refused)
    func `all else is refused`(url: String) throws {
        #expect(try refusal("\"\(url)\"")?.clause == .gen6)
    }

    @Test(arguments: ["7", "true", "{}", "[\"https://a.example\"]"])
    func `a URL that is no text is refused`(literal: String) throws {
        let refusal = try refusal(literal)
        #expect(refusal?.clause == .gen6)
        #expect(refusal?.form == .code400)
        #expect(refusal?.text.message == "callBackUrl must be a valid HTTPS URL")
    }

    @Test func `a host has at most 253 characters`() throws {
        func url(_ length: Int) -> String { "\"https://" + String(repeating: "a", count: length) + "/\"" }
        #expect(try refusal(url(253)) == nil)
        #expect(try refusal(url(254))?.clause == .gen6)
    }

    private func refusal(_ literal: String) throws -> Refusal? {
        switch try Fixtures.body("z-image").setting("callBackUrl", literal).checked() {
        case .success: nil
        case .failure(let refusal): refusal
        }
    }
}
