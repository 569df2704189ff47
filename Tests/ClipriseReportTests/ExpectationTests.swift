import ClipriseJournal
import ClipriseWire
import Testing

@testable import ClipriseReport
@testable import ClipriseScenario

@Suite struct ExpectationTests {
    /// Three tasks and a refusal by a rule: polled twice, fetched and paid 40 for; polled once, failed; never asked for.
    static var view: JournalView {
        var story = Story()
        story.rules = ["busy", "never"]
        story.ruleActs = [1, 0]
        story.refused(1, status: 503) {
            $0.rule = 0
            $0.fault = .status
            $0.retryAfter = .seconds(1)
        }
        story.wait(1.005)
        story.accepted(1)
        story.poll(1)
        story.wait(2)
        story.settle(1)
        story.success(1)
        story.download(1)
        story.accepted(2, model: 1)
        story.settle(2, succeeded: false)
        story.failure(2)
        story.note(.callback(CallbackEvent(task: 1, attempt: 1, status: 200)))
        story.accepted(3, credits: 7, model: 2)
        return story.view
    }

    /// The same without the task that was never asked for.
    static var frugal: JournalView {
        var view = view
        view.events.removeLast()
        view.money.held = 0
        view.money.available += 7
        return view
    }

    static func verdict(_ kind: Demand.Kind, _ view: JournalView = view) -> Verdict {
        Grade.report(of: [view], expectations: [Demand(kind)]).verdicts[0]
    }

    static let counts: [(CountExpectation.Subject, Filter, Int64)] = [
        (.requests, Filter(), 8), (.requests, Filter(status: 503), 1), (.requests, Filter(clause: .sta5), 1),
        (.requests, Filter(rule: "busy"), 1), (.requests, Filter(rule: "never"), 0),
        (.requests, Filter(model: Glob("flux-*")), 1), (.attempts, Filter(), 4),
        (.attempts, Filter(model: Glob("veo-*")), 2), (.polls, Filter(), 3), (.downloads, Filter(), 1),
        (.charges, Filter(), 1), (.charges, Filter(model: Glob("flux-2")), 0), (.creditsCaptured, Filter(), 40),
        (.creditsWasted, Filter(), 7), (.callbacks, Filter(), 1), (.tasks, Filter(), 3), (.tasksSucceeded, Filter(), 1),
        (.tasksFailed, Filter(), 1), (.tasksFailed, Filter(model: Glob("flux-2")), 1),
    ]

    @Test(arguments: counts)
    func `each subject is counted, and each bound holds to the last one`(
        subject: CountExpectation.Subject, filter: Filter, number: Int64
    ) {
        let bounds: [(CountExpectation.Bound, Bool)] = [
            (.exactly(number), true), (.exactly(number + 1), false), (.atMost(number), true),
            (.atMost(number - 1), false),
            (.atLeast(number), true), (.atLeast(number + 1), false), (.between(number, number + 2), true),
            (.between(number + 1, number + 2), false), (.between(number - 2, number - 1), false), (.never, number == 0),
        ]
        for (bound, holds) in bounds {
            let verdict = Self.verdict(.count(CountExpectation(subject, bound, filter: filter)))
            #expect(verdict.outcome == (holds ? .pass : .fail), "\(bound): \(verdict)")
        }
    }

    static let perTask: [(CountExpectation.Subject, CountExpectation.Bound, Verdict.Outcome)] = [
        (.pollsPerTask, .atMost(2), .pass), (.pollsPerTask, .atMost(1), .fail), (.pollsPerTask, .atLeast(1), .pass),
        (.pollsPerTask, .exactly(2), .fail), (.pollsPerTask, .between(1, 2), .pass),
        (.downloadsPerTask, .atMost(1), .pass), (.downloadsPerTask, .never, .fail),
        (.downloadsPerTask, .atLeast(1), .fail),
    ]

    @Test(arguments: perTask)
    func `what is counted per task holds for each task`(
        subject: CountExpectation.Subject, bound: CountExpectation.Bound, outcome: Verdict.Outcome
    ) {
        #expect(Self.verdict(.count(CountExpectation(subject, bound))).outcome == outcome)
    }

    @Test(arguments: [
        (CountExpectation.Bound.atMost(1), "Poll less often: wait longer between polls, and stop at the end"),
        (.atLeast(3), "Find out why the client stopped short: what should have happened did not"),
    ])
    func `advice is for the side on which a bound was passed`(bound: CountExpectation.Bound, change: String) {
        var story = Story()
        let task = story.accepted(1)
        story.poll(task)
        story.poll(task)
        let demand = Demand(.count(CountExpectation(.pollsPerTask, bound)))
        #expect(Grade.report(of: [story.view], expectations: [demand]).verdicts.first?.change == change)
    }

    @Test func `per task without a task an upper bound holds, and a lower one is not exercised`() {
        let most = Self.verdict(.count(CountExpectation(.pollsPerTask, .atMost(1))), Story().view)
        #expect(most.outcome == .pass)
        let least = Self.verdict(.count(CountExpectation(.pollsPerTask, .atLeast(1))), Story().view)
        #expect(least.outcome == .notExercised)
    }

    @Test func `an order may have others between, and must be whole`() {
        let (generate, status, download) = (
            Filter(operation: .generate), Filter(operation: .status), Filter(operation: .download)
        )
        #expect(Self.verdict(.inOrder([generate, status, download, status])).outcome == .pass)
        let verdict = Self.verdict(.inOrder([download, generate, download]))
        #expect(verdict.outcome == .fail)
        #expect(verdict.seen == "step 3 (download) was not seen after #8")
        #expect(verdict.evidence.first?.sequences == [7, 8])
    }

    @Test func `within counts from arrival to arrival on the account's clock`() {
        let (busy, ok) = (Filter(operation: .generate, status: 503), Filter(operation: .generate, status: 200))
        #expect(Self.verdict(.within(from: busy, to: ok, .milliseconds(1_010))).outcome == .pass)
        let late = Self.verdict(.within(from: busy, to: ok, .milliseconds(1_009)))
        #expect(late.outcome == .fail)
        #expect(late.seen == "1.01 s from #2 to #3")
        #expect(Self.verdict(.within(from: ok, to: busy, .seconds(9))).outcome == .fail)
        #expect(Self.verdict(.within(from: Filter(status: 418), to: ok, .seconds(9))).outcome == .notExercised)
    }

    static let gaps: [(TimeSpan?, TimeSpan?, Verdict.Outcome)] = [
        (.seconds(2), nil, .pass), (.milliseconds(2_001), nil, .fail), (nil, .seconds(2), .pass),
        (nil, .milliseconds(1_999), .fail), (.seconds(1), .seconds(3), .pass),
    ]

    @Test(arguments: gaps)
    func `a gap is the wait between attempts of one call`(
        atLeast: TimeSpan?, atMost: TimeSpan?, outcome: Verdict.Outcome
    ) {
        let verdict = Self.verdict(.gap(of: Filter(operation: .status), atLeast: atLeast, atMost: atMost))
        #expect(verdict.outcome == outcome)
        #expect(verdict.samples == 1)
    }

    @Test func `what is not demanded is judged but does not fail the run`() {
        var client = Client()
        client.downloads = 2
        let view = client.play()
        let one = Grade.report(of: [view], expectations: [Demand(.property(.noDoubleCharge))])
        #expect(one.verdicts.count == ClientProperty.all.count)
        let costly = ["no_double_charge", "no_blind_resend", "no_waste", "key_not_leaked"]
        #expect(one.verdicts.filter(\.isDemanded).map(\.name) == costly)
        #expect(one.verdicts.filter(\.isExpected).map(\.name) == ["no_double_charge"])
        #expect(one.letter == .b && !one.failed)
        let two = Grade.report(of: [view], expectations: [Demand(.property(.downloadsOnce))])
        #expect(two.failed)
    }

    @Test func `a property that is named is judged with its own numbers`() {
        let strict = ClientProperty.pollRate(atMost: 1, per: .seconds(60))
        let report = Grade.report(of: [Client().play()], expectations: [Demand(.property(strict))])
        #expect(report.verdicts.first?.title == "poll_rate at most 1 in 60 s")
        #expect(report.failed)
        #expect(report.verdicts.count { $0.name == "poll_rate" } == 1)
    }

    @Test func `an account that nobody used is passed over, unless none was used`() {
        let expectations = [Demand(.count(CountExpectation(.charges, .exactly(1))))]
        let unused = Story().view
        #expect(!Grade.report(of: [unused, Self.frugal], expectations: expectations).failed)
        #expect(Grade.report(of: [unused], expectations: expectations).failed)
        #expect(Grade.report(of: [], expectations: []).exitCode(strict: false) == 0)
    }

    @Test func `every account must meet an expectation by itself`() {
        let expectations = [Demand(.count(CountExpectation(.charges, .exactly(1))))]
        var other = Client().play()
        other.account = "other…"
        let report = Grade.report(of: [Self.view, other], expectations: expectations)
        #expect(report.failed)
        #expect(report.verdicts[0].evidence.map(\.account) == ["other…"])
        #expect(report.accounts.map { $0.verdicts[0].outcome } == [.pass, .fail])
    }

    @Test func `strict fails a run in which something was not exercised`() {
        let report = Grade.report(
            of: [Self.frugal], expectations: [Demand(.property(.acceptsBothShapes))])
        #expect(report.exitCode(strict: false) == 0)
        #expect(report.notExercised == ["accepts_both_shapes", "rule never"])
        #expect(report.exitCode(strict: true) == 4)
    }

    /// Nobody can make chance strike: the rule was met, and let every request through.
    @Test func `a rule of chance that was drawn in vain is reported, and strict fails only for one that nothing met`() {
        var view = Self.frugal
        view.rules = ["never-met", "drawn"]
        (view.ruleActs, view.ruleDraws) = ([0, 0], [0, 3])
        let report = Grade.report(of: [view, view])
        #expect(report.notExercised == ["rule never-met"])
        #expect(report.exitCode(strict: true) == 4)
        #expect(report.undrawnRules == [Report.UndrawnRule(name: "drawn", draws: 6)])
        #expect(report.text().contains("never drawn by chance: rule drawn (6 draws)"))
        view.ruleActs = [0, 1]
        #expect(Grade.report(of: [view]).undrawnRules.isEmpty)
    }

    /// Most scenarios name them, and few lose an answer: whoever demands a property must be able to have it exercised.
    @Test func `what is judged in every run need not be exercised, nor need an upper bound on nothing`() {
        let demanded = [
            Demand(.property(.noDoubleCharge)), Demand(.property(.noBlindResend)),
            Demand(.count(CountExpectation(.pollsPerTask, .atMost(3)))),
        ]
        let report = Grade.report(of: [Story().view], expectations: demanded)
        #expect(report.notExercised.filter { !$0.hasPrefix("rule ") } == [])
        let least = [Demand(.count(CountExpectation(.pollsPerTask, .atLeast(1))))]
        let unmet = Grade.report(of: [Story().view], expectations: least)
        #expect(unmet.notExercised.contains("polls_per_task at least 1"))
    }
}
