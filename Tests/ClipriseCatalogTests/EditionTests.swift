import ClipriseCatalog
import ClipriseWire
import Testing

/// What only some editions ask or allow.
struct EditionTests {
    private func check(_ body: String, _ policy: CheckPolicy) throws -> Result<Order, Refusal> {
        var catalog = try Catalog.builtIn()
        if policy.takesAnyModel { catalog = try catalog.takingAnyModel() }
        return catalog.check(Array(body.utf8), policy: policy)
    }

    private static let url = #""callBackUrl":"https://hooks.example.com/done""#

    /// Bodies without `input`, all fields at the root, and the price that they select.
    static let rootOnly: [(body: String, credits: Int64)] = [
        (#"{"model":"veo-3-quality",\#(url),"prompt":"A lighthouse","aspectRatio":"16:9"}"#, 450),
        (#"{"model":"veo-3-fast",\#(url),"prompt":"A lighthouse"}"#, 108),
        (
            #"{"model":"runway",\#(url),"prompt":"A lighthouse","duration":10,"quality":"720p","aspectRatio":"16:9"}"#,
            396
        ),
        (#"{"model":"runway-aleph",\#(url),"prompt":"Snow","videoUrl":"https://a.example/v.mp4"}"#, 198),
        (#"{"model":"flux-kontext-max",\#(url),"prompt":"A lighthouse"}"#, 18),
        (#"{"model":"gpt-image-1",\#(url),"prompt":"A lighthouse","size":"1:1"}"#, 11),
    ]

    @Test(arguments: rootOnly)
    func `a later edition takes six models without input, and says that it is inferred`(
        body: String, credits: Int64
    ) throws {
        let order = try check(body, CheckPolicy(takesRootOnly: true)).get()
        #expect(order.credits == credits)
        #expect(order.warnings.contains { $0.key == "input" && $0.from == .assumed })
        for policy in [CheckPolicy(), CheckPolicy(isStrict: true, takesRootOnly: true)] {
            guard case .failure(let refusal) = try check(body, policy) else {
                Issue.record("taken: \(body)")
                continue
            }
            #expect(refusal.clause == .gen5 && refusal.text.hint.hasPrefix("input"))
        }
    }

    static let notRootOnly: [(body: String, clause: Clause)] = [
        (
            #"{"model":"qwen-image-2",\#(url),"prompt":"A","image_size":"1:1","output_format":"png","seed":42424}"#,
            .gen5
        ),
        (#"{"model":"veo-3-fast",\#(url)}"#, .gen5), (#"{"model":"gpt-image-1",\#(url),"prompt":"A"}"#, .gen5),
        (#"{"model":"veo-3-fast",\#(url),"prompt":7}"#, .gen7),
        (#"{"model":"gpt-image-1",\#(url),"prompt":"A","input":{"prompt":"A","size":"1:1"}}"#, .gen8),
    ]

    @Test(arguments: notRootOnly)
    func `the rules of a body hold at the root too`(body: String, clause: Clause) throws {
        guard case .failure(let refusal) = try check(body, CheckPolicy(takesRootOnly: true)) else {
            Issue.record("taken: \(body)")
            return
        }
        #expect(refusal.clause == clause)
    }

    static let twins: [(root: String, passes: Bool)] = [
        ("", false), (#""prompt":"A lighthouse","#, true), (#""prompt":"Another","#, false),
        (#""prompt":null,"#, false),
    ]

    @Test(arguments: twins)
    func `the snapshot wants the prompt of kling-video-turbo at the root and in input`(root: String, passes: Bool)
        throws
    {
        let body = #"{"model":"kling-video-turbo",\#(Self.url),\#(root)"input":{"prompt":"A lighthouse"}}"#
        let result = try check(body, CheckPolicy(requiresOptions: true, requiresTwins: true))
        switch result {
        case .success(let order): #expect(passes && !order.warnings.contains { $0.key == "prompt" })
        case .failure(let refusal): #expect(!passes && refusal.clause == .gen8)
        }
        #expect(throws: Never.self) { try check(body, CheckPolicy()).get() }
    }

    @Test func `a model beyond the catalogue is taken at no price when that is wanted`() throws {
        let body = #"{"model":"kling-2-1-standard",\#(Self.url),"input":{"prompt":"A lighthouse","anything":[1]}}"#
        let order = try check(body, CheckPolicy(takesAnyModel: true)).get()
        #expect(order.credits == 0)
        #expect(order.warnings.map(\.key) == ["model"])
        #expect(order.warnings[0].problem.contains("kling-2-1-standard"))
        guard case .failure(let refusal) = try check(body, CheckPolicy()) else {
            Issue.record("taken")
            return
        }
        #expect(refusal.clause == .gen3)
        // With less than every body needs, it is just unknown.
        guard case .failure(let incomplete) = try check(#"{"model":"x"}"#, CheckPolicy(takesAnyModel: true)) else {
            Issue.record("taken")
            return
        }
        #expect(incomplete.clause == .gen3)
    }

    static let between: [(model: String, key: String, literal: String, credits: Int64)] = [
        ("kling-3", "duration", "\"8\"", 540), ("kling-3", "duration", "3", 270), ("kling-3", "duration", "11", 810),
        ("grok-imagine-video", "duration", "8", 40), ("grok-imagine-video", "duration", "20", 60),
        ("wan-2-6-video", "duration", "15", 280), ("seedance-1-5-pro", "resolution", "\"1080p\"", 14),
    ]

    @Test(arguments: between)
    func `what upstream sells between two prices costs the next of them, with a warning`(
        model: String, key: String, literal: String, credits: Int64
    ) throws {
        let inputs = [
            "kling-3": #""prompt":"A lighthouse","mode":"pro","sound":false,"multi_shots":false,"aspect_ratio":"1:1""#,
            "grok-imagine-video": #""prompt":"A lighthouse","resolution":"480p""#,
            "wan-2-6-video": #""prompt":"A lighthouse","image_urls":["https://a.example/b.png"],"resolution":"720p""#,
            "seedance-1-5-pro": #""prompt":"A lighthouse","duration":4,"aspect_ratio":"1:1""#,
        ]
        let body = #"{"model":"\#(model)",\#(Self.url),"input":{\#(inputs[model] ?? ""),"\#(key)":\#(literal)}}"#
        let order = try check(body, CheckPolicy()).get()
        #expect(order.credits == credits)
        #expect(order.warnings.contains { $0.key == key && $0.problem.contains("no price of its own") })
    }

    static let hints: [(model: String, key: String, literal: String, hint: String)] = [
        ("runway", "duration", "7", "did you mean 5?"), ("runway", "duration", "\"9\"", "did you mean 10?"),
        ("sora-2", "duration", "60", "did you mean 15?"), ("seedance-1-5-pro", "duration", "7", "did you mean 8?"),
        ("hailuo", "duration", "-1", "did you mean 6?"),
        ("sora-2", "aspectRatio", "\"portait\"", "did you mean \"portrait\"?"),
    ]

    @Test(arguments: hints)
    func `a number that is not in the list is told the nearest, a word the likeliest`(
        model: String, key: String, literal: String, hint: String
    ) throws {
        let body = try Fixtures.body(model).setting("input.\(key)", literal)
        guard case .failure(let refusal) = try body.checked(CheckPolicy(isStrict: true)) else {
            Issue.record("taken")
            return
        }
        // A model that answers with nothing has the hint for its reader alone.
        #expect(refusal.text.hint.hasSuffix(hint), "\(refusal.text.hint)")
    }
}
