import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct ConformanceCommandTests {
    private func conformance(
        _ server: MockServer, _ arguments: [String] = [], key: String? = "test-key"
    ) throws -> Outcome {
        try Program.mock.run(
            ["conformance", "--base-url", server.url] + arguments,
            environment: key.map { ["CLIPRISE_API_KEY": $0] } ?? [:])
    }

    @Test(arguments: ["documented", "snapshot-2026-04-04", "later"])
    func `a server is the same as its edition, and its ledger stays as it was`(profile: String) throws {
        let server = try MockServer(["--profile", profile])
        let outcome = try conformance(server, ["--profile", profile])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("27 same, 0 differ"))
        #expect(outcome.output.contains("credits before 10000, after 10000"))
        #expect(!outcome.output.contains("test-key"))
        let ledger = try server.admin("GET", "accounts/test-key/ledger").text
        #expect(ledger.contains("opening") && !ledger.contains("hold"))
    }

    @Test func `a difference ends with 1 and comes over in a profile, which another server follows`() throws {
        try withFolder { folder in
            let live = try MockServer(["--profile", "later"])
            let file = "\(folder)/live.json"
            let found = try conformance(live, ["--write-profile", file])
            #expect(found.status == 1)
            #expect(found.output.contains("differs        GEN-1   generate without a key: status, shape"))
            let copy = try MockServer(["--profile", file])
            let again = try conformance(copy, ["--profile", "later"])
            #expect(again.status == 0, "\(again.output)")
            let reply = try copy.generate(lighthouse, key: "nobody")
            #expect(reply.status == 401)
            #expect(
                reply.text
                    == #"{"code":401,"error":{"code":"invalid_api_key","message":"Missing or invalid API key."}}"#)
        }
    }

    @Test func `a cap follows a job to its file`() throws {
        let server = try MockServer(["--time-scale", "0"])
        let outcome = try conformance(server, ["--spend-cap", "100"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("same           STA-5   the file of a finished job"))
        #expect((try server.account("test-key")["credits"] as? Int ?? 0) >= 9_900)
    }

    @Test func `JSON and JUnit say the same`() throws {
        let server = try MockServer(["--profile", "later"])
        let json = try conformance(server, ["--format", "json"])
        let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        let differ = document?["differ"] as? Int ?? 0
        #expect(differ > 0)
        let xml = try conformance(server, ["--format", "junit"])
        #expect(xml.output.components(separatedBy: "<failure ").count == differ + 1)
    }

    @Test func `without a key, and without a server`() throws {
        let server = try MockServer()
        let keyless = try conformance(server, key: nil)
        #expect(keyless.status == 0)
        #expect(keyless.output.contains("12 same, 0 differ"))
        #expect(keyless.output.contains("without a key"))
        let port = server.port
        _ = try server.stop()
        let gone = try Program.mock.run(["conformance", "--base-url", "http://127.0.0.1:\(port)"])
        #expect(gone.status == 1)
        #expect(gone.errors.contains("nothing could be verified"))
        #expect(try Program.mock.run(["conformance", "--base-url", "nonsense"]).status == 2)
    }

    @Test func `a profile file that is wrong or not there is refused, and none goes into a recording`() throws {
        try withFolder { folder in
            let file = "\(folder)/p.json"
            try Data(#"{"base":"later","answers":{"GEN-1":{"status":4000}}}"#.utf8).write(
                to: URL(fileURLWithPath: file))
            let wrong = try Program.mock.run(["serve", "--port", "0", "--profile", file])
            #expect(wrong.status == 2 && wrong.errors.contains("answers.GEN-1: \"status\""))
            #expect(try Program.mock.run(["serve", "--port", "0", "--profile", "\(folder)/none.json"]).status == 2)
            #expect(try Program.mock.run(["serve", "--port", "0", "--profile", "latest"]).status == 2)
            try Data(#"{"base":"later"}"#.utf8).write(to: URL(fileURLWithPath: file))
            let recorded = try Program.mock.run(
                ["serve", "--port", "0", "--unknown-model", "warn", "--record", "\(folder)/run.jsonl"])
            #expect(recorded.status == 2 && recorded.errors.contains("--record"))
        }
    }
}

/// What was verified is shown wherever facts are.
@Suite(.ownThreads) struct VerificationTests {
    @Test func `what a run verified is said by models, by the server and by its catalogue`() throws {
        try withFolder { folder in
            let live = try MockServer(["--profile", "later", "--account", "test-key=1000"])
            let file = "\(folder)/live.json"
            let written = try Program.mock.run(
                ["conformance", "--base-url", live.url, "--write-profile", file],
                environment: ["CLIPRISE_API_KEY": "test-key"])
            #expect(written.status == 1)
            let day = try #require(
                (try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file))) as? [String: Any])?[
                    "verified"] as? String)
            #expect(day.wholeMatch(of: /20\d\d-\d\d-\d\d/) != nil)

            let tried = try Program.mock.run(["models", "show", "flux-2", "--verified", file]).output
            #expect(tried.contains("GEN-7 same [V \(day)]"), "\(tried)")
            #expect(tried.contains("verified on \(day) by conformance against \(live.url): "))
            let other = try Program.mock.run(["models", "show", "kling-3", "--verified", file]).output
            #expect(other.contains("nothing with this model [V \(day)]"))
            #expect(!(try Program.mock.run(["models", "show", "flux-2"])).output.contains("[V "))
            let coverage = try Program.mock.run(["models", "coverage", "--verified", file]).output
            #expect(coverage.split(separator: "\n").first?.hasSuffix("VERIFIED") == true, "\(coverage.prefix(200))")
            #expect(coverage.split(separator: "\n").contains { $0.hasPrefix("flux-2 ") && $0.hasSuffix("GEN-7 same") })

            let copy = try MockServer(["--profile", file])
            #expect(try copy.banner().contains("cliprise-mock"))
            let catalog = try copy.admin("GET", "catalog").fields
            let verified = try #require(catalog["verified"] as? [String: Any])
            #expect(verified["day"] as? String == day && verified["server"] as? String == live.url)
            #expect((verified["clauses"] as? [String: String])?["GEN-1"] == "differs")
            #expect((verified["models"] as? [String: [String: String]])?["flux-2"] == ["GEN-7": "same"])
            #expect(try copy.stop() == 0)
            #expect(copy.child.errorText.contains("Profile documented, verified on \(day) by conformance against"))
            #expect(try live.admin("GET", "catalog").fields["verified"] == nil)
        }
    }
}
