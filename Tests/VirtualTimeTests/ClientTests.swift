import ProgramRunner
import RawSocket
import Testing

/// Clients that nobody changed poll a task for twenty minutes, every 30 s.
@Suite(.ownThreads, .serialized) struct ClientTests {
    private static func hasPackage(_ name: String) -> Bool { Program.python.works("-c", "import \(name)") }

    static let clients: [(name: String, command: [String], isThere: Bool)] = [
        ("requests", ["python3", Run.client("python-requests.py")], hasPackage("requests")),
        ("httpx in a thread", ["python3", Run.client("python-httpx.py")], hasPackage("httpx")),
        ("aiohttp", ["python3", Run.client("python-aiohttp.py")], hasPackage("aiohttp")),
        ("Node", ["node", Run.client("node.mjs")], Program.node.works("--version")),
        ("Ruby", ["ruby", Run.client("ruby.rb")], Program(path: "ruby").works("--version")),
        ("PHP", ["php", Run.client("php.php")], Program(path: "php").works("--version")),
        (
            "Perl", ["perl", Run.client("perl.pl")],
            Program(path: "perl").works("-MJSON::PP", "-MHTTP::Tiny", "-e", "1")
        ),
        ("Java", ["java", Run.client("Poll.java")], Program(path: "javac").works("--version")),
    ]

    @Test(arguments: clients.filter(\.isThere))
    func `twenty minutes of polls are as in real time`(name: String, command: [String], isThere: Bool) throws {
        try check(Run(command))
    }

    @Test func `a Swift client sleeps by Task.sleep`() throws {
        try withFolder { folder in
            let compiler = [["swiftc", "-parse-as-library"]]
            guard let program = try compiled("poll.swift", to: "\(folder)/poll", by: compiler) else { return }
            try check(Run([program]))
        }
    }

    @Test(.enabled(if: Program.curl.works("--version"), "curl is not installed"))
    func `curl waits between its own retries`() throws {
        let busy = """
            tasks:
              - {life: {after: 10s}}
            rules:
              - {when: {operation: status}, during: {from: 0s, for: 20m}, fault: {status: 503}}
            """
        try check(Run(["bash", Run.client("curl-retry.sh")], scenario: busy))
    }

    private func check(_ run: Run) throws {
        #expect(run.outcome.status == 0, "\(run.outcome.errors)")
        #expect(run.outcome.output == "40\n", "\(run.outcome.errors)")
        #expect(run.exchanges.map(\.status).last == 200)
        #expect(run.waits.count == 40)
        // Not early, but for the millisecond in which Node counts, from when its loop last looked at the clock. Late by one in a
        // hundred at most, but for moments at which the machine was busy.
        #expect(run.waits.allSatisfy { (29.999...33).contains($0) }, "\(run.waits)")
        #expect(run.waits.count { $0 <= 30.3 } >= 30, "\(run.waits)")
        #expect(run.outcome.errors.contains("Virtual time: 12"))
    }
}
