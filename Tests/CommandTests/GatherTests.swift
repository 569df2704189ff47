import Foundation
import ProgramRunner
import RawSocket
import Testing

/// Several mocks, seen as one: `gather`, and the nginx that spreads accounts over them.
@Suite(.ownThreads) struct GatherTests {
    private static let nginx = Program(path: "/usr/sbin/nginx")
    /// One process, so that nothing outlives the test, and a word when it listens.
    private static let alone = "error_log stderr notice; master_process off;"

    private static func body(_ prompt: String) -> String {
        """
        {"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":"\(prompt)",\
        "image_size":"16:9","output_format":"jpeg","seed":424242}}
        """
    }

    private static func gather(_ mocks: [MockServer], _ options: String...) throws -> Outcome {
        try Program.mock.run(["gather"] + options + mocks.map(\.url))
    }

    @Test func `accounts, grade and metrics of all mocks are those of one`() throws {
        let mocks = try (1...3).map { _ in
            try MockServer(["--account", "shared=500", "--account", "idle=70", "--open", "--time-scale", "1000"])
        }
        // Each key on one mock: two jobs whose file is never fetched, and one declared key that all have.
        for (index, key) in ["ann", "ben", "shared"].enumerated() {
            #expect(try mocks[index].generate(Self.body(key), key: key).status == 200)
        }
        let accounts = try Self.gather(mocks, "--what", "accounts")
        #expect(accounts.status == 0, "\(accounts.errors)")
        // ann and ben have 10,000 each, 12 of them held; shared 500, 12 held; idle is on the first, untouched.
        #expect(accounts.output.contains(/all +4 +20570 +36\n/), "\(accounts.output)")

        let metrics = try Self.gather(mocks, "--what", "metrics").output
        #expect(metrics.contains("cliprise_mock_credits{in=\"held\"} 36\n"), "\(metrics)")
        #expect(metrics.contains(/cliprise_mock_info\{version="[^"]+"\} 1\n/))
        #expect(metrics.components(separatedBy: "# TYPE cliprise_mock_accounts gauge").count == 2)

        let grade = try Self.gather(mocks, "--what", "grade", "--format", "json")
        let report = try JSONSerialization.jsonObject(with: Data(grade.output.utf8)) as? [String: Any]
        let used = (report?["accounts"] as? [[String: Any]] ?? []).compactMap { $0["counts"] as? [String: Any] }
        #expect(used.compactMap { $0["generates"] as? Int }.reduce(0, +) == 3)
    }

    @Test func `a key that was used on two mocks is named, and the exit code says so`() throws {
        let mocks = try (1...2).map { _ in try MockServer(["--open"]) }
        for mock in mocks { #expect(try mock.generate(Self.body("x"), key: "wandering").status == 200) }
        let outcome = try Self.gather(mocks, "--what", "accounts")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("wand… was used on 127.0.0.1:\(mocks[0].port) and 127.0.0.1:\(mocks[1].port)"))
        #expect(!outcome.errors.contains("wandering"))
    }

    @Test func `a mock that is not there is named`() throws {
        let mock = try MockServer()
        let gone = try MockServer()
        #expect(try gone.stop() == 0)
        let outcome = try Self.gather([mock, gone])
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("127.0.0.1:\(gone.port): "), "\(outcome.errors)")
    }

    /// Answers every request with the text of its argument.
    private static let parrot = """
        import http.server, os, sys
        class Parrot(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(os.fsencode(sys.argv[1]))
        server = http.server.HTTPServer(("127.0.0.1", 0), Parrot)
        print(server.server_port, flush=True)
        server.serve_forever()
        """

    @Test(arguments: [
        ("hello\n", 3 as Int32, "its metrics cannot be read\n"), ("[]", 3, "its metrics cannot be read\n"),
        ("# HELP a \u{1B}[2J\n# TYPE a gauge\ncliprise_mock_a 1\nb{c=\"\u{9B}31m\u{202E}\"} 2\n", 0, ""),
    ])
    func `metrics are those of a mock, and no text in them moves a cursor`(
        page: String, status: Int32, said: String
    ) throws {
        let server = try Child("python3", ["-c", Self.parrot, page])
        try server.wait(for: "its port") { server.outputText.hasSuffix("\n") }
        let outcome = try Program.mock.run(
            ["gather", "--what", "metrics", "http://127.0.0.1:\(server.outputText.dropLast())"])
        #expect(outcome.status == status)
        #expect(outcome.errors.hasSuffix(said), "\(outcome.errors)")
        #expect(outcome.output.unicodeScalars.allSatisfy { $0 == "\n" || (0x20..<0x7F).contains($0.value) })
    }

    @Test func `a mock whose name is not known is named, with the reason in the system's words`() throws {
        let outcome = try Program.mock.run(["gather", "http://mock.invalid:80"])
        #expect(outcome.status == 3)
        #expect(outcome.errors.hasPrefix("cliprise-mock: mock.invalid:80: mock.invalid: "))
        #expect(!outcome.errors.contains("(") && outcome.errors.hasSuffix("\n"), "\(outcome.errors)")
    }

    static let refused: [(arguments: [String], said: String)] = [
        ([], "url"), (["mock:8080"], "give it as http://HOST:PORT"), (["https://127.0.0.1:1"], "http://HOST:PORT"),
        (["http://127.0.0.1:1", "http://127.0.0.1:1"], "twice"),
        (["http://localhost:1", "http://LocalHost:1/"], "twice"),
        (["http://127.0.0.1", "http://127.0.0.1:80"], "twice"),
        (["http://127.0.0.1:1", "--what", "ledger"], "accounts"),
        (["http://127.0.0.1:1", "--timeout", "0"], "1 to 3600"),
    ]

    @Test(arguments: refused)
    func `what cannot be gathered is refused`(row: (arguments: [String], said: String)) throws {
        let outcome = try Program.mock.run(["gather"] + row.arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(row.said), "\(outcome.errors)")
    }

    @Test(.enabled(if: nginx.works("-v"), "nginx is not installed"))
    func `behind nginx each account lives on one mock, by header and by query`() throws {
        try withFolder { folder in
            let mocks = try (1...3).map { _ in try MockServer(["--open"]) }
            // A port that was free a moment ago.
            let probe = try MockServer()
            #expect(try probe.stop() == 0)
            var text = try Program.mock.run(["helper", "nginx"]).output
            text.replace("127.0.0.1:8080;", with: "127.0.0.1:\(probe.port);")
            for (index, mock) in mocks.enumerated() {
                text.replace("127.0.0.1:900\(index + 1) max_fails", with: "127.0.0.1:\(mock.port) max_fails")
            }
            try text.write(toFile: "\(folder)/nginx.conf", atomically: true, encoding: .utf8)
            let proxy = try Child(
                "/usr/sbin/nginx", ["-p", folder, "-c", "nginx.conf", "-e", "stderr", "-g", Self.alone])
            defer { proxy.signal(SIGTERM) }
            try proxy.wait(for: "its beginning") { proxy.errorText.contains("getrlimit(RLIMIT_NOFILE)") }
            for number in 1...30 {
                let key = "key-\(number)"
                let made = try exchange(
                    "POST /app/cliprise/generate HTTP/1.1", port: probe.port, host: documentedHost,
                    fields: ["Authorization: Bearer \(key)", "Content-Type: application/json"], body: Self.body(key))
                let task = try #require(made.text.firstMatch(of: /"taskId":"([0-9a-f]+)"/))
                let polled = try exchange(
                    "GET /app/cliprise/status?apiKey=\(key)&taskId=\(task.1) HTTP/1.1", port: probe.port,
                    host: documentedHost)
                #expect([200, 300].contains(polled.status), "\(polled.text)")
            }
            let totals = try mocks.map { try $0.admin("GET", "accounts?search=key-").fields["total"] as? Int ?? 0 }
            #expect(totals.reduce(0, +) == 30)
            #expect(totals.allSatisfy { $0 > 0 }, "\(totals)")
            let admin = try exchange("GET /__admin/accounts HTTP/1.1", port: probe.port, host: documentedHost)
            #expect(admin.status == 404)
            let outcome = try Self.gather(mocks, "--what", "accounts")
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }
}
