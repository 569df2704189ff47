import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct QuoteTests {
    private func body(_ input: String, model: String = "runway") -> String {
        #"{"model":"\#(model)","callBackUrl":"https://your-service.example.com/hook","input":\#(input)}"#
    }

    @Test func `a file and standard input are quoted alike`() throws {
        try withFolder { folder in
            let file = "\(folder)/body.json"
            try Data(lighthouse.utf8).write(to: URL(fileURLWithPath: file))
            let fromFile = try Program.mock.run(["quote", file])
            let fromInput = try Program.mock.run(["quote", "-"], input: lighthouse)
            #expect(fromFile.status == 0)
            #expect(fromFile.output.hasPrefix("qwen-image-2: 12 credits\n"))
            #expect(fromFile.output == fromInput.output)
            #expect(fromFile.errors == "")
        }
    }

    @Test func `one credit is one credit`() throws {
        let body = body(#"{"image":"https://a.example.com/x.png"}"#, model: "recraft-upscaler")
        #expect(try Program.mock.run(["quote", "-"], input: body).output.hasPrefix("recraft-upscaler: 1 credit\n"))
    }

    @Test func `JSON has exactly the five promised keys`() throws {
        let outcome = try Program.mock.run(["quote", "-", "--json"], input: lighthouse)
        let quote = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(Set(quote.keys) == ["model", "credits", "row", "provenance", "warnings"])
        #expect(quote["model"] as? String == "qwen-image-2")
        #expect(quote["credits"] as? Int == 12)
        #expect(quote["row"] as? String == "16:9 Ratio Image")
        #expect(quote["provenance"] as? String == "documented")
        #expect((quote["warnings"] as? [Any])?.isEmpty == true)
    }

    @Test func `a warning names its key, and --strict makes it a refusal`() throws {
        let body = body(#"{"prompt":"A hat","aspectRatio":"16:9","duration":"5","quality":"720p","colour":"red"}"#)
        let outcome = try Program.mock.run(["quote", "-", "--json"], input: body)
        let quote = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        let warnings = quote?["warnings"] as? [[String: Any]]
        #expect(
            Set(warnings?.compactMap { $0["key"] as? String } ?? [])
                == ["input.colour", "input.duration"])
        let strict = try Program.mock.run(["quote", "-", "--strict"], input: body)
        #expect(strict.status == 1)
        // The reference reports an empty body for runway.
        #expect(strict.output == "")
        #expect(strict.errors.contains("colour"))
    }

    static let refusals: [(String, String, answer: String, reason: String)] = [
        (
            "no input", #"{"model":"runway","callBackUrl":"https://a.example/b"}"#,
            #"{"code":400,"msg":"This field is required","data":null}"#, "input"
        ),
        (
            "an unknown model", #"{"model":"qwen-imag-2"}"#, #"{"msg":"invalid_model_id"}"#,
            "did you mean \"qwen-image-2\""
        ),
    ]

    @Test(arguments: refusals.map(\.0))
    func `a refused body gets the wire answer, the reason and exit 1`(name: String) throws {
        let refusal = try #require(Self.refusals.first { $0.0 == name })
        for option in [[], ["--json"]] {
            let outcome = try Program.mock.run(["quote", "-"] + option, input: refusal.1)
            #expect(outcome.status == 1)
            #expect(outcome.output == refusal.answer + "\n")
            #expect(outcome.errors.contains(refusal.reason), "\(outcome.errors)")
        }
        let server = try MockServer()
        #expect(try server.generate(refusal.1).text == refusal.answer)
        #expect(try server.stop() == 0)
    }

    @Test func `broken JSON is named by line and column`() throws {
        let broken = "{\"model\":\"runway\",\n \"input\": {\"prompt\" \"A hat\"}}"
        let fromInput = try Program.mock.run(["quote", "-"], input: broken)
        #expect(fromInput.status == 1)
        #expect(fromInput.errors.hasPrefix("standard input:2:21: "), "\(fromInput.errors)")
        #expect(fromInput.output.hasPrefix(#"{"code":400,"msg":"#))
        try withFolder { folder in
            try Data(broken.utf8).write(to: URL(fileURLWithPath: "\(folder)/body.json"))
            let fromFile = try Program.mock.run(["quote", "body.json"], folder: folder)
            #expect(fromFile.errors.hasPrefix("body.json:2:21: "), "\(fromFile.errors)")
        }
    }

    @Test func `an edition that answers nothing prints nothing and explains itself`() throws {
        let outcome = try Program.mock.run(
            ["quote", "-", "--profile", "snapshot-2026-04-04"],
            input: body(#"{"prompt":"A hat","aspectRatio":"16:9","duration":5}"#))
        #expect(outcome.status == 1)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("snapshot"))
    }
}
