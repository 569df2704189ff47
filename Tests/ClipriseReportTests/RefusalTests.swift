import ClipriseJSON
import ClipriseJournal
import ClipriseReport
import ClipriseScenario
import ClipriseWire
import Testing

@Suite struct RefusalTests {
    /// Three of one kind, two of another, one by a rule, one of a poll, and a task that failed.
    static func story(accepts: Bool) -> Story {
        var story = Story()
        story.rules = ["busy"]
        story.ruleActs = [1]
        for body in UInt64(1)...2 {
            story.refused(body, status: 400, clause: .gen3) { $0.hint = "unknown model <a|b>" }
        }
        for body in UInt64(3)...5 {
            story.refused(body, status: 400, clause: .gen4) { $0.hint = "prompt is missing" }
        }
        story.refused(6, status: 503) {
            $0.clause = nil
            $0.rule = 0
            $0.fault = .status
        }
        story.exchange(
            {
                $0.status = 400
                $0.clause = .sta2
            }, .status)
        if accepts {
            let task = story.accepted(7)
            story.settle(task, succeeded: false)
            story.failure(task)
        }
        return story
    }

    static let listed = [
        "3 × generate 400, GEN-4: prompt is missing", "2 × generate 400, GEN-3: unknown model <a|b>",
        "1 × generate 503, rule busy: fault status", "1 × status 400, STA-2",
    ]

    @Test func `refusals are counted by what says why, the most frequent first`() {
        let report = Grade.report(of: [Self.story(accepts: true).view])
        #expect(report.refusals.map(\.description) == Self.listed)
        let twice = Grade.report(of: [Self.story(accepts: true).view, Self.story(accepts: false).view])
        #expect(twice.refusals.map(\.count) == [6, 4, 2, 2])
    }

    @Test func `every format reports them`() {
        let report = Grade.report(of: [Self.story(accepts: true).view])
        #expect(report.text().contains("Refusals\n" + Self.listed.map { "  \($0)\n" }.joined()))
        #expect(report.markdown.contains("| 2 | generate | 400 | GEN-3 | unknown model &lt;a\\|b&gt; |\n"))
        #expect(report.junit.contains("<system-out>refused:&#10;3 × generate 400, GEN-4: prompt is missing&#10;"))
        let read = withJSON(report.json) { value in
            #expect(value.member("refused")?.integer == 7)
            var counts: [Int64] = []
            for refusal in value.member("refusals")?.elements ?? value.elements {
                counts.append(refusal.member("count")?.integer ?? 0)
            }
            #expect(counts == [3, 2, 1, 1])
        }
        #expect(throws: Never.self) { try read.get() }
    }

    @Test func `at most ten kinds are listed, and the rest counted`() {
        var story = Story()
        for body in UInt64(1)...12 { story.refused(body, status: 400, clause: .gen3) { $0.hint = "wrong \(body)" } }
        let report = Grade.report(of: [story.view])
        #expect(report.refusals.count == 12)
        #expect(report.text().contains("1 × generate 400, GEN-3: wrong 10\n  and 2 more kinds of refusals\n"))
        #expect(!report.text().contains("wrong 11"))
        #expect(report.markdown.contains("\nand 2 more kinds of refusals\n"))
    }

    @Test func `a run in which nothing was accepted has no letter`() {
        let report = Grade.report(of: [Self.story(accepts: false).view])
        #expect(report.letter == nil)
        #expect(report.letterReason == "no letter, for none of 6 generates was accepted")
        #expect(report.gitHubAnnotations.contains("::warning title=no letter::no letter, for none of 6 generates"))
        #expect(Grade.report(of: [Self.story(accepts: true).view]).letter == .a)
    }

    @Test func `what costs money is F though nothing was accepted`() {
        var story = Story()
        for _ in 0..<2 { story.refused(1, status: 500) }
        #expect(Grade.report(of: [story.view]).letter == .f)
    }

    static let demands: [(CountExpectation.Bound, downloads: Int, Report.Letter)] = [
        (.atLeast(1), 1, .a), (.atLeast(1), 2, .b), (.never, 1, .c), (.never, 2, .c),
    ]

    @Test(arguments: demands)
    func `a run that failed has a C at best`(
        bound: CountExpectation.Bound, downloads: Int, letter: Report.Letter
    ) {
        var client = Client()
        client.downloads = downloads
        let report = Grade.report(
            of: [client.play()], expectations: [Demand(.count(CountExpectation(.charges, bound)))])
        #expect(report.letter == letter)
        #expect((report.letterReason == nil) == (letter != .c))
    }
}
