import ClipriseJournal
import ClipriseReport
import ClipriseScenario
import ClipriseWire
import Testing

@Suite struct BadClientTests {
    /// A property and a client that breaks it and no other.
    struct Bad: Sendable, CustomTestStringConvertible {
        let property: String
        let habit: String
        /// What it breaks by that as well.
        let also: String?
        let client: @Sendable () -> Client

        var testDescription: String { "\(property): \(habit)" }

        init(
            _ property: String, _ habit: String, also: String? = nil,
            _ change: @escaping @Sendable (inout Client) -> Void
        ) {
            self.property = property
            self.habit = habit
            self.also = also
            client = {
                var client = Client()
                change(&client)
                return client
            }
        }
    }

    static let bad: [Bad] = [
        Bad("no_double_charge", "believes that a generate was not done") { $0.trustsBusyAnswers = true },
        Bad("no_blind_resend", "sends again what was not answered") { $0.resendsUnanswered = true },
        Bad("retries_only_retryable", "sends a refused generate again") { $0.retriesRefusals = true },
        Bad("stops_on_terminal", "polls after the end") { $0.pollsAfterTheEnd = true },
        Bad("honours_retry_after", "comes back too soon") { $0.patience = 0.3 },
        Bad("backoff", "waits equally long each time") { $0.retryWait = { _, chance in 1 + chance / 2 } },
        Bad("backoff", "does not wait") { $0.retryWait = { _, chance in 0.03 * chance } },
        Bad("jitter_present", "doubles exactly") { $0.retryWait = { index, _ in 0.5 * Double(1 << index) } },
        Bad("jitter_present", "adds a second each time") { $0.retryWait = { index, _ in Double(index + 1) } },
        Bad("retry_budget", "retries half of what it sends") {
            $0.outages = 90
            $0.pollWait = { _, _ in 5 }
        },
        Bad("poll_rate", "polls each 10 ms") { $0.pollWait = { _, _ in 0.01 } },
        Bad("accepts_both_shapes", "reads arrays only", also: "no_waste") { $0.polledShapes = [.array] },
        Bad("downloads_once", "fetches twice") { $0.downloads = 2 },
        Bad("key_not_leaked", "has the key in the URL") { $0.leaks = .target },
        Bad("key_not_leaked", "has the key in a body and a field") { $0.leaks = [.body, .field] },
    ]

    static func outcomes(_ report: Report) -> [String: Verdict.Outcome] {
        Dictionary(report.verdicts.map { ($0.name, $0.outcome) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func `a good client passes every property, and each was exercised`() {
        let report = Grade.report(of: [Client().play()])
        #expect(report.verdicts.map(\.name) == ClientProperty.all.map(\.word))
        for verdict in report.verdicts where verdict.outcome != .pass { Issue.record("\(verdict)") }
        #expect(report.letter == .a)
        #expect(!report.failed)
        #expect(report.notExercised.isEmpty)
        #expect(report.exitCode(strict: true) == 0)
    }

    @Test(arguments: bad)
    func `a bad client fails exactly its property, with evidence and advice`(bad: Bad) throws {
        let report = Grade.report(of: [bad.client().play()])
        for verdict in report.verdicts {
            let expected: Verdict.Outcome = [bad.property, bad.also].contains(verdict.name) ? .fail : .pass
            if verdict.outcome != expected { Issue.record("\(verdict.name) \(verdict.outcome): \(verdict.seen)") }
        }
        let verdict = try #require(report.verdicts.first { $0.name == bad.property })
        #expect(verdict.change?.isEmpty == false)
        #expect(verdict.evidence.first?.sequences.isEmpty == false)
        #expect(report.exitCode(strict: false) == 1)
        let costly = ["no_double_charge", "no_blind_resend", "no_waste", "key_not_leaked"]
        let isCostly = costly.contains(bad.property) || bad.also.map(costly.contains) == true
        #expect(report.letter == (isCostly ? .f : .b))
    }

    @Test func `a client that sends again what was lost pays twice and is blind`() {
        var story = Story()
        let body = story.newBody()
        story.lost(body)
        story.wait(1)
        story.accepted(body)
        let report = Grade.report(of: [story.view])
        let outcomes = Self.outcomes(report)
        #expect(outcomes["no_double_charge"] == .fail)
        #expect(outcomes["no_blind_resend"] == .fail)
        #expect(report.verdicts.first?.seen.contains("40 credits twice") == true)
        #expect(report.verdicts.first?.evidence.first?.sequences == [2, 3])
    }

    @Test func `the same body is no resend once the first was accepted and answered so`() {
        var story = Story()
        let body = story.newBody()
        story.accepted(body)
        story.accepted(body)
        let outcomes = Self.outcomes(Grade.report(of: [story.view]))
        #expect(outcomes["no_double_charge"] == .notExercised)
        #expect(outcomes["no_blind_resend"] == .notExercised)
    }

    @Test func `a second task after the first was given back is not a second charge`() {
        var story = Story()
        let body = story.newBody()
        story.lost(body)
        story.settle(1, succeeded: false)
        story.accepted(body)
        #expect(Self.outcomes(Grade.report(of: [story.view]))["no_double_charge"] == .pass)
    }

    @Test func `the same body after five minutes is another call`() {
        var story = Story()
        let body = story.newBody()
        story.lost(body)
        story.wait(301)
        story.accepted(body)
        #expect(Self.outcomes(Grade.report(of: [story.view]))["no_blind_resend"] == .pass)
    }

    /// A queue that gives a job to another worker after ten minutes buys it again; only names tell it from another job.
    @Test(arguments: [nil, "test_queue"], [nil, "job-1"])
    func `the same job is a resend however late, where a name shows it`(label: String?, job: String?) {
        var story = Story()
        story.label = label
        let body = story.newBody()
        story.lost(body) { $0.job = job }
        story.wait(601)
        story.accepted(body) { $0.job = job }
        let outcomes = Self.outcomes(Grade.report(of: [story.view]))
        let isNamed = label != nil || job != nil
        #expect(outcomes["no_blind_resend"] == (isNamed ? .fail : .pass))
        #expect(outcomes["no_double_charge"] == (isNamed ? .fail : .pass))
    }

    @Test func `a generate after a top-up is another call`() {
        var story = Story()
        let body = story.newBody()
        story.refused(body, status: 400, clause: .gen10)
        story.note(.money(MoneyEvent(kind: .topUp, credits: 100)))
        story.accepted(body)
        #expect(Self.outcomes(Grade.report(of: [story.view]))["retries_only_retryable"] == .pass)
    }

    /// What was lost is no other job for it.
    @Test(arguments: [false, true])
    func `a generate that was refused for want of credits may come again when a task gave some back`(isLost: Bool) {
        var story = Story()
        let (running, body) = (story.accepted(story.newBody()), story.newBody())
        if isLost { story.lost(body) } else { story.refused(body, status: 400, clause: .gen10) }
        story.settle(running, succeeded: false)
        story.failure(running)
        story.wholeJob(body)
        let outcomes = Self.outcomes(Grade.report(of: [story.view]))
        #expect(outcomes["retries_only_retryable"] == .pass)
        #expect(outcomes["no_blind_resend"] == (isLost ? .fail : .notExercised))
    }

    /// Jobs that ask for the same may fail each, so that it takes more of them where nothing names them.
    @Test(arguments: [(nil, 5, false), (nil, 6, true), ("test_moderation", 2, false), ("test_moderation", 3, true)])
    func `what fails each time and is made again and again is a refusal that is retried`(
        label: String?, generates: Int, isRetried: Bool
    ) throws {
        var story = Story()
        story.label = label
        let body = story.newBody()
        for _ in 0..<generates {
            let task = story.accepted(body)
            story.settle(task, succeeded: false)
            story.failure(task)
        }
        let verdict = try #require(
            Grade.report(of: [story.view]).verdicts.first { $0.name == "retries_only_retryable" })
        #expect(verdict.outcome == (isRetried ? .fail : .pass), "\(verdict.seen)")
        #expect(verdict.samples == generates)
        if isRetried { #expect(verdict.evidence.first?.sequences.count == 2) }
    }

    /// What came to a generate, and whether sending it again is blind.
    static let fates:
        [(status: Int, retryAfter: TimeSpan?, outcome: ExchangeEvent.Outcome, fate: Fate, isBlind: Bool)] = [
            (429, nil, .completed, .refused, false), (503, .seconds(1), .completed, .refused, false),
            (503, nil, .completed, .refused, true), (500, nil, .completed, .refused, true),
            (502, nil, .completed, .refused, true), (504, nil, .completed, .refused, true),
            (0, nil, .aborted, .notSent, true), (200, nil, .timedOut, .answerLost, true),
            (200, nil, .clientLeft, .answerLost, true), (200, nil, .completed, .answerLost, true),
            (503, .seconds(1), .completed, .answerLost, false),
        ]

    @Test(arguments: fates)
    func `sending again is blind where the client could not know`(
        status: Int, retryAfter: TimeSpan?, outcome: ExchangeEvent.Outcome, fate: Fate, isBlind: Bool
    ) {
        var story = Story()
        let body = story.newBody()
        story.refused(body, status: status, fate: fate) {
            $0.outcome = outcome
            $0.retryAfter = retryAfter
        }
        story.wait(2)
        story.accepted(body)
        let verdict = Self.outcomes(Grade.report(of: [story.view]))["no_blind_resend"]
        #expect(verdict == (isBlind ? .fail : .notExercised))
    }

    @Test func `after success a status poll is one too many, and after processing again it is not`() {
        var story = Story()
        let task = story.accepted(story.newBody())
        story.success(task)
        story.download(task) {
            $0.status = 300; $0.clause = .sta3; $0.shape = .object
        }
        story.wait(1)
        story.poll(task)
        #expect(Self.outcomes(Grade.report(of: [story.view]))["stops_on_terminal"] == .pass)
    }

    @Test func `JSON with 200 that is a rule's own is no success`() {
        var story = Story()
        let task = story.accepted(1)
        story.poll(task, status: 200) { $0.clause = nil }
        story.finish(task)
        #expect(Self.outcomes(Grade.report(of: [story.view]))["stops_on_terminal"] == .pass)
    }

    @Test(arguments: [(200, Clause.sta4), (400, .sta7), (400, .sta2), (400, .sta1)])
    func `whoever polls with HEAD may ask once more for what the end is`(status: Int, clause: Clause) {
        var story = Story()
        let task = story.accepted(1)
        story.poll(task) { $0.method = .head }
        story.settle(task, succeeded: status == 200)
        for method in [Request.Method.head, .get] {
            story.poll(task, status: status) {
                $0.method = method
                $0.clause = clause
                if method == .head { $0.bytes = 0 }
            }
        }
        if status == 200 { story.file(task, 0..<100, of: 100) }
        let report = Grade.report(of: [story.view])
        #expect(report.verdicts.filter { $0.outcome == .fail }.map(\.name) == [])
    }

    @Test func `after failed a download is one too many`() {
        var story = Story()
        let task = story.accepted(story.newBody())
        story.failure(task)
        story.wait(1)
        story.download(task) {
            $0.status = 400; $0.clause = .sta7; $0.shape = .object
        }
        #expect(Self.outcomes(Grade.report(of: [story.view]))["stops_on_terminal"] == .fail)
    }

    @Test(arguments: [.truncate, .corrupt] as [FaultWord])
    func `a damaged file of an earlier journal may be fetched again`(fault: FaultWord) {
        var story = Story()
        let task = story.accepted(story.newBody())
        story.success(task)
        story.download(task) {
            $0.fault = fault
            $0.shape = .broken
        }
        story.wait(1)
        story.download(task)
        #expect(Self.outcomes(Grade.report(of: [story.view]))["downloads_once"] == .pass)
    }

    /// As download managers do, each range with an open end; the service has sent it all before they leave.
    @Test(arguments: [false, true])
    func `a file that is fetched in ranges at once is fetched once`(isFromBeginning: Bool) {
        var story = Story()
        let task = story.accepted(1)
        story.settle(task)
        story.success(task)
        for start in [0, 25, 50, 75] { story.file(task, start..<100, of: 100) }
        if isFromBeginning { story.file(task, 0..<25, of: 100) }
        let verdict = Self.outcomes(Grade.report(of: [story.view]))["downloads_once"]
        #expect(verdict == (isFromBeginning ? .fail : .pass))
    }
}
