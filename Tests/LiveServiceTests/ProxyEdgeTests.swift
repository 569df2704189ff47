import Foundation
import ProgramRunner
import RawSocket
import Testing

/// What else an upstream may do, and a client.
@Suite(.ownThreads) struct ProxyEdgeTests {
    private func upstream(_ rules: String, in folder: String) throws -> MockServer {
        let path = "\(folder)/up.yaml"
        try Data("schema: cliprise-mock/v1\n\(rules)\n".utf8).write(to: URL(fileURLWithPath: path))
        return try MockServer(["--scenario", path])
    }

    @Test func `a poll without an answer is not sent again, and is without one in the scenario too`() throws {
        try withFolder { folder in
            let upstream = try upstream(
                """
                tasks: [{life: {polls: 3}}]
                rules: [{when: {operation: status}, plan: [pass, close, pass]}]
                """, in: folder)
            let file = "\(folder)/my run's.yaml"
            let proxy = try ProxyServer(upstream.url, ["--spend-cap", "12", "--record", file])
            let client = PlainClient(port: proxy.port)
            let task = try client.generate(picture()).taskID
            #expect(try client.status(task).status == 300)
            #expect(throws: (any Error).self) { try client.status(task) }
            #expect(try client.status(task).status == 300)
            #expect(try client.status(task).status == 200)
            #expect(try proxy.stop().contains(#"serve --scenario '\#(folder)/my run'\''s.yaml' --profile "#))
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(
                text.contains(#""plan":["pass","close"]"#) && text.contains(#"{"ordinal":1,"life":{"polls":3}}"#),
                "\(text)")
        }
    }

    @Test func `an answer that no scenario could hold as it is comes back as the same bytes`() throws {
        try withFolder { folder in
            let odd = #"{\"msg\":\"\\u0000 \\u202e [[[[ } \\\"x\\\" 🏴\"}"#
            let upstream = try upstream(
                #"rules: [{when: {operation: generate}, fault: {status: 409, body: {text: "\#(odd)", type: application/json}}}]"#,
                in: folder)
            let file = "\(folder)/live.yaml"
            let proxy = try ProxyServer(upstream.url, ["--spend-cap", "12", "--record", file])
            let seen = try PlainClient(port: proxy.port).generate(picture())
            #expect(seen.status == 409)
            _ = try proxy.stop()
            let copy = try MockServer(["--scenario", file, "--profile", "\(folder)/live.profile.json"])
            let again = try PlainClient(port: copy.port).generate(picture())
            #expect(again.status == 409)
            let (one, other) = (seen.fields["msg"] as? String, again.fields["msg"] as? String)
            #expect(one != nil && one == other)
        }
    }

    @Test func `time instead of polls, and two accounts`() throws {
        try withFolder { folder in
            let upstream = try MockServer([
                "--account", "first-key=100", "--account", "second-key=100", "--time-scale", "0",
            ])
            let file = "\(folder)/live.yaml"
            let proxy = try ProxyServer(upstream.url, ["--spend-cap", "100", "--record", file, "--lives", "time"])
            for key in ["second-key", "first-key"] {
                let client = PlainClient(port: proxy.port, key: key)
                let task = try client.generate(picture()).taskID
                #expect(try client.status(task).status == 200)
            }
            _ = try proxy.stop()
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains(#"{"key":"test-key","credits":100000}"#))
            #expect(text.contains(#"{"key":"test-key-2","credits":100000}"#))
            #expect(text.contains(#"{"account":"test-key-2","ordinal":1,"life":{"after":"#), "\(text)")
            #expect(try Program.mock.run(["scenario", "check", file]).status == 0)
        }
    }

    @Test func `the port of the proxy is no part of the Host that goes on`() throws {
        let upstream = try MockServer(["--host-gate", "exact"])
        let proxy = try ProxyServer(upstream.url, ["--spend-cap", "12"])
        let client = PlainClient(port: proxy.port, host: "\(documentedHost):\(proxy.port)")
        #expect(try client.generate(picture()).taskID.count == 32)
        let other = PlainClient(port: proxy.port, host: "\(documentedHost):1")
        #expect(try other.status("x").text == #"{"msg":"method_not_allowed"}"#)
    }

    @Test func `other methods, the admin API and the proxy itself are not passed on`() throws {
        let upstream = try MockServer()
        let proxy = try ProxyServer(upstream.url)
        let deleted = try exchange("DELETE /app/cliprise/generate HTTP/1.1", port: proxy.port, host: documentedHost)
        #expect(deleted.status == 405 && deleted.head.contains("Allow: GET, HEAD, POST"))
        let admin = try exchange("GET /__admin/accounts HTTP/1.1", port: proxy.port, host: "127.0.0.1")
        #expect(admin.status == 404 && admin.text.contains("no admin API"))
        // As a proxy of HTTP is asked; a wrong Host goes on as it is.
        let absolute = try exchange(
            "GET http://\(documentedHost)/app/cliprise/status HTTP/1.1", port: proxy.port, host: documentedHost)
        #expect(absolute.text == #"{"msg":"invalid_api_key"}"#)
        let wrong = try exchange("GET /app/cliprise/status HTTP/1.1", port: proxy.port, host: "other.example")
        #expect(wrong.text == #"{"msg":"method_not_allowed"}"#)
        let port = proxy.port
        _ = try proxy.stop()
        let loop = try Program.mock.run(["proxy", "--port", "\(port)", "--upstream", "http://localhost:\(port)"])
        #expect(loop.status == 2 && loop.errors.contains("the proxy itself"))
    }
}
