import ClipriseCatalog
import ClipriseJournal
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct TaskFaultTests {
    /// What each poll of one task says, ten seconds apart.
    private static func polls(_ tasks: String, _ count: Int) throws -> [Int] {
        var bench = try Bench("tasks:\n  - \(tasks)\n")
        let id = bench.task()
        return try (0..<count).map { _ in
            bench.advance(.seconds(10))
            return try bench.status(id).plan.status
        }
    }

    /// 300 is processing, 200 success, 400 a failure or an unknown task (reference, "Status and download").
    static let lives: [(tasks: String, statuses: [Int])] = [
        ("{life: immediate}", [200]), ("{life: {after: 20s}}", [300, 200]), ("{life: {after: 25s}}", [300, 300, 200]),
        ("{life: {polls: 3}}", [300, 300, 200, 200]), ("{life: {polls: 1}}", [200]),
        ("{life: {after: 20s}, outcome: stuck}", [300, 300, 300, 300]),
        ("{life: {polls: 2}, outcome: stuck}", [300, 300, 300]),
        ("{life: {after: 10s}, outcome: {slow: 3}}", [300, 300, 200]),
        ("{life: {after: 20s}, outcome: {fail: no}}", [300, 400, 400]),
        ("{life: {polls: 2}, outcome: fail}", [300, 400]),
        ("{life: {after: 10s}, outcome: {flap: 2}}", [200, 300, 300, 200, 200]),
        ("{life: {after: 40s}, outcome: {lost: {after: 20s}}}", [300, 400, 400, 400]),
        ("{life: {after: 10s}, outcome: {expired_url: 5s}}", [200, 200]),
        ("{model: \"veo-*\", life: immediate, outcome: fail}", [200]),
        ("{prompt: moderation, outcome: fail}", [200]), ("{ordinal: 2, outcome: fail}", [200]),
        ("{chance: 0, outcome: fail}", [200]), ("{chance: 1, outcome: fail}", [400]),
    ]

    @Test(arguments: lives)
    func `a task lives and ends as its scenario says`(tasks: String, statuses: [Int]) throws {
        #expect(try Self.polls(tasks, statuses.count) == statuses)
    }

    @Test func `a failed task carries the scenario's text, costs nothing, and the others are fine`() throws {
        var bench = try Bench("tasks:\n  - {outcome: {fail: \"flagged as \\\"violating\\\"\"}, times: 1}\n")
        let (first, second) = (bench.task(prompt: "a"), bench.task(prompt: "b"))
        bench.advance(.seconds(60))
        #expect(try bench.status(first).text == #"{"status":"failed","failMsg":"flagged as \"violating\""}"#)
        #expect(try bench.status(second).plan.status == 200)
        #expect((bench.account.ledger.captured, bench.account.ledger.held) == (12, 0))
    }

    @Test func `without a text a failure draws one of those that upstream documents`() throws {
        var bench = try Bench("tasks:\n  - {life: immediate, outcome: fail}\n", credits: 10_000)
        var seen: Set<String> = []
        for number in 0..<100 {
            let text = try bench.status(bench.task(prompt: "\(number)")).text
            let message = text.dropFirst(#"{"status":"failed","failMsg":""#.count).dropLast(2)
            #expect(FailMessage.library.contains(String(message)))
            seen.insert(String(message))
        }
        #expect(seen.count > 5)
    }

    @Test func `an expired link answers 404 while the status goes on to say success`() throws {
        var bench = try Bench("tasks:\n  - {life: {after: 10s}, outcome: {expired_url: 30s}}\n")
        let id = bench.task()
        bench.host = .seconds(39)
        #expect(try bench.status(id, download: true).plan.status == 200)
        bench.host = .seconds(40)
        #expect(try bench.status(id, download: true).plan.status == 404)
        #expect(try bench.status(id).plan.status == 200)
    }

    @Test func `a fault of a rule decides the task of its generate, before the scenario's tasks do`() throws {
        var bench = try Bench(
            "tasks:\n  - {life: immediate}\nrules:\n  - {when: {task: 1}, fault: {fail: by hand}}\n")
        let (first, second) = (bench.task(prompt: "a"), bench.task(prompt: "b"))
        #expect(try bench.status(first).text == #"{"status":"failed","failMsg":"by hand"}"#)
        #expect(try bench.status(second).plan.status == 200)
    }

    @Test func `a charge at acceptance is taken at once and given back when the task fails`() throws {
        var bench = try Bench("charge: on_accept\ntasks:\n  - {life: {after: 10s}, outcome: fail, times: 1}\n")
        _ = bench.task(prompt: "a")
        _ = bench.task(prompt: "b")
        #expect((bench.account.ledger.captured, bench.account.ledger.held) == (24, 0))
        bench.advance(.seconds(60))
        _ = bench.generate(prompt: "c")
        #expect((bench.account.ledger.captured, bench.account.ledger.available) == (24, 976))
        #expect(bench.account.ledger.breach == nil)
    }

    @Test func `seconds of media that is never fetched come from the scenario, and the price with them`() throws {
        var bench = try Bench("tasks:\n  - {media_seconds: 7}\n")
        let motion = Array(
            #"{"model":"elevenlabs-speech-to-text","callBackUrl":"https://a.example/x","input":{"audio_url":"https://a.example/a.mp3"}}"#
                .utf8)
        let order = try bench.engine.order(motion).get()
        let request = Request(method: .post, target: Array("/app/cliprise/generate".utf8), body: motion)
        _ = bench.engine.decide(.order(order), request, for: &bench.account, at: bench.time)
        #expect(bench.account.ledger.held == order.credits / order.multiplier * 7)
        #expect(order.multiplier != 7)
    }

    @Test func `every lost, flapping or failing task leaves money that adds up, event by event`() throws {
        var bench = try Bench(
            """
            tasks:
              - {chance: 0.2, outcome: fail}
              - {chance: 0.2, outcome: {flap: 2}}
              - {chance: 0.2, outcome: {lost: {after: 5s}}}
              - {chance: 0.2, outcome: stuck}
            rules:
              - {chance: {p: 0.3, fault: close, phase: after}}
            """, credits: 500)
        for number in 0..<60 {
            _ = bench.generate(prompt: "\(number)")
            bench.advance(.seconds(1))
        }
        let events = bench.account.world.journal.events()
        let held = events.reduce(into: Int64(0)) { sum, event in
            switch event.kind {
            case .exchange(let exchange): sum += exchange.held
            case .settled(let settled): sum -= settled.captured + settled.released
            case .callback, .money, .clock: break
            }
        }
        #expect(held == bench.account.ledger.held)
        #expect(held > 0)
    }
}
