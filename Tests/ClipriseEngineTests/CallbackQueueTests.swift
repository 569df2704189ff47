import ClipriseJournal
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct CallbackQueueTests {
    /// Positions and instants of the attempts that fall due within two minutes when each of two tasks ends after its
    /// own number of seconds, and every attempt is answered with the next status.
    private static func attempts(
        _ yaml: String, tasks: Int = 1, answers: [Int?] = [200, 200, 200, 200, 200, 200]
    ) throws -> [String] {
        var bench = try Bench("clock: {mode: virtual}\n" + yaml)
        for number in 0..<tasks { _ = bench.generate(prompt: "task \(number)") }
        var (seen, answers): ([String], [Int?]) = ([], answers)
        while let due = bench.account.nextDue, due <= .seconds(120) {
            bench.account.advance(to: due, at: bench.time)
            for job in bench.account.takeDues().callbacks {
                seen.append("\(due.nanoseconds / 1_000_000_000)s:\(job.position)")
                let status = job.fault == .drop ? nil : answers.isEmpty ? 200 : answers.removeFirst()
                bench.account.callbackEnded(job, status: status, error: nil, at: bench.time)
            }
        }
        return seen
    }

    static let life = "tasks:\n  - {ordinal: 1, life: {after: 10s}}\n  - {ordinal: 2, life: {after: 20s}}\n"

    static let cases: [(yaml: String, tasks: Int, answers: [Int?], attempts: [String])] = [
        // Nothing is delivered unless a scenario turns it on (contract, CB-1).
        ("", 1, [], []),
        ("callbacks: {}\n", 1, [200], ["10s:0"]),
        ("callbacks: {delay: 3s}\n", 1, [200], ["13s:0"]),
        // Three retries after the first attempt (upstream, "Callbacks"); the pause is the scenario's.
        ("callbacks: {pause: 5s}\n", 1, [500, nil, 301, 500, 500], ["10s:0", "15s:0", "20s:0", "25s:0"]),
        ("callbacks: {pause: 5s, retries: 1}\n", 1, [500, 500, 500], ["10s:0", "15s:0"]),
        ("callbacks: {pause: 5s}\n", 1, [500, 200], ["10s:0", "15s:0"]),
        ("callbacks: {}\nrules:\n  - {fault: {callback: drop}}\n", 1, [200], ["10s:0"]),
        ("callbacks: {}\nrules:\n  - {fault: {callback: {delay: 30s}}}\n", 1, [200], ["40s:0"]),
        (
            "callbacks: {}\nrules:\n  - {fault: {callback: {duplicate: 3}}}\n", 1, [200, 200, 200],
            ["10s:0", "10s:0", "10s:0"]
        ),
        (
            "callbacks: {}\nrules:\n  - {when: {task: 1}, fault: {callback: reorder}}\n", 2, [200, 200],
            ["20s:1", "20s:0"]
        ),
        // With no other callback to change places with, it goes out by itself after half a minute.
        ("callbacks: {}\nrules:\n  - {when: {task: 1}, fault: {callback: reorder}}\n", 1, [200], ["40s:0"]),
    ]

    @Test(arguments: cases)
    func `callbacks fall due as rule and faults want it`(
        yaml: String, tasks: Int, answers: [Int?], attempts: [String]
    ) throws {
        #expect(try Self.attempts(Self.life + yaml, tasks: tasks, answers: answers) == attempts)
    }

    @Test func `each attempt stands in the journal with its fault`() throws {
        var bench = try Bench(
            "clock: {mode: virtual}\ncallbacks: {}\n" + Self.life + "rules:\n  - {fault: {callback: drop}}\n")
        _ = bench.generate()
        bench.account.advance(to: .seconds(10), at: bench.time)
        for job in bench.account.takeDues().callbacks {
            bench.account.callbackEnded(job, status: nil, error: nil, at: bench.time)
        }
        let noted = bench.account.world.journal.events().compactMap { event in
            if case .callback(let callback) = event.kind { callback } else { nil as CallbackEvent? }
        }
        #expect(noted == [CallbackEvent(task: 1, attempt: 1, status: nil, fault: .drop, error: nil)])
    }
}
