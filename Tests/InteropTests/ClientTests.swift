import Foundation
import ProgramRunner
import RawSocket
import Testing

/// Other people's clients: each generates, polls through 300 and downloads, in the way its own manual teaches.
@Suite(.ownThreads) struct ClientTests {
    private static func hasPackage(_ name: String) -> Bool { Program.python.works("-c", "import \(name)") }

    @Test(.enabled(if: Program.curl.works("--version"), "curl is not installed"))
    func `curl gets its picture`() throws {
        try check(.bash, "curl.sh")
    }

    @Test(.enabled(if: Program.python.works("--version"), "python3 is not installed"))
    func `Python's urllib gets its picture`() throws {
        try check(.python, "python-urllib.py")
    }

    @Test(.enabled(if: hasPackage("requests"), "python3 package requests is not installed"))
    func `Python's requests gets its picture`() throws {
        try check(.python, "python-requests.py")
    }

    @Test(.enabled(if: hasPackage("httpx"), "python3 package httpx is not installed"))
    func `Python's httpx gets its picture`() throws {
        try check(.python, "python-httpx.py")
    }

    @Test(.enabled(if: hasPackage("aiohttp"), "python3 package aiohttp is not installed"))
    func `Python's aiohttp gets its picture`() throws {
        try check(.python, "python-aiohttp.py")
    }

    @Test(.enabled(if: Program.node.works("-e", "fetch"), "node with fetch (18 or later) is not installed"))
    func `Node's fetch gets its picture when loopback names are let in`() throws {
        try check(.node, "node-fetch.mjs", serve: ["--host-gate", "loopback"])
    }

    @Test(.enabled(if: Program.node.works("--version"), "node is not installed"))
    func `Node's http gets its picture`() throws {
        try check(.node, "node-http.mjs")
    }

    private func check(_ program: Program, _ script: String, serve arguments: [String] = []) throws {
        try withFolder { folder in
            // A life in polls, so that a client sees 300 before 200, however busy the machine is.
            let scenario = "\(folder)/scenario.yaml"
            let text = "schema: cliprise-mock/v1\nname: interop\ntasks:\n  - {life: {polls: 3}}\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: scenario))
            let server = try MockServer(["--scenario", scenario] + arguments)
            let file = "\(folder)/picture"
            let outcome = try program.run(
                [Repository.path("Tests/InteropTests/clients/\(script)"), file],
                environment: ["CLIPRISE_BASE_URL": server.url, "CLIPRISE_API_KEY": "test-key"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors == "")
            let said = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
            #expect(said?["polls"] as? Int == 2)
            #expect(said?["type"] as? String == "image/jpeg")
            let picture = try JPEGSize([UInt8](Data(contentsOf: URL(fileURLWithPath: file))))
            #expect(picture.isNearly(16, 9))
            #expect(try server.account("test-key")["credits"] as? Int == 9_988)
            #expect(try server.stop() == 0)
        }
    }
}
