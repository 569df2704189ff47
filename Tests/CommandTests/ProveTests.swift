import Foundation
import ProgramRunner
import Testing

@Suite struct ProveTests {
    @Test func `a policy that is safe ends with 0, and says how many states were tried`() throws {
        let outcome = try Program.mock.run(["prove", "--policy", "full-jitter", "--faults", "2"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("full-jitter: 0 double charges in "))
    }

    @Test func `a counterexample ends with 1, and is a bundle that replay plays`() throws {
        try withFolder { folder in
            let file = "\(folder)/found.jsonl"
            let outcome = try Program.mock.run(["prove", "--policy", "naive", "--faults", "1", "--record", file])
            #expect(outcome.status == 1, "\(outcome.errors)")
            #expect(outcome.output.hasPrefix("naive: up to 12 credits are charged twice."))
            let replayed = try Program.mock.run(["replay", file])
            #expect(replayed.status == 0)
            #expect(replayed.output.hasSuffix("answers are the same, byte for byte\n"))
        }
    }

    @Test func `a policy of one's own is tried`() throws {
        try withFolder { folder in
            let file = "\(folder)/ours.yaml"
            try "name: ours\non: full-jitter\nresends_unknown: true\n"
                .write(toFile: file, atomically: true, encoding: .utf8)
            let outcome = try Program.mock.run(
                ["prove", "--policy", file, "--faults", "1", "--record", "\(folder)/found.jsonl", "--json"])
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("\"double_charged\":12"))
        }
    }

    @Test(arguments: [
        (["--faults", "7"], "0 to 6"), (["--polls", "0"], "1 to 100"), (["--policy", "niave"], "did you mean"),
        (["--model", "sora-3"], "did you mean"),
    ])
    func `a mistake is named, with exit code 2`(arguments: [String], message: String) throws {
        let outcome = try Program.mock.run(["prove"] + arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
}
