import ClipriseEngine
import ClipriseJSON
import ClipriseWire
import RawSocket
import Testing

@testable import ClipriseServer

@Suite(.ownThreads) struct ExchangeLogTests {
    static let key = "sk-live-0123456789"

    @Test(arguments: [LogSettings.Format.text, .json])
    func `a key is never told whole`(format: LogSettings.Format) {
        let line = Self.line(key: Self.key).told(format)
        #expect(line.contains("sk-l…"))
        #expect(!line.contains(Self.key))
        #expect(!line.contains("sk-li"))
    }

    @Test func `what an account is called stands behind its key, and moves no cursor`() {
        var line = Self.line(key: Self.key)
        #expect(!line.told(.text).contains("("))
        line.label = "test_checkout\u{1B}[2J"
        #expect(line.told(.text).contains(" (test_checkout"))
        #expect(!line.told(.text).contains("\u{1B}"))
        #expect(line.told(.json).contains(#","label":"test_checkout"#))
    }

    @Test(arguments: ["", "a", "1234567"])
    func `of a short key nothing is told`(key: String) {
        let line = Self.line(key: key).told(.text)
        #expect(line.contains("key=…") == !key.isEmpty)
        #expect(key.isEmpty || !line.contains("=\(key)"))
    }

    @Test(
        arguments: [
            "/__admin/accounts/\(key)", "/__admin/accounts/\(key)/ledger", "/__admin//accounts/\(key)",
            "/__admin/%61ccounts/\(key)", "http://127.0.0.1:8080/__admin/accounts/\(key)", "/__admin/\(key)",
        ], [LogSettings.Format.text, .json])
    func `a key in an admin path is shortened however the path is spelt`(path: String, format: LogSettings.Format) {
        let line = Self.line(path: path, event: DecisionEvent(.admin, .http2)).told(format)
        #expect(!line.contains(Self.key))
        #expect(line.contains("sk-l…"))
    }

    @Test func `the query is not told`() {
        let line = Self.line(path: "/app/cliprise/status?apiKey=\(Self.key)", isWholeTarget: true).told(.text)
        #expect(line.contains("/app/cliprise/status 200"))
        #expect(!line.contains("apiKey"))
    }

    @Test func `a line in text says when, what, how, and for whom`() {
        let key = "mock-0123456789abcdef"
        let line = ExchangeLine(
            event: DecisionEvent(
                .generate, .gen11, model: 0, credits: 1_234_567_890, task: TaskID(high: 0x0123_4567_89AB_CDEF, low: 10)),
            method: .post, path: Array("/app/cliprise/generate".utf8)[...], status: 200, key: Array(key.utf8)[...],
            model: ModelName("z-image"), time: 1_700_000_000_007_999_999)
        #expect(
            line.told(.text)
                == "22:13:20.007  POST /app/cliprise/generate 200 GEN-11 z-image 1234567890 credits "
                + "task=0123456789abcdef000000000000000a key=\(key)\n")
        let long = Self.line(
            path: "/" + String(repeating: "ä\u{7F}x", count: 400), event: DecisionEvent(.other, .http2))
        #expect(
            long.told(.text) == "00:00:00.000  GET /\(String(repeating: "???x", count: 400).prefix(199)) 200 HTTP-2\n")
        let cheap = Self.line(event: DecisionEvent(.generate, .gen11, credits: 1))
        #expect(cheap.told(.text).hasSuffix(" GEN-11 1 credit\n"), "\(cheap.told(.text))")
        let hint = String(repeating: "hint ", count: 1_000)
        #expect(Self.line(event: DecisionEvent(.status, .sta2, hint: hint)).told(.text).hasSuffix(" STA-2: \(hint)\n"))
    }

    @Test func `nothing in a request moves the cursor of a terminal`() {
        let evil = "\u{1B}[2J\u{9B}\r\n\u{7F}"
        let line = ExchangeLine(
            event: DecisionEvent(.admin, .http2, hint: evil), method: .extended("G\(evil)"),
            path: Array("/\(evil)".utf8)[...],
            status: 200, key: Array("\(evil)12345678".utf8)[...], model: nil, time: 0)
        let controls = line.told(.text).dropLast().unicodeScalars.filter { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        }
        #expect(controls.isEmpty)
        #expect(!line.told(.json).dropLast().unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test(
        arguments: [
            "plain", #"quote " backslash \ slash /"#, "line\nfeed\ttab\u{0}nul\u{1F}", "ünï 😀 \u{2028}", "\u{FFFD}",
            "</script>",
        ])
    func `a JSON line is JSON and holds what was said`(text: String) throws {
        let line = ExchangeLine(
            event: DecisionEvent(
                .generate, .gen11, credits: 12, task: TaskID(high: 1, low: 2), hint: text,
                warnings: []), method: .extended(text), path: Array("/a\"\\\u{1}ü".utf8)[...], status: 200,
            key: Array("\"\\\u{1}ü-12345678".utf8)[...], model: ModelName(text), time: 1_700_000_000_123_000_000)
        let told = line.told(.json)
        #expect(told.last == "\n")
        #expect(!told.dropLast().contains("\n"))
        try withJSON(Array(told.utf8)) { json in
            #expect(json[key: "hint"]?.string == text)
            #expect(json[key: "method"]?.string == text)
            #expect(json[key: "model"]?.string == text)
            #expect(json[key: "time"]?.string == "2023-11-14T22:13:20.123Z")
            #expect(json[key: "status"]?.integer == 200)
            #expect(json[key: "clause"]?.string == "GEN-11")
            #expect(json[key: "task"]?.string == "00000000000000010000000000000002")
        }.get()
    }

    @Test(
        arguments: [
            (.gen11, 200, .info), (.sta3, 300, .info), (.gen5, 200, .warning), (.sta7, 400, .warning),
            (.http2, 200, .info), (.http2, 404, .warning), (.host1, 400, .warning),
        ] as [(Clause, Int, LogSettings.Level)])
    func `refusals are warnings, answers and polls are not`(clause: Clause, status: Int, level: LogSettings.Level) {
        let line = ExchangeLine(
            event: DecisionEvent(.other, clause), method: .get, path: [0x2F], status: status, key: [], model: nil,
            time: 0)
        #expect(line.level == level)
    }

    static func line(
        path: String = "/app/cliprise/status", isWholeTarget: Bool = false, key: String = "",
        event: DecisionEvent = DecisionEvent(.status, .sta3)
    ) -> ExchangeLine {
        let target = Array(path.utf8)
        return ExchangeLine(
            event: event, method: .get,
            path: isWholeTarget ? Request(method: .get, target: target).path : target[...], status: 200,
            key: Array(key.utf8)[...], model: nil, time: 0)
    }
}

extension ExchangeLine {
    fileprivate func told(_ format: LogSettings.Format) -> String {
        switch format {
        case .text:
            var line = LineBuffer(UnsafeMutableBufferPointer(start: nil, count: 0))
            appendText(to: &line, level: level)
            return String(decoding: line.bytes, as: UTF8.self)
        case .json:
            var bytes: [UInt8] = []
            appendJSON(to: &bytes, level: level)
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
