import ClipriseJournal
import ClipriseReport
import ClipriseScenario
import ClipriseWire
import Testing

@Suite struct WaitTests {
    /// Each row of retries: waits in seconds after failures of one task, drawn by `wait`.
    static func view(rows: Int, retries: Int, _ wait: (Int, Double?, inout Story) -> Double) -> JournalView {
        var story = Story()
        for _ in 0..<rows {
            let task = story.accepted(story.newBody())
            var previous: Double?
            for index in 0..<retries {
                story.poll(task, status: 503) { $0.shape = .none }
                let seconds = wait(index, previous, &story)
                story.wait(seconds)
                previous = seconds
            }
            story.success(task)
        }
        return story.view
    }

    static func verdict(_ property: ClientProperty, _ view: JournalView) -> Verdict {
        Grade.report(of: [view], expectations: [Demand(.property(property))]).verdicts[0]
    }

    struct Habit: Sendable, CustomTestStringConvertible {
        let jitter: BackoffFit.Jitter
        let factor: Double?
        let base: Double
        let cap: Double?
        let wait: @Sendable (Int, Double?, inout Story) -> Double

        var testDescription: String { "\(jitter) \(base) × \(factor ?? 0) ≤ \(cap ?? 0)" }
    }

    static let habits: [Habit] = [
        Habit(jitter: .none, factor: 2, base: 1, cap: nil) { index, _, _ in Double(1 << index) },
        Habit(jitter: .none, factor: 2, base: 1, cap: 6) { index, _, _ in min(6, Double(1 << index)) },
        Habit(jitter: .none, factor: 1, base: 2, cap: nil) { _, _, _ in 2 },
        Habit(jitter: .none, factor: nil, base: 0.5, cap: nil) { index, _, _ in 0.5 * Double(index + 1) },
        Habit(jitter: .full, factor: 2, base: 1, cap: nil) { index, _, story in story.draw() * Double(1 << index) },
        Habit(jitter: .full, factor: 2, base: 0.5, cap: 4) { index, _, story in
            story.draw() * min(4, 0.5 * Double(1 << index))
        },
        Habit(jitter: .equal, factor: 2, base: 1, cap: nil) { index, _, story in
            (0.5 + story.draw() / 2) * Double(1 << index)
        },
        Habit(jitter: .equal, factor: 3, base: 0.2, cap: nil) { index, _, story in
            (0.5 + story.draw() / 2) * 0.2 * [1, 3, 9, 27, 81, 243][index]
        },
        Habit(jitter: .scaled, factor: 1, base: 1, cap: nil) { _, _, story in 1 + story.draw() / 2 },
        Habit(jitter: .scaled, factor: nil, base: 1, cap: nil) { index, _, story in
            (1 + story.draw() / 2) * Double(index + 1)
        },
        Habit(jitter: .decorrelated, factor: 3, base: 0.5, cap: nil) { _, previous, story in
            0.5 + story.draw() * (3 * (previous ?? 0.5) - 0.5)
        },
    ]

    @Test(arguments: habits)
    func `the habit behind the waits is found`(habit: Habit) throws {
        let report = Grade.report(of: [Self.view(rows: 15, retries: 6, habit.wait)])
        let fit = try #require(report.retries[1].fit)
        #expect(fit.samples == 90)
        #expect(fit.jitter == habit.jitter, "\(fit)")
        #expect(fit.factor == habit.factor, "\(fit)")
        let base = Double(fit.base.nanoseconds) / 1e9
        #expect(abs(base - habit.base) <= habit.base * 0.1, "\(fit)")
        let cap = fit.cap.map { Double($0.nanoseconds) / 1e9 }
        #expect((cap == nil) == (habit.cap == nil), "\(fit)")
        if let cap, let wanted = habit.cap { #expect(abs(cap - wanted) <= wanted * 0.1, "\(fit)") }
    }

    @Test(arguments: habits)
    func `jitter is present exactly where there is some`(habit: Habit) {
        let verdict = Self.verdict(.jitterPresent(samples: 8), Self.view(rows: 4, retries: 5, habit.wait))
        #expect(verdict.outcome == (habit.jitter == .none ? .fail : .pass), "\(verdict)")
        #expect(verdict.samples == 20)
    }

    @Test(arguments: [
        [1, 2, 4, 8, 16, 32], [1, 1.6, 2.56, 4.096, 6.5536, 10.48576], [1, 1, 2, 3, 5, 8, 13], [0, 1, 2, 4, 8, 16],
        [1.2, 2.1, 4.4, 8.3, 15, 29],
    ])
    func `a single row of waits that rise shows nothing of chance`(waits: [Double]) {
        let view = Self.view(rows: 1, retries: waits.count) { index, _, _ in waits[index] }
        #expect(Self.verdict(.jitterPresent(samples: 5), view).outcome == .notExercised)
        #expect(Self.verdict(.backoff(Backoff(jitter: .full)), view).outcome != .fail)
    }

    @Test func `a single row of waits that fall shows chance`() {
        let waits = [0.4, 1.7, 0.9, 6.1, 2.2, 20]
        let view = Self.view(rows: 1, retries: waits.count) { index, _, _ in waits[index] }
        #expect(Self.verdict(.jitterPresent(samples: 5), view).outcome == .pass)
    }

    @Test func `a hiccup of the machine is no jitter`() {
        let view = Self.view(rows: 5, retries: 4) { index, _, story in
            Double(1 << index) + (index == 0 && story.draw() < 0.3 ? 0.2 : 0.001)
        }
        #expect(Self.verdict(.jitterPresent(samples: 8), view).outcome == .fail)
    }

    @Test func `too few waits are an answer`() {
        let view = Self.view(rows: 1, retries: 4) { index, _, _ in Double(1 << index) }
        let jitter = Self.verdict(.jitterPresent(samples: 8), view)
        #expect(jitter.outcome == .notExercised)
        #expect(jitter.seen.contains("too few"))
        #expect(jitter.samples == 4)
        let backoff = Self.verdict(.backoff(ClientProperty.Backoff()), view)
        #expect(backoff.outcome == .notExercised)
        #expect(backoff.seen.contains("too few"))
    }

    typealias Backoff = ClientProperty.Backoff

    static let demands: [(name: String, habit: Int, demand: Backoff, outcome: Verdict.Outcome)] = [
        ("full as demanded", 4, Backoff(base: .seconds(1), factor: 2, cap: .seconds(60), jitter: .full), .pass),
        ("too long for its base", 4, Backoff(base: .milliseconds(200), factor: 2, jitter: .full), .fail),
        ("too short for its base", 4, Backoff(base: .seconds(8), factor: 2, jitter: .full), .fail),
        ("beyond the cap", 4, Backoff(base: .seconds(1), factor: 2, cap: .seconds(4), jitter: .full), .fail),
        ("cap as demanded", 5, Backoff(base: .milliseconds(500), factor: 2, cap: .seconds(4), jitter: .full), .pass),
        ("exact where chance is demanded", 0, Backoff(jitter: .equal), .fail),
        ("full is not exact", 4, Backoff(base: .seconds(1), factor: 2, jitter: .none), .fail),
        ("full is not equal", 4, Backoff(base: .seconds(1), factor: 2, jitter: .equal), .fail),
        ("another factor", 0, Backoff(base: .seconds(1), factor: 3, jitter: .none), .fail),
        ("exact", 0, Backoff(base: .seconds(1), factor: 2, jitter: .none), .pass),
        ("any jitter", 6, Backoff(base: .seconds(1), factor: 2), .pass),
        ("decorrelated", 10, Backoff(base: .milliseconds(500), jitter: .decorrelated), .pass),
        ("full is not decorrelated", 4, Backoff(base: .seconds(1), jitter: .decorrelated), .fail),
    ]

    @Test(arguments: demands)
    func `a demanded backoff is compared with the waits`(
        name: String, habit: Int, demand: Backoff, outcome: Verdict.Outcome
    ) {
        let verdict = Self.verdict(.backoff(demand), Self.view(rows: 8, retries: 5, Self.habits[habit].wait))
        #expect(verdict.outcome == outcome, "\(verdict)")
    }

    static let retryAfters: [(asked: TimeSpan, isDate: Bool, waited: Double, part: Int, outcome: Verdict.Outcome)] = [
        (.seconds(2), false, 2.0, 0, .pass), (.seconds(2), false, 1.96, 0, .pass), (.seconds(2), false, 1.9, 0, .fail),
        (.seconds(5), true, 4.1, 1, .pass), (.seconds(5), true, 3.8, 1, .fail), (.zero, false, 0.001, 2, .pass),
        (.seconds(-30), true, 0.001, 3, .pass),
    ]

    @Test(arguments: retryAfters)
    func `Retry-After is judged for each of its forms`(
        asked: TimeSpan, isDate: Bool, waited: Double, part: Int, outcome: Verdict.Outcome
    ) {
        var story = Story()
        let body = story.newBody()
        story.limited(body, retryAfter: asked, isDate: isDate)
        story.wait(waited)
        story.accepted(body)
        let verdict = Self.verdict(.honoursRetryAfter(tolerance: .milliseconds(50)), story.view)
        #expect(verdict.parts.map(\.name) == ["seconds", "date", "zero", "past"])
        #expect(verdict.parts.map(\.outcome) == (0..<4).map { $0 == part ? outcome : .notExercised })
        #expect(verdict.outcome == (part < 2 ? outcome : .notExercised))
    }

    /// Four polls with waits on the machine's clock; the account's stands still.
    static func virtualView(_ seconds: Double, movedByHand: TimeSpan? = nil) -> JournalView {
        var story = Story()
        story.isClockVirtual = true
        let task = story.accepted(story.newBody())
        for _ in 0..<20 {
            story.poll(task)
            story.wait(seconds)
            if let movedByHand { story.moveClock(movedByHand) }
        }
        return story.view
    }

    @Test func `waits on a virtual clock are judged only where they mean something`() {
        let rate = ClientProperty.pollRate(atMost: 10, per: .seconds(1))
        #expect(Self.verdict(rate, Self.virtualView(0.001)).outcome == .notExercised)
        #expect(Self.verdict(rate, Self.virtualView(0.001)).seen.contains("virtual clock"))
        #expect(Self.verdict(rate, Self.virtualView(0.06)).outcome == .fail)
        #expect(Self.verdict(rate, Self.virtualView(0.5)).outcome == .pass)
        #expect(Self.verdict(rate, Self.virtualView(0.001, movedByHand: .milliseconds(20))).outcome == .fail)
        #expect(Self.verdict(rate, Self.virtualView(0.001, movedByHand: .seconds(2))).outcome == .pass)
    }

    @Test func `the waits of several accounts are judged together`() {
        let views = (0..<5).map { _ in Self.view(rows: 1, retries: 4) { index, _, _ in Double(1 << index) } }
        let report = Grade.report(of: views)
        let verdict = report.verdicts.first { $0.name == "jitter_present" }
        #expect(verdict?.outcome == .fail)
        #expect(verdict?.samples == 20)
        #expect(
            report.accounts.allSatisfy {
                $0.verdicts.contains { $0.name == "jitter_present" && $0.outcome == .notExercised }
            })
    }

    /// A client that gives up at each 429 and starts its next job so many seconds later.
    static let keys: [(jobs: Int, waited: Double, isOverlapping: Bool, outcome: Verdict.Outcome)] = [
        (2, 0.001, false, .notExercised), (4, 0.001, false, .fail), (4, 2.1, false, .pass),
        (4, 0.001, true, .notExercised),
    ]

    @Test(arguments: keys)
    func `Retry-After is of the key`(jobs: Int, waited: Double, isOverlapping: Bool, outcome: Verdict.Outcome) {
        var story = Story()
        let task = story.accepted(story.newBody())
        for _ in 0..<jobs {
            story.limited(story.newBody(), retryAfter: .seconds(2))
            story.wait(waited)
            // A poll of the same task between other calls shows a second worker.
            if isOverlapping { story.poll(task) }
        }
        let verdict = Self.verdict(.honoursRetryAfter(tolerance: .milliseconds(50)), story.view)
        #expect(verdict.outcome == outcome, "\(verdict)")
        #expect(verdict.parts.map(\.name).contains("key") == !isOverlapping)
        #expect(verdict.isUnclear == (jobs == 2))
    }

    @Test(arguments: [
        Backoff(factor: 2), Backoff(cap: .seconds(30)), Backoff(jitter: .none), Backoff(base: .milliseconds(100)),
        Backoff(),
    ])
    func `a client that does not wait, or always as long, fails whatever is demanded of growth`(demand: Backoff) {
        for seconds in [0.0004, 0.1, 2] {
            let view = Self.view(rows: 4, retries: 5) { _, _, _ in seconds }
            #expect(Self.verdict(.backoff(demand), view).outcome == .fail, "\(seconds) s")
        }
    }

    @Test func `equal waits pass where a factor of one is demanded`() {
        let view = Self.view(rows: 4, retries: 5) { _, _, _ in 2 }
        #expect(Self.verdict(.backoff(Backoff(factor: 1, jitter: .none)), view).outcome == .pass)
    }

    @Test(arguments: [TimeSpan.seconds(3), nil])
    func `a worker did not wait for what another that sends the same body was told`(asked: TimeSpan?) {
        var story = Story()
        for _ in 0..<12 {
            story.limited(1, retryAfter: asked)
            story.wait(0.2)
        }
        let tasks = (0..<12).map { _ in story.accepted(1) }
        for task in tasks { story.finish(task) }
        let report = Grade.report(of: [story.view])
        #expect(report.verdicts.filter { $0.outcome == .fail }.map(\.name) == [])
    }

    @Test func `events that show an early return are told once each`() throws {
        var story = Story()
        for _ in 0..<4 { story.limited(1, retryAfter: .seconds(3)) }
        let report = Grade.report(of: [story.view])
        let verdict = try #require(report.verdicts.first { $0.name == "honours_retry_after" })
        #expect(verdict.outcome == .fail)
        #expect(verdict.evidence.first?.sequences == [2, 3, 4, 5])
    }

    @Test(
        arguments: [(.aborted, .reset), (.clientLeft, .slice), (.clientLeft, .hang)]
            as [(
                ExchangeEvent.Outcome, FaultWord
            )])
    func `a wait after a 300 that did not come whole is neither a retry's nor a poll's`(
        outcome: ExchangeEvent.Outcome, fault: FaultWord
    ) {
        var story = Story()
        let task = story.accepted(story.newBody())
        for _ in 0..<20 {
            story.poll(task) {
                $0.outcome = outcome
                $0.fault = fault
                $0.faultPhase = .body
            }
            story.wait(2)
        }
        let report = Grade.report(of: [story.view])
        #expect(report.retries[1].samples == 0)
        #expect(report.polling.samples == 0)
    }

    @Test func `a failure behind a 300 that did not come whole has no known place in its row`() {
        var story = Story()
        let task = story.accepted(story.newBody())
        for status in [503, 300, 503, 300, 503] {
            story.poll(task, status: status) { $0.outcome = status == 300 ? .aborted : .completed }
            story.wait(1)
        }
        story.poll(task)
        story.wait(1)
        story.poll(task, status: 503)
        story.wait(1)
        story.success(task)
        #expect(Grade.report(of: [story.view]).retries[1].samples == 2)
    }

    /// Correct clients that meet little each: the more there are, the more of them look wrong by chance.
    @Test(arguments: 1...5)
    func `a fleet of correct clients is not failed for one that looks wrong by chance`(seed: Int) {
        var chance = Story()
        for _ in 0..<(seed * 10_000) { _ = chance.draw() }
        let views = (0..<100).map { _ in
            Self.view(rows: 2, retries: 3) { _, previous, _ in
                0.5 + chance.draw() * (3 * (previous ?? 0.5) - 0.5)
            }
        }
        let failed = Grade.report(of: views).verdicts.filter { $0.outcome == .fail }.map(\.name)
        #expect(!failed.contains("backoff") && !failed.contains("jitter_present"), "\(failed)")
    }
}
