import ClipriseJournal
import ClipriseReport
import ClipriseScenario
import ClipriseWire
import Testing

/// Jobs that are bought again although nothing was wasted by the first one alone.
@Suite struct BoughtAgainTests {
    enum Outcome { case again, unclear, none }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let outcome: Outcome
        /// Credits that bought nothing.
        let lost: Int64
        let tell: @Sendable (inout Story) -> Void

        init(_ habit: String, _ outcome: Outcome, lost: Int64 = 0, _ tell: @escaping @Sendable (inout Story) -> Void) {
            (testDescription, self.outcome, self.lost, self.tell) = (habit, outcome, lost, tell)
        }
    }

    /// A task that its client gives up after ten failed polls.
    private static func outage(_ story: inout Story, _ body: UInt64, job: String? = nil) {
        let task = story.accepted(body) { $0.job = job }
        for _ in 0..<10 { story.poll(task, status: 502) { $0.shape = .none } }
    }

    /// A generate while another is being answered, whose client leaves before its own answer; and then the other's end.
    private static func hedge(
        _ story: inout Story, _ body: UInt64, job: String? = nil, second: UInt64? = nil,
        outcome: ExchangeEvent.Outcome = .clientLeft
    ) {
        let task = story.accepted(body, during: 0.2) { $0.job = job }
        story.accepted(second ?? body) {
            $0.job = job
            $0.fate = .answerLost
            $0.outcome = outcome
        }
        story.wait(0.3)
        story.finish(task)
    }

    static let cases: [Case] = [
        Case("gives a task up after ten failures, and buys the same", .again, lost: 40) {
            outage(&$0, 1)
            $0.wait(1)
            $0.wholeJob(1)
        },
        Case("does so three times", .again, lost: 120) {
            for _ in 0..<3 {
                outage(&$0, 1)
                $0.wait(1)
            }
            $0.wholeJob(1)
        },
        Case("gives a task up that never ends, and buys the same", .again, lost: 40) {
            $0.endless = [1]
            let task = $0.accepted(1)
            for _ in 0..<5 { $0.poll(task) }
            $0.wholeJob(1)
        },
        Case("does so late, under the name of the job", .again, lost: 40) {
            outage(&$0, 1, job: "a")
            $0.wait(600)
            $0.wholeJob(1) { $0.job = "a" }
        },
        Case("does so for a job of another name", .none) {
            outage(&$0, 1, job: "a")
            $0.wholeJob(1) { $0.job = "b" }
        },
        Case("asks for the same after ten minutes", .none) {
            outage(&$0, 1)
            $0.wait(600)
            $0.wholeJob(1)
        },
        Case("gives a task up and buys another", .none) {
            outage(&$0, 1)
            $0.wholeJob(2)
        },
        Case("gives a task up, then asks for it once more", .none) {
            outage(&$0, 1)
            $0.wholeJob(1)
            $0.finish(1)
        },
        Case("runs jobs with one body, of which one meets an outage", .unclear) {
            for _ in 0..<2 { $0.wholeJob(1) }
            outage(&$0, 1)
            $0.wholeJob(1)
        },
        Case("was told that the first task is gone", .none) {
            $0.poll($0.accepted(1), status: 400) { $0.clause = .sta2 }
            $0.wholeJob(1)
        },
        Case("sends a generate twice at once, and leaves the slower one", .again, lost: 40) { hedge(&$0, 1) },
        Case("does so under the name of its job, beside others", .again, lost: 40) {
            for _ in 0..<2 { $0.wholeJob(1) { $0.job = "a" } }
            hedge(&$0, 1, job: "b")
        },
        Case("sends another generate at once, and leaves it", .none) { hedge(&$0, 1, second: 2) },
        Case("sends two at once, of which the service loses one", .none) { hedge(&$0, 1, outcome: .aborted) },
        Case("runs jobs with one body at once, and leaves one generate", .unclear) {
            for _ in 0..<2 { $0.wholeJob(1) }
            hedge(&$0, 1)
        },
        Case("resends at the end of the batch, while polls make minutes of a virtual clock", .again, lost: 40) {
            $0.isClockVirtual = true
            $0.lost(1)
            for _ in 0..<30 { $0.tick(.seconds(15)) }
            $0.wholeJob(1)
        },
        Case("asks for the same when a virtual clock was moved for ten minutes", .none) {
            $0.isClockVirtual = true
            $0.lost(1)
            $0.moveClock(.seconds(600))
            $0.wholeJob(1)
        },
    ]

    @Test(arguments: cases)
    func `a job is bought again, or it is unclear, or it is another one`(story: Case) throws {
        var told = Story()
        story.tell(&told)
        let report = Grade.report(of: [told.view])
        let verdict = try #require(report.verdicts.first { $0.name == "no_double_charge" })
        #expect((verdict.outcome == .fail) == (story.outcome == .again), "\(verdict.seen)")
        #expect(verdict.isUnclear == (story.outcome == .unclear), "\(verdict.seen)")
        #expect(report.spending.lost == story.lost, "\(report.spending)")
        #expect((report.letter == .f) == (story.outcome == .again))
        if story.outcome == .again {
            #expect(report.headline.hasPrefix("FAILED: \(story.lost) of "))
            let hold = try #require(verdict.evidence.first?.lines.last)
            #expect(hold.contains("generate: ") && hold.contains("40 credits held"))
        }
    }

    @Test func `one credit is one credit`() {
        var story = Story()
        story.poll(story.accepted(1, credits: 1), status: 503) { $0.shape = .none }
        let text = Grade.report(of: [story.view]).text()
        #expect(text.hasPrefix("FAILED: 1 of 1 credit bought nothing (1 task paid, never fetched)\n"))
        #expect(text.contains("1 of 1 task paid for and never delivered, 1 credit: given up"))
        #expect(text.contains("generate: 200, task 1, 1 credit held"))
    }
}
