import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct ShrinkTests {
    static let yaml = """
        schema: cliprise-mock/v1
        name: three
        rules:
          - {name: slow, when: {operation: status}, fault: {status: 502}}
          - {name: lost, when: {operation: generate, attempt: 1}, plan: [pass, {status: 418}, pass, {status: 500}]}
          - {name: busy, when: {operation: download}, fault: {status: 503}}
        """
    /// Ends with 3 when a teapot answers, else with 0.
    static let client = """
        # Three orders.
        for i in 1 2 3; do curl -s -o /dev/null -w '%{http_code}\\n' -H "Authorization: Bearer $CLIPRISE_API_KEY" \
        -H 'Content-Type: application/json' "$CLIPRISE_BASE_URL/app/cliprise/generate" -d "{\\"i\\": $i}"; done \
        | grep -q 418 && exit 3; exit 0
        """

    @Test(.enabled(if: Program.curl.works("--version"), "curl is not installed"))
    func `a scenario is cut to the one fault that makes a command fail`() throws {
        try withFolder { folder in
            let scenario = "\(folder)/three.yaml"
            try Self.yaml.write(toFile: scenario, atomically: true, encoding: .utf8)
            let outcome = try Program.mock.run(["shrink", scenario, "--", "sh", "-c", Self.client])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.hasPrefix("# 4 faults became 1, in "))
            #expect(outcome.output.contains("(its own exit code 3)\n"))
            #expect(outcome.output.contains("name: \"three-shrunk\"\n"))
            #expect(outcome.output.contains("418"))
            for gone in ["slow", "busy", "500"] { #expect(!outcome.output.contains(gone)) }
            // What is printed is a scenario, with which the command still fails.
            let small = "\(folder)/small.yaml"
            try outcome.output.write(toFile: small, atomically: true, encoding: .utf8)
            let again = try Program.mock.run(["exec", "--scenario", small, "--", "sh", "-c", Self.client])
            #expect(again.status == 3)
        }
    }

    static let refusals: [(command: [String], status: Int32, message: String)] = [
        (["true"], 1, "the command does not fail with this scenario"),
        (["no-such-program-anywhere"], 2, "no-such-program-anywhere: no such program"),
    ]

    @Test(arguments: refusals)
    func `a command that does not fail, or is not there, is told`(
        command: [String], status: Int32, message: String
    ) throws {
        let outcome = try Program.mock.run(["shrink", "storm", "--"] + command)
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(message))
        #expect(outcome.output == "")
    }
}
