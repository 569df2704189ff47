import ClipriseCatalog
import ClipriseProxy
import ClipriseWire
import Testing

@Suite struct PriceTests {
    private static let catalog = try? Catalog.builtIn()

    private func price(_ body: String, bearer: String? = "some-key", type: String = "application/json") throws -> Price
    {
        var fields = [(name: "Content-Type", value: type)]
        if let bearer { fields.append(("Authorization", "Bearer \(bearer)")) }
        let request = Request(
            method: .post, target: Array("\(Contract.generatePath)".utf8), fields: HeaderFields(fields),
            body: Array(body.utf8))
        return Price.of(request, try #require(Self.catalog))
    }

    private static func body(_ model: String, _ input: String, root: String = "") -> String {
        #"{"model":"\#(model)","callBackUrl":"https://a.example.com/x",\#(root)"input":\#(input)}"#
    }

    @Test func `a right body costs its row of the price table`() throws {
        let picture = #"{"prompt":"A","image_size":"16:9","output_format":"jpeg","seed":424242}"#
        #expect(try price(Self.body("qwen-image-2", picture)) == .credits(12, what: "qwen-image-2"))
        let video = #"{"prompt":"A","duration":10,"aspect_ratio":"16:9"}"#
        #expect(try price(Self.body("kling-video-turbo", video)) == .credits(152, what: "kling-video-turbo"))
    }

    @Test(arguments: [(8, 400 as Int64?), (14, 600), (15, 600), (16, nil), (60, nil)])
    func `between two rows the next one counts, and beyond the last one nobody knows`(
        seconds: Int, credits: Int64?
    ) throws {
        let video = """
            {"prompt":"A","mode":"std","duration":"\(seconds)","sound":false,"multi_shots":false,"aspect_ratio":"16:9"}
            """
        switch try price(Self.body("kling-3", video)) {
        case .credits(let sum, _): #expect(sum == credits)
        case .unknown(_, let atLeast): #expect(credits == nil && atLeast == 600)
        case .nothing: Issue.record("a job costs nothing")
        }
    }

    @Test func `a body that breaks a rule may be taken, and costs the dearest row of its model`() throws {
        guard case .credits(18, _) = try price(Self.body("ideogram-v3", #"{"prompt":7}"#)) else {
            Issue.record("ideogram-v3 costs 7, 13 or 18")
            return
        }
    }

    @Test(arguments: [
        // Nothing that a server could start a job from.
        "", "{", "[]", "{}", #"{"model":null}"#, #"{"callBackUrl":"https://a.example.com","input":{"prompt":"A"}}"#,
        "7",
    ])
    func `what names no model costs nothing`(body: String) throws {
        #expect(try price(body) == .nothing)
    }

    @Test(arguments: [
        // No published price.
        body("veo-3-fast", #"{"prompt":"A"}"#),
        // The seconds of media that nobody fetched.
        body("elevenlabs-speech-to-text", #"{"audio_url":"https://a.example.com/a.mp3"}"#),
        body("no-such-model", #"{"prompt":"A"}"#),
        // Some servers read these.
        #"[{"model":"qwen-image-2"}]"#, #"{"model":["qwen-image-2"]}"#,
        #"{"model":"qwen-image-2","model":"kling-3"}"#,
    ])
    func `what the catalogue cannot price for certain is not guessed`(body: String) throws {
        guard case .unknown = try price(body) else {
            Issue.record("\(try price(body))")
            return
        }
    }

    @Test func `a form is no JSON, and yet a body that servers read`() throws {
        guard case .unknown = try price("model=kling-3&prompt=a", type: "application/x-www-form-urlencoded") else {
            Issue.record("a form has no price")
            return
        }
        #expect(try price("model=kling-3", type: "application/json; charset=utf-8") == .nothing)
    }

    @Test func `without anything that could be a key nothing can be charged`() throws {
        let picture = #"{"prompt":"A","image_size":"16:9","output_format":"jpeg","seed":424242}"#
        #expect(try price(Self.body("qwen-image-2", picture), bearer: nil) == .nothing)
    }

    // MARK: The cap

    @Test func `a cap is reached, never passed`() throws {
        let leash = SpendLeash(cap: 36)
        for _ in 0..<3 { #expect(try leash.take(.credits(12, what: "qwen-image-2")) == 12) }
        #expect(throws: SpendLeash.Withheld.self) { try leash.take(.credits(1, what: "x")) }
        #expect(try leash.take(.nothing) == 0)
        leash.giveBack(12)
        #expect(leash.now.spent == 24)
        #expect(try leash.take(.credits(12, what: "qwen-image-2")) == 12)
        #expect(leash.now.spent == 36 && leash.now.withheld == 1)
    }

    @Test func `a refusal names the cap, the price, and what was spent`() throws {
        let leash = SpendLeash(cap: 20)
        _ = try leash.take(.credits(12, what: "qwen-image-2"))
        let refusal = #expect(throws: SpendLeash.Withheld.self) { try leash.take(.credits(12, what: "qwen-image-2")) }
        #expect(
            refusal?.reason
                == "not sent: this qwen-image-2 costs 12 credits; of the cap of 20, 12 are spent and 8 left")
    }

    @Test func `what has no price is held back, or counts as much as the user says, and never less than a guess`()
        throws
    {
        #expect(throws: SpendLeash.Withheld.self) { try SpendLeash(cap: 1_000).take(.unknown("new", atLeast: 0)) }
        let allowed = SpendLeash(cap: 1_000, unpriced: 300)
        #expect(try allowed.take(.unknown("new", atLeast: 0)) == 300)
        #expect(try allowed.take(.unknown("new", atLeast: 500)) == 500)
        #expect(throws: SpendLeash.Withheld.self) { try allowed.take(.unknown("new", atLeast: 0)) }
    }

    @Test func `requests that come at once do not pass the cap together`() async {
        let leash = SpendLeash(cap: 100)
        let taken = await withTaskGroup(of: Int64.self) { group in
            for _ in 0..<200 { group.addTask { (try? leash.take(.credits(7, what: "x"))) ?? 0 } }
            return await group.reduce(0, +)
        }
        #expect(taken == 98)
        #expect(leash.now.spent == 98 && leash.now.withheld == 186)
    }
}
