import ClipriseLocks
import ClipriseScenario
import ClipriseWire
import Dispatch
import Testing

/// Same scenario, same seed, same requests of an account: the same bytes.
@Suite struct RepeatTests {
    /// The scenario with the sample accounts of these tests in place of its own.
    static func scenario(_ name: String) throws -> Scenario {
        var scenario = try ScenarioLibrary.load(named: name)
        scenario.accounts = []
        return scenario
    }

    @Test(arguments: ScenarioLibrary.names)
    func `a scenario runs twice with the same bytes`(name: String) throws {
        func run(seed: UInt64) throws -> [String] {
            try Stage(Self.scenario(name), accounts: ["test-key"], seed: seed).play("test-key", step: .seconds(2))
        }
        let first = try run(seed: 1)
        #expect(try run(seed: 1) == first)
        #expect(first.count >= 4)
    }

    @Test func `another seed gives other task ids`() throws {
        let scenario = try Self.scenario("late-answers")
        let answers = try [1, 2].map { seed in
            try Stage(Scenario(name: scenario.name), accounts: ["test-key"], seed: seed).play(
                "test-key", step: .seconds(2))
        }
        #expect(answers[0] != answers[1])
    }

    @Test(arguments: ScenarioLibrary.names)
    func `accounts that are interleaved over threads see what each would see alone`(name: String) throws {
        let keys = (0..<6).map { "test-key-\($0)" }
        // The host's clock stands still, or who comes first would move it for the others.
        let alone = try keys.map { try Stage(Self.scenario(name), accounts: [$0]).play($0, step: .zero) }
        let stage = try Stage(Self.scenario(name), accounts: keys)
        let together = Locked(Array(repeating: [String](), count: keys.count))
        DispatchQueue.concurrentPerform(iterations: keys.count) { index in
            let lines = stage.play(keys[index], step: .zero)
            together.withLock { $0[index] = lines }
        }
        #expect(together.withLock(\.self) == alone)
    }

    @Test func `two accounts on different clocks do not disturb each other`() throws {
        var ticking = Scenario(name: "ticking")
        ticking.clock = .virtual(tickPerPoll: .seconds(2), delays: .pass)
        ticking.accounts = [AccountRule(key: "ticks-by-itself", credits: 100)]
        ticking.tasks = [TaskRule(life: .after(.fixed(.seconds(6))))]
        let ticks = try Stage(ticking)
        guard let task = ticks.generate("ticks-by-itself", prompt: "a").task else {
            Issue.record("not accepted")
            return
        }
        _ = ticks.status("ticks-by-itself", task)
        ticks.clock.advance(by: .seconds(100))
        // Its own second poll comes at 4 s, whatever the machine's clock says.
        #expect(ticks.status("ticks-by-itself", task).hasPrefix("300"))
        #expect(ticks.status("ticks-by-itself", task).hasPrefix("200"))
    }
}
