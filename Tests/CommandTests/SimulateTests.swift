import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct SimulateTests {
    @Test func `a recorded run is replayed byte for byte and cut to what still fails`() throws {
        try withFolder { folder in
            let bundle = "\(folder)/run.jsonl"
            let recorded = try Program.mock.run(
                ["simulate", "storm", "--clients", "20", "--policy", "naive", "--record", bundle])
            #expect(recorded.status == 0)
            let replayed = try Program.mock.run(["replay", bundle])
            #expect(replayed.status == 0)
            #expect(replayed.output.hasSuffix("answers are the same, byte for byte\n"))
            let shrunk = try Program.mock.run(["shrink", bundle])
            #expect(shrunk.status == 0)
            #expect(shrunk.output.contains("schema: cliprise-mock/v1\nname: \"storm-shrunk\"\n"))

            var text = try String(contentsOfFile: bundle, encoding: .utf8)
            text = text.replacingOccurrences(of: "\"bytes\":", with: "\"bytes\":1")
            try text.write(toFile: bundle, atomically: true, encoding: .utf8)
            let changed = try Program.mock.run(["replay", bundle])
            #expect(changed.status == 1)
            #expect(changed.output.hasPrefix("request 1 of "))
        }
    }

    @Test func `the same command prints the same bytes`() throws {
        let arguments = [
            "simulate", "flaky-polling", "--clients", "30", "--json", "--arrival", "poisson:1/s", "--for", "30s",
        ]
        let first = try Program.mock.run(arguments)
        #expect(first.status == 0)
        #expect(try Program.mock.run(arguments).output == first.output)
    }

    @Test func `what cannot be written is refused before the run`() throws {
        let arguments = [
            "simulate", "quiet-day", "--policy", "naive", "--clients", "1000000", "--record", "/nonexistent/x.jsonl",
        ]
        let outcome = try Program.mock.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("there is no folder /nonexistent"))
    }

    @Test func `strict judges every account, where a sample of them would miss the one that fails`() throws {
        try withFolder { folder in
            try """
            schema: cliprise-mock/v1
            tasks: [{life: immediate}]
            rules: [{when: {operation: generate, account: client-77, attempt: 1}, fault: close, phase: after}]
            expect: [no_double_charge]
            """.write(toFile: "\(folder)/one.yaml", atomically: true, encoding: .utf8)
            let arguments = ["simulate", "\(folder)/one.yaml", "--clients", "300", "--policy", "naive"]
            #expect(try Program.mock.run(arguments).status == 0)
            #expect(try Program.mock.run(arguments + ["--strict"]).status == 1)
        }
    }

    @Test func `a seed that is given goes before the scenario's own`() throws {
        func run(_ seed: [String]) throws -> String {
            try Program.mock.run(["simulate", "storm", "--clients", "20", "--policy", "full-jitter", "--csv"] + seed)
                .output
        }
        let (own, one, other) = (try run([]), try run(["--seed", "5"]), try run(["--seed", "6"]))
        #expect(own != one && one != other)
        #expect(try run(["--seed", "5"]) == one)
    }

    @Test(arguments: [("report.html", "<!doctype html>"), ("report.HTM", "<!doctype html>"), ("report.svg", "<svg ")])
    func `the ending of the plot's file says what it is`(file: String, beginning: String) throws {
        try withFolder { folder in
            let path = "\(folder)/\(file)"
            let outcome = try Program.mock.run(["simulate", "quiet-day", "--clients", "3", "--plot", path])
            #expect(outcome.status == 0)
            #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix(beginning))
        }
    }

    @Test func `shards, put together, print the bytes of one run`() throws {
        try withFolder { folder in
            let options = ["simulate", "quiet-day", "--clients", "3", "--seeds", "3", "--policy", "fixed", "--json"]
            let parts = try (1...2).map { number in
                let path = "\(folder)/part\(number).json"
                let outcome = try Program.mock.run(options + ["--shard", "\(number)/2"])
                #expect(outcome.status == 0, "\(outcome.errors)")
                try outcome.output.write(toFile: path, atomically: true, encoding: .utf8)
                return path
            }
            let merged = try Program.mock.run(["simulate", "merge"] + parts + ["--json"])
            #expect(merged.status == 0, "\(merged.errors)")
            #expect(merged.output == (try Program.mock.run(options).output))
        }
    }

    static let generateInHAR = """
        {"log":{"entries":[{"startedDateTime":"2026-10-10T13:55:36.000Z",\
        "request":{"method":"POST","url":"https://a/app/cliprise/generate"}}]}}
        """

    @Test(arguments: [
        ("--arrivals", "0\n86400\n"), ("--arrivals", "\u{FEFF}0\n"), ("--lives", "\u{FEFF}z-image,5\n"),
        ("--from-log", "\u{FEFF}\(generateInHAR)"), ("--policy", "\u{FEFF}{name: a, on: naive}"),
    ])
    func `a measured file may reach to the end of a day, and begin with a byte order mark`(
        option: String, text: String
    ) throws {
        try withFolder { folder in
            let path = "\(folder)/file"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let outcome = try Program.mock.run(["simulate", "lost-reply", "--clients", "2", option, path])
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    /// With clients for minutes of work: the answer must come before it.
    static let misplacedPlots = [
        ("report.png", "ends in .html (a page) or .svg (one picture)"), ("-", "ends in .html"),
        ("svg", "ends in .html"),
        ("nowhere/report.html", "there is no folder"), ("/proc/nowhere.svg", "cannot be written"),
    ]

    @Test(arguments: misplacedPlots, [1_000_000])
    func `a plot that cannot be written is refused before the run`(plot: (String, String), clients: Int) throws {
        let outcome = try Program.mock.run(["simulate", "storm", "--clients", "\(clients)", "--plot", plot.0])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(plot.1), "\(outcome.errors)")
        #expect(outcome.output == "")
    }

    static let mistakes: [([String], String)] = [
        (["simulate", "storm", "--strict", "--graded", "0"], "--graded 0 leaves nothing to judge by"),
        (["simulate", "storm", "--strict", "--clients", "10001"], "name a sample with --graded COUNT"),
        (["simulate", "storm", "--strict", "--sweep", "base=1s"], "--strict"),
        (["simulate", "storm", "--goal", "p95"], "--goal is for a --sweep"),
        (["simulate", "storm", "--vary", "2"], "are for --seeds"),
        (["simulate", "storm", "--seeds", "2", "--shard", "1/2"], "give --json"),
        (["simulate", "storm", "--sweep", "base=1s", "--goal", "p95", "--goal", "p95"], "--goal p95 is given twice"),
        (["simulate", "storm", "calm"], "simulate merge takes files"),
        (["simulate", "merge"], "name the files of all shards"),
        (["simulate", "storm", "--for", "5m"], "a burst is over at once"),
        (["simulate", "storm", "--arrival", "poisson"], "--arrival poisson needs a rate, such as poisson:50/s"),
        (["simulate", "storm", "--arrival", "ramp", "--for", "0.0001ms"], "from 1ms to 24h"),
        (["simulate", "storm", "--jobs", "sora-2=1", "--jobs", "sora-2=2"], "--jobs sora-2 is given twice"),
        (["simulate", "storm", "--jobs", "sora-2=1e308"], "a share from 1e-9 to 1e9"),
        (["simulate", "storm", "--jobs", "sora-2=1e-320"], "a share from 1e-9 to 1e9"),
        (["simulate", "storm", "--jobs", "sora-2=-0"], "a share from 1e-9 to 1e9"),
        (["simulate", "quiet-da"], "did you mean \"quiet-day\"?"),
        (["simulate", "quiet-day", "--policy", "niave"], "did you mean \"naive\"?"),
        (["simulate", "quiet-day", "--arrival", "poisson:0/s"], "\"0/s\" is no rate"),
        (["simulate", "quiet-day", "--clients", "0"], "1 to 1000000"),
        (["simulate", "quiet-day", "--sweep", "bas=1s"], "did you mean \"base\"?"),
        (["simulate", "quiet-day", "--jobs", "sora-3=1"], "did you mean \"sora-2\"?"),
        (["replay", "nowhere.jsonl"], "no such file"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is named, with exit code 2`(arguments: [String], message: String) throws {
        let outcome = try Program.mock.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
}
