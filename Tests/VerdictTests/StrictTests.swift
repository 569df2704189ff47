import Foundation
import ProgramRunner
import RawSocket
import Testing

/// The reference client under every built-in scenario: its fault is met, and nothing is failed or left untried.
@Suite(.ownThreads) struct StrictTests {
    struct Run: Sendable, CustomTestStringConvertible {
        let scenario: String
        let jobs: Int
        let isStrict: Bool

        var testDescription: String { "\(scenario), \(jobs) jobs\(isStrict ? ", --strict" : "")" }
    }

    /// As `scenario list` prints them.
    static let scenarios: [String] = {
        let listed = try? Program.mock.run(["scenario", "list", "--json"])
        let names = try? JSONSerialization.jsonObject(with: Data((listed?.output ?? "").utf8)) as? [[String: Any]]
        return (names ?? []).compactMap { $0["name"] as? String }
    }()

    static let runs = scenarios.flatMap { scenario in
        [1, 3].flatMap { jobs in
            [false, true].map { Run(scenario: scenario, jobs: jobs, isStrict: $0) }
        }
    }

    /// Inputs by model; the first is for scenarios that speak of no model.
    private static let inputs = [
        "qwen-image-2": ["image_size=1:1", "output_format=png", "seed=10000"],
        "grok-imagine": ["aspect_ratio=2:3"],
        "runway": ["aspectRatio=16:9", "duration=5", "quality=720p"],
    ]

    /// The model that a scenario is about: of the snapshot, one of those that answered with nothing.
    private static func model(_ scenario: String) throws -> String {
        if scenario == "snapshot" { return "runway" }
        let text = try Program.mock.run(["scenario", "show", scenario]).output
        return inputs.keys.first { text.contains("model: \($0)") } ?? "qwen-image-2"
    }

    private static let script = """
        for job in $(seq $JOBS); do "$CLIENT" run --quiet --prompt "A pier, $job" -o "$FOLDER/$job" "$@"; done
        exit 0
        """

    @Test func `scenarios are listed`() { #expect(Self.scenarios.count > 35) }

    @Test(arguments: runs)
    func `the reference client ends with 0 and has met the fault`(run: Run) throws {
        let model = try Self.model(run.scenario)
        try withFolder { folder in
            let options = ["--virtual-time"] + (run.isStrict ? ["--strict"] : [])
            let fields = (Self.inputs[model] ?? []).flatMap { ["--set", $0] }
            let outcome = try Program.mock.run(
                ["exec", "--scenario", run.scenario, "--report", "json=\(folder)/r.json"] + options
                    + ["--", "bash", "-c", Self.script, "bash", "--model", model] + fields,
                environment: ["CLIENT": Program.cliprise.path, "JOBS": "\(run.jobs)", "FOLDER": folder])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/r.json"))
            let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let counts = try #require(report["counts"] as? [String: Any])
            let hasRules = try Program.mock.run(["scenario", "show", run.scenario]).output.contains("\nrules:")
            // What a scenario without rules shows lies in its tasks and clocks: FaultsAreMetTests holds it.
            if hasRules { #expect(counts["faults"] as? Int ?? 0 > 0) }
            #expect((report["notExercised"] as? [String] ?? []).isEmpty)
        }
    }

    static let unmet: [(yaml: String, said: String)] = [
        ("rules: [{name: third, when: {operation: generate, count: 3}, fault: close}]\n", "never acted: rule third"),
        (
            "rules: [{name: quota, fault: {rate_limit: {limit: 50, window: 1s}}}]\n", "never acted: rule quota"
        ),
        (
            "rules: [{name: drawn, when: {model: veo-3}, chance: {p: 0.5, fault: close}}]\n", "never acted: rule drawn"
        ),
        ("expect: [honours_retry_after]\n", "honours_retry_after: no request followed"),
        ("expect: [accepts_both_shapes]\n", "accepts_both_shapes: no answer was a bare object"),
        ("expect: [jitter_present, backoff]\n", "jitter_present: no wait"),
        ("expect: [retries_only_retryable]\n", "retries_only_retryable: nothing was refused"),
    ]

    @Test(arguments: unmet)
    func `strict ends with 4 where a scenario asks for what the run never met`(yaml: String, said: String) throws {
        try withFolder { folder in
            let file = "\(folder)/unmet.yaml"
            try "schema: cliprise-mock/v1\nname: unmet\ntasks: [{life: {polls: 2}}]\n\(yaml)"
                .write(toFile: file, atomically: true, encoding: .utf8)
            let command =
                ["--", Program.cliprise.path, "run", "--quiet", "--model", "qwen-image-2", "--prompt", "A pier", "-o"]
                + ["\(folder)/f"] + (Self.inputs["qwen-image-2"] ?? []).flatMap { ["--set", $0] }
            #expect(try Program.mock.run(["exec", "--scenario", file, "--virtual-time"] + command).status == 0)
            let strict = try Program.mock.run(["exec", "--scenario", file, "--virtual-time", "--strict"] + command)
            #expect(strict.status == 4)
            #expect(strict.errors.contains(said), "\(strict.errors)")
        }
    }
}
