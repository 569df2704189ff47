import Foundation
import ProgramRunner
import RawSocket
import Testing

/// What `shrink --expect` leaves fails for the same reason, and fails again by the command that it prints.
@Suite(.ownThreads) struct ShrinkTests {
    struct Run: Sendable, CustomTestStringConvertible {
        let property: String
        let scenario: String
        /// Options of `simulate`, or arguments of the client in Python under `exec`.
        let words: [String]
        /// The fewest requests that can show it.
        let requests: Int

        var testDescription: String { "\(property): \(scenario) \(words.joined(separator: " "))" }
    }

    static let simulated = [
        Run(property: "no_double_charge", scenario: "lost-reply", words: ["--policy", "naive"], requests: 2),
        Run(property: "no_blind_resend", scenario: "lost-reply", words: ["--policy", "naive"], requests: 2),
        // A wait has a request on either side.
        Run(property: "backoff", scenario: "down", words: ["--policy", "fixed"], requests: 6),
        Run(property: "jitter_present", scenario: "down", words: ["--policy", "exponential"], requests: 9),
        Run(property: "honours_retry_after", scenario: "outage-30s", words: ["--policy", "naive"], requests: 2),
        Run(property: "retry_budget", scenario: "outage-30s", words: ["--policy", "naive"], requests: 100),
        Run(property: "poll_rate", scenario: "outage-30s", words: ["--policy", "naive"], requests: 11),
        Run(property: "polls_per_task", scenario: "outage-30s", words: ["--policy", "naive"], requests: 61),
    ]

    static let executed = [
        Run(property: "no_waste", scenario: "flaky-polling", words: ["one-failure", "--jobs", "3"], requests: 2),
        Run(property: "no_double_charge", scenario: "lost-reply", words: ["resends", "--jobs", "3"], requests: 2),
        Run(property: "downloads_once", scenario: "quiet-day", words: ["fetches-twice", "--jobs", "3"], requests: 3),
        Run(property: "key_not_leaked", scenario: "quiet-day", words: ["leaks-key", "--jobs", "3"], requests: 1),
        Run(
            property: "accepts_both_shapes", scenario: "bare-object", words: ["bare-status-only", "--jobs", "4"],
            requests: 2),
    ]

    /// Nothing comes through, and nobody says when to come again.
    private static let down = """
        schema: cliprise-mock/v1
        name: down
        rules:
          - {when: {operation: status}, during: {from: 0s, for: 2m}, fault: {status: 500}}
          - {when: {operation: download}, plan: [{status: 500}]}
        """

    @Test(arguments: simulated)
    func `a simulated failure is cut to a scenario that simulate fails again by`(run: Run) throws {
        try withFolder { folder in
            let (bundle, small) = ("\(folder)/run.jsonl", "\(folder)/small")
            let file = "\(folder)/down.yaml"
            try Self.down.write(toFile: file, atomically: true, encoding: .utf8)
            let scenario = run.scenario == "down" ? file : run.scenario
            let recorded = try Program.mock.run(
                ["simulate", scenario, "--clients", "6", "--record", bundle] + run.words)
            #expect(recorded.status == 0, "\(recorded.errors)")
            #expect(recorded.output.contains(run.property), "\(recorded.output)")
            let shrunk = try shrink(bundle, run, to: small)
            let again = try #require(
                shrunk.split(separator: "\n").first { $0.hasPrefix("# again, with this in FILE: cliprise-mock ") })
            var words = again.split(separator: " ").map(String.init)
            words.removeFirst(7)
            let played = try Program.mock.run(words.map { $0 == "FILE" ? "\(small).yaml" : $0 })
            #expect(played.status == 1, "\(words) \(played.errors)")
            #expect(played.output.contains("failed: ") && played.output.contains(run.property))
        }
    }

    @Test(.enabled(if: Program.python.works("--version"), "python3 is not installed"), arguments: executed)
    func `a failure of a program is cut to a scenario that the program fails again by`(run: Run) throws {
        try withFolder { folder in
            let (bundle, small) = ("\(folder)/run.jsonl", "\(folder)/small")
            let client = ["python3", Repository.path("Tests/VerdictTests/clients/client.py")] + run.words
            let words = ["exec", "--scenario", run.scenario, "--record", bundle, "--"] + client
            let recorded = try Program.mock.run(words)
            #expect(recorded.status == 1, "\(recorded.errors)")
            let shrunk = try shrink(bundle, run, to: small)
            let again = "cliprise-mock exec --scenario FILE -- \(client.joined(separator: " "))"
            #expect(shrunk.contains("# again, with this in FILE: \(again)\n"), "\(shrunk)")
            let played = try Program.mock.run(["exec", "--scenario", "\(small).yaml", "--"] + client)
            #expect(played.status == 1)
            #expect(played.errors.contains("FAIL  \(run.property)"), "\(played.errors)")
        }
    }

    /// Cuts a bundle; what is left must be graded as failed for the same property.
    private func shrink(_ bundle: String, _ run: Run, to small: String) throws -> String {
        let shrunk = try Program.mock.run(
            ["shrink", bundle, "--expect", run.property, "--tries", "400", "--record", "\(small).jsonl"])
        #expect(shrunk.status == 0, "\(shrunk.errors)")
        #expect(shrunk.output.contains("# fails: \(run.property)"), "\(shrunk.output)")
        try shrunk.output.write(toFile: "\(small).yaml", atomically: true, encoding: .utf8)
        let lines = try String(contentsOfFile: "\(small).jsonl", encoding: .utf8).split(separator: "\n")
        // A header, and the last line that counts the requests.
        #expect(lines.count - 2 >= run.requests, "\(shrunk.output)")
        let graded = try Program.mock.run(["grade", "\(small).jsonl"])
        #expect(graded.status == 1, "\(graded.output)")
        #expect(graded.output.contains("FAIL  \(run.property)"), "\(graded.output)")
        let replayed = try Program.mock.run(["replay", "\(small).jsonl"])
        #expect(replayed.status == 0, "\(replayed.output)")
        return shrunk.output
    }

    @Test func `simulate writes the journal of the client that shows why a policy failed`() throws {
        try withFolder { folder in
            let (journal, report) = ("\(folder)/why.jsonl", "\(folder)/report.json")
            let run = try Program.mock.run([
                "simulate", "lost-reply", "--clients", "8", "--policy", "naive", "--report", "journal=\(journal)",
                "--report", "json=\(report)",
            ])
            #expect(run.status == 0, "\(run.errors)")
            let text = try String(contentsOfFile: journal, encoding: .utf8)
            #expect(text.split(separator: "\n").count { $0.contains("\"schema\"") } == 1, "one client's journal")
            let graded = try Program.mock.run(["grade", journal, "--scenario", "lost-reply"])
            #expect(graded.status == 1)
            #expect(graded.output.contains("FAIL  no_double_charge"), "\(graded.output)")
            let data = try Data(contentsOf: URL(fileURLWithPath: report))
            let whole = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect((whole["accounts"] as? [Any])?.count == 8, "the report is of all")
            let two = try Program.mock.run([
                "simulate", "lost-reply", "--policy", "naive", "--policy", "fixed", "--report", "text=-",
            ])
            #expect(two.status == 2 && two.errors.contains("--report shows one run: give --policy once"))
        }
    }
}
