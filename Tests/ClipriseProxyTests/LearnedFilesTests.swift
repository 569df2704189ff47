import ClipriseCatalog
import ClipriseConformance
import ClipriseEngine
import ClipriseProxy
import ClipriseScenario
import ClipriseWire
import Testing

/// What `proxy` writes is what `serve` reads, whatever upstream answered.
@Suite struct LearnedFilesTests {
    private static let catalog = try? Catalog.builtIn()
    private static let task = String(repeating: "0", count: 32)

    private func text(_ value: String) -> String {
        var quoted: [UInt8] = []
        quoted.append(jsonString: value)
        return String(decoding: quoted, as: UTF8.self)
    }

    private func generate(_ answer: String? = nil, number: Int = 1, model: String = "z-image") -> String {
        let accepted = self.answer(200, #"[{"code":200,"taskId":"\#(Self.task)"}]"#)
        return """
            {"number":\(number),"at":0,"kind":"generate","method":"POST","target":"/","key":1,"model":\(text(model)),\
            "answer":\(answer ?? accepted)}

            """
    }

    private func poll(_ number: Int, _ answer: String) -> String {
        """
        {"number":\(number),"at":\(number * 1_000),"kind":"status","method":"GET","target":"/","key":1,\
        "task":"\(Self.task)","answer":\(answer)}

        """
    }

    private func answer(
        _ status: Int, _ body: String, type: String? = "application/json; charset=utf-8", wait: String? = nil
    ) -> String {
        let fields = [("contentType", type), ("retryAfter", wait)].compactMap { name, value in
            value.map { #","\#(name)":\#(text($0))"# }
        }
        return #"{"status":\#(status)\#(fields.joined()),"size":\#(body.utf8.count),"body":\#(text(body))}"#
    }

    private func files(_ lines: [String], upstream: String = "http://127.0.0.1:1") throws -> LearnedFiles {
        let head = """
            {"record":"cliprise-mock/proxy-1","upstream":"\(upstream)","day":"d","profile":"documented","cap":0}

            """
        let run = try SeenRun(record: Array((head + lines.joined()).utf8), file: "live.part")
        #expect(run.exchanges.count == lines.count)
        return LearnedFiles(
            run, name: "live", lives: .polls, settings: EngineSettings(), catalog: try #require(Self.catalog))
    }

    /// Fails when a reader refuses what was written.
    private func expectReadable(_ files: LearnedFiles) {
        #expect(Scenario.problems(inYAML: Array(files.scenarioText.utf8), source: "live.yaml") == [])
        #expect(throws: Never.self) { try ProfileFile(Array(files.profile.text.utf8), file: "live.profile.json") }
    }

    static let odd: [(status: Int, body: String, type: String?, wait: String?)] = [
        (300, "{}", "", nil), (300, "{}", "a/b; c=" + String(repeating: "d", count: 300), nil),
        (300, "{}", "text/\u{1B}html", nil), (300, String(repeating: "x", count: 70_000), nil, nil),
        (300, String(repeating: "é", count: 40_000), nil, nil), (999, "", nil, nil), (429, "", nil, ""),
        (429, "", nil, String(repeating: "9", count: 2_000)), (429, "", nil, "5\u{1}"), (503, "x", "", nil),
        (503, "x", "a\u{7F}", nil), (503, String(repeating: "\u{1B}", count: 60_000), nil, nil),
    ]

    @Test(arguments: odd.indices) func `an odd answer makes no file that its reader refuses`(index: Int) throws {
        let odd = Self.odd[index]
        let seen = answer(odd.status, odd.body, type: odd.type, wait: odd.wait)
        expectReadable(try files([generate(), poll(2, seen), generate(seen, number: 3)]))
    }

    @Test func `bodies, plans and models that are too many or too long leave a scenario that can be read`() throws {
        let long = (2...400).map { poll($0, answer(503, "\($0)" + String(repeating: "x", count: 60_000))) }
        let files = try files([generate()] + long)
        expectReadable(files)
        #expect(files.scenario.rules.map(\.name) == ["polls of task 1"])

        let finished = answer(200, #"{"status":"success","fileURL":"https://a/b"}"#)
        for model in ["", "newest-9", "\u{1B}[31m", String(repeating: "m", count: 300)] {
            expectReadable(try self.files([generate(model: model), poll(2, finished)]))
        }
        expectReadable(try self.files([generate()], upstream: String(repeating: "u", count: 3_000)))
    }

    @Test(arguments: [
        #""at":9223372036854775807"#, #""at":-1"#, #""at":5,"took":9223372036854775807"#,
        #""at":5,"answer":{"status":-1}"#, #""at":5,"answer":{"status":1000}"#,
    ])
    func `a line of a record with a number that no run has is told by its place`(members: String) {
        let record = """
            {"record":"cliprise-mock/proxy-1","upstream":"u","day":"d","profile":"documented","cap":0}
            {"number":1,"kind":"generate","method":"POST","target":"/","key":1,\(members)}

            """
        let error = #expect(throws: SeenRunError.self) { try SeenRun(record: Array(record.utf8), file: "live.part") }
        #expect(error?.description == "live.part:2: this line reports no exchange")
    }
}
