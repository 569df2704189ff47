import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct RecordTests {
    /// Orders tasks, and asks for each of them, whatever the answers are like.
    private static func use(_ server: MockServer, tasks: Int, polls: Int, key: String = "test-key") {
        var ids: [String] = []
        // Answers that are cut or lost do not read as one.
        for _ in 0..<tasks {
            if let id = try? server.generate(lighthouse, key: key).taskID, !id.isEmpty { ids.append(id) }
        }
        for id in ids {
            for _ in 0..<polls { _ = try? server.status(id, key: key) }
            for _ in 0..<2 { _ = try? server.status(id, key: key, download: true) }
        }
    }

    /// The number in `recorded N exchanges in …`.
    private static func recorded(_ errors: String, _ file: String) throws -> Int {
        let line = try #require(errors.split(separator: "\n").first { $0.hasPrefix("recorded ") })
        #expect(line.hasSuffix(" exchanges in \(file); replay with: cliprise-mock replay \(file)"))
        return Int(line.split(separator: " ")[1]) ?? 0
    }

    @Test(arguments: [
        (["--api-key", "SESAME"], #""--api-key","REDACTED""#), (["--token=SESAME", "-x"], #""--token=REDACTED","-x""#),
        (["API_SECRET=SESAME"], #""API_SECRET=REDACTED""#),
        (["-H", "Authorization: Bearer SESAME"], #""-H","REDACTED""#),
        (["curl -H 'authorization: SESAME' x"], #""REDACTED""#),
        (["https://me:SESAME@a.example/x"], "REDACTED@a.example/x"),
        (["--keyword", "pier", "a=b"], #""--keyword","REDACTED","a=b""#), (["-k", "pier"], #""-k","pier""#),
    ])
    func `the command of a recorded exec is kept without its secrets`(words: [String], kept: String) throws {
        try withFolder { folder in
            let file = "\(folder)/run.jsonl"
            _ = try Program.mock.run(["exec", "--allow-idle", "--record", file, "--", "true"] + words)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(!text.contains("SESAME"))
            #expect(text.contains(kept), "\(text)")
        }
    }

    @Test func `a recorded server is replayed byte for byte, and a changed byte is reported with its place`() throws {
        try withFolder { folder in
            let file = "\(folder)/run.jsonl"
            let server = try MockServer(["--scenario", "storm", "--record", file])
            Self.use(server, tasks: 12, polls: 10)
            #expect(try server.stop(SIGINT) == 0)
            let count = try Self.recorded(server.child.errorText, file)
            #expect(count >= 50)

            let same = try Program.mock.run(["replay", file])
            #expect(same.status == 0, "\(same.output)")
            #expect(same.output == "\(count) of \(count) answers are the same, byte for byte\n")
            #expect(same.errors == "")

            var lines = try String(contentsOfFile: file, encoding: .utf8).components(separatedBy: "\n")
            let place = try #require(lines.indices.last { lines[$0].contains("\"answer\":\"HTTP ") })
            lines[place] = lines[place].replacingOccurrences(of: "\"answer\":\"HTTP ", with: "\"answer\":\"HTtP ")
            try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
            let changed = try Program.mock.run(["replay", file])
            #expect(changed.status == 1)
            #expect(changed.output.contains("request \(place) of \(count) differs (line \(place + 1) of the bundle"))
            #expect(changed.output.contains("byte 2 of the answer"))
        }
    }

    @Test func `real clocks, opened accounts and accounts of the admin API are replayed`() throws {
        try withFolder { folder in
            let (file, scenario) = ("\(folder)/run.jsonl", "\(folder)/windows.yaml")
            try """
            schema: cliprise-mock/v1
            name: windows
            rules:
              - {name: often, when: {operation: status}, fault: {rate_limit: {limit: 7, window: 10ms, kind: sliding}}}
              - {name: outage, when: {operation: status}, during: {from: 20ms, for: 20ms}, fault: {status: 502}}
              - {name: shy, when: {operation: status}, chance: {p: 0.2, fault: {status: 503}}}
            """.write(toFile: scenario, atomically: true, encoding: .utf8)
            let server = try MockServer(
                ["--scenario", scenario, "--record", file, "--open", "--time-scale", "0.001"])
            let made = try server.admin("POST", "accounts", body: #"{"key": "made", "credits": 100}"#)
            #expect(made.status == 201)
            for key in ["opened", "made"] { Self.use(server, tasks: 4, polls: 40, key: key) }
            #expect(try server.stop() == 0)
            let count = try Self.recorded(server.child.errorText, file)
            #expect(count >= 200)
            let outcome = try Program.mock.run(["replay", file])
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(outcome.output == "\(count) of \(count) answers are the same, byte for byte\n")
        }
    }

    @Test func `a replay goes as far as the first change by hand`() throws {
        try withFolder { folder in
            let file = "\(folder)/run.jsonl"
            let server = try MockServer(["--record", file])
            _ = try server.generate(lighthouse)
            // Changes nothing: there is no such account.
            #expect(try server.admin("POST", "accounts/nobody/credits", body: #"{"amount": 5}"#).status == 404)
            _ = try server.generate(lighthouse)
            #expect(try server.admin("POST", "accounts/test-key/credits", body: #"{"amount": 5}"#).status == 200)
            _ = try server.generate(lighthouse)
            #expect(try server.stop() == 0)
            #expect(try Self.recorded(server.child.errorText, file) == 3)
            let outcome = try Program.mock.run(["replay", file])
            #expect(outcome.status == 0)
            #expect(
                outcome.output == """
                    2 of 3 answers are the same, byte for byte
                    played up to line 4, where an account was changed by hand

                    """)
        }
    }

    @Test(.enabled(if: Program.curl.works("--version"), "curl is not installed"))
    func `exec records what its command did`() throws {
        try withFolder { folder in
            let file = "\(folder)/run.jsonl"
            let ran = try Program.mock.run([
                "exec", "--quiet", "--scenario", "lost-reply", "--record", file, "--", "sh", "-c", ExecTests.blind,
            ])
            // The run fails, and is recorded all the same.
            #expect(ran.status == 1)
            #expect(try Self.recorded(ran.errors, file) == 2)
            let outcome = try Program.mock.run(["replay", file])
            #expect(outcome.status == 0)
            #expect(outcome.output == "2 of 2 answers are the same, byte for byte\n")
        }
    }

    @Test(arguments: [["serve", "--port", "0"], ["exec", "--", "true"]])
    func `a file that cannot be written is refused at the start`(command: [String]) throws {
        try withFolder { folder in
            let outcome = try Program.mock.run(
                [command[0], "--record", "\(folder)/no/run.jsonl"] + command.dropFirst())
            #expect(outcome.status == 2)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains("no/run.jsonl: the recording cannot be written: No such file"))
        }
    }

    @Test func `the file can stand in the environment`() throws {
        try withFolder { folder in
            let file = "\(folder)/run.jsonl"
            let server = try MockServer(environment: ["CLIPRISE_MOCK_RECORD": file])
            #expect(try server.stop() == 0)
            #expect(try Self.recorded(server.child.errorText, file) == 0)
        }
    }
}
