import Foundation
import ProgramRunner
import Testing

/// `serve --state FILE --state-journal`, as its users meet it.
@Suite struct JournalStateTests {
    private static let options = ["--seed", "9", "--time-scale", "0", "--bodies", "none", "--state-journal", "--state"]

    /// The whole journal of the account, a line for each event, the first of them the header.
    private static func lines(_ server: MockServer) throws -> [[String: Any]] {
        let reply = try server.admin("GET", "requests?format=jsonl")
        #expect(reply.status == 200, "\(reply.text)")
        return try reply.text.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    private static func sequences(_ lines: [[String: Any]]) -> [Int] { lines.compactMap { $0["sequence"] as? Int } }

    /// A refusal, an unknown model, two jobs, polls and a download; last a job, which is on the disk when it is answered.
    private static func work(_ server: MockServer) throws {
        _ = try server.generate(lighthouse.replacingOccurrences(of: "16:9", with: "17:9"))
        _ = try server.generate(lighthouse.replacingOccurrences(of: "qwen-image-2", with: "qwen-image-3"))
        let task = try #require(try server.generate(lighthouse).fields["taskId"] as? String)
        for _ in 0..<3 { _ = try server.status(task) }
        _ = try server.status(task, download: true)
        _ = try server.generate(lighthouse)
    }

    @Test(arguments: ["always", "second"])
    func `a journal is the same after a restart, and goes on`(sync: String) throws {
        try withFolder { folder in
            let first = try MockServer(Self.options + ["\(folder)/state", "--state-sync", sync])
            try Self.work(first)
            let before = try Self.lines(first)
            let report = try first.admin("GET", "accounts/test-key/report").text
            // What was acknowledged is there after a kill where answers wait for the disk, else after an end in peace.
            _ = try first.stop(sync == "always" ? SIGKILL : SIGTERM)
            let second = try MockServer(Self.options + ["\(folder)/state"])
            let after = try Self.lines(second)
            #expect(before.count > 9 && (before as NSArray).isEqual(to: after), "\(before)\n\(after)")
            #expect(try second.admin("GET", "accounts/test-key/report").text == report)
            _ = try second.generate(lighthouse)
            #expect(Self.sequences(try Self.lines(second)) == Array(1...before.count + 1))
            _ = try second.stop(SIGKILL)
            let check = try Program.mock.run(["state", "check", "\(folder)/state"])
            #expect(check.output.contains("events      \(before.count + 1)\n"), "\(check.output)\(check.errors)")
        }
    }

    @Test func `an event that was saved before its answer was out is saved again, with its removed rule`()
        throws
    {
        try withFolder { folder in
            let first = try MockServer(Self.options + ["\(folder)/state"])
            let rule =
                #"{"account":"test-key","rule":{"name":"late","when":{"operation":"generate"},"fault":{"latency":"80ms"}}}"#
            #expect(try first.admin("POST", "rules", body: rule).status == 201)
            #expect(try first.generate(lighthouse).status == 200)
            #expect(try first.admin("DELETE", "rules/0?account=test-key").status == 200)
            _ = try first.generate(lighthouse)
            let before = try Self.lines(first)
            #expect(before.compactMap { $0["rule"] as? String } == ["late"])
            #expect(!before.contains { $0["outcome"] as? String == "in_flight" })
            _ = try first.stop(SIGKILL)
            let second = try MockServer(Self.options + ["\(folder)/state"])
            #expect((before as NSArray).isEqual(to: try Self.lines(second)))
            _ = try second.stop()
        }
    }

    @Test func `more events than are taken out at once are all there`() throws {
        try withFolder { folder in
            let first = try MockServer(Self.options + ["\(folder)/state", "--state-sync", "second"])
            let task = try #require(try first.generate(lighthouse).fields["taskId"] as? String)
            for _ in 0..<600 { _ = try first.status(task) }
            let before = try Self.lines(first)
            _ = try first.stop()
            let second = try MockServer(Self.options + ["\(folder)/state"])
            #expect((before as NSArray).isEqual(to: try Self.lines(second)))
            _ = try second.stop()
        }
    }

    @Test func `what was cleared or let go is not there again, and the difference is known`() throws {
        try withFolder { folder in
            let options = Self.options + ["\(folder)/state", "--journal-limit", "4"]
            let first = try MockServer(options)
            try Self.work(first)
            let total = try #require(Self.sequences(try Self.lines(first)).last)
            _ = try first.stop(SIGKILL)
            let second = try MockServer(options)
            let lines = try Self.lines(second)
            #expect(Self.sequences(lines) == Array(total - 3...total))
            // Nobody wished it: the report says that events are missing.
            #expect(lines[0]["evicted"] as? Int == total - 4 && lines[0]["cleared"] == nil, "\(lines[0])")
            #expect(try second.admin("POST", "reset?scope=journal").status == 200)
            _ = try second.generate(lighthouse)
            _ = try second.stop(SIGKILL)
            let third = try MockServer(options)
            let rest = try Self.lines(third)
            #expect(Self.sequences(rest).first == total + 1)
            #expect(rest[0]["cleared"] as? Int == total, "\(rest[0])")
            _ = try third.stop()
            let look = "print(*sqlite3.connect(p).execute(s))"
            let least = "select min(sequence) from event"
            let found = try Program.python.run(["-c", StateFileTests.tools + look, least, "\(folder)/state"])
            #expect(found.output == "(\(total + 1),)\n", "\(found.errors)")
        }
    }

    @Test func `a server without the option in between leaves a gap, and events before it are not taken up`() throws {
        try withFolder { folder in
            let first = try MockServer(Self.options + ["\(folder)/state"])
            try Self.work(first)
            _ = try first.stop()
            let between = try MockServer(["--time-scale", "0", "--state", "\(folder)/state"])
            #expect(Self.sequences(try Self.lines(between)).isEmpty)
            _ = try between.generate(lighthouse)
            let last = try #require(Self.sequences(try Self.lines(between)).last)
            _ = try between.stop()
            let second = try MockServer(Self.options + ["\(folder)/state"])
            #expect(Self.sequences(try Self.lines(second)).isEmpty)
            _ = try second.generate(lighthouse)
            #expect(Self.sequences(try Self.lines(second)).first == last + 1)
            _ = try second.stop()
            let check = try Program.mock.run(["state", "check", "\(folder)/state"])
            #expect(check.status == 0 && check.output.contains("events      2\n"), "\(check.output)\(check.errors)")
        }
    }

    @Test func `an answer that was under way when the server was killed ended with it`() throws {
        try withFolder { folder in
            let scenario = "\(folder)/late.yaml"
            try """
            schema: cliprise-mock/v1
            name: late
            rules:
              - name: late
                when: { operation: generate }
                fault: { latency: 60s }
            """.write(toFile: scenario, atomically: true, encoding: .utf8)
            let first = try MockServer(Self.options + ["\(folder)/state", "--scenario", scenario])
            let client = try Child(
                "/usr/bin/curl",
                [
                    "-s", "-H", "Host: \(documentedHost)", "-H", "Authorization: Bearer test-key", "-H",
                    "Content-Type: application/json", "-d", lighthouse, "\(first.url)/app/cliprise/generate",
                ])
            // Answered once the event is there; what it says of a clock that stands still is on the disk.
            _ = try first.admin("GET", "requests/wait?operation=generate&timeout=60s")
            _ = try first.admin("POST", "accounts", body: #"{"key":"made"}"#)
            _ = try first.stop(SIGKILL)
            _ = try client.wait()
            let second = try MockServer(Self.options + ["\(folder)/state", "--scenario", scenario])
            let generates = try Self.lines(second).filter { $0["operation"] as? String == "generate" }
            #expect(generates.map { $0["outcome"] as? String } == ["stopped"], "\(generates)")
            _ = try second.stop()
        }
    }

    /// What is done to the file's events, as Python does it, and what is said of it.
    static let damages: [(change: String, says: String)] = [
        ("update event set line = '{' where sequence = 3", "event 3 is not one line"),
        (
            "update event set line = replace(line, '\"attempt\"', '\"atempt\"') where sequence = 2",
            "did you mean attempt?"
        ),
        ("update event set line = replace(line, '\"sequence\":4', '\"sequence\":3')", "event 4, sequence: expected"),
        ("update event set line = replace(line, '\"task\":2', '\"task\":7')", "is about what never was"),
        ("update event set line = line || line where sequence = 2", "event 2 is not one line"),
        ("update event set line = x'0a' where sequence = 2", "event 2, an empty line"),
        ("update event set line = '' where sequence = 2", "event 2 is not one line"),
        ("update event set line = replace(line, '\"model\":\"qwen-image-2\"', '\"model\":\"gone\"')", "no \"gone\""),
    ]

    @Test(arguments: damages)
    func `events that are damaged are refused with their place, and the accounts can still be had`(
        change: String, says: String
    ) throws {
        try withFolder { folder in
            let path = "\(folder)/state"
            let server = try MockServer(Self.options + [path])
            try Self.work(server)
            _ = try server.stop()
            let damage = try Program.python.run(["-c", StateFileTests.tools + "sql(p, s)", change, path])
            #expect(damage.status == 0, "\(damage.errors)")
            for words in [["serve", "--port", "0"] + Self.options + [path], ["state", "check", path]] {
                let outcome = try Program.mock.run(words)
                #expect(outcome.status == 3)
                #expect(outcome.errors.contains("\(path): ") && outcome.errors.contains(says), "\(outcome.errors)")
            }
            let without = try MockServer(["--state", path])
            #expect(try without.account("test-key")["captured"] as? Int != 0)
            _ = try without.stop()
        }
    }

    @Test func `events of rows that stand before the first are passed over`() throws {
        try withFolder { folder in
            let path = "\(folder)/state"
            let server = try MockServer(Self.options + [path])
            _ = try server.generate(lighthouse)
            let before = try Self.lines(server)
            _ = try server.stop()
            let more = "insert into event values (1, -3, 'x'), (1, 9223372036854775807, 'x'), (7, 1, 'x')"
            #expect(try Program.python.run(["-c", StateFileTests.tools + "sql(p, s)", more, path]).status == 0)
            let again = try MockServer(Self.options + [path])
            #expect((before as NSArray).isEqual(to: try Self.lines(again)))
            _ = try again.stop()
        }
    }

    @Test func `a file of an earlier version gets journals from now on`() throws {
        try withFolder { folder in
            let path = "\(folder)/state"
            let first = try MockServer(["--time-scale", "0", "--state", path])
            _ = try first.generate(lighthouse)
            _ = try first.stop()
            let back = "c = sqlite3.connect(p); c.executescript(s); c.close()"
            let older = "drop table event; drop table journal; pragma user_version = 3"
            #expect(try Program.python.run(["-c", StateFileTests.tools + back, older, path]).status == 0)
            let second = try MockServer(Self.options + [path])
            _ = try second.generate(lighthouse)
            let before = try Self.lines(second)
            #expect(before.count > 1)
            _ = try second.stop(SIGKILL)
            let third = try MockServer(Self.options + [path])
            #expect((before as NSArray).isEqual(to: try Self.lines(third)))
            _ = try third.stop()
        }
    }

    @Test(arguments: [
        (["--state-journal"], "add --state FILE"),
        (["--state-journal", "--state", "x", "--journal-limit", "0"], "--journal-limit 0"),
    ])
    func `what cannot be is refused with what to do`(options: [String], says: String) throws {
        let outcome = try Program.mock.run(["serve", "--port", "0"] + options)
        #expect(outcome.status == 2 && outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test func `bodies are kept again after a restart`() throws {
        try withFolder { folder in
            let options = ["--state", "\(folder)/state", "--bodies", "all"]
            _ = try MockServer(options).stop()
            let server = try MockServer(options)
            _ = try server.generate(lighthouse)
            #expect(try server.admin("GET", "requests").text.contains("A lighthouse"))
            _ = try server.stop()
        }
    }
}
