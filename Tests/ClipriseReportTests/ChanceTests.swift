import ClipriseJournal
import ClipriseReport
import ClipriseScenario
import ClipriseWire
import Testing

@Suite struct ChanceTests {
    /// A client that is refused `rows` times for each kind of call, `retries` times in a row.
    ///
    /// - Parameters:
    ///   - generate: The wait after the n-th 429, 0-based, in seconds; nil for no such refusals.
    ///   - poll: The wait after the n-th 503 of a poll.
    ///   - download: The same of a download.
    static func view(
        rows: Int = 5, retries: Int = 3, generate: ((Int, inout Story) -> Double)? = nil,
        poll: ((Int, inout Story) -> Double)? = nil, download: ((Int, inout Story) -> Double)? = nil
    ) -> JournalView {
        var story = Story()
        for _ in 0..<rows {
            let body = story.newBody()
            for index in 0..<(generate == nil ? 0 : retries) {
                story.limited(body)
                story.wait(generate?(index, &story) ?? 0)
            }
            let task = story.accepted(body)
            for index in 0..<(poll == nil ? 0 : retries) {
                story.poll(task, status: 503) { $0.shape = .none }
                story.wait(poll?(index, &story) ?? 0)
            }
            story.settle(task)
            story.success(task)
            for index in 0..<(download == nil ? 0 : retries) {
                story.download(task) {
                    $0.status = 503
                    $0.shape = .none
                }
                story.wait(download?(index, &story) ?? 0)
            }
            story.download(task)
        }
        return story.view
    }

    /// A timer that is up to 3 ms late.
    static func sleeps(_ seconds: Double) -> (Int, inout Story) -> Double {
        { _, story in seconds + 0.003 * story.draw() }
    }

    @Test func `two fixed waits of two kinds of calls are not taken for chance`() {
        let view = Self.view(generate: Self.sleeps(0.2), poll: Self.sleeps(0.05))
        let report = Grade.report(of: [view], expectations: [Demand(.property(.jitterPresent(samples: 8)))])
        let verdict = report.verdicts[0]
        #expect(verdict.outcome == .fail)
        #expect(verdict.seen.hasPrefix("generate: 15 waits without chance in them: 20"))
        #expect(verdict.samples == 30)
        #expect(verdict.parts.map(\.name) == ["generate", "polling", "download"])
        #expect(verdict.parts.map(\.outcome) == [.fail, .fail, .notExercised])
        #expect(report.retries.map { $0.fit?.jitter } == [BackoffFit.Jitter.none, BackoffFit.Jitter.none, nil])
        #expect(report.retries.map(\.samples) == [15, 15, 0])
    }

    @Test func `two exponential backoffs of two kinds are found each by itself`() {
        let view = Self.view(
            generate: { index, _ in 0.3 * Double(1 << index) }, poll: { index, _ in 0.1 * Double(1 << index) })
        let report = Grade.report(of: [view])
        #expect(
            report.retries.map(\.description) == [
                "300 ms × 2 each time, no jitter (15 waits)", "100 ms × 2 each time, no jitter (15 waits)", "no wait",
            ])
        #expect(report.text().contains("Before a retry, generate: 300 ms × 2 each time, no jitter (15 waits)\n"))
        #expect(report.markdown.contains("* Before a retry, polling: 100 ms × 2 each time, no jitter (15 waits)\n"))
    }

    @Test(arguments: [Call3.generate, .poll, .download])
    func `a kind without chance fails though the others have it`(kind: Call3) {
        let drawn: (Int, inout Story) -> Double = { index, story in story.draw() * Double(1 << index) }
        let exact: (Int, inout Story) -> Double = { index, _ in Double(1 << index) }
        let view = Self.view(
            generate: kind == .generate ? exact : drawn, poll: kind == .poll ? exact : drawn,
            download: kind == .download ? exact : drawn)
        let verdict = WaitTests.verdict(.jitterPresent(samples: 8), view)
        #expect(verdict.outcome == .fail)
        #expect(verdict.parts.map(\.outcome) == Call3.allCases.map { $0 == kind ? .fail : .pass })
    }

    enum Call3: CaseIterable { case generate, poll, download }

    @Test func `waits of several kinds are not added up to be enough`() {
        let view = Self.view(rows: 2, generate: Self.sleeps(0.2), poll: Self.sleeps(0.05))
        let verdict = WaitTests.verdict(.jitterPresent(samples: 8), view)
        #expect(verdict.outcome == .notExercised)
        #expect(verdict.seen == "too few: 6 of generate, 6 of polling; 8 waits of one kind are needed")
    }

    @Test func `the word for jitter agrees with the verdict where a busy machine was late`() {
        // 15 waits of 100 ms, two of them 40 ms late.
        var waits = 0
        let view = Self.view(poll: { _, _ in
            waits += 1
            return waits == 2 || waits == 9 ? 0.14 : 0.1
        })
        let report = Grade.report(of: [view], expectations: [Demand(.property(.jitterPresent(samples: 8)))])
        #expect(report.verdicts[0].outcome == .fail)
        #expect(report.retries[1].description == "100 ms each time, no jitter (15 waits)")
    }

    @Test func `chance within a few milliseconds is the timer's`() {
        let within = Self.view(poll: { _, story in 0.03 + 0.007 * story.draw() })
        #expect(Grade.report(of: [within]).retries[1].isRegular == true)
        let beyond = Self.view(poll: { _, story in 0.1 + 0.06 * story.draw() })
        #expect(Grade.report(of: [beyond]).retries[1].isRegular == false)
    }

    @Test func `where chance is seen it is named, though none would explain the waits too`() throws {
        // The fit allows 15 ms for the way to the server.
        var waits = 0
        let view = Self.view(poll: { _, _ in
            waits += 1
            return waits % 2 == 0 ? 0.03 : 0.044
        })
        let habit = Grade.report(of: [view]).retries[1]
        #expect(habit.isRegular == false)
        #expect(try #require(habit.fit).jitter != .none)
    }

    @Test func `a download right after a poll is no wait between polls`() {
        var story = Story()
        let task = story.accepted(story.newBody())
        for _ in 0..<6 {
            story.poll(task)
            story.exchange(
                {
                    $0.task = task
                    $0.status = 300
                    $0.clause = .sta3
                }, .download)
            story.wait(2)
        }
        let polling = Grade.report(of: [story.view]).polling
        #expect(polling.description == "2 s each time, no jitter (5 waits)")
    }

    @Test func `growth is judged for each kind of call`() {
        let view = Self.view(generate: { index, _ in Double(1 << index) }, poll: { _, _ in 1 })
        let verdict = WaitTests.verdict(.backoff(ClientProperty.Backoff()), view)
        #expect(verdict.outcome == .fail)
        #expect(verdict.seen == "polling: waits do not grow: 1 s each time, no jitter")
        #expect(verdict.parts.map(\.outcome) == [.pass, .fail, .notExercised])
    }
}
