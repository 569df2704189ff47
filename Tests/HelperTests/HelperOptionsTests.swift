import Foundation
import ProgramRunner
import RawSocket
import Testing

/// What a helper takes from its command line or its inputs.
@Suite(.ownThreads) struct HelperOptionsTests {
    @Test(arguments: ["lost-reply", "lost.yaml"])
    func `pytest's tests follow the named scenario and leave a report each`(scenario: String) throws {
        let project = try #require(HelperTests.projects.first { $0.helper == "pytest" })
        try withFolder { folder in
            try project.lay(in: folder)
            try Repository.text("scenarios/lost-reply.yaml")
                .write(toFile: "\(folder)/lost.yaml", atomically: true, encoding: .utf8)
            try Repository.text("Tests/HelperTests/samples/test_pytest_scenario.py")
                .write(toFile: "\(folder)/test_it.py", atomically: true, encoding: .utf8)
            for workers in ["", "-n 2"] {
                let options = "\(workers) --cliprise-scenario \(scenario) --cliprise-report report.jsonl"
                let outcome = try Program.bash.run(
                    ["-c", "\(HelperTests.pytest) \(options)"],
                    environment: ["CLIPRISE_MOCK_BINARY": Program.mock.path, "HOME": folder], folder: folder)
                #expect(outcome.status == 1, "\(outcome.output)\n\(outcome.errors)")
                let lines = try String(contentsOfFile: "\(folder)/report.jsonl", encoding: .utf8)
                    .split(separator: "\n")
                    .map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
                var failed: [String: Bool] = [:]
                for line in lines {
                    let report = try #require(line["report"] as? [String: Any])
                    failed[try #require(line["test"] as? String)] = try #require(report["failed"] as? Bool)
                }
                #expect(lines.count == 2)
                #expect(failed == ["test_it.py::test_keeps_its_credits": false, "test_it.py::test_buys_twice": true])
            }
        }
    }

    /// Under `exec` the server's scenario is the command's own; an account takes a built-in one by name.
    @Test func `under exec pytest takes a built-in scenario, and refuses a file with the way out`() throws {
        let project = try #require(HelperTests.projects.first { $0.helper == "pytest" })
        try withFolder { folder in
            try project.lay(in: folder)
            try Repository.text("Tests/HelperTests/samples/test_pytest_scenario.py")
                .write(toFile: "\(folder)/test_it.py", atomically: true, encoding: .utf8)
            try "".write(toFile: "\(folder)/own.yaml", atomically: true, encoding: .utf8)
            func run(_ scenario: String) throws -> Outcome {
                let command = "\(HelperTests.pytest) --cliprise-scenario \(scenario)"
                return try Program.mock.run(
                    ["exec", "--quiet", "--allow-idle", "--", "bash", "-c", command], folder: folder)
            }
            let named = try run("lost-reply")
            #expect(named.status != 0)
            #expect(named.output.contains("1 failed, 1 passed") && named.output.contains("no_double_charge"))
            let file = try run("own.yaml")
            #expect(file.status != 0)
            #expect(file.output.contains("cliprise-mock exec --scenario own.yaml -- pytest"), "\(file.output)")
        }
    }

    /// A runner of GitHub puts the inputs into the step's environment and gives the script to bash.
    @Test func `the step of the composite action runs the command under exec and fails with it`() throws {
        let printed = try Program.mock.run(["helper", "github"])
        let read = try Program.python.run(
            ["-c", "import sys, yaml; print(yaml.safe_load(sys.stdin)['runs']['steps'][-1]['run'])"],
            input: printed.output)
        try #require(read.status == 0, "\(read.errors)")
        try withFolder { folder in
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/cliprise-mock", withDestinationPath: Program.mock.path)
            try Repository.text("Tests/HelperTests/samples/client.py")
                .write(toFile: "\(folder)/client.py", atomically: true, encoding: .utf8)
            // Of several lines the first that fails ends the step, as in every step of a runner.
            for (resends, after, status) in [("False", "", Int32(0)), ("True", "", 1), ("False", "\nfalse\ntrue", 1)] {
                let outcome = try Program.bash.run(
                    ["-euo", "pipefail", "-c", read.output],
                    environment: [
                        "COMMAND": """
                        python3 -B -c 'import os, client; \
                        client.make(os.environ["CLIPRISE_BASE_URL"], os.environ["CLIPRISE_API_KEY"], \(resends))'\(after)
                        """, "SCENARIO": "lost-reply",
                        "PATH": "\(folder):" + (ProcessInfo.processInfo.environment["PATH"] ?? ""),
                    ], folder: folder)
                #expect(outcome.status == status, "\(outcome.output)\n\(outcome.errors)")
                #expect(outcome.output.contains("::error") == (resends == "True"), "\(outcome.output)")
                let junit = try String(contentsOfFile: "\(folder)/cliprise-mock.xml", encoding: .utf8)
                #expect(junit.contains("<failure") == (resends == "True"))
            }
        }
    }
}
