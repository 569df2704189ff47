import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct ServeStartTests {
    @Test func `the ready line is JSON and all that standard output gets`() throws {
        let server = try MockServer(["--seed", "7"])
        #expect(server.ready["ready"] == "1" || server.ready["ready"] == "true")
        #expect(server.ready["seed"] == "7")
        #expect(server.url == "http://127.0.0.1:\(server.port)")
        #expect(try server.generate(lighthouse).status == 200)
        #expect(try server.stop() == 0)
        #expect(server.child.outputText.split(separator: "\n").count == 1)
        #expect(server.child.outputText.hasSuffix("}\n"))
    }

    @Test func `a server that was just started has loaded neither Foundation nor libcurl`() throws {
        let server = try MockServer(["--seed", "7"])
        let files = try server.child.mappedFiles()
        #expect(files.contains { $0.hasPrefix("libmicrohttpd") })
        // FoundationEssentials is the argument parser's.
        for name in [
            "libFoundation.", "libFoundationInternationalization", "lib_FoundationICU", "libcurl", "libcrypto",
        ] {
            #expect(!files.contains { $0.hasPrefix(name) }, "\(name): \(files.sorted())")
        }
        #expect(try server.stop() == 0)
    }

    /// The commands of a banner, each as it stands there.
    private func commands(_ banner: String) -> [String] {
        banner.split(separator: "\n\n").map(String.init).filter { $0.contains("  curl ") }
            .map { String($0[($0.range(of: "  curl ")?.lowerBound ?? $0.startIndex)...]) }
    }

    static let banners: [[String]] = [
        [], ["--open"], ["--host-gate", "exact"], ["--host-gate", "loopback"], ["--strict"],
        ["--account", "it's=a&key=500"], ["--host", "0.0.0.0"], ["--host", "::1"], ["--host", "localhost"],
        ["--profile", "snapshot-2026-04-04"],
    ]

    @Test(.enabled(if: Program.curl.works("--version"), "curl is not installed"), arguments: banners)
    func `the banner's commands work when pasted into bash`(arguments: [String]) throws {
        // However slow the machine is, the task is not done yet when it is asked for.
        let server = try MockServer(arguments + ["--time-scale", "1000"])
        let commands = commands(try server.banner())
        try #require(commands.count == 3)
        let accepted = try Program.bash.run(["-c", commands[0]]).output
        let match = try #require(accepted.wholeMatch(of: /\[{"code":200,"taskId":"([0-9a-f]{32})"}\]/), "\(accepted)")
        let task = String(match.1)
        let status = try Program.bash.run(["-c", commands[1].replacing("TASK_ID", with: task)]).output
        #expect(status == #"{"status":"processing"}"#)
        let account = try Program.bash.run(["-c", commands[2]]).output
        #expect(account.contains(#""held":12"#), "\(account)")
        #expect(try server.stop() == 0)
    }

    /// Arguments, and what the banner says of the account.
    static let accounts: [(arguments: [String], account: String)] = [
        ([], "test-key, 10,000 credits"), (["--account", "ci=1234567", "--account", "b=1"], "ci, 1,234,567 credits"),
        (["--open"], "any key: an unknown one gets an account with 10,000 credits"),
    ]

    @Test(arguments: accounts)
    func `the banner names the page, an account and its credits`(arguments: [String], account: String) throws {
        let server = try MockServer(arguments)
        let banner = try server.banner()
        #expect(banner.contains("\n  page     \(server.url)/__admin/\n  account  \(account)\n"))
        #expect(try server.stop() == 0)
    }

    @Test func `options of the environment are read, and those of the command line beat them`() throws {
        let environment = [
            "CLIPRISE_MOCK_ACCOUNT": "a=100,b=50", "CLIPRISE_MOCK_SEED": "9", "CLIPRISE_MOCK_LOG": "json",
            "CLIPRISE_MOCK_REALISTIC": "1",
        ]
        // --time-scale on the command line stands against --realistic of the environment.
        let server = try MockServer(["--seed", "8", "--time-scale", "0"], environment: environment)
        #expect(server.ready["seed"] == "8")
        #expect(try server.account("b")["credits"] as? Int == 50)
        let accepted = try server.generate(lighthouse, key: "a")
        #expect(try server.status(accepted.taskID, key: "a").status == 200)
        #expect(try server.stop() == 0)
        #expect(server.child.errorText.hasPrefix("{"))
    }

    @Test func `CLIPRISE_MOCK_PORT is the port, unless --port is given`() throws {
        let first = try MockServer()
        let environment = ["CLIPRISE_MOCK_PORT": "\(first.port)"]
        let outcome = try Program.mock.run([], environment: environment)
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("port \(first.port) is in use"))
        let second = try MockServer(environment: environment)
        #expect(second.port != first.port)
        #expect(try second.stop() == 0)
        #expect(try first.stop() == 0)
    }

    @Test func `a server on :: is reached by both families`() throws {
        let server = try MockServer(["--host", "::"])
        for isIPv6 in [false, true] {
            let reply = try exchange(
                "GET /__admin/health HTTP/1.1", port: server.port, isIPv6: isIPv6,
                host: isIPv6 ? "[::1]" : "127.0.0.1", fields: [], body: "")
            #expect(reply.status == 200)
        }
    }

    @Test func `a server on ::1 hands out addresses of ::1 that can be fetched`() throws {
        let server = try MockServer(["--host", "::1", "--time-scale", "0"])
        #expect(server.url == "http://[::1]:\(server.port)")
        func send(_ line: String, host: String = documentedHost, body: String = "") throws -> Reply {
            try exchange(
                line, port: server.port, isIPv6: true, host: host,
                fields: ["Authorization: Bearer test-key", "Content-Type: application/json"],
                body: body)
        }
        let task = try send("POST /app/cliprise/generate HTTP/1.1", body: lighthouse).taskID
        let done = try send("GET /app/cliprise/status?apiKey=test-key&taskId=\(task) HTTP/1.1")
        let fileURL = try #require(done.fields["fileURL"] as? String)
        try #require(fileURL.hasPrefix(server.url + "/"))
        let file = try send("GET \(fileURL.dropFirst(server.url.count)) HTTP/1.1", host: "[::1]:\(server.port)")
        #expect(file.status == 200)
        #expect(file.body.starts(with: [0xFF, 0xD8]))
        #expect(try server.stop() == 0)
    }

    /// An IPv4 address of this machine that is not the loopback, if it has one.
    static let ownAddress: String? = {
        let addresses = (try? Program(path: "hostname").run(["-I"]).output) ?? ""
        return addresses.split(separator: /\s+/).map(String.init).first { !$0.contains(":") && !$0.hasPrefix("127.") }
    }()

    @Test(
        .enabled(if: ownAddress != nil, "this machine has no address but the loopback"),
        .enabled(if: Program.curl.works("--version"), "curl is not installed"))
    func `beyond the loopback the admin API wants the token that the banner prints`() throws {
        let address = try #require(Self.ownAddress)
        let server = try MockServer(["--host", "0.0.0.0"])
        let token = try #require(try server.banner().firstMatch(of: /admin token for other machines: ([0-9a-f]{32})\n/))
        func health(_ header: String...) throws -> Outcome {
            try Program.curl.run(
                ["-s", "-w", "\n%{http_code}", "http://\(address):\(server.port)/__admin/health"]
                    + header.flatMap { ["-H", $0] })
        }
        let refused = try health()
        #expect(refused.output.hasSuffix("\n401"))
        #expect(refused.output.contains("Authorization: Bearer TOKEN"))
        #expect(try health("Authorization: Bearer \(String(repeating: "0", count: 32))").output.hasSuffix("\n401"))
        #expect(try health("Host: 127.0.0.1").output.hasSuffix("\n401"))
        #expect(try health("Authorization: Bearer \(token.1)").output.hasSuffix("\n200"))
        #expect(try server.admin("GET", "health").status == 200)
        #expect(try server.stop() == 0)
    }

    @Test(.enabled(if: ownAddress != nil, "this machine has no address but the loopback"))
    func `the banner's commands work on an address that is not the loopback`() throws {
        try `the banner's commands work when pasted into bash`(arguments: ["--host", try #require(Self.ownAddress)])
    }

    @Test func `a token of one's own is taken`() throws {
        let server = try MockServer(["--host", "0.0.0.0", "--admin-token", "s3cret"])
        #expect(try server.banner().contains("admin token for other machines: s3cret\n"))
        let reply = try exchange(
            "GET /__admin/health HTTP/1.1", port: server.port, host: "mock.test",
            fields: ["Authorization: Bearer s3cret"])
        #expect(reply.status == 200)
        #expect(try server.stop() == 0)
    }
}
