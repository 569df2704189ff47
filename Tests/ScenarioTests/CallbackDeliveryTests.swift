import ClipriseJournal
import ClipriseLocks
import ClipriseScenario
import ClipriseServer
import ClipriseWire
import Foundation
import ProgramRunner
import RawSocket
import Testing

/// Callbacks of a running server to a receiver on this machine.
@Suite(.ownThreads) struct CallbackDeliveryTests {
    /// Python's own HTTP server: notes each body, answers the statuses in turn, then 200, and prints what it got.
    static let receiver = """
        import http.server, json, sys
        answers = [int(x) for x in sys.argv[1].split(",") if x]
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = answers.pop(0) if answers else 200
                print(json.dumps({"path": self.path, "state": body["data"]["state"], "task": body["data"]["taskId"],
                    "signed": "X-Webhook-Signature" in self.headers, "answered": status}), flush=True)
                self.send_response(status); self.send_header("Content-Length", "0"); self.end_headers()
            def log_message(self, *rest): pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_port, flush=True)
        server.serve_forever()
        """

    /// Runs a scenario with one task until this many callbacks came in.
    private func deliver(_ yaml: String, answers: String = "", count: Int) throws -> [[String: Any]] {
        let receiver = try Child("python3", ["-c", Self.receiver, answers])
        try receiver.wait(for: "its port") { receiver.outputText.contains("\n") }
        let port = receiver.outputText.prefix { $0 != "\n" }
        return try withFolder { folder in
            let file = "\(folder)/scenario.yaml"
            try ("schema: cliprise-mock/v1\n" + yaml).write(toFile: file, atomically: true, encoding: .utf8)
            let server = try MockServer(["--scenario", file, "--callback-to", "http://127.0.0.1:\(port)"])
            #expect(try server.generate(lighthouse).status == 200)
            try receiver.wait(for: "\(count) callbacks") {
                receiver.outputText.split(separator: "\n").count >= count + 1
            }
            #expect(try server.stop() == 0)
            return try receiver.outputText.split(separator: "\n").dropFirst().map { line in
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            }
        }
    }

    @Test func `a finished task calls back, on the path that its client gave, signed when the scenario has a secret`()
        throws
    {
        let calls = try deliver("callbacks: {secret: s3cret}\ntasks:\n  - {life: immediate}\n", count: 1)
        #expect(calls[0]["state"] as? String == "success")
        #expect(calls[0]["path"] as? String == "/webhooks/cliprise")
        #expect(calls[0]["signed"] as? Bool == true)
    }

    @Test func `a failed task says so`() throws {
        let calls = try deliver("callbacks: {}\ntasks:\n  - {life: immediate, outcome: fail}\n", count: 1)
        #expect(calls[0]["state"] as? String == "fail")
        #expect(calls[0]["signed"] as? Bool == false)
    }

    @Test func `a receiver that fails is called again, three times and no more`() throws {
        let calls = try deliver(
            "callbacks: {pause: 10ms}\ntasks:\n  - {life: immediate}\n", answers: "500,500,500,500,500", count: 4)
        #expect(calls.map { $0["answered"] as? Int } == [500, 500, 500, 500])
        #expect(Set(calls.compactMap { $0["task"] as? String }).count == 1)
    }

    @Test func `a duplicate comes as often as the scenario says`() throws {
        let calls = try deliver(
            "callbacks: {}\ntasks:\n  - {life: immediate}\nrules:\n  - {fault: {callback: {duplicate: 3}}}\n", count: 3)
        #expect(calls.count == 3)
    }
}
