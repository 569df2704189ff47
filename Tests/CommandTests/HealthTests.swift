import ProgramRunner
import RawSocket
import Testing

/// `health`, as the health check of a container calls it.
@Suite(.ownThreads) struct HealthTests {
    @Test(arguments: ["127.0.0.1", "localhost", "LOCALHOST"])
    func `a server that takes requests is healthy, without a word`(host: String) throws {
        let server = try MockServer()
        let byURL = try Program.mock.run(["health", "--url", "http://\(host):\(server.port)/"])
        #expect(byURL.status == 0, "\(byURL.errors)")
        #expect(byURL.output == "" && byURL.errors == "")
        #expect(try server.stop() == 0)
    }

    @Test func `the port comes from the environment, and an option beats it`() throws {
        let server = try MockServer()
        let port = "\(server.port)"
        let places = [
            ["CLIPRISE_MOCK_PORT": port], ["CLIPRISE_MOCK_URL": "http://127.0.0.1:\(port)"],
            ["CLIPRISE_MOCK_URL": "http://127.0.0.1:\(port)", "CLIPRISE_MOCK_PORT": "1"],
        ]
        for place in places { #expect(try Program.mock.run(["health"], environment: place).status == 0, "\(place)") }
        let beaten = ["CLIPRISE_MOCK_URL": "http://127.0.0.1:1"]
        #expect(try Program.mock.run(["health", "--port", port], environment: beaten).status == 0)
        #expect(try server.stop() == 0)
    }

    @Test func `where nothing listens it is 1, with the reason`() throws {
        let server = try MockServer()
        let port = server.port
        #expect(try server.stop() == 0)
        let outcome = try Program.mock.run(["health", "--port", "\(port)"])
        #expect(outcome.status == 1)
        #expect(outcome.output == "")
        #expect(outcome.errors == "cliprise-mock: 127.0.0.1:\(port) is not ready: Connection refused\n")
    }

    static let mistakes: [(arguments: [String], mentions: String)] = [
        (["--url", "https://127.0.0.1:1"], "http://HOST:PORT"), (["--url", "127.0.0.1:8080"], "http://HOST:PORT"),
        (["--url", "http://"], "http://HOST:PORT"), (["--url", "http://a@b:1"], "http://HOST:PORT"),
        (["--url", "http://a:0"], "http://HOST:PORT"), (["--url", "http://[::1"], "http://HOST:PORT"),
        (["--url", "http://a:65536"], "http://HOST:PORT"), (["--port", "0"], "--port 0"),
        (["--url", "http://a:+80"], "http://HOST:PORT"), (["--port", "+80"], "in digits, up to 65535"),
        (["--timeout", "0"], "1 to 300"), (["--timeout", "301"], "1 to 300"),
    ]

    @Test(arguments: mistakes.indices)
    func `a bad option is bad usage`(index: Int) throws {
        let mistake = Self.mistakes[index]
        let outcome = try Program.mock.run(["health"] + mistake.arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(mistake.mentions), "\(outcome.errors)")
    }
}
