import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct ExecTests {
    private static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
        try Program.mock.run(["exec"] + arguments, environment: environment)
    }

    @Test func `the command finds the server in its environment, and its output is untouched`() throws {
        let outcome = try Self.run([
            "--allow-idle", "--", "sh", "-c", "echo $CLIPRISE_BASE_URL $CLIPRISE_API_KEY $CLIPRISE_MOCK_SEED",
        ])
        #expect(outcome.output.wholeMatch(of: /http:\/\/127\.0\.0\.1:\d+ test-key 1\n/) != nil)
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("Grade"))
    }

    static let codes: [(arguments: [String], status: Int32)] = [
        (["--allow-idle", "--", "true"], 0), (["--", "sh", "-c", "exit 7"], 7),
        (["--", "sh", "-c", "kill -TERM $$"], 143), ([], 2), (["--scenario", "lost-replay", "--", "true"], 2),
        // As shells have it.
        (["--", "no-such-command-anywhere"], 127), (["--", "/"], 126), (["--", "/dev/null"], 126),
        // Nothing of the scenario was exercised.
        (["--scenario", "lost-reply", "--strict", "--allow-idle", "--", "true"], 4),
        // Who sends nothing may have called the paid service.
        (["--", "true"], 1), (["--scenario", "lost-reply", "--", "true"], 1),
        (["--scenario", "lost-reply", "--allow-idle", "--", "true"], 0),
        // Names and paths of variables.
        (["--allow-idle", "--env", "MY_URL", "--env=OTHER=/a/b", "--", "true"], 0),
        (["--env", "1X", "--", "true"], 2), (["--env", "X=relative", "--", "true"], 2),
        (["--env", "X=", "--", "true"], 2),
        (["--report", "json=/nonexistent/x", "--", "sh", "-c", "exit 9"], 2),
    ]

    @Test func `the base URL comes under the names that the code reads, and no proxy stands before it`() throws {
        let outcome = try Self.run(
            [
                "--allow-idle", "--env", "MY_URL", "--env", "OTHER_URL=/app/cliprise", "--", "sh", "-c",
                "echo $MY_URL $OTHER_URL; echo $NO_PROXY; echo $no_proxy",
            ], environment: ["NO_PROXY": "a.example, localhost"])
        let lines = outcome.output.split(separator: "\n")
        #expect(lines[0].wholeMatch(of: /(http:\/\/127\.0\.0\.1:\d+) \1\/app\/cliprise/) != nil)
        #expect(lines[1] == "a.example,localhost,127.0.0.1,::1" && lines[2] == lines[1])
    }

    @Test func `a command that sends nothing is told what to set`() throws {
        let outcome = try Self.run(["--env", "MY_URL", "--report", "junit=-", "--", "true"])
        #expect(outcome.errors.hasPrefix("FAILED: no request reached this server\n"))
        #expect(outcome.output.contains("<failure message=\"no request reached this server\""))
        #expect(outcome.errors.contains("No request reached this server"))
        #expect(!outcome.errors.contains("MY_URL\n(here"))
        let words = outcome.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("CLIPRISE_BASE_URL or MY_URL (here") && words.contains("--allow-idle"))
    }

    @Test func `a report that cannot be written is told before the command runs`() throws {
        let outcome = try Self.run(["--report", "json=/nonexistent/x", "--", "sh", "-c", "echo RAN"])
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("/nonexistent/x: the report cannot be written there"))
    }

    @Test(arguments: codes)
    func `exit codes are the command's own unless the run failed`(arguments: [String], status: Int32) throws {
        #expect(try Self.run(arguments).status == status)
    }

    /// Sends the same generate again when its answer is lost.
    static let blind = """
        for i in 1 2; do curl -s -H "Authorization: Bearer $CLIPRISE_API_KEY" -H 'Content-Type: application/json' \
        "$CLIPRISE_BASE_URL/app/cliprise/generate" -d '\(lighthouse)' >/dev/null || true; done
        """

    @Test(.enabled(if: Program.curl.works("--version"), "curl is not installed"))
    func `a client that resends a lost generate fails the run, and the report says why and what to change`() throws {
        try withFolder { folder in
            let outcome = try Self.run(
                [
                    "--scenario", "lost-reply", "--report", "json=\(folder)/r.json", "--report",
                    "junit=\(folder)/r.xml", "--report", "journal=\(folder)/j.jsonl", "--", "sh", "-c", Self.blind,
                ])
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("no_blind_resend"))
            let report =
                try JSONSerialization.jsonObject(
                    with: Data(contentsOf: URL(fileURLWithPath: "\(folder)/r.json"))) as? [String: Any]
            #expect(report?["failed"] as? Bool == true)
            #expect(try String(contentsOfFile: "\(folder)/r.xml", encoding: .utf8).contains("<failure"))
            // The saved journal gives the same verdict.
            let graded = try Program.mock.run(["grade", "\(folder)/j.jsonl", "--scenario", "lost-reply"])
            #expect(graded.status == 1)
            #expect(graded.output.contains("no_blind_resend"))
            // An annotation names a file of the user's, and none for a scenario that is built in.
            let text = try Program.mock.run(["scenario", "show", "lost-reply"]).output
            try text.write(toFile: "\(folder)/lost-reply.yaml", atomically: true, encoding: .utf8)
            for (scenario, hasFile) in [("lost-reply", false), ("\(folder)/lost-reply.yaml", true)] {
                let words = ["grade", "\(folder)/j.jsonl", "--scenario", scenario, "--format", "github"]
                let output = try Program.mock.run(words).output
                #expect(output.contains("::error "))
                #expect(output.contains("file=") == hasFile)
            }
        }
    }

    /// How often a generate with a wrong and with the right key is sent.
    static let keys: [(wrong: Int, right: Int, status: Int32, says: String)] = [
        (2, 0, 1, "2 requests reached no account: 2 × GEN-1 invalid_api_key ("),
        // The task that was made is never asked for.
        (1, 1, 1, "1 request reached no account: 1 × GEN-1 invalid_api_key ("),
    ]

    @Test(.enabled(if: Program.curl.works("--version"), "curl is not installed"), arguments: keys)
    func `a wrong key is told, and fails the run when no request had a right one`(
        wrong: Int, right: Int, status: Int32, says: String
    ) throws {
        let keys = Array(repeating: "sk-live-wrong", count: wrong) + Array(repeating: "$CLIPRISE_API_KEY", count: right)
        let calls = keys.map { key in
            #"curl -s -H "Authorization: Bearer \#(key)" -H 'Content-Type: application/json' "#
                + #""$CLIPRISE_BASE_URL/app/cliprise/generate" -d '\#(lighthouse)' >/dev/null"#
        }
        let outcome = try Self.run(["--", "sh", "-c", calls.joined(separator: "; ")])
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
        #expect(outcome.errors.contains("No request reached an account") == (right == 0))
        #expect(outcome.errors.hasPrefix("FAILED: no request reached an account\n") == (right == 0))
        #expect(!outcome.errors.contains("sk-live-wrong"))
    }

    @Test(arguments: [(SIGTERM, 143), (SIGQUIT, 131), (SIGUSR1, 138), (SIGUSR2, 140)] as [(Int32, Int32)])
    func `a signal that is sent to exec reaches the command`(signal: Int32, code: Int32) throws {
        let child = try Child(Program.mock.path, ["exec", "--quiet", "--", "sh", "-c", "echo up; exec sleep 30"])
        try child.wait(for: "the command") { child.outputText.contains("up") }
        child.signal(signal)
        #expect(try child.wait() == code)
    }

    @Test func `a command that ignores signals is killed by the third one`() throws {
        let child = try Child(
            Program.mock.path,
            ["exec", "--quiet", "--", "sh", "-c", "trap '' INT TERM HUP; echo up; while :; do sleep 0.1; done"],
            limit: 30)
        try child.wait(for: "the command") { child.outputText.contains("up") }
        // Of two alike the second may be lost.
        child.signal(SIGINT)
        child.signal(SIGTERM)
        try child.wait(for: "the word") { child.errorText.contains("\n") }
        #expect(child.errorText == "cliprise-mock: waiting for sh to end; once more kills it\n")
        child.signal(SIGHUP)
        #expect(try child.wait() == 137)
    }

    @Test(arguments: [["--help"], ["-h"]])
    func `help is asked for as everywhere`(arguments: [String]) throws {
        let outcome = try Self.run(arguments)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("CLIPRISE_BASE_URL"))
    }

    /// Variables, arguments behind exec, and what the command, which writes its own environment, must say.
    static let environments: [(environment: [String: String], arguments: [String], says: String)] = [
        // An option of serve that exec has not.
        (["CLIPRISE_MOCK_PORT": "9000"], ["true"], ""), (["CLIPRISE_MOCK_LOG": "json"], ["--", "true"], ""),
        (["CLIPRISE_MOCK_SEED": "77"], ["--", "sh", "-c", "echo $CLIPRISE_MOCK_SEED"], "77\n"),
        // What stands behind -- is the command's own.
        (
            ["CLIPRISE_MOCK_SEED": "77"], ["--", "sh", "-c", "echo $CLIPRISE_MOCK_SEED", "x", "--seed", "3", "--help"],
            "77\n"
        ),
        (["CLIPRISE_MOCK_ACCOUNT": "mine=5"], ["sh", "-c", "echo $CLIPRISE_API_KEY"], "mine\n"),
    ]

    @Test(arguments: environments.indices)
    func `the environment speaks to exec, and the command's words do not`(index: Int) throws {
        let (environment, arguments, says) = Self.environments[index]
        let outcome = try Program.mock.run(["exec", "--allow-idle"] + arguments, environment: environment)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output == says)
    }

    @Test func `a broken journal is refused with its place`() throws {
        try withFolder { folder in
            try "{\"no\": 1}\n".write(toFile: "\(folder)/j.jsonl", atomically: true, encoding: .utf8)
            let outcome = try Program.mock.run(["grade", "\(folder)/j.jsonl"])
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("j.jsonl:1:"))
        }
    }

    /// libcurl sends a request again by itself when a connection that it kept dies under it.
    @Test(.enabled(if: Program.curl.works("--version"), "curl is not installed"))
    func `a library that resends on a connection that it kept is seen, and its switch is named`() throws {
        let body = lighthouse.replacing("A lighthouse", with: "$1")
        let script = """
            body() { cat <<END
            \(body)
            END
            }
            generate=(-s -H "Authorization: Bearer $CLIPRISE_API_KEY" -H "Content-Type: application/json"
                "$CLIPRISE_BASE_URL/app/cliprise/generate")
            curl "${generate[@]}" -d "$(body one)" --next "${generate[@]}" -d "$(body two)"
            """
        let outcome = try Self.run(["--scenario", "lost-reply-reused", "--", "bash", "-c", script])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("FAIL  no_double_charge"), "\(outcome.errors)")
        #expect(outcome.errors.contains("CURLOPT_FRESH_CONNECT"), "\(outcome.errors)")
    }
}
