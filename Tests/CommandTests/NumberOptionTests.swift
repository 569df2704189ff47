import ProgramRunner
import RawSocket
import Testing

/// Options that are numbers: one way to write them, in every command.
@Suite(.ownThreads) struct NumberOptionTests {
    static let whole = [
        "serve --port", "serve --tls-port", "serve --workers", "serve --body-limit", "serve --connection-limit",
        "serve --connections-per-address", "serve --idle-timeout", "serve --seed", "serve --journal-limit",
        "serve --journal-memory", "health --port", "health --timeout", "gather http://127.0.0.1:1 --timeout",
        "conformance --base-url http://127.0.0.1:1 --spend-cap",
        "conformance --base-url http://127.0.0.1:1 --unpriced", "proxy --spend-cap", "proxy --unpriced", "proxy --port",
        "prove --faults", "prove --polls", "shrink x --tries", "simulate storm --seed", "simulate storm --seeds",
        "simulate storm --credits", "simulate storm --graded", "simulate storm --clients",
    ]
    static let fractions = ["serve --time-scale", "simulate storm --time-scale", "simulate storm --vary"]
    /// Numbers within other words.
    static let parts = [
        "serve --account a=", "serve --keep-tasks ", "simulate storm --hunt ",
        "simulate storm --jobs veo-3-fast=", "simulate storm --arrival poisson:", "simulate storm --sweep factor=",
        "simulate storm --sweep max_attempts=", "simulate storm --seeds 4 --json --shard ",
        "simulate storm --for 1s --arrival uniform:",
    ]

    private static func run(_ line: String, _ value: String) throws -> Outcome {
        try Program.mock.run(line.split(separator: " ").map(String.init) + [value], limit: 30)
    }

    @Test(arguments: whole)
    func `a whole number is digits alone`(option: String) throws {
        for text in ["+5", "007", "0x10"] {
            let outcome = try Self.run(option, text)
            #expect(outcome.status == 2 && outcome.output == "")
            #expect(outcome.errors.contains("'\(text)' is invalid for '"), "\(outcome.errors)")
            #expect(outcome.errors.contains("write a whole number in digits, up to "), "\(outcome.errors)")
        }
    }

    @Test(arguments: fractions)
    func `other numbers are written as in JSON`(option: String) throws {
        for text in ["+5", "007", "0x10", ".5", "5.", "inf", "nan", "1e400"] {
            let outcome = try Self.run(option, text)
            #expect(outcome.status == 2 && outcome.output == "")
            #expect(outcome.errors.contains("write a number such as 20 or 0.5"), "\(outcome.errors)")
        }
    }

    @Test(arguments: parts)
    func `numbers within other words are read in the same way`(beginning: String) throws {
        let words = beginning.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let ending = beginning.contains("poisson") || beginning.contains("uniform") ? "/s" : ""
        for text in beginning.contains("shard") ? ["+1/4", "1/04"] : ["+5", "007"] {
            let outcome = try Program.mock.run(words.dropLast() + [words[words.count - 1] + text + ending], limit: 30)
            #expect(outcome.status == 2 && outcome.output == "", "\(outcome.output)")
        }
    }

    @Test func `the environment is read in the same way`() throws {
        let outcome = try Program.mock.run(["serve"], environment: ["CLIPRISE_MOCK_SEED": "+5"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("From the environment: CLIPRISE_MOCK_SEED"), "\(outcome.errors)")
    }
}
