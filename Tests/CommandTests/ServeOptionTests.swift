import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct ServeOptionTests {
    /// Runs `body` with a server, which must then end well.
    private func with(_ arguments: String..., body: (MockServer) throws -> Void) throws {
        let server = try MockServer(arguments)
        try body(server)
        #expect(try server.stop() == 0)
    }

    @Test func `an option that stands there twice counts as it stands last`() throws {
        try with("--seed", "7", "--seed=8", "--account", "a=5", "--account=b=6") { (server) throws in
            #expect(server.ready["seed"] == "8")
            #expect(try server.account("b")["credits"] as? Int == 6)
        }
    }

    @Test func `--open gives an unknown key an account of its own`() throws {
        try with("--open") { (server) throws in
            #expect(try server.generate(lighthouse, key: "never-seen").status == 200)
            #expect(try server.account("never-seen")["held"] as? Int == 12)
        }
        try with { (server) throws in
            #expect(try server.generate(lighthouse, key: "never-seen").text == #"{"msg":"invalid_api_key"}"#)
        }
    }

    @Test func `--account gives each key its credits, also a key that holds an equals sign`() throws {
        try with("--account", "a=11", "--account", "b=c=12") { (server) throws in
            #expect(try server.generate(lighthouse, key: "a").text.contains("insufficient_credits"))
            #expect(try server.generate(lighthouse, key: "b=c").status == 200)
            #expect(try server.generate(lighthouse).text == #"{"msg":"invalid_api_key"}"#)
        }
    }

    static let gates: [(options: [String], host: String, isLetIn: Bool)] = [
        ([], "business.api.cliprise.app", true), ([], "BUSINESS.api.cliprise.app:443", true),
        ([], "business.api.cliprise.app:PORT", true), ([], "127.0.0.1:PORT", false), ([], "mock.test", false),
        (["--host-gate", "exact"], "business.api.cliprise.app", true),
        (["--host-gate", "exact"], "business.api.cliprise.app:PORT", false),
        (["--host-gate", "loopback"], "business.api.cliprise.app", true),
        (["--host-gate", "loopback"], "127.0.0.1:PORT", true),
        (["--host-gate", "loopback"], "localhost:PORT", true), (["--host-gate", "loopback"], "mock.test", false),
        (["--accept-host", "mock.test"], "mock.test:PORT", true), (["--accept-host", "Mock.Test"], "mock.test", true),
        (["--accept-host", "mock.test", "--accept-host", "b"], "b", true),
        (["--accept-host", "mock.test"], "business.api.cliprise.app", true),
    ]

    @Test(arguments: gates.indices)
    func `the gate lets in the hosts that its options name`(index: Int) throws {
        let gate = Self.gates[index]
        let server = try MockServer(gate.options)
        let host = gate.host.replacing("PORT", with: "\(server.port)")
        let reply = try server.generate(lighthouse, host: host)
        #expect(reply.status == (gate.isLetIn ? 200 : 400), "\(gate)")
        if !gate.isLetIn { #expect(reply.body.isEmpty) }
        #expect(try server.stop() == 0)
    }

    @Test func `--profile later answers as the later edition`() throws {
        try with("--profile", "later", "--time-scale", "0") { (server) throws in
            #expect(try server.generate(lighthouse, key: "wrong").status == 401)
            let task = try server.generate(lighthouse).taskID
            #expect(try server.status(task).text.hasPrefix(#"[{"status":"success","#))
        }
    }

    @Test func `--profile snapshot-2026-04-04 answers some models with nothing`() throws {
        let body = """
            {"model":"runway","callBackUrl":"https://your-service.example.com/hook","input":{"prompt":"A hat","aspectRatio":"16:9","duration":5}}
            """
        try with("--profile", "snapshot-2026-04-04") { (server) throws in
            let reply = try server.generate(body)
            #expect(reply.status == 200)
            #expect(reply.body.isEmpty)
            #expect(try server.generate(lighthouse).status == 200)
        }
    }

    @Test func `--strict refuses what is otherwise only warned of`() throws {
        // No text knows a colour.
        let odd = """
            {"model":"runway","callBackUrl":"https://your-service.example.com/hook",\
            "input":{"prompt":"A hat","aspectRatio":"16:9","duration":5,"colour":"red"}}
            """
        try with { (server) throws in #expect(try server.generate(odd).taskID.count == 32) }
        try with("--strict") { (server) throws in
            #expect(try server.generate(odd).taskID == "")
            #expect(try server.generate(lighthouse).taskID.count == 32)
        }
    }

    @Test(arguments: ["none", "json", "all"])
    func `--bodies says what is kept of requests and answers`(word: String) throws {
        try with("--bodies", word) { (server) throws in
            _ = try server.generate("no JSON at all")
            let told = try server.admin("GET", "requests").body
            let text = String(decoding: told, as: UTF8.self)
            #expect(text.contains(#""request":{"target":"#) == (word != "none"))
            #expect(text.contains(#""body":"no JSON at all""#) == (word != "none"))
        }
    }

    @Test func `two workers serve one account alike`() throws {
        try with("--workers", "2", "--time-scale", "0") { (server) throws in
            for _ in 0..<20 {
                let task = try server.generate(lighthouse).taskID
                #expect(try server.status(task).status == 200)
            }
            #expect(try server.account("test-key")["credits"] as? Int == 10_000 - 20 * 12)
        }
    }

    @Test func `one seed and the same requests give the same ids and the same bytes`() throws {
        func run(seed: String) throws -> [[UInt8]] {
            var seen: [[UInt8]] = []
            try with("--seed", seed, "--time-scale", "0") { (server) throws in
                for key in ["test-key", "test-key"] {
                    let task = try server.generate(lighthouse, key: key).taskID
                    seen.append(Array(task.utf8))
                    seen.append(try server.status(task, key: key, download: true).body)
                }
            }
            return seen
        }
        let first = try run(seed: "5")
        #expect(try run(seed: "5") == first)
        #expect(Set(first).count == 4)
        #expect(try run(seed: "6") != first)
    }

    @Test func `--body-limit answers 413 beyond it`() throws {
        try with("--body-limit", "500") { (server) throws in
            #expect(try server.generate(lighthouse).status == 200)
            #expect(try server.generate(String(repeating: " ", count: 501)).status == 413)
        }
    }

    @Test func `without --time-scale a picture is not ready at once, with 0 it is`() throws {
        try with { (server) throws in
            #expect(try server.status(server.generate(lighthouse).taskID).status == 300)
        }
        try with("--time-scale", "0") { (server) throws in
            #expect(try server.status(server.generate(lighthouse).taskID).status == 200)
        }
    }
}
