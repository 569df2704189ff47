import ClipriseCatalog
import Testing

@Suite struct PriceTests {
    @Test func `the request fixtures name each published row once, in order`() throws {
        let published = Fixtures.published.flatMap { model in
            model.prices.enumerated().map { "\(model.model) \($0.offset) \($0.element.unit)" }
        }
        let requested = Fixtures.requests.map { "\($0.model) \($0.index) \($0.unit)" }
        try #require(!published.isEmpty)
        #expect(requested.sorted() == published.sorted())
    }

    @Test func `the models without a published row have an assumed request`() throws {
        try #require(!Fixtures.published.isEmpty)
        let unpriced = Fixtures.published.filter(\.prices.isEmpty).map(\.model)
        #expect(Fixtures.assumedRequests.map(\.model).sorted() == unpriced.sorted())
    }

    @Test(arguments: Fixtures.published.map(\.model))
    func `the catalogue's rows are the published ones, or one that is marked assumed`(id: String) throws {
        let published = try #require(Fixtures.published.first { $0.model == id })
        let model = try #require(try Fixtures.builtIn.get().model(id))
        #expect(model.id == id)
        #expect(model.name.value == published.name)
        let rows = model.price.rows.map { Fixtures.PublishedRow(unit: $0.unit, credits: $0.credits) }
        if published.prices.isEmpty {
            #expect(model.price.rows.map(\.from) == [.assumed])
        } else {
            #expect(rows == published.prices)
            #expect(model.price.rows.allSatisfy { $0.from == .documented })
        }
    }

    @Test(arguments: Fixtures.requests + Fixtures.assumedRequests)
    func `a request selects its row for its credits`(request: Fixtures.PricedRequest) throws {
        let order = try request.body.checked().get()
        #expect(try Fixtures.builtIn.get().models[order.model].id == request.model)
        #expect(order.row == request.index)
        #expect(order.multiplier == request.secondsOrBlocks)
        #expect(order.credits == request.credits)
        if let row = Fixtures.published.first(where: { $0.model == request.model })?.prices.dropFirst(request.index)
            .first
        {
            #expect(row.unit == request.unit)
            #expect(order.credits == row.credits * order.multiplier)
        }
    }

    @Test func `the rows without a label are selected by what the contract says`() throws {
        let seedance = try #require(try Fixtures.builtIn.get().model("seedance-1-5-pro"))
        #expect(seedance.price.rows.map(\.unit).filter { $0 == "—" }.count == 6)
        #expect(seedance.price.rows.suffix(6).allSatisfy { $0.unit == "—" && $0.conditionsFrom == .upstream })
        let wan = try #require(try Fixtures.builtIn.get().model("wan-2-2"))
        #expect(wan.price.rows.map(\.conditionsFrom) == [.documented, .documented, .assumed])
        #expect(wan.price.rows.map(\.credits) == [72, 108, 144])
    }

    static let measured: [(model: String, edits: [(String, String?)], multiplier: Int64, credits: Int64)] = [
        // 16 frames a second where none is given.
        ("wan-speech-to-video", [("input.num_frames", "80"), ("input.frames_per_second", nil)], 5, 110),
        ("wan-speech-to-video", [("input.num_frames", "81")], 6, 132),
        ("wan-speech-to-video", [("input.num_frames", "\"81\"")], 6, 132),
        ("wan-speech-to-video", [("input.num_frames", "1"), ("input.frames_per_second", "60")], 1, 22),
        ("wan-speech-to-video", [("input.num_frames", "-40")], 1, 22),
        ("wan-speech-to-video", [("input.num_frames", "1e300")], 3_600, 79_200),
        ("wan-speech-to-video", [("input.frames_per_second", "1e-300")], 3_600, 79_200),
        ("wan-speech-to-video", [("input.frames_per_second", "0")], 1, 22),
        ("wan-speech-to-video", [("input.frames_per_second", "-1")], 1, 22),
        ("wan-speech-to-video", [("input.num_frames", "1e300"), ("input.frames_per_second", "1e-300")], 3_600, 79_200),
        ("elevenlabs-speech-to-text", [], 60, 420),
        ("kling-2-6-motion", [("input.mode", "\"1080p\"")], 10, 180),
        ("wan-animate", [("input.resolution", "\"720p\"")], 5, 115),
        ("elevenlabs-tts", [("input.text", "\"a\"")], 1, 49),
        ("elevenlabs-tts", [("input.text", text(5_000))], 1, 49),
        ("elevenlabs-tts", [("input.text", text(5_001))], 2, 98),
        ("elevenlabs-tts", [("input.text", text(10_000))], 2, 98),
    ]

    /// A JSON string of so many characters of two bytes each.
    private static func text(_ count: Int) -> String {
        "\"" + String(repeating: "ü", count: count) + "\""
    }

    @Test(arguments: measured.indices)
    func `seconds and blocks are counted as started ones`(index: Int) throws {
        let (model, edits, multiplier, credits) = Self.measured[index]
        let order = try Fixtures.body(model).setting(edits).checked().get()
        #expect(order.multiplier == multiplier)
        #expect(order.credits == credits)
    }

    static let nearest: [(model: String, edit: (String, String), credits: Int64, warning: String)] = [
        ("wan-2-2", ("input.resolution", #""580p""#), 108, "resolution 580p has no price of its own; priced as 720p"),
        (
            "wan-2-2", ("input.resolution", #""4000p""#), 144,
            "resolution 4000p has no price of its own; priced as 1080p"
        ),
        ("wan-2-2", ("input.resolution", #""tall""#), 72, "resolution tall has no price of its own; priced as 480p"),
        (
            "sora-2-turbo", ("input.quality", #""ultra""#), 270,
            "quality ultra has no price of its own; priced as standard"
        ),
        ("kling-2-6", ("input.duration", "5.0"), 99, ""),
    ]

    @Test(arguments: nearest.indices)
    func `a value without a row is priced as the next higher one, with a warning`(index: Int) throws {
        let (model, edit, credits, warning) = Self.nearest[index]
        let order = try Fixtures.body(model).setting(edit.0, edit.1).checked().get()
        #expect(order.credits == credits)
        let priced = order.warnings.filter { $0.problem.contains("price") }.map { "\($0.key) \($0.problem)" }
        #expect(priced == (warning.isEmpty ? [] : [warning]))
    }

    @Test func `a list without references is priced and counted as a text request`() throws {
        for empty in ["[]", "null", "\"\""] {
            let order = try Fixtures.body("grok-imagine").setting("input.image_urls", empty).checked().get()
            #expect(order.row == 0)
            #expect(order.shape.count == 6)
        }
    }
}
