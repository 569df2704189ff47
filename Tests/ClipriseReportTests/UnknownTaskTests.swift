import ClipriseJournal
import ClipriseReport
import ClipriseScenario
import ClipriseWire
import Testing

/// Polls of an id that no task has, as the server counts their attempts.
@Suite struct UnknownTaskTests {
    static func view(_ attempts: [Int], operation: ClipriseWire.Operation = .status) -> JournalView {
        var story = Story()
        for attempt in attempts {
            story.exchange(
                {
                    $0.status = 400
                    $0.clause = .sta2
                    $0.attempt = attempt
                }, operation)
            story.wait(1)
        }
        return story.view
    }

    static func verdict(_ name: String, _ view: JournalView) -> Verdict? {
        Grade.report(of: [view]).verdicts.first { $0.name == name }
    }

    /// The attempts of polls in their order, and how many ids were asked for, how many of them again, how many times.
    static let orders: [(attempts: [Int], ids: Int, askedAgain: Int, resent: Int)] = [
        ([1], 1, 0, 0), ([1, 2, 3], 1, 1, 2), ([1, 1, 1], 3, 0, 0), ([1, 1, 2, 2], 2, 2, 2),
        ([1, 2, 1, 2, 1], 3, 2, 2), ([1, 1, 2, 3], 2, 1, 2), ([5, 6, 7], 1, 1, 2),
    ]

    @Test(arguments: orders)
    func `an unknown id ends a job, and asking again is a mistake`(
        attempts: [Int], ids: Int, askedAgain: Int, resent: Int
    ) {
        let view = Self.view(attempts)
        let report = Grade.report(of: [view])
        #expect(report.calls[1].calls == ids)
        #expect(report.calls[1].retries == resent)
        let (retries, ends) = (Self.verdict("retries_only_retryable", view), Self.verdict("stops_on_terminal", view))
        #expect(retries?.outcome == (resent == 0 ? .pass : .fail), "\(String(describing: retries))")
        #expect(ends?.outcome == (askedAgain == 0 ? .pass : .fail), "\(String(describing: ends))")
        #expect(retries?.samples == attempts.count)
        #expect(ends?.samples == ids)
        if askedAgain > 0 {
            #expect(ends?.seen.hasPrefix("\(askedAgain) of \(ids) task\(ids == 1 ? "" : "s") ") == true)
            #expect(ends?.evidence.first?.total == askedAgain + resent)
        }
    }

    @Test func `of ids that were asked for equally often it is the one that waits longest`() {
        let verdict = Self.verdict("stops_on_terminal", Self.view([1, 1, 2]))
        #expect(verdict?.evidence.first?.sequences == [2, 4])
    }

    @Test func `a download of an unknown id is no other call`() {
        #expect(Self.verdict("stops_on_terminal", Self.view([1, 2], operation: .download))?.outcome == .fail)
    }

    @Test func `a task that became unknown has ended`() {
        for again in [0, 1] {
            var story = Story()
            let task = story.accepted(1)
            for _ in 0...again {
                story.poll(task, status: 400) { $0.clause = .sta2 }
                story.wait(1)
            }
            #expect(Self.verdict("stops_on_terminal", story.view)?.outcome == (again == 0 ? .pass : .fail))
        }
    }

    /// What came to a generate, and whether its answer had an id.
    static let answers: [(name: String, hasID: Bool, tell: @Sendable (inout Story) -> Void)] = [
        ("accepted", true, { $0.wholeJob(1) }), ("lost", false, { $0.lost(1) }),
        ("a refusal with 200", false, { $0.refused(1, status: 200) }),
        (
            "empty", false,
            {
                $0.refused(1, status: 200) {
                    $0.shape = .none
                    $0.bytes = 0
                }
            }
        ),
        ("a gateway's page", false, { $0.refused(1, status: 502) }), ("429", false, { $0.limited(1) }),
    ]

    /// Whoever polls `undefined` has not looked whether there is an id; whoever polls an unknown one may be testing that.
    @Test(arguments: answers.indices, [false, true])
    func `polling without an id after a generate that brought none is a mistake`(number: Int, isWord: Bool) throws {
        let answer = Self.answers[number]
        var story = Story()
        answer.tell(&story)
        story.exchange(
            {
                $0.status = 400
                $0.clause = .sta2
                $0.hint = isWord ? MissingTaskID.hint : "no task of this account has that id"
            }, .status)
        let report = Grade.report(of: [story.view])
        let verdict = try #require(report.verdicts.first { $0.name == "no_waste" })
        let isMistake = isWord && !answer.hasID
        #expect((verdict.outcome == .fail) == isMistake, "\(answer.name): \(verdict.seen)")
        #expect(report.failed == isMistake)
        if isMistake { #expect(verdict.evidence.first?.sequences == [3]) }
    }
}
