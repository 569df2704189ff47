import ClipriseCatalog
import ClipriseWire
import Testing

/// GEN-7: enums, ranges, lengths and counts, each value from the reference.
@Suite struct ValueRuleTests {
    enum Verdict: Sendable, Equatable {
        case passes, warns, refuses
    }

    /// Checks `body`; a warning counts when it is of `key` and of more than the spelling of its type.
    private func verdict(_ body: TestBody, _ key: String, _ policy: CheckPolicy = CheckPolicy()) throws -> Verdict {
        switch try body.checked(policy) {
        case .failure(let refusal):
            #expect(refusal.clause == .gen7)
            #expect(refusal.text.message.hasPrefix(key))
            return .refuses
        case .success(let order):
            let isWarned = order.warnings.contains {
                $0.key.hasSuffix(".\(key)") && !$0.problem.contains("upstream wants")
            }
            return isWarned ? .warns : .passes
        }
    }

    /// Prompt limits of the reference, in characters.
    static let prompts: [(model: String, limit: Int)] = [
        ("qwen-image", 5_000), ("qwen-image-2", 800), ("ideogram-v3", 5_000), ("nano-banana", 5_000),
        ("z-image", 1_000),
        ("veo-3-quality", 5_000), ("veo-3-fast", 5_000), ("runway-aleph", 1_800), ("runway", 1_800),
        ("kling-video-turbo", 2_500), ("kling-2-5", 1_000), ("kling-2-6", 1_000), ("kling-3", 5_000),
        ("kling-2-6-motion", 2_500), ("sora-2", 5_000), ("sora-2-turbo", 5_000), ("seedance-1-5-pro", 2_500),
        ("seedance-v1", 5_000), ("seedance-v1-pro-fast", 5_000), ("wan-2-5", 800), ("wan-2-6", 5_000),
        ("wan-2-6-video", 5_000), ("wan-speech-to-video", 5_000), ("hailuo", 1_500), ("hailuo-2-3", 5_000),
        ("grok-imagine-video", 5_000), ("wan-animate", 5_000),
    ]

    @Test(arguments: prompts.indices)
    func `a prompt may have as many characters as the reference says and no more`(index: Int) throws {
        let (model, limit) = Self.prompts[index]
        let places = model == "runway-aleph" ? ["input.prompt", "prompt"] : ["input.prompt"]
        func body(_ count: Int) throws -> TestBody {
            let text = "\"" + String(repeating: "ü", count: count) + "\""
            return try Fixtures.body(model).setting(places.map { ($0, text) })
        }
        #expect(try verdict(body(limit), "prompt") == .passes)
        #expect(try verdict(body(limit + 1), "prompt") == .refuses)
    }

    /// Reference media of the reference, and the key that carries them.
    static let references: [(model: String, key: String, limit: Int)] = [
        ("qwen-image", "image_urls", 10), ("ideogram-v3", "image_urls", 10), ("ideogram-reframe", "image_urls", 1),
        ("nano-banana", "image_urls", 10), ("flux-2", "input_urls", 8), ("veo-3-quality", "imageUrls", 2),
        ("veo-3-fast", "imageUrls", 2), ("kling-video-turbo", "image_urls", 1), ("kling-2-5", "image_urls", 1),
        ("kling-2-6", "image_urls", 1), ("kling-3", "image_urls", 2), ("kling-2-6-motion", "input_urls", 1),
        ("sora-2", "image_urls", 1), ("sora-2-turbo", "image_urls", 1), ("sora-story-board", "image_urls", 1),
        ("seedance-1-5-pro", "input_urls", 2), ("wan-2-5", "image_urls", 1), ("wan-2-6-video", "image_urls", 1),
        ("wan-2-6", "image_urls", 1), ("grok-imagine-video", "image_urls", 1), ("seedance-v1", "image_urls", 2),
        ("hailuo", "image_urls", 2),
    ]

    @Test(arguments: references.indices)
    func `a request may carry as many references as the reference says and no more`(index: Int) throws {
        let (model, key, limit) = Self.references[index]
        func refusal(_ count: Int) throws -> Refusal? {
            let urls = (0..<count).map { "\"https://a.example/\($0).png\"" }.joined(separator: ",")
            let body = try Fixtures.body(model).setting([
                ("input.image_url", nil), ("input.image_urls", nil), ("input.input_urls", nil),
                ("input.\(key)", "[\(urls)]"),
            ])
            guard case .failure(let refusal) = try body.checked() else { return nil }
            return refusal
        }
        #expect(try refusal(limit) == nil)
        #expect(try refusal(limit + 1)?.clause == .gen7)
    }

    @Test func `references are counted over all keys that carry them`() throws {
        let one = "\"https://a.example/1.png\""
        let body = try Fixtures.body("kling-video-turbo").setting("input.image_url", one)
        #expect(try verdict(body, "image_url") == .passes)
        #expect(try verdict(body.setting("input.image_urls", "[\(one)]"), "image_url") == .refuses)
        #expect(try verdict(body.setting("input.image_urls", "[]"), "image_url") == .passes)
    }

    /// Values of the reference, tried in the model's base body.
    static let values: [(model: String, path: String, verdicts: [(String, Verdict)])] = [
        (
            "qwen-image", "input.seeds",
            [
                ("10000", .passes), ("99999", .passes), ("9999", .refuses), ("100000", .refuses),
                ("\"10000\"", .passes),
                ("\"9999\"", .refuses), ("-1", .refuses), ("1e300", .refuses), ("10000.5", .warns),
            ]
        ),
        (
            "qwen-image", "input.guidance_scale",
            [("1", .passes), ("20", .passes), ("0.99", .refuses), ("20.01", .refuses), ("2.5", .passes)]
        ),
        (
            "qwen-image", "input.num_inference_steps",
            [("2", .passes), ("250", .passes), ("1", .refuses), ("251", .refuses)]
        ),
        (
            "qwen-image", "input.image_size",
            [
                ("\"square\"", .passes), ("\"square_hd\"", .passes), ("\"landscape_16_9\"", .passes),
                ("\"SQUARE\"", .warns), ("\"landscape_21_9\"", .refuses), ("\"16:9\"", .refuses), ("1", .refuses),
                ("[\"square\"]", .refuses), ("{}", .refuses), ("true", .refuses), ("null", .passes), ("\"\"", .passes),
            ]
        ),
        ("qwen-image", "input.output_format", [("\"jpeg\"", .passes), ("\"png\"", .passes), ("\"webp\"", .refuses)]),
        (
            "qwen-image-2", "input.seed",
            [("10000", .passes), ("999999", .passes), ("9999", .refuses), ("1000000", .refuses), ("0", .refuses)]
        ),
        (
            "qwen-image-2", "input.image_size",
            [("\"9:16\"", .passes), ("\"21:9\"", .refuses), ("\"square\"", .refuses)]
        ),
        (
            "ideogram-v3", "input.rendering_speed",
            [("\"TURBO\"", .passes), ("\"Turbo\"", .warns), ("\"FAST\"", .refuses)]
        ),
        ("ideogram-v3", "input.style", [("\"FICTION\"", .passes), ("\"NOIR\"", .warns)]),
        ("ideogram-reframe", "input.style", [("\"AUTO\"", .passes), ("\"OIL\"", .warns), ("\"fiction\"", .refuses)]),
        ("kling-3", "input.duration", [("\"8\"", .passes), ("15", .passes), ("16", .warns)]),
        ("seedream-v3", "input.guidance_scale", [("1", .passes), ("10", .passes), ("0", .refuses), ("11", .refuses)]),
        ("seedream-v4", "input.max_images", [("1", .passes), ("6", .passes), ("0", .refuses), ("7", .refuses)]),
        (
            "seedream-v4", "input.image_size",
            [("\"portrait_2_3\"", .passes), ("\"landscape_3_2\"", .passes), ("\"portrait_9_21\"", .warns)]
        ),
        (
            "nano-banana-pro", "input.resolution",
            [("\"1K\"", .passes), ("\"4K\"", .passes), ("\"4k\"", .warns), ("\"8K\"", .refuses)]
        ),
        ("nano-banana-pro", "input.output_format", [("\"jpg\"", .passes), ("\"jpeg\"", .refuses)]),
        ("imagen-v4", "input.fast_ultra", [("\"Fast\"", .passes), ("\"Ultra\"", .passes), ("\"Turbo\"", .refuses)]),
        ("flux-2", "input.resolution", [("\"1K\"", .passes), ("\"2K\"", .passes), ("\"4K\"", .refuses)]),
        (
            "veo-3-fast", "input.aspectRatio",
            [("\"Auto\"", .passes), ("\"9:16\"", .passes), ("\"auto\"", .warns), ("\"1:1\"", .refuses)]
        ),
        ("veo-3-quality", "input.watermark", [("true", .passes), ("\"mine\"", .refuses)]),
        ("runway", "input.duration", [("5", .passes), ("10", .passes), ("\"10\"", .passes), ("8", .refuses)]),
        ("kling-2-6", "input.sound", [("true", .passes), ("false", .passes), ("\"true\"", .refuses), ("1", .refuses)]),
        ("kling-3", "input.mode", [("\"std\"", .passes), ("\"pro\"", .passes), ("\"4K\"", .refuses)]),
        ("kling-3", "input.sound", [("true", .passes), ("\"true\"", .refuses)]),
        ("kling-2-6-motion", "input.mode", [("\"720p\"", .passes), ("\"std\"", .refuses)]),
        ("sora-2", "input.aspectRatio", [("\"portrait\"", .passes), ("\"16:9\"", .refuses)]),
        (
            "sora-2", "input.duration",
            [
                ("10", .passes), ("15.0", .passes), ("\"15\"", .passes), ("25", .refuses), ("-10", .refuses),
                ("10.5", .refuses), ("\" 10\"", .refuses), ("\"1e1\"", .refuses), ("[10]", .refuses),
            ]
        ),
        ("seedance-1-5-pro", "input.duration", [("4", .passes), ("\"12\"", .passes), ("5", .refuses)]),
        ("seedance-v1-pro-fast", "input.resolution", [("\"1080p\"", .passes), ("\"480p\"", .refuses)]),
        ("hailuo", "input.resolution", [("\"512P\"", .passes), ("\"768p\"", .warns), ("\"1080P\"", .refuses)]),
        ("hailuo", "input.duration", [("6", .passes), ("\"10\"", .passes), ("5", .refuses)]),
        ("hailuo-2-3", "input.resolution", [("\"1080P\"", .passes), ("\"512P\"", .refuses)]),
        (
            "sora-story-board", "input.shots",
            [
                (#"[{"Scene": "a", "duration": 10}]"#, .passes), (#"[{"Scene": "a", "duration": "25"}]"#, .passes),
                (shots(2.1, 3.3, 4.6), .passes), (shots(1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.2), .passes),
                (shots(0.1, 0.2, 14.7), .passes), (shots(4, 5), .refuses), (shots(-5, 15), .refuses),
                (shots(10.001), .refuses), (shots(1e308, 1e308), .refuses), (#"[{"duration": 10}]"#, .warns),
                (#"[{"Scene": "a"}]"#, .refuses), ("\"a\"", .refuses), ("[1]", .refuses), ("{}", .refuses),
            ]
        ),
    ]

    private static func shots(_ durations: Double...) -> String {
        "[" + durations.map { #"{"Scene": "a", "duration": \#($0)}"# }.joined(separator: ",") + "]"
    }

    @Test(arguments: values.indices)
    func `a value is judged by the reference, then by upstream`(index: Int) throws {
        let (model, path, verdicts) = Self.values[index]
        let key = String(path.drop { $0 != "." }.dropFirst())
        for (literal, expected) in verdicts {
            let body = try Fixtures.body(model).setting(path, literal)
            #expect(try verdict(body, key) == expected, "\(model) \(path) \(literal)")
        }
    }

    static let upstream: [(model: String, path: String, literal: String)] = [
        ("flux-2", "input.aspectRatio", "\"5:1\""), ("grok-imagine-video", "input.mode", "\"calm\""),
        ("kling-video-turbo", "input.cfg_scale", "1.5"), ("seedream-4-5", "input.prompt", longText),
        ("wan-speech-to-video", "input.num_frames", "121"), ("wan-2-6", "input.image_urls", "[\"ftp://a\"]"),
        ("elevenlabs-tts", "input.speed", "2"), ("elevenlabs-tts", "input.voice", "\"Nobody\""),
        ("elevenlabs-sound-effect", "input.duration_seconds", "0.4"), ("wan-2-5", "input.seeds", "7.5"),
        ("ideogram-reframe", "input.style", "\"OIL\""), ("grok-imagine-video", "input.index", "6"),
        ("kling-3", "input.multi_prompt", "[{\"duration\": 3}]"), ("kling-3", "input.multi_prompt", "[3]"),
        ("sora-2", "input.character_id_list", "[1]"), ("sora-2", "input.remove_watermark", "\"no\""),
    ]

    private static let longText = "\"" + String(repeating: "a", count: 3_001) + "\""

    @Test(arguments: upstream.indices)
    func `a rule that is not documented warns, names its source, and refuses when strict`(index: Int) throws {
        let (model, path, literal) = Self.upstream[index]
        let key = String(path.drop { $0 != "." }.dropFirst())
        let body = try Fixtures.body(model).setting(path, literal)
        let warnings = try body.checked().get().warnings.filter { $0.key == path }
        #expect(warnings.map(\.from).contains(.upstream))
        guard case .failure(let refusal) = try body.checked(CheckPolicy(isStrict: true)) else {
            Issue.record("strict lets \(key) through")
            return
        }
        #expect([.gen5, .gen7].contains(refusal.clause))
    }

    static let swapped: [(model: String, path: String, literal: String, problem: String)] = [
        ("sora-2", "input.duration", "15", "is a number where upstream wants a string"),
        ("wan-2-6", "input.duration", "15", "is a number where upstream wants a string"),
        ("runway", "input.duration", "\"10\"", "is a string where upstream wants a number"),
        ("wan-2-5", "input.seeds", "\"31337\"", "is a string where upstream wants a number"),
        ("qwen-image", "input.num_images", "2", "is a number where upstream wants a string"),
    ]

    @Test(arguments: swapped.indices)
    func `a number for a string and a string for a number pass with a warning`(index: Int) throws {
        let (model, path, literal, problem) = Self.swapped[index]
        let order = try Fixtures.body(model).setting(path, literal).checked().get()
        #expect(order.sentences.contains("\(path) \(problem) [upstream]"))
    }

    @Test(arguments: [("kling-2-5", 1_001), ("kling-video-turbo", 2_501)])
    func `the two ids of one model have prompt limits of their own`(model: String, tooMany: Int) throws {
        func body(_ count: Int) throws -> TestBody {
            try Fixtures.body(model).setting("input.prompt", "\"\(String(repeating: "a", count: count))\"")
        }
        #expect(try verdict(body(tooMany - 1), "prompt") == .passes)
        #expect(try verdict(body(tooMany), "prompt") == .refuses)
        let family = try #require(try Fixtures.builtIn.get().model("kling-2-5"))
        #expect(family.aliasOf?.value == "kling-video-turbo")
    }

    @Test func `a refusal names the key and the values, and what was meant`() throws {
        let body = try Fixtures.body("nano-banana-pro").setting("input.output_format", "\"pmg\"")
        guard case .failure(let refusal) = try body.checked() else {
            Issue.record("not refused")
            return
        }
        #expect(
            refusal.text.message
                == "output_format is not within the range of allowed options: jpg, png; did you mean \"png\"?")
    }
}
