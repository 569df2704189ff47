import ClipriseJournal
import ClipriseReport
import ClipriseWire
import Testing

/// What the first line of a report says of a run that did not fail.
@Suite struct HeadlineTests {
    typealias Case = (headline: String, tell: @Sendable (inout Story) -> Void)

    static let cases: [Case] = [
        ("passed: 1 task paid and fetched, no credit lost", { $0.wholeJob(1) }),
        (
            "passed: 1 task paid and fetched; 40 credits for what never came",
            {
                $0.lost(1)
                $0.wholeJob(2)
            }
        ),
        ("passed: nothing was fetched; 40 credits for what never came", { $0.lost(1) }),
        (
            "passed: nothing was lost",
            {
                let task = $0.accepted(1)
                $0.settle(task, succeeded: false)
                $0.failure(task)
            }
        ),
        ("passed: the only generate was not accepted, so no credit was spent", { $0.refused(1, status: 400) }),
        (
            "passed: none of 2 generates was accepted, so no credit was spent",
            {
                $0.refused(1, status: 400)
                $0.refused(2, status: 400)
            }
        ),
    ]

    @Test(arguments: cases.indices)
    func `the head line says what the credits went to`(number: Int) {
        var story = Story()
        Self.cases[number].tell(&story)
        #expect(Grade.report(of: [story.view]).headline == Self.cases[number].headline)
    }

    @Test func `the head of a file is not told as its bytes`() throws {
        var story = Story()
        let task = story.accepted(1)
        story.settle(task)
        story.success(task)
        story.file(task, 0..<100, of: 100) { $0.method = .head }
        let text = Grade.report(of: [story.view]).text()
        #expect(text.contains("download: 200 to HEAD, without a body, task 1"))
        #expect(!text.contains("100 of 100 bytes"))
    }

    @Test func `waits that the client did not choose are not told as none`() {
        var story = Story()
        story.limited(1, retryAfter: .seconds(2))
        story.wait(2)
        story.wholeJob(1)
        let report = Grade.report(of: [story.view])
        for text in [report.text(), report.markdown] {
            #expect(!text.contains("Before a retry") && !text.contains("Between polls: no wait"))
            #expect(text.contains("Between polls: ") == (report.polling.samples > 0))
        }
    }

    @Test(arguments: [(60, false), (80, false), (80, true)])
    func `a long label leaves tables, evidence and breaches within their width`(width: Int, isFailed: Bool) {
        var story = Story()
        story.label = "test_checkout_of_a_customer_who_comes_back" + (isFailed ? " and pays in euro" : "")
        if isFailed { story.poll(story.accepted(1), status: 503) { $0.shape = .none } } else { story.wholeJob(1) }
        if isFailed { story.settle(1, credits: 39) }
        let lines = Grade.report(of: [story.view]).text(width: width).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= width }, "\(lines.filter { $0.count > width })")
    }
}
