import ClipriseCatalog
import ClipriseWire
import Testing

/// Warnings name the key, the cure and the source, and a hostile body cannot make them many or long.
@Suite struct WarningTests {
    static let spellings: [(model: String, path: String, literal: String, sentence: String)] = [
        ("sora-2", "input.aspect_ratio", "\"portrait\"", #"is another spelling of "aspectRatio" [documented]"#),
        ("wan-2-5", "input.aspect_ratio", "\"9:16\"", #"is another spelling of "aspectRatio" [documented]"#),
        (
            "kling-2-6", "input.image_url", "\"https://a.example/1.png\"",
            #"is another spelling of "image_urls" [documented]"#
        ),
        ("sora-2", "input.durration", "10", #"is not in the catalogue; did you mean "duration"? [assumed]"#),
        ("sora-2", "input.xyz", "10", "is not in the catalogue [assumed]"),
        // The reference asks for snake_case here, so the other spelling is no alias.
        (
            "z-image", "input.aspectRatio", "\"1:1\"",
            #"is not in the catalogue; did you mean "aspect_ratio"? [assumed]"#
        ),
        ("seedream-4-5", "input.imageUrls", "[]", #"is not in the catalogue; did you mean "image_urls"? [assumed]"#),
        ("wan-animate", "input.animationType", "1", "is not read in input; it belongs in options [assumed]"),
        ("wan-animate", "options.prompt", "\"x\"", "is not read in options; it belongs in input [assumed]"),
        ("seedance-v1", "options.resolutoin", "1", #"is not in the catalogue; did you mean "resolution"? [assumed]"#),
        ("seedance-v1", "options.durration", "1", #"is not in the catalogue; did you mean "duration"? [assumed]"#),
        ("seedance-v1", "option", "\"{}\"", #"is not in the catalogue; did you mean "options"? [assumed]"#),
        ("sora-2", "options", "\"{}\"", "is not in the catalogue [assumed]"),
        ("sora-2", "callbackurl", "\"x\"", #"is not in the catalogue; did you mean "callBackUrl"? [assumed]"#),
        (
            "sora-2", "progressCallBackUrI", "\"x\"",
            #"is not in the catalogue; did you mean "progressCallBackUrl"? [assumed]"#
        ),
        ("sora-2", "duration", "10", "is not read at the root; it belongs in input [assumed]"),
    ]

    @Test(arguments: spellings.indices)
    func `a key in another spelling or place, or an unknown one, is warned of`(index: Int) throws {
        let (model, path, literal, sentence) = Self.spellings[index]
        let order = try Fixtures.body(model).setting(path, literal).checked().get()
        #expect(order.sentences.contains("\(path) \(sentence)"))
    }

    @Test func `the reference's spelling wins over the other one, in either order`() throws {
        for input in [
            #"{"prompt": "A pier", "aspectRatio": "portrait", "aspect_ratio": "landscape"}"#,
            #"{"prompt": "A pier", "aspect_ratio": "landscape", "aspectRatio": "portrait"}"#,
        ] {
            let text = #"{"model": "sora-2", "callBackUrl": "https://a.example", "input": \#(input)}"#
            let shape = try Fixtures.builtIn.get().check(Array(text.utf8), policy: CheckPolicy()).get().shape
            #expect(shape.height > shape.width)
        }
    }

    @Test func `a key that the catalogue knows is not warned of`() throws {
        let order = try Fixtures.body("sora-2").setting("progressCallBackUrl", "\"https://a.example\"").checked().get()
        #expect(!order.sentences.contains { $0.hasPrefix("progressCallBackUrl") })
    }

    @Test func `a body has at most 32 warnings, and the last one says that there are more`() throws {
        let start = try Fixtures.body("z-image")
        func sentences(_ unknown: Int) throws -> [String] {
            try start.setting((0..<unknown).map { ("input.unknown\($0)", "1") }).checked().get().sentences
        }
        #expect(Order.warningLimit == 32)
        #expect(try sentences(0) == [])
        #expect(try sentences(31).allSatisfy { $0.hasPrefix("input.unknown") })
        let many = try sentences(40)
        #expect(many.count == 32)
        #expect(many.last == "body has more to warn of; the first 31 are kept [assumed]")
    }

    @Test(arguments: [
        "\"unknown_key_of_some_length\":1", "\"aspect_ratio\":\"portrait\"", "\"aspectRatios\":null",
        "\"remove_watermark\":true",
    ])
    func `a megabyte of keys ends in at most 32 warnings, soon`(member: String) throws {
        let count = 1_000_000 / member.utf8.count
        let members = String(repeating: member + ",", count: count) + #""prompt":"a""#
        let text = #"{"model": "sora-2", "callBackUrl": "https://a.example", "input": {\#(members)}}"#
        let catalog = try Fixtures.builtIn.get()
        let bytes = Array(text.utf8)
        let order = try catalog.check(bytes, policy: CheckPolicy()).get()
        #expect(order.warnings.count <= 32)
    }

    @Test func `a megabyte of list items is warned of 32 times at most`() throws {
        let items = Array(repeating: #"{"duration":0.0001}"#, count: 50_000).joined(separator: ",")
        let body = try Fixtures.body("kling-3").setting("input.multi_prompt", "[\(items)]")
        #expect(try body.checked().get().warnings.count == 32)
    }

    @Test func `what a client sent is repeated in 80 characters at most`() throws {
        let long = String(repeating: "x", count: 1_000_000)
        let accents = "e" + String(repeating: "\u{301}", count: 500_000)
        for text in [long, accents] {
            let key = try Fixtures.body("z-image").setting("input.\(text)", "1").checked().get()
            #expect(key.warnings.map(\.key.unicodeScalars.count) == ["input.".count + 80])
            let value = try Fixtures.body("wan-2-2").setting("input.resolution", JSONText.quoted(text)).checked().get()
            #expect(value.sentences.contains { $0.contains("has no price of its own") })
            #expect(value.sentences.allSatisfy { $0.utf8.count < 400 })
        }
        for path in ["input.output_format", "input.image_size", "input.prompt"] {
            guard
                case .failure(let refusal) = try Fixtures.body("qwen-image")
                    .setting(path, JSONText.quoted(long)).checked()
            else {
                Issue.record("\(path) is let through")
                continue
            }
            #expect(refusal.text.message.utf8.count < 400)
        }
    }

    @Test func `a control character does not reach a message`() throws {
        let order = try Fixtures.body("z-image").setting("input.a\u{7F}\u{9B}b", "1").checked().get()
        #expect(order.sentences == ["input.a\u{FFFD}\u{FFFD}b is not in the catalogue [assumed]"])
    }
}
