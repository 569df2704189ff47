import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct ProxyCommandTests {
    private static let key = "sk-live-0123456789abcdef"

    private func upstream(_ arguments: [String] = []) throws -> MockServer {
        try MockServer(["--account", "\(Self.key)=1000"] + arguments)
    }

    private func scenario(_ text: String, in folder: String, _ name: String = "up.yaml") throws -> String {
        let path = "\(folder)/\(name)"
        try Data("schema: cliprise-mock/v1\n\(text)".utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test func `a job goes through, its file too, and the file's URL leads to the proxy`() throws {
        try withFolder { folder in
            let upstream = try upstream(["--scenario", try scenario("tasks: [{life: {polls: 2}}]\n", in: folder)])
            let proxy = try ProxyServer(upstream.url, ["--spend-cap", "12"])
            // A client that cannot set Host sends the proxy's own.
            let client = PlainClient(port: proxy.port, key: Self.key, host: "127.0.0.1:\(proxy.port)")
            let task = try client.generate(picture()).taskID
            #expect(task.count == 32)
            let open = try client.status(task)
            #expect(open.status == 300 && open.text == #"{"status":"processing"}"#)
            let success = try client.status(task)
            let url = success.fields["fileURL"] as? String ?? ""
            #expect(url.hasPrefix("http://127.0.0.1:\(proxy.port)/app/cliprise/status?"), "\(url)")
            let file = try client.status(task, file: true)
            #expect(file.status == 200 && file.body.starts(with: [0xFF, 0xD8, 0xFF]))
            #expect(file.body == (try upstream.status(task, key: Self.key, download: true).body))
            #expect((try upstream.account(Self.key))["credits"] as? Int == 988)
            #expect(try proxy.stop().contains("at most 12 of 12 credits at stake"))
        }
    }

    @Test func `the cap is kept, and a refusal gives its credits back`() throws {
        let upstream = try upstream()
        let proxy = try ProxyServer(upstream.url, ["--spend-cap", "25"])
        let client = PlainClient(port: proxy.port, key: Self.key)
        // Refused by upstream: GEN-7, an unknown key.
        #expect(try client.generate(picture(size: "17:9")).fields["code"] as? Int == 400)
        #expect(try client.generate(picture(), key: "sk-live-nobody-at-all").text == #"{"msg":"invalid_api_key"}"#)
        for _ in 0..<2 { #expect(try client.generate(picture()).taskID.count == 32) }
        let withheld = try client.generate(picture())
        #expect(withheld.status == 403)
        #expect(
            withheld.fields["detail"] as? String
                == "not sent: this qwen-image-2 costs 12 credits; of the cap of 25, 24 are spent and 1 left")
        #expect(withheld.head.contains("X-Cliprise-Mock: proxy"))
        #expect((try upstream.account(Self.key))["available"] as? Int == 976)
        #expect(try proxy.stop().contains("passed 4 requests, withheld 1; at most 24 of 25 credits at stake"))
    }

    @Test func `what cannot be priced is not sent unless it is allowed`() throws {
        let upstream = try upstream()
        let unknown = #"{"model":"no-such-model","callBackUrl":"https://a.example.com/","input":{}}"#
        let careful = try ProxyServer(upstream.url, ["--spend-cap", "1000"])
        let refused = try PlainClient(port: careful.port, key: Self.key).generate(unknown)
        #expect(refused.status == 403 && refused.text.contains("no-such-model") && refused.text.contains("--unpriced"))
        let allowed = try ProxyServer(upstream.url, ["--spend-cap", "1000", "--unpriced", "500"])
        let client = PlainClient(port: allowed.port, key: Self.key)
        #expect(try client.generate(unknown).text == #"{"msg":"invalid_model_id"}"#)
        let zero = try ProxyServer(upstream.url)
        #expect(try PlainClient(port: zero.port, key: Self.key).generate(picture()).status == 403)
        #expect((try upstream.account(Self.key))["available"] as? Int == 1_000)
    }

    /// What upstream does in the next test: lives, an outage of polls, a lost answer, a quota, failures, an empty body.
    private static let weather = """
        accounts:
          - {key: \(key), credits: 1000}
        tasks:
          - {ordinal: 1, life: {polls: 3}}
          - {ordinal: 2, life: {polls: 2}, outcome: {fail: "The prompt \\"x\\" was flagged"}}
          - {life: {polls: 1}}
        rules:
          - name: generates
            when: {operation: generate}
            plan: [pass, pass, empty, {status: 429, retry_after: 7s}, {shape: object}, {fault: close, phase: after}]
          - name: polls
            when: {operation: status, task: 1}
            plan: [pass, {status: 503}, pass]
          - name: downloads
            when: {operation: download, task: 1}
            plan: [{truncate: 50%}, {status: 404, body: {text: "gone"}}]

        """

    /// What a client sees in a run that meets all of it.
    private func play(_ client: PlainClient) throws -> [String] {
        var seen: [String] = []
        var tasks: [String] = []
        func note(_ what: String, _ reply: () throws -> Reply) {
            guard let reply = try? reply() else { return seen.append("\(what): no answer") }
            if !reply.taskID.isEmpty { tasks.append(reply.taskID) }
            let type = reply.head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-type") } ?? ""
            let wait = reply.head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("retry-after") } ?? ""
            var text = reply.text
            if let url = reply.fields["fileURL"] as? String { text = text.replacing(url, with: "URL") }
            text = text.replacing(reply.taskID, with: "TASK")
            if reply.body.starts(with: [0xFF, 0xD8]) { text = "a picture" }
            seen.append("\(what): \(reply.status) \(type) \(wait) \(text)")
        }
        note("generate 1") { try client.generate(picture("one")) }
        note("generate 2") { try client.generate(picture("two")) }
        note("generate, empty") { try client.generate(picture("three")) }
        note("generate, 429") { try client.generate(picture("three")) }
        note("generate, object") { try client.generate(picture("three")) }
        note("generate, lost") { try client.generate(picture("four")) }
        note("generate, refused") { try client.generate(picture("five", size: "17:9")) }
        note("generate, no input") {
            try client.generate(#"{"model":"qwen-image-2","callBackUrl":"https://a.example.com/"}"#)
        }
        note("generate, bad key") { try client.generate(picture(), key: "sk-live-nobody-at-all") }
        #expect(tasks.count == 3)
        for poll in 1...5 { note("poll \(poll) of 1") { try client.status(tasks[0]) } }
        for file in 1...3 { note("file \(file) of 1") { try client.status(tasks[0], file: true) } }
        for poll in 1...3 { note("poll \(poll) of 2") { try client.status(tasks[1]) } }
        note("file of 3") { try client.status(tasks[2], file: true) }
        note("poll of 3") { try client.status(tasks[2]) }
        note("unknown task") { try client.status(String(repeating: "0", count: 32)) }
        note("bad key") { try client.status(tasks[0], key: "sk-live-nobody-at-all") }
        return seen
    }

    @Test(arguments: ["documented", "later"])
    func `what was seen becomes a scenario and a profile, and a mock that follows them answers alike`(
        profile: String
    ) throws {
        try withFolder { folder in
            let weather = try scenario(Self.weather, in: folder)
            let upstream = try MockServer(["--scenario", weather, "--profile", profile])
            let file = "\(folder)/live.yaml"
            let proxy = try ProxyServer(upstream.url, ["--spend-cap", "500", "--record", file])
            let seen = try play(PlainClient(port: proxy.port, key: Self.key))
            #expect(seen.filter { $0.contains("no answer") }.count == 1, "\(seen)")
            let words = try proxy.stop()
            #expect(words.contains("serve --scenario \(file) --profile \(folder)/live.profile.json"), "\(words)")
            #expect(!FileManager.default.fileExists(atPath: file + ".part"))

            let check = try Program.mock.run(["scenario", "check", file])
            #expect(check.status == 0, "\(check.output)\(check.errors)")
            let copy = try MockServer(["--scenario", file, "--profile", "\(folder)/live.profile.json"])
            let again = try play(PlainClient(port: copy.port))
            let made = try String(contentsOfFile: file, encoding: .utf8)
            #expect(again == seen, "\(made)")
        }
    }

    @Test func `neither keys nor addresses of media nor files are in what is written`() throws {
        try withFolder { folder in
            let upstream = try upstream(["--time-scale", "0"])
            let file = "\(folder)/live.yaml"
            let proxy = try ProxyServer(upstream.url, ["--spend-cap", "100", "--record", file])
            let client = PlainClient(port: proxy.port, key: Self.key)
            let edit = """
                {"model":"qwen-image","callBackUrl":"https://a.example.com/hook?token=s3cr3t","input":{"prompt":"A boat",\
                "image_size":"square","image_urls":["https://bucket.example.com/mine/photo.png?X-Signature=abcdef",\
                "data:image/png;base64,iVBORw0KGgo="]}}
                """
            _ = try client.generate(edit)
            let task = try client.generate(picture()).taskID
            _ = try client.status(task)
            _ = try client.status(task, file: true)
            _ = try client.status(task, key: Self.key.replacing("-", with: "%2D"))
            let words = try proxy.stop()
            for name in ["live.yaml", "live.profile.json", "live.exchanges.jsonl"] {
                let text = String(
                    decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")), as: UTF8.self)
                for secret in [
                    Self.key, Self.key.replacing("-", with: "%2D"), "s3cr3t", "X-Signature", "bucket.example",
                    "photo.png", "iVBORw0KGgo", "JFIF",
                ] {
                    #expect(!text.contains(secret), "\(name): \(secret)")
                }
            }
            #expect(!words.contains(Self.key))
            let exchanges = try String(contentsOfFile: "\(folder)/live.exchanges.jsonl", encoding: .utf8)
            #expect(exchanges.contains("A boat") && exchanges.contains(#""credits":12"#))
        }
    }

    @Test func `what a killed proxy saw is in its part file, and becomes the same scenario`() throws {
        try withFolder { folder in
            let upstream = try upstream(["--scenario", try scenario("tasks: [{life: {polls: 2}}]\n", in: folder)])
            let file = "\(folder)/live.yaml"
            let proxy = try ProxyServer(upstream.url, ["--spend-cap", "100", "--record", file])
            let client = PlainClient(port: proxy.port, key: Self.key)
            let task = try client.generate(picture()).taskID
            for _ in 0..<3 { _ = try client.status(task) }
            _ = try proxy.stop(SIGKILL)
            let part = try Data(contentsOf: URL(fileURLWithPath: file + ".part"))
            #expect(!String(decoding: part, as: UTF8.self).contains(Self.key))
            // The last line may be cut anywhere.
            let cut = part + Data(#"{"number":5,"at":12"#.utf8)
            try cut.write(to: URL(fileURLWithPath: file + ".part"))
            let made = try Program.mock.run(["proxy", "--from", file + ".part", "--record", file])
            #expect(made.status == 0 && made.errors.contains("recorded 4 exchanges"), "\(made.errors)")
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains(#"{"ordinal":1,"life":{"polls":2}}"#), "\(text)")
            #expect(text.contains("# task 1, qwen-image-2: finished"))
        }
    }

    @Test func `an upstream that is not there costs nothing, and one without an answer stays counted`() throws {
        let upstream = try upstream()
        let gone = upstream.url
        _ = try upstream.stop()
        let proxy = try ProxyServer(gone, ["--spend-cap", "12"])
        for _ in 0..<2 {
            let reply = try PlainClient(port: proxy.port).generate(picture())
            #expect(reply.status == 502 && reply.text.contains("cannot be reached"), "\(reply.text)")
        }
        let silent = try MockServer(["--scenario", "lost-reply"])
        let other = try ProxyServer(silent.url, ["--spend-cap", "12"])
        let client = PlainClient(port: other.port)
        #expect(throws: (any Error).self) { try client.generate(picture()) }
        #expect(try client.generate(picture()).status == 403)
    }

    @Test func `an upstream with TLS`() throws {
        try withFolder { folder in
            let upstream = try upstream(["--tls", "--tls-port", "0", "--tls-dir", folder])
            let proxy = try ProxyServer(upstream.ready["tls_url"] ?? "", ["--spend-cap", "12"])
            #expect(try PlainClient(port: proxy.port, key: Self.key).generate(picture()).taskID.count == 32)
        }
    }

    @Test(arguments: [
        ([], "--upstream"), (["--upstream", "nonsense"], "--upstream nonsense"),
        (["--upstream", "http://127.0.0.1:1/path"], "no path"),
        (["--upstream", "http://127.0.0.1:1", "--spend-cap", "-1"], "--spend-cap"),
        (["--upstream", "http://127.0.0.1:1", "--record", "/nowhere/at/all/x.yaml"], "/nowhere/at/all"),
        (["--from", "x.part"], "--record"), (["--from", "/nowhere/x.part", "--record", "x.yaml"], "no such file"),
    ])
    func `a command line that makes no sense is refused`(arguments: [String], word: String) throws {
        let outcome = try Program.mock.run(["proxy"] + arguments)
        #expect(outcome.status == 2 && outcome.errors.contains(word), "\(outcome.errors)")
    }
}
