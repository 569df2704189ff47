import ClipriseCatalog
import ClipriseWire
import Testing

/// What the result of a request looks like.
@Suite struct ShapeTests {
    struct Picture: Sendable, CustomTestStringConvertible {
        var model: String
        var edits: [(String, String?)]
        var width: Int
        var height: Int
        var testDescription: String { "\(model) \(edits.map { "\($0.0)=\($0.1 ?? "-")" }) \(width)x\(height)" }

        init(_ model: String, _ edits: [(String, String?)], _ width: Int, _ height: Int) {
            (self.model, self.edits, self.width, self.height) = (model, edits, width, height)
        }
    }

    /// Sizes that a source states, or that follow from its words: `1080p` has 1,080 lines on the shorter side.
    static let pictures = [
        Picture("qwen-image", [("input.image_size", "\"square\"")], 512, 512),
        Picture("qwen-image", [("input.image_size", "\"square_hd\"")], 1_024, 1_024),
        Picture("qwen-image", [("input.image_size", "\"portrait_4_3\"")], 768, 1_024),
        Picture("qwen-image", [("input.image_size", "\"landscape_4_3\"")], 1_024, 768),
        Picture("qwen-image", [("input.image_size", "\"portrait_16_9\"")], 576, 1_024),
        Picture("qwen-image", [("input.image_size", "\"landscape_16_9\"")], 1_024, 576),
        Picture("sora-2", [("input.aspectRatio", "\"portrait\"")], 720, 1_280),
        Picture("sora-2", [("input.aspectRatio", nil)], 1_280, 720),
        Picture("wan-2-5", [("input.resolution", "\"1080p\""), ("input.aspectRatio", "\"16:9\"")], 1_920, 1_080),
        Picture("wan-2-5", [("input.resolution", "\"720p\""), ("input.aspectRatio", "\"9:16\"")], 720, 1_280),
        Picture("wan-2-5", [("input.resolution", "\"720p\""), ("input.aspectRatio", "\"1:1\"")], 720, 720),
        Picture("hailuo", [("input.resolution", "\"512P\"")], 910, 512),
        Picture("veo-3-fast", [("input.resolution", "\"4k\""), ("input.aspectRatio", "\"16:9\"")], 3_840, 2_160),
        Picture("veo-3-fast", [("input.aspectRatio", "\"Auto\"")], 1_280, 720),
        Picture(
            "seedance-1-5-pro", [("input.resolution", "\"480p\""), ("input.aspect_ratio", "\"21:9\"")], 1_120, 480),
        Picture("gpt-image-1", [("input.size", "\"2:3\""), ("size", "\"2:3\"")], 836, 1_254),
        Picture("nano-banana-pro", [("input.resolution", "\"4K\""), ("input.aspect_ratio", "\"1:1\"")], 4_096, 4_096),
        Picture("nano-banana-pro", [("input.resolution", "\"2K\""), ("input.aspect_ratio", "\"1:1\"")], 2_048, 2_048),
        Picture("flux-2", [("input.resolution", "\"1K\""), ("input.aspectRatio", "\"1:1\"")], 1_024, 1_024),
        Picture("z-image", [("input.aspect_ratio", "\"4:3\"")], 1_182, 887),
        // Upstream lets these through, so they are warned of, and stay within the limits.
        Picture("wan-2-2", [("input.resolution", "\"8000p\""), ("input.aspectRatio", "\"16:9\"")], 4_096, 2_304),
        Picture("wan-2-2", [("input.resolution", "\"1p\""), ("input.aspectRatio", "\"16:9\"")], 114, 64),
        Picture(
            "wan-2-2", [("input.resolution", "\"99999999999999999999p\""), ("input.aspectRatio", "\"16:9\"")], 1_280,
            720),
        Picture("wan-2-2", [("input.resolution", "\"0p\""), ("input.aspectRatio", "\"16:9\"")], 1_280, 720),
        Picture("wan-2-2", [("input.resolution", "\"720p\""), ("input.aspectRatio", "\"0:1\"")], 1_280, 720),
        Picture("wan-2-2", [("input.aspectRatio", "\"100:1\""), ("input.resolution", "\"720p\"")], 4_100, 64),
    ]

    @Test(arguments: pictures)
    func `a picture has the size that is asked for, in even numbers for video`(picture: Picture) throws {
        let shape = try Fixtures.body(picture.model).setting(picture.edits).checked().get().shape
        let ratio = Double(picture.width) / Double(picture.height)
        let found = Double(shape.width) / Double(shape.height)
        if picture.height >= 100 { #expect(abs(found / ratio - 1) <= 0.01) }
        #expect(abs(Double(shape.width) / Double(picture.width) - 1) <= 0.01)
        #expect(abs(Double(shape.height) / Double(picture.height) - 1) <= 0.01)
        if shape.form == .mp4 { #expect(shape.width % 2 == 0 && shape.height % 2 == 0) }
    }

    static let ratios = ["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9", "9:21", "5:4", "4:5"]

    @Test(
        arguments: ["nano-banana-pro", "flux-2", "seedance-1-5-pro", "wan-2-2", "grok-imagine-video", "veo-3-quality"],
        ["480p", "580p", "720p", "1080p", "1K", "2K", "4K", "8K", "1024x768"])
    func `every ratio is kept within one percent at every resolution`(model: String, resolution: String) throws {
        for ratio in Self.ratios {
            let key = ["flux-2", "wan-2-2", "veo-3-quality"].contains(model) ? "aspectRatio" : "aspect_ratio"
            let body = try Fixtures.body(model).setting([
                ("input.\(key)", "\"\(ratio)\""), ("input.resolution", "\"\(resolution)\""),
            ])
            // What the reference does not list is refused; the shape of all else must hold.
            guard case .success(let order) = try body.checked(), resolution != "1024x768" else { continue }
            let parts = ratio.split(separator: ":").compactMap { Double($0) }
            #expect(abs(Double(order.shape.width) / Double(order.shape.height) / (parts[0] / parts[1]) - 1) <= 0.01)
            let most = order.shape.form == .mp4 ? 4_096 : 8_192
            #expect((64...most).contains(order.shape.width) && (64...most).contains(order.shape.height))
        }
    }

    static let forms: [(model: String, edits: [(String, String?)], form: ResultSpec.Form)] = [
        ("qwen-image", [("input.output_format", "\"jpeg\"")], .jpeg),
        ("qwen-image", [("input.output_format", "\"PNG\"")], .png),
        ("qwen-image", [("input.output_format", nil)], .png),
        ("nano-banana-pro", [("input.output_format", "\"jpg\"")], .jpeg), ("grok-imagine", [], .jpeg),
        ("flux-kontext", [("input.outputFormat", nil)], .jpeg), ("recraft-remove-bg", [], .png),
        ("nano-banana", [("input.output_format", "\"webp\"")], .png), ("sora-2", [], .mp4),
        ("elevenlabs-tts", [], .mp3),
        ("elevenlabs-sound-effect", [("input.output_format", "\"pcm_8000\"")], .mp3),
        ("elevenlabs-speech-to-text", [], .transcript),
    ]

    @Test(arguments: forms.indices)
    func `a result has the form that is asked for`(index: Int) throws {
        let (model, edits, form) = Self.forms[index]
        let shape = try Fixtures.body(model).setting(edits).checked().get().shape
        #expect(shape.form == form)
        let isPicture = form != .mp3 && form != .transcript
        #expect((shape.width > 0) == isPicture && (shape.height > 0) == isPicture)
        #expect((shape.seconds > 0) == (form != .png && form != .jpeg))
    }

    static let lengths: [(model: String, path: String, literal: String?, seconds: Int)] = [
        ("sora-2", "input.duration", "15", 15), ("sora-2", "input.duration", "\"15\"", 15),
        ("sora-2", "input.duration", nil, 10), ("veo-3-fast", "input.duration", nil, 8),
        ("veo-3-fast", "input.duration", "4", 4), ("veo-3-fast", "input.duration", "-4", 8),
        ("veo-3-fast", "input.duration", "0.2", 8), ("veo-3-fast", "input.duration", "2.5", 3),
        ("veo-3-fast", "input.duration", "1e300", 3_600), ("veo-3-fast", "input.duration", "\"nan\"", 8),
        ("elevenlabs-sound-effect", "input.duration_seconds", "4.5", 5),
        ("elevenlabs-sound-effect", "input.duration_seconds", nil, 5),
        ("sora-story-board", "input.shots", #"[{"Scene": "a", "duration": 25}]"#, 25),
        ("sora-story-board", "input.shots", nil, 15), ("wan-speech-to-video", "input.num_frames", "81", 6),
        ("wan-speech-to-video", "input.num_frames", "1e300", 3_600),
        ("kling-2-6-motion", "input.mode", "\"720p\"", 10), ("elevenlabs-speech-to-text", "input.diarize", "true", 60),
        ("elevenlabs-tts", "input.text", "\"\(String(repeating: "ü", count: 150))\"", 10),
        ("elevenlabs-tts", "input.text", "\"a\"", 1),
        ("elevenlabs-tts", "input.text", "\"\(String(repeating: "a", count: 500_000))\"", 600),
    ]

    @Test(arguments: lengths.indices)
    func `a result lasts as long as is asked for, 3,600 seconds at most`(index: Int) throws {
        let (model, path, literal, seconds) = Self.lengths[index]
        #expect(try Fixtures.body(model).setting(path, literal).checked().get().shape.seconds == seconds)
    }

    static let counts: [(model: String, path: String, literal: String?, count: Int)] = [
        ("seedream-v4", "input.max_images", "6", 6), ("seedream-v4", "input.max_images", "\"3\"", 3),
        ("seedream-v4", "input.max_images", "2.9", 2), ("seedream-v4", "input.max_images", nil, 1),
        ("ideogram-v3", "input.num_images", "\"4\"", 4), ("ideogram-v3", "input.num_images", "2", 2),
        ("ideogram-v3", "input.num_images", "\"17\"", 1), ("ideogram-v3", "input.num_images", "1e300", 1),
        ("ideogram-v3", "input.num_images", "-3", 1), ("ideogram-v3", "input.num_images", "16", 16),
        ("grok-imagine", "input.image_urls", nil, 6),
        ("grok-imagine", "input.image_urls", "[\"https://a.example/1.png\"]", 2), ("sora-2", "input.duration", "10", 1),
    ]

    @Test(arguments: counts.indices)
    func `a task makes as many files as are asked for, 16 at most`(index: Int) throws {
        let (model, path, literal, count) = Self.counts[index]
        #expect(try Fixtures.body(model).setting(path, literal).checked().get().shape.count == count)
    }

    static let sounds: [(model: String, path: String, literal: String?, hasSound: Bool)] = [
        ("kling-2-6", "input.sound", "true", true), ("kling-2-6", "input.sound", "false", false),
        ("seedance-1-5-pro", "input.generate_audio", "true", true),
        ("sora-2", "input.duration", "10", true), ("kling-2-5", "input.duration", "10", false),
        ("qwen-image", "input.seeds", nil, false),
    ]

    @Test(arguments: sounds.indices)
    func `a video has sound when it is asked for or always has`(index: Int) throws {
        let (model, path, literal, hasSound) = Self.sounds[index]
        #expect(try Fixtures.body(model).setting(path, literal).checked().get().shape.hasSound == hasSound)
    }

    @Test(arguments: Fixtures.models)
    func `an order says what its model says of its kind and its usual time`(id: String) throws {
        let model = try #require(Fixtures.builtIn.get().model(id))
        let order = try Fixtures.body(id).checked().get()
        #expect(order.isVideo == (model.kind.value == .video))
        #expect(order.typicalSeconds == Double(model.typicalSeconds.value))
    }
}
