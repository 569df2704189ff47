import ClipriseCatalog
import ClipriseWire
import Testing

/// GEN-4, GEN-8, GEN-9: where a key stands, and the ids that fix one.
@Suite struct PlaceTests {
    private func refusal(_ body: TestBody, _ policy: CheckPolicy = CheckPolicy()) throws -> Refusal? {
        switch try body.checked(policy) {
        case .success: nil
        case .failure(let refusal): refusal
        }
    }

    // MARK: Twins

    static let twins = [
        ("runway-aleph", "prompt"), ("runway-aleph", "videoUrl"), ("gpt-image-1", "prompt"), ("gpt-image-1", "size"),
    ]

    @Test(arguments: twins)
    func `a twin that is missing or differs is refused as a broken input`(model: String, key: String) throws {
        let body = try Fixtures.body(model)
        #expect(try refusal(body) == nil)
        let edits: [(String, String?, String)] = [
            (key, nil, "must also stand at the root"), (key, "null", "must also stand at the root"),
            ("input.\(key)", nil, "must also stand in input"), ("input.\(key)", "null", "must also stand in input"),
            (key, "\"https://other.example/3:2\"", "differs between the root and input"),
            (key, "\"\"", "differs between the root and input"), (key, "7", "differs between the root and input"),
        ]
        for (path, literal, problem) in edits {
            let refusal = try #require(try refusal(body.setting(path, literal)))
            #expect(refusal.clause == .gen8)
            #expect(refusal.form == .code400)
            #expect(refusal.text.message == "\(key) \(problem)")
        }
    }

    @Test func `other models do not read their keys at the root, and say so`() throws {
        let order = try Fixtures.body("sora-2").setting("prompt", "\"x\"").checked().get()
        #expect(order.sentences.contains("prompt is not read at the root; it belongs in input [assumed]"))
    }

    // MARK: Options

    static let optionModels = [("seedance-v1", "model"), ("hailuo-2-3", "model"), ("wan-animate", "animationType")]

    @Test(arguments: optionModels)
    func `options is a JSON object as a string and nothing else`(model: String, key: String) throws {
        let body = try Fixtures.body(model)
        for literal in [
            "{\"\(key)\":0}", "[]", "[0]", "7", "true", "\"\"", "\"garbage\"", "\"[0]\"", "\"7\"", "\"null\"",
            "\"{\\\"\(key)\\\":0\"", "\"{'\(key)':0}\"", "\"\\\"{}\\\"\"",
        ] {
            let refusal = try #require(try refusal(body.setting("options", literal)), "\(literal)")
            #expect(refusal.clause == .gen9)
            #expect(refusal.form == .code400)
            #expect(refusal.text.message.hasPrefix("options must be a JSON object as a string"))
        }
        for text in ["{}", " { \\\"\(key)\\\" : 1 } ", "{\\\"\(key)\\\":0}"] {
            #expect(try refusal(body.setting("options", "\"\(text)\"")) == nil)
        }
    }

    @Test(arguments: optionModels)
    func `absent options take the first tier with a warning, unless the profile requires them`(
        model: String, key: String
    ) throws {
        for literal in [nil, "null"] {
            let body = try Fixtures.body(model).setting("options", literal)
            let order = try body.checked().get()
            #expect(order.warnings.contains { $0.key == "options" && $0.from == .assumed })
            #expect(order.row < (model == "seedance-v1" ? 6 : model == "hailuo-2-3" ? 2 : 3))
            #expect(try refusal(body, CheckPolicy(requiresOptions: true))?.clause == .gen9)
        }
        #expect(try refusal(Fixtures.body("sora-2"), CheckPolicy(requiresOptions: true)) == nil)
    }

    static let tiers: [(literal: String, credits: Int64?, warning: String?)] = [
        ("0", 54, nil), ("1", 90, nil), ("1.0", 90, nil),
        ("\"1\"", 90, "is a number in a string"), ("\"pro\"", 90, "is an index, here 1; its name was given"),
        ("\"Pro\"", 90, "is an index, here 1; its name was given"),
        ("2", 54, "is not an index of the list: 0 = standard, 1 = pro"),
        ("-1", 54, "is not an index of the list: 0 = standard, 1 = pro"),
        ("0.5", 54, "is not an index of the list: 0 = standard, 1 = pro"),
        ("1e300", 54, "is not an index of the list: 0 = standard, 1 = pro"),
        ("\"gold\"", 54, "is not an index of the list: 0 = standard, 1 = pro"),
        ("true", nil, nil), ("[1]", nil, nil), ("{}", nil, nil), ("null", 54, nil),
    ]

    @Test(arguments: tiers.indices)
    func `a tier is an index; its name passes with a warning, and what is neither takes the first`(index: Int) throws {
        let (literal, credits, warning) = Self.tiers[index]
        let body = try Fixtures.body("hailuo-2-3").setting([
            ("options.model", literal), ("input.resolution", "\"768P\""),
        ])
        guard let credits else {
            #expect(try refusal(body)?.clause == .gen7)
            return
        }
        let order = try body.checked().get()
        #expect(order.credits == credits)
        #expect(order.warnings.filter { $0.key == "options.model" }.map(\.problem) == (warning.map { [$0] } ?? []))
    }

    @Test func `in options a value of a list may be its index or itself`() throws {
        func credits(_ edits: [(String, String?)]) throws -> Int64? {
            try? Fixtures.body("seedance-v1").setting([("options.model", "0")] + edits).checked().get().credits
        }
        #expect(try credits([("options.resolution", "0"), ("options.duration", "1")]) == 26)
        #expect(try credits([("options.resolution", "\"1080p\""), ("options.duration", "10")]) == 126)
        #expect(try credits([("options.resolution", "\"1080P\""), ("options.duration", "\"5\"")]) == 90)
        #expect(try credits([("options.resolution", "3")]) == nil)
        #expect(try credits([("options.duration", "7")]) == nil)
        // In `input` an index means nothing.
        #expect(try credits([("options.resolution", nil), ("input.resolution", "0")]) == nil)
        #expect(
            try credits([("options.resolution", nil), ("input.resolution", "\"480p\""), ("options.duration", "5")])
                == 18)
    }

    @Test func `null in one place does not take back what another place or spelling gives`() throws {
        let start = try Fixtures.body("seedance-v1").setting([("options.model", "0"), ("options.duration", "5")])
        let both = start.setting([("options.resolution", "null"), ("input.resolution", "\"1080p\"")])
        #expect(try both.checked().get().credits == 90)
        let spelt = try Fixtures.body("sora-2").setting([
            ("input.aspectRatio", "null"), ("input.aspect_ratio", "\"portrait\""),
        ])
        let shape = try spelt.checked().get().shape
        #expect(shape.height > shape.width)
    }

    // MARK: Routed ids

    static let routes: [(id: String, family: String, edits: [(String, String?)], credits: Int64)] = [
        ("flux-kontext-pro", "flux-kontext", [], 9), ("flux-kontext-max", "flux-kontext", [], 18),
        ("seedance-v1-lite", "seedance-v1", seedance, 41), ("seedance-v1-pro", "seedance-v1", seedance, 81),
        ("hailuo-2-3-standard", "hailuo-2-3", [("options", nil), ("input.resolution", "\"1080P\"")], 90),
        ("hailuo-2-3-pro", "hailuo-2-3", [("options", nil), ("input.resolution", "\"1080P\"")], 162),
        ("wan-animate-replace", "wan-animate", [("options", nil), ("input.resolution", "\"580p\"")], 90),
        ("wan-animate-move", "wan-animate", [("options", nil), ("input.resolution", "\"480p\"")], 55),
    ]

    private static let seedance: [(String, String?)] = [
        ("options", nil), ("input.resolution", "\"720p\""), ("input.duration", "\"5\""),
    ]

    @Test(arguments: routes.indices)
    func `a routed id selects its family and needs no options`(index: Int) throws {
        let (id, family, edits, credits) = Self.routes[index]
        let body = try Fixtures.body(family).setting(edits + [("model", "\"\(id)\"")])
        for policy in [CheckPolicy(), CheckPolicy(requiresOptions: true)] {
            let order = try body.checked(policy).get()
            #expect(try Fixtures.builtIn.get().models[order.model].id == family)
            #expect(order.credits == credits)
            #expect(order.warnings.filter { $0.key == "options" } == [])
        }
    }

    @Test func `a routed id wins over the tier that the body gives, with a warning from the route's source`() throws {
        let later = try Fixtures.body("flux-kontext").setting([
            ("model", "\"flux-kontext-pro\""), ("input.variant", "\"max\""),
        ]).checked().get()
        #expect(later.credits == 9)
        let warning = "variant is fixed by the model id; the given value is ignored"
        #expect(later.sentences.contains("\(warning) [later]"))
        let assumed = try Fixtures.body("flux-kontext").setting([
            ("model", "\"flux-kontext-max\""), ("input.variant", "\"pro\""),
        ]).checked().get()
        #expect(assumed.credits == 18)
        #expect(assumed.sentences.contains("\(warning) [assumed]"))
        let agreed = try Fixtures.body("flux-kontext").setting([
            ("model", "\"flux-kontext-pro\""), ("input.variant", "\"pro\""),
        ]).checked().get()
        #expect(agreed.warnings.filter { $0.key == "variant" } == [])
    }
}
