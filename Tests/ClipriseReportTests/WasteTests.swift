import ClipriseJournal
import ClipriseReport
import ClipriseScenario
import ClipriseWire
import Testing

/// What a client paid for, and what it got.
@Suite struct WasteTests {
    static let costly: Set = ["no_double_charge", "no_blind_resend", "no_waste", "key_not_leaked"]

    /// A story, the costly properties that it breaks, and the credits that bought nothing, of all.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fails: Set<String>
        let lost: Int64
        let of: Int64
        let tell: @Sendable (inout Story) -> Void

        init(
            _ habit: String, fails: Set<String> = ["no_waste"], lost: Int64, of: Int64,
            _ tell: @escaping @Sendable (inout Story) -> Void
        ) {
            testDescription = habit
            self.fails = fails
            self.lost = lost
            self.of = of
            self.tell = tell
        }
    }

    static let bad: [Case] = [
        Case("never asks for its task", lost: 40, of: 40) { _ = $0.accepted(1) },
        Case("gives up after one failed poll", lost: 40, of: 40) {
            let task = $0.accepted(1)
            $0.poll(task)
            $0.poll(task, status: 503) { $0.shape = .none }
        },
        Case("takes 300 for an error", lost: 40, of: 80) {
            $0.endless = []
            $0.poll($0.accepted(1))
            $0.wholeJob(2)
        },
        Case("stops at success", lost: 40, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
        },
        Case("keeps half a file", lost: 40, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
            $0.file(task, 0..<50, of: 100) { $0.outcome = .aborted }
        },
        Case("keeps an honestly cut file", lost: 40, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
            $0.file(task, 0..<50, of: 100) { $0.shape = .broken }
        },
        Case("keeps a file whose bytes are others", lost: 40, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
            $0.file(task, 0..<100, of: 100) {
                $0.shape = .broken
                $0.file?.isSound = false
            }
        },
        Case("keeps the first half of one file and the second of another", lost: 40, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
            $0.file(task, 0..<50, of: 100)
            $0.file(task, 50..<100, of: 100) { $0.file?.entity = 8 }
        },
        Case("asks for the head of the file only", lost: 40, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
            $0.file(task, 0..<100, of: 100) {
                $0.method = .head
                $0.file?.isSound = false
            }
        },
        Case("leaves in the middle of a download", lost: 40, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
            $0.file(task, 0..<100, of: 100) { $0.outcome = .clientLeft }
        },
        Case("keeps what came with 300 as the file", lost: 40, of: 40) {
            $0.endless = []
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
            $0.poll(task) { $0.asksForFile = true }
        },
        Case("fetches after the link has expired", lost: 40, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
            $0.download(task) {
                $0.status = 404
                $0.shape = .none
            }
        },
        Case("gives a task up after nine failed polls within seconds", lost: 40, of: 40) {
            let task = $0.accepted(1)
            for _ in 0..<9 { $0.poll(task, status: 502) { $0.shape = .none } }
        },
        Case("polls four hundred times within seconds and gives up", lost: 40, of: 40) {
            $0.endless = []
            let task = $0.accepted(1)
            for _ in 0..<400 { $0.poll(task) }
        },
        Case("buys the job again after a failed poll", fails: ["no_waste", "no_double_charge"], lost: 40, of: 80) {
            let task = $0.accepted(1)
            $0.poll(task, status: 503) { $0.shape = .none }
            $0.wait(1)
            $0.wholeJob(1)
        },
        Case("buys a picture four times and has none", fails: ["no_waste", "no_double_charge"], lost: 160, of: 160) {
            for _ in 0..<4 {
                let task = $0.accepted(1)
                $0.settle(task)
                $0.success(task)
                $0.file(task, 0..<50, of: 100) { $0.outcome = .aborted }
                $0.wait(0.5)
            }
        },
        Case(
            "sends a lost generate again with other bytes", fails: ["no_double_charge", "no_blind_resend"], lost: 40,
            of: 80
        ) {
            $0.lost(1) { $0.meaning = 9 }
            $0.wait(0.1)
            $0.wholeJob(2) { $0.meaning = 9 }
        },
        Case(
            "sends a lost generate again under the name of its job", fails: ["no_double_charge", "no_blind_resend"],
            lost: 40, of: 160
        ) {
            for _ in 0..<2 { $0.wholeJob(1) { $0.job = "a" } }
            $0.lost(1) { $0.job = "b" }
            $0.wholeJob(1) { $0.job = "b" }
        },
        Case("waits as before a retry", fails: ["no_double_charge", "no_blind_resend"], lost: 40, of: 160) {
            for _ in 0..<2 { $0.wholeJob(1) }
            $0.lost(1)
            $0.wait(1)
            $0.wholeJob(1)
        },
        Case("resends in a labelled account", fails: ["no_double_charge", "no_blind_resend"], lost: 40, of: 160) {
            $0.label = "test_checkout"
            for _ in 0..<2 { $0.wholeJob(1) }
            $0.lost(1)
            $0.wholeJob(1)
        },
    ]

    static let good: [Case] = [
        Case("fetches what it paid for", fails: [], lost: 0, of: 40) { $0.wholeJob(1) },
        Case("fetches a file in two ranges, the second first", fails: [], lost: 0, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
            $0.file(task, 40..<100, of: 100)
            $0.file(task, 0..<60, of: 100)
        },
        Case("goes on where a file was cut", fails: [], lost: 0, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
            $0.file(task, 0..<50, of: 100) { $0.outcome = .aborted }
            $0.wait(1)
            $0.file(task, 50..<100, of: 100)
        },
        Case("fetches a file of a wrong type", fails: [], lost: 0, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task)
            $0.success(task)
            $0.file(task, 0..<100, of: 100) {
                $0.fault = .corrupt
                $0.faultPhase = .body
            }
        },
        Case("fetches a file without having asked for its status", fails: [], lost: 0, of: 40) {
            let task = $0.accepted(1)
            $0.poll(task) { $0.asksForFile = true }
            $0.settle(task)
            $0.file(task, 0..<100, of: 100)
        },
        Case("leaves a lost generate alone", fails: [], lost: 0, of: 40) { $0.lost(1) },
        Case("meets a task that failed", fails: [], lost: 0, of: 0) {
            let task = $0.accepted(1)
            $0.poll(task)
            $0.settle(task, succeeded: false)
            $0.failure(task)
        },
        Case("meets a task that became unknown", fails: [], lost: 0, of: 40) {
            let task = $0.accepted(1)
            $0.poll(task, status: 400) { $0.clause = .sta2 }
        },
        Case("meets a key that was revoked", fails: [], lost: 0, of: 40) {
            let task = $0.accepted(1)
            $0.poll(task, status: 400) { $0.clause = .sta1 }
        },
        Case("gives up a task that never ends, after a minute", fails: [], lost: 0, of: 40) {
            $0.endless = [1]
            let task = $0.accepted(1)
            for _ in 0..<5 {
                $0.poll(task)
                $0.wait(15)
            }
        },
        Case("gives up after two hundred polls that move no clock", fails: [], lost: 0, of: 40) {
            $0.isClockVirtual = true
            $0.endless = []
            let task = $0.accepted(1)
            for _ in 0..<200 { $0.poll(task) }
        },
        Case("gives up after ten failures in a row", fails: [], lost: 0, of: 40) {
            let task = $0.accepted(1)
            for _ in 0..<10 { $0.poll(task, status: 502) { $0.shape = .none } }
        },
        Case("runs three jobs with one body at once", fails: [], lost: 0, of: 120) {
            let tasks = [$0.accepted(1), $0.accepted(1), $0.accepted(1)]
            for task in tasks { $0.poll(task, status: 503) { $0.shape = .none } }
            for task in tasks { $0.finish(task) }
        },
        Case("runs three jobs with one body one after another", fails: [], lost: 0, of: 120) {
            for _ in 0..<3 { $0.wholeJob(1) }
        },
        Case("runs jobs with one body, of which one is lost", fails: [], lost: 0, of: 160) {
            for _ in 0..<2 { $0.wholeJob(1) }
            $0.lost(1)
            $0.wholeJob(1)
        },
        Case("has workers that send one body each in its own time, of which one is lost", fails: [], lost: 0, of: 160) {
            let first = $0.accepted(1)
            var tasks = [first]
            for step in 0..<3 {
                $0.wait(2)
                $0.poll(first)
                if step == 0 { $0.lost(1) } else { tasks.append($0.accepted(1)) }
            }
            for task in tasks { $0.finish(task) }
        },
        Case("runs named jobs with one body, of which the first is lost", fails: [], lost: 0, of: 80) {
            $0.lost(1) { $0.job = "a" }
            $0.wait(1)
            $0.wholeJob(1) { $0.job = "b" }
        },
        Case("buys again what has failed", fails: [], lost: 0, of: 40) {
            let task = $0.accepted(1)
            $0.settle(task, succeeded: false)
            $0.failure(task)
            $0.wholeJob(1)
        },
    ]

    static func failing(_ report: Report) -> Set<String> {
        Set(report.verdicts.filter { costly.contains($0.name) && $0.outcome == .fail }.map(\.name))
    }

    @Test(arguments: bad)
    func `a client that wastes credits fails, whatever the scenario expects`(story: Case) throws {
        for demands in [[], [Demand(.count(CountExpectation(.callbacks, .never)))]] {
            var told = Story()
            story.tell(&told)
            let report = Grade.report(of: [told.view], expectations: demands)
            #expect(Self.failing(report) == story.fails)
            #expect(report.exitCode(strict: false) == 1)
            #expect(report.letter == .f)
            #expect(report.spending.lost == story.lost && report.spending.spent == story.of, "\(report.spending)")
            for verdict in report.verdicts where story.fails.contains(verdict.name) {
                #expect(verdict.change != nil)
                let evidence = try #require(verdict.evidence.first)
                #expect(evidence.lines.count == min(3, evidence.total))
            }
            let lines = report.text().split(separator: "\n")
            #expect(
                story.lost == 0 || lines[0].hasPrefix("FAILED: \(story.lost) of \(story.of) credits bought nothing"))
        }
    }

    @Test(arguments: good)
    func `a client that does what it can passes`(story: Case) {
        var told = Story()
        story.tell(&told)
        let report = Grade.report(of: [told.view], expectations: [Demand(.property(.noWaste))])
        #expect(Self.failing(report) == [])
        #expect(!report.failed)
        #expect(report.spending.lost == 0 && report.spending.spent == story.of, "\(report.spending)")
    }

    @Test func `what the wire cannot tell is said to be unclear, and what would settle it`() throws {
        var told = Story()
        for _ in 0..<2 { told.wholeJob(1) }
        told.lost(1)
        told.wholeJob(1)
        let report = Grade.report(of: [told.view])
        for name in ["no_double_charge", "no_blind_resend"] {
            let verdict = try #require(report.verdicts.first { $0.name == name })
            #expect(verdict.isUnclear && verdict.outcome == .notExercised)
            #expect(verdict.seen.contains("X-Cliprise-Mock-Job: NAME"))
        }
        #expect(report.text().contains("  ?     no_blind_resend"))
        #expect(report.exitCode(strict: true) == 0)
    }

    @Test func `while a run goes on, an open task is no waste until its client was silent for long`() {
        for (silence, isWasted) in [(1.0, false), (400, true)] {
            var told = Story()
            let task = told.accepted(1)
            told.poll(task, status: 503) { $0.shape = .none }
            told.wait(silence)
            told.wholeJob(2)
            var view = told.view
            view.isOver = false
            #expect(Self.failing(Grade.report(of: [view])) == (isWasted ? ["no_waste"] : []))
        }
    }

    @Test func `money comes first, and its events are quoted`() throws {
        var told = Story()
        for body in UInt64(1)...3 {
            let task = told.accepted(body, credits: 12)
            told.poll(task, status: 503) {
                $0.shape = .none
                $0.fault = .status
                $0.faultPhase = .before
                $0.rule = 0
            }
        }
        told.rules = ["flaky"]
        told.wholeJob(4, credits: 12)
        let report = Grade.report(of: [told.view])
        #expect(report.headline == "FAILED: 36 of 48 credits bought nothing (3 tasks paid, never fetched)")
        let lines = report.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // A property of which this run has nothing to show changes no line but this.
        let shown = 1 + 4
        #expect(
            Array(lines[0...1]) == [
                report.headline,
                "Grade F: 1 failed, 4 passed, \(ClientProperty.all.count - shown) not exercised",
            ])
        let head = try #require(lines.firstIndex(of: "Money"))
        #expect(lines[head + 1].hasPrefix("  FAIL  no_waste"))
        #expect(lines.contains("          #2 0.000 s generate: 200, task 1, 12 credits held"))
        #expect(lines.contains("          #3 0.005 s status: 503, fault status before by rule flaky, task 1"))
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test func `a label stands before the shortened key in every format`() {
        var told = Story()
        told.label = "test <a>\u{1B}[31m"
        _ = told.accepted(1)
        let report = Grade.report(of: [told.view])
        #expect(report.text().contains("account test <a>\\u001b[31m (test…c7c7), scenario story"))
        #expect(report.junit.contains("<testsuite name=\"test &lt;a&gt;"))
        #expect(report.markdown.contains("test &lt;a&gt;"))
        #expect(String(decoding: report.json, as: UTF8.self).contains("\"label\":\"test <a>\\u001b[31m\""))
    }

    /// Sixteen bits tell shortened keys apart: of some hundred accounts two are alike, and so are those of two runs.
    @Test func `an account's own events are quoted where two shortened keys are alike`() throws {
        var (good, bad) = (Story(), Story())
        good.wholeJob(1)
        bad.poll(bad.accepted(1), status: 503) { $0.shape = .none }
        let report = Grade.report(of: [good.view, bad.view])
        let verdict = try #require(report.verdicts.first { $0.name == "no_waste" })
        #expect(verdict.evidence.first?.lines.last == "#3 0.005 s status: 503, task 1")
    }
}
