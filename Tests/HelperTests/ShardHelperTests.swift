import Foundation
import ProgramRunner
import Testing

/// The helpers that split an experiment over machines; each gives the bytes of one run.
@Suite struct ShardHelperTests {
    private static let simulation = ["quiet-day", "--clients", "3", "--policy", "full-jitter", "--policy", "fixed"]

    private static func expected() throws -> String {
        try Program.mock.run(["simulate"] + simulation + ["--seeds", "4"]).output
    }

    private static func lay(_ helper: String, in folder: String) throws -> String {
        let path = "\(folder)/experiment.sh"
        try Program.mock.run(["helper", helper]).output.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test(.enabled(if: Program(path: "parallel").works("--version"), "GNU parallel is not installed"))
    func `parallel runs the parts and prints the report of one run`() throws {
        try withFolder { folder in
            let script = try Self.lay("parallel", in: folder)
            let outcome = try Program.bash.run(
                [script] + Self.simulation,
                environment: [
                    "CLIPRISE_MOCK_BINARY": Program.mock.path, "SEEDS": "4", "SHARDS": "3", "HOME": folder,
                ], folder: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output == (try Self.expected()))
            #expect(try String(contentsOfFile: "\(folder)/report.html", encoding: .utf8).hasPrefix("<!doctype html>"))
        }
    }

    /// Slurm starts the script once for each task of the array, with these variables.
    @Test func `the tasks of a Slurm array write parts that merge to one run`() throws {
        try withFolder { folder in
            let script = try Self.lay("slurm", in: folder)
            #expect(try Program.bash.run(["-n", script]).status == 0)
            for task in 1...3 {
                let outcome = try Program.bash.run(
                    [script] + Self.simulation,
                    environment: [
                        "CLIPRISE_MOCK_BINARY": Program.mock.path, "SEEDS": "4", "SLURM_ARRAY_JOB_ID": "77",
                        "SLURM_ARRAY_TASK_ID": "\(task)", "SLURM_ARRAY_TASK_COUNT": "3",
                    ], folder: folder)
                #expect(outcome.status == 0, "\(outcome.errors)")
            }
            let parts = (1...3).map { "\(folder)/parts-77/part\($0).json" }
            #expect(try Program.mock.run(["simulate", "merge"] + parts).output == (try Self.expected()))
        }
    }

    /// Kubernetes counts the pods of an Indexed Job from 0.
    @Test func `the pods of an indexed job run shards that count from one`() throws {
        let printed = try Program.mock.run(["helper", "kubernetes-indexed-job"]).output
        let command = try #require(printed.firstMatch(of: /exec cliprise-mock (.*)\n *(--seeds .*)\n/))
        let words = "\(command.1) \(command.2)"
        let outcome = try Program.bash.run(
            ["-c", "printf '%s ' \(words)"], environment: ["JOB_COMPLETION_INDEX": "7", "SHARDS": "8"])
        #expect(outcome.output.contains("--seeds 30 --shard 8/8 --json"), "\(outcome.output)")
        #expect(printed.contains("completions: 8\n"))
        #expect(printed.contains("{name: SHARDS, value: \"8\"}"))
    }
}
