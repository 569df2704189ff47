import ClipriseCatalog
import ClipriseWire
import Testing

/// GEN-2, GEN-3, GEN-5, the order of the checks, and the form of a refusal.
@Suite struct BodyCheckTests {
    private func refusal(_ text: String, _ policy: CheckPolicy = CheckPolicy()) throws -> Refusal? {
        switch try Fixtures.builtIn.get().check(Array(text.utf8), policy: policy) {
        case .success: nil
        case .failure(let refusal): refusal
        }
    }

    private func refusal(_ body: TestBody, _ policy: CheckPolicy = CheckPolicy()) throws -> Refusal? {
        try refusal(String(decoding: body.bytes, as: UTF8.self), policy)
    }

    @Test(
        arguments: [
            "", " ", "{", "[]", "[{\"model\":\"sora-2\"}]", "\"text\"", "7", "null", "true", "{\"model\":}", "{} {}",
            "{'model':'sora-2'}", "model=sora-2&prompt=x", "{\"model\":\"\u{1}\"}", "{\"model\":\"\\ud800\"}",
            "{\"n\":1e400}", String(repeating: "[", count: 100_000),
        ])
    func `what is no JSON object is refused with code 400`(text: String) throws {
        let refusal = try #require(try refusal(text))
        #expect(refusal.clause == .gen2)
        #expect(refusal.form == .code400)
        #expect(refusal.text.message.hasPrefix("Request body is not a JSON object: "))
    }

    @Test(arguments: ["model", "callBackUrl", "input"], [nil, "null", "\"\"", "\" \\t\\r\\n\"", "[]"])
    func `a common field that is absent, null or blank is required`(field: String, literal: String?) throws {
        let refusal = try #require(try refusal(Fixtures.body("sora-2").setting(field, literal)))
        #expect(refusal.clause == .gen5)
        #expect(refusal.form == .code400)
        #expect(refusal.text.message == "This field is required")
        #expect(refusal.text.hint == "\(field) is absent, null or blank")
    }

    /// What the reference demands beyond the common three.
    static let own: [(model: String, paths: [String])] = [
        ("z-image", ["input.aspect_ratio"]),
        ("qwen-image-2", ["input.image_size"]), ("qwen-image-2", ["input.output_format"]),
        ("qwen-image-2", ["input.seed"]),
        ("runway-aleph", ["prompt", "input.prompt"]), ("runway-aleph", ["videoUrl", "input.videoUrl"]),
        ("gpt-image-1", ["prompt", "input.prompt"]), ("gpt-image-1", ["size", "input.size"]),
    ]

    @Test(arguments: own.indices, [nil, "null", "\"\"", "\"  \""])
    func `a field that the reference demands of one model is required`(index: Int, literal: String?) throws {
        let (model, paths) = Self.own[index]
        let body = try Fixtures.body(model).setting(paths.map { ($0, literal) })
        let refusal = try #require(try refusal(body))
        #expect(refusal.clause == .gen5)
        #expect(refusal.text.message == "This field is required")
        let key = paths.last?.split(separator: ".").last ?? ""
        #expect(refusal.text.hint == "\(key) is absent, null or blank")
    }

    @Test(arguments: ["image_size", "output_format", "seed"])
    func `qwen-image-2 asks for them for text only`(key: String) throws {
        let edit = try Fixtures.body("qwen-image-2").setting("input.image_url", "\"https://a.example/1.png\"")
        #expect(try refusal(edit.setting("input.\(key)", nil)) == nil)
        #expect(try refusal(edit.setting([("input.image_url", "\"\""), ("input.\(key)", nil)]))?.clause == .gen5)
    }

    @Test(arguments: ["input", "root"])
    func `a key that no text knows is warned of, and refused when strict`(place: String) throws {
        let extra = #","promt":"x""#
        let body = """
            {"model":"z-image","callBackUrl":"https://a.example/b","input":{"prompt":"a","aspect_ratio":"1:1"\
            \(place == "input" ? extra : "")}\(place == "root" ? extra : "")}
            """
        let catalog = try Catalog.builtIn()
        let order = try catalog.check(Array(body.utf8), policy: CheckPolicy()).get()
        #expect(order.warnings.map(\.key) == [place == "input" ? "input.promt" : "promt"])
        guard case .failure(let refusal) = catalog.check(Array(body.utf8), policy: CheckPolicy(isStrict: true)) else {
            Issue.record("strict lets an unknown key through")
            return
        }
        #expect(refusal.clause == .gen7)
        #expect(refusal.text.message.contains("promt"))
    }

    @Test(arguments: [(8_192, true), (8_193, false)])
    func `a callback URL is kept up to its limit`(length: Int, isTaken: Bool) throws {
        let url = "https://a.example/" + String(repeating: "x", count: length - 18)
        let body = try Fixtures.body("z-image").setting("callBackUrl", "\"\(url)\"")
        #expect(try refusal(body)?.clause == (isTaken ? nil : .gen6))
    }

    /// Fields that the model's schema requires, under keys that the reference names.
    static let required: [(model: String, key: String)] = [
        ("sora-2", "prompt"), ("veo-3-fast", "prompt"), ("kling-3", "mode"), ("kling-2-6", "sound"),
        ("elevenlabs-tts", "text"), ("elevenlabs-speech-to-text", "audio_url"), ("runway", "duration"),
        ("ideogram-reframe", "image_size"), ("seedream-4-5", "quality"), ("wan-2-5", "duration"),
    ]

    @Test(arguments: required.indices)
    func `a field that the schema requires and the reference names is refused in the documented words`(index: Int)
        throws
    {
        let (model, key) = Self.required[index]
        for literal in [nil, "null", "\"  \""] {
            let refusal = try #require(try refusal(Fixtures.body(model).setting("input.\(key)", literal)))
            #expect((refusal.clause, refusal.text.message) == (.gen5, "This field is required"))
            #expect(refusal.form == .code400)
            #expect(refusal.text.hint.hasPrefix(key))
        }
    }

    /// Values of another JSON type, under keys that the reference names.
    static let types: [(model: String, path: String, literals: [String])] = [
        ("sora-2", "input.prompt", ["7", "true", "[\"a\"]", #"{"text":"a"}"#]),
        ("z-image", "input.prompt", ["1.5", "false"]),
        ("qwen-image-2", "input.seed", ["\"many\"", "true", "[10000]", "{}"]),
        ("kling-3", "input.sound", ["\"true\"", "1"]),
        ("kling-2-6", "input.image_urls", ["\"https://a.example/1.png\"", "7", "[7]", "{}"]),
        ("kling-2-6", "input.duration", ["true", "[5]", "{}"]),
        ("elevenlabs-tts", "input.text", ["7", "{}"]),
        ("wan-2-5", "input.seeds", ["\"many\"", "{}"]),
    ]

    @Test(arguments: types.indices)
    func `a value of another JSON type under a key of the reference is refused`(index: Int) throws {
        let (model, path, literals) = Self.types[index]
        for literal in literals {
            let refusal = try refusal(Fixtures.body(model).setting(path, literal))
            #expect(refusal?.clause == .gen7, "\(model) \(path) \(literal)")
        }
    }

    @Test func `a field that only upstream names is warned of, and refused when strict`() throws {
        let body = try Fixtures.body("wan-animate").setting("input.video_url", nil)
        #expect(try body.checked().get().sentences.contains("input.video_url is required [upstream]"))
        #expect(try refusal(body, CheckPolicy(isStrict: true))?.clause == .gen5)
    }

    /// Each body breaks all rules from its own on; the first one answers.
    static let order: [(text: String, clause: Clause, hint: String)] = [
        (#"{"model": null}"#, .gen5, "model"),
        (#"{"model": "none"}"#, .gen3, "none"),
        (#"{"model": "z-image"}"#, .gen5, "callBackUrl"),
        (#"{"model": "z-image", "callBackUrl": "http://a"}"#, .gen5, "input"),
        (#"{"model": "z-image", "callBackUrl": "http://a", "input": 7}"#, .gen5, "prompt"),
        (#"{"model": "seedream-v4", "callBackUrl": "http://a", "input": 7}"#, .gen6, "callBackUrl"),
        (#"{"model": "seedream-v4", "callBackUrl": "https://a", "input": 7}"#, .gen7, "input"),
        (
            #"""
            {"model": "seedance-v1", "callBackUrl": "https://a", "input": {"prompt": "a", "duration": 6}, "options": {}}
            """#, .gen7, "duration"
        ),
        (
            #"{"model": "seedance-v1", "callBackUrl": "https://a", "input": {"prompt": "a"}, "options": {}}"#, .gen9,
            "options"
        ),
    ]

    @Test(arguments: order.indices)
    func `the first rule that is broken answers`(index: Int) throws {
        let (text, clause, hint) = Self.order[index]
        let refusal = try #require(try refusal(text))
        #expect(refusal.clause == clause)
        #expect(refusal.text.hint.contains(hint))
    }

    @Test func `what is not in a list is refused in the same words each time, and in its own`() throws {
        let hints = [
            ("\"7\"", "; did you mean 5?"), ("\"8\"", "; did you mean 10?"), ("\"5s\"", "; did you mean \"5\"?"),
            ("\"long\"", ""), ("9", "; did you mean 10?"),
        ]
        for (literal, hint) in hints + hints.reversed() {
            let refusal = try #require(
                try refusal(Fixtures.body("kling-2-6").setting("input.duration", literal)), "\(literal)")
            #expect(refusal.text.message == "duration is not within the range of allowed options: 5, 10\(hint)")
            #expect(refusal.text.hint == refusal.text.message)
        }
    }

    @Test(arguments: ["\"none\"", "\"SORA-2\"", "\"sora-2 \"", "7", "true", "{}", "\"kling-3\\u0000\""])
    func `a model that is not in the catalogue is refused in its own form`(literal: String) throws {
        let refusal = try #require(try refusal(Fixtures.body("sora-2").setting("model", literal)))
        #expect(refusal.clause == .gen3)
        #expect(refusal.form == .unknownModel)
    }

    @Test func `an unknown model's hint names the nearest one and cuts what was sent`() throws {
        let near = try #require(try refusal(Fixtures.body("sora-2").setting("model", "\"sora2\"")))
        #expect(near.text.hint == "model \"sora2\" is not in the catalogue; did you mean \"sora-2\"?")
        // One letter with a megabyte of accents is one `Character`.
        let long = "\"e" + String(repeating: "\u{301}", count: 500_000) + "\""
        let cut = try #require(try refusal(Fixtures.body("sora-2").setting("model", long)))
        let quoted = try #require(cut.text.hint.split(separator: "\"").dropFirst().first)
        #expect(quoted.unicodeScalars.count == 80)
        #expect(cut.text.hint.utf8.count < 400)
        let control = try #require(try refusal(Fixtures.body("sora-2").setting("model", #""a\u001b[31m\n""#)))
        #expect(control.text.hint.hasPrefix("model \"a\u{FFFD}[31m\u{FFFD}\" is not"))
    }

    /// The reference's verification table: HTTP 200 with an empty body.
    static let empty = [
        "veo-3-quality", "veo-3-fast", "runway", "flux-kontext", "imagen-v4", "flux-2", "kling-2-5",
    ]

    @Test(arguments: Fixtures.models)
    func `seven models refuse a broken input with an empty body, the others with code 400`(model: String) throws {
        let known = try #require(try Fixtures.builtIn.get().model(model))
        // An object where the reference wants anything else; what has no such key wants an object for `input`.
        let parameter = known.parameters.first {
            $0.keyFrom == .documented && $0.place.value != .options && $0.type.map { $0.value != .object } ?? false
        }
        var edits: [(String, String?)] = [("input", "\"text\"")]
        if let parameter {
            edits = [("input.\(parameter.key)", #"{"a": 1}"#)]
            if parameter.place.value == .rootAndInput { edits.append((parameter.key, #"{"a": 1}"#)) }
        }
        let refusal = try #require(try refusal(Fixtures.body(model).setting(edits)))
        if Self.empty.contains(model) {
            #expect(refusal.clause == .gen7)
            #expect(refusal.form == .empty)
        } else {
            #expect(refusal.clause == .gen7 || Self.own.contains { $0.model == model })
            #expect(refusal.form == .code400)
        }
        #expect(try refusal.position.map { try Fixtures.builtIn.get().models[$0].id } == model)
    }

    @Test(arguments: empty)
    func `a missing field and a bad URL have a body for every model`(model: String) throws {
        #expect(try refusal(Fixtures.body(model).setting("input", nil))?.form == .code400)
        #expect(try refusal(Fixtures.body(model).setting("callBackUrl", "\"http://a.example\""))?.form == .code400)
    }

    @Test(arguments: Fixtures.requests + Fixtures.assumedRequests)
    func `a body that holds to the reference has no warning of a documented rule`(
        request: Fixtures.PricedRequest
    ) throws {
        let order = try request.body.checked().get()
        #expect(order.warnings.filter { $0.from == .documented } == [])
        #expect(order.callBackURL == Array("https://your-service.example.com/webhooks/cliprise".utf8))
    }

    @Test func `of two equal keys the last counts, at the root and in input`() throws {
        let text = #"""
            {"model": "none", "model": "sora-2", "callBackUrl": "x", "callBackUrl": "https://a.example", "input": 7,
             "input": {"prompt": "a", "duration": 99, "duration": 15, "quality": "high", "quality": null}}
            """#
        let order = try Fixtures.builtIn.get().check(Array(text.utf8), policy: CheckPolicy()).get()
        #expect(order.credits == 63)
        #expect(order.warnings.filter { $0.key == "input.quality" } == [])
    }

    @Test func `the prompt's beginning is kept, cut at a character and with an ellipsis`() throws {
        func prompt(_ text: String) throws -> String {
            let order = try Fixtures.body("sora-2").setting("input.prompt", JSONText.quoted(text)).checked().get()
            return String(decoding: order.prompt, as: UTF8.self)
        }
        #expect(try prompt("short") == "short")
        let exact = String(repeating: "a", count: 96)
        #expect(try prompt(exact) == exact)
        #expect(try prompt("a" + String(repeating: "ü", count: 100)) == "a" + String(repeating: "ü", count: 46) + "…")
        #expect(try prompt(String(repeating: "𝄞", count: 30)) == String(repeating: "𝄞", count: 23) + "…")
        #expect(try prompt(String(repeating: "a", count: 92) + "    b") == String(repeating: "a", count: 92) + "…")
    }
}
