import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct MCPCommandTests {
    /// Sends lines, and reads what comes back until the end.
    private func talk(_ lines: [String]) throws -> [[String: Any]] {
        let outcome = try Program.mock.run(["mcp"], input: lines.joined(separator: "\n") + "\n")
        #expect(outcome.status == 0 && outcome.errors == "")
        return try outcome.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    private func request(_ id: Int, _ method: String, _ params: String = "{}") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#
    }

    private func call(_ id: Int, _ tool: String, _ arguments: String = "{}") -> String {
        request(id, "tools/call", #"{"name":"\#(tool)","arguments":\#(arguments)}"#)
    }

    private func text(_ answer: [String: Any]) -> (text: String, isError: Bool) {
        let result = answer["result"] as? [String: Any]
        let content = result?["content"] as? [[String: Any]]
        return (content?.first?["text"] as? String ?? "", result?["isError"] as? Bool ?? true)
    }

    static let versions = [
        ("2025-06-18", "2025-06-18"), ("2024-11-05", "2024-11-05"), ("1999-01-01", "2025-11-25"),
    ]

    @Test(arguments: versions)
    func `a version of the protocol is agreed on`(asked: String, agreed: String) throws {
        let answers = try talk([
            request(1, "initialize", #"{"protocolVersion":"\#(asked)","capabilities":{},"clientInfo":{"name":"t"}}"#),
            #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, request(2, "ping"),
        ])
        #expect(answers.count == 2)
        #expect((answers[0]["result"] as? [String: Any])?["protocolVersion"] as? String == agreed)
        #expect(answers[1]["id"] as? Int == 2)
    }

    static let mistakes: [(line: String, code: Int)] = [
        ("{", -32700), ("[]", -32600), (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1}"#, -32600), (#"{"jsonrpc":"2.0","id":1,"method":"tools/drop"}"#, -32601),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"qoute"}}"#, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"quote","arguments":{}}}"#, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"stop","arguments":{"now":true}}}"#, -32602),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"explain","arguments":{"event":"1"}}}"#,
            -32602
        ),
        (#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///etc/passwd"}}"#, -32002),
        (#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"scenario://../x"}}"#, -32002),
        (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600),
    ]

    @Test(arguments: mistakes)
    func `a mistake has its code, and the conversation goes on`(line: String, code: Int) throws {
        let answers = try talk([line, request(7, "ping")])
        #expect((answers.first?["error"] as? [String: Any])?["code"] as? Int == code)
        #expect(answers.last?["id"] as? Int == 7)
    }

    @Test func `tools return what the commands print`() throws {
        let answers = try talk([
            call(1, "quote", #"{"body":\#(lighthouse)}"#), call(2, "quote", #"{"body":{"model":"qwen-imag-2"}}"#),
            call(3, "models", #"{"model":"--help"}"#), call(4, "models", #"{"model":"kling-3"}"#),
            call(5, "accounts"), call(6, "run_scenario", #"{"scenario":"/etc/passwd"}"#),
            call(7, "start", #"{"profile":"/etc/passwd.json"}"#),
            call(8, "quote", #"{"body":\#(lighthouse),"profile":"./p.json"}"#),
            call(9, "run_scenario", #"{"scenario":"lost-reply","policy":"/etc/passwd"}"#),
        ])
        #expect(text(answers[0]).text.contains("\"credits\":12") && !text(answers[0]).isError)
        #expect(text(answers[1]).isError && text(answers[1]).text.contains("did you mean \"qwen-image-2\""))
        #expect(text(answers[2]).isError && text(answers[2]).text.contains("not in the catalogue"))
        #expect(text(answers[3]).text.contains("Kling 3.0"))
        // No file of the machine is read.
        for answer in answers[4...] { #expect(text(answer).isError, "\(answer)") }
    }

    @Test func `a mock is started, asked and stopped`() throws {
        let answers = try talk([
            call(1, "start", #"{"account":"agent=77","time_scale":0}"#), call(2, "accounts"),
            call(3, "accounts", #"{"key":"agent"}"#), call(4, "grade"),
            call(5, "explain", #"{"event":5,"key":"agent"}"#),
            call(6, "start", #"{"scenario":"no-such-scenario"}"#), call(7, "stop"),
        ])
        #expect(text(answers[0]).text.contains("http://127.0.0.1:"))
        #expect(text(answers[1]).text.contains("\"credits\":77"))
        #expect(text(answers[2]).text.contains("opening"))
        #expect(!text(answers[3]).isError)
        #expect(text(answers[4]).isError && text(answers[4]).text.contains("no event 5"))
        #expect(text(answers[5]).isError && text(answers[6]).isError)
    }

    @Test func `a mock that was started ends with mcp, even when that is killed`() throws {
        let outcome = try withFolder { folder in
            try Program.bash.run(
                [
                    "-c",
                    """
                    mkfifo in && { "$0" mcp <in >out & exec 3>in; echo "$1" >&3; }
                    for _ in {1..200}; do grep -q ready out && break; sleep 0.1; done
                    url=$(grep -o 'http://127.0.0.1:[0-9]*' out) && "$0" health --url "$url" || exit 20
                    kill -9 $!
                    for _ in {1..100}; do "$0" health --url "$url" 2>/dev/null || exit 0; sleep 0.1; done
                    exit 21
                    """, Program.mock.path, call(1, "start"),
                ], folder: folder, limit: 60)
        }
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test func `every clause and scenario can be read`() throws {
        let list = try talk([request(1, "resources/list")])
        let resources = (list[0]["result"] as? [String: Any])?["resources"] as? [[String: Any]] ?? []
        let uris = resources.compactMap { $0["uri"] as? String }
        #expect(uris.count { $0.hasPrefix("clause://") } >= 39 && uris.contains("scenario://lost-reply"))
        let answers = try talk(
            uris.enumerated().map { request($0.offset, "resources/read", #"{"uri":"\#($0.element)"}"#) })
        #expect(answers.count == uris.count && answers.allSatisfy { $0["error"] == nil })
        let sentences = resources.compactMap { $0["description"] as? String }.filter { !$0.hasPrefix("A built-in") }
        #expect(Set(sentences).count == uris.count { $0.hasPrefix("clause://") }, "no two clauses say the same")
    }

    @Test(
        .enabled("the Python package mcp is not installed: .ci/setup --clients") {
            Program.python.works("-c", "import mcp")
        })
    func `the protocol's own client library drives it`() throws {
        let outcome = try Program.python.run(
            [
                Repository.path("Tests/LiveServiceTests/clients/agent.py"), Program.mock.path,
            ], limit: 120)
        #expect(outcome.status == 0 && outcome.output.hasSuffix("ok\n"), "\(outcome.output)\(outcome.errors)")
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `a signal ends the conversation, and the mock that it started`(signal: Int32) throws {
        try withFolder { folder in
            let pipe = "\(folder)/pipe"
            mkfifo(pipe, 0o600)
            // Held open, so that the input does not end.
            let input = try #require(FileHandle(forUpdatingAtPath: pipe))
            try input.write(contentsOf: Data((call(1, "start") + "\n").utf8))
            let child = try Child("sh", ["-c", #"exec "$0" mcp < "$1""#, Program.mock.path, pipe])
            try child.wait(for: "a mock") { child.outputText.hasSuffix("\n") }
            let answer = try JSONSerialization.jsonObject(with: Data(child.outputText.utf8)) as? [String: Any]
            let ready = try JSONSerialization.jsonObject(with: Data(text(answer ?? [:]).text.utf8)) as? [String: Any]
            let url = try #require((ready?["url"] as? String).flatMap { URL(string: $0) })
            child.signal(signal)
            #expect(try child.wait() == 128 + signal)
            #expect(try Program.mock.run(["health", "--url", "\(url)"]).status == 1)
        }
    }
}
