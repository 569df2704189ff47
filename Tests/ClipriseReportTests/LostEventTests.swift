import ClipriseJSON
import ClipriseJournal
import ClipriseReport
import ClipriseWire
import Testing

@testable import ClipriseScenario

@Suite struct LostEventTests {
    /// Five generates, each paid for and fetched, of which the journal keeps all but the first `lost` events.
    static func view(lost: Int, cleared: Int = 0) -> JournalView {
        var story = Story()
        for body in UInt64(1)...5 {
            let task = story.accepted(body)
            story.settle(task)
            story.success(task)
            story.download(task)
        }
        var view = story.view
        view.events.removeFirst(lost)
        view.evicted = lost
        view.cleared = cleared
        return view
    }

    static func verdict(_ kind: Demand.Kind, _ view: JournalView) -> Verdict {
        Grade.report(of: [view], expectations: [Demand(kind)]).verdicts[0]
    }

    /// With the first nine events evicted, three of five charges are kept.
    static let bounds: [(CountExpectation.Bound, Verdict.Outcome)] = [
        (.exactly(5), .notExercised), (.exactly(3), .notExercised), (.exactly(2), .fail), (.atMost(4), .notExercised),
        (.atMost(2), .fail), (.atLeast(3), .pass), (.atLeast(4), .notExercised), (.never, .fail),
        (.between(1, 5), .notExercised), (.between(4, 5), .notExercised), (.between(1, 2), .fail),
    ]

    @Test(arguments: bounds)
    func `a count holds or breaks only where what was evicted cannot change it`(
        bound: CountExpectation.Bound, outcome: Verdict.Outcome
    ) {
        let verdict = Self.verdict(.count(CountExpectation(.charges, bound)), Self.view(lost: 9))
        #expect(verdict.outcome == outcome, "\(verdict)")
        if outcome == .notExercised {
            #expect(verdict.seen == "9 events are no longer kept, and the rest does not decide")
        }
    }

    @Test(arguments: bounds)
    func `what was cleared by wish is not missed`(bound: CountExpectation.Bound, outcome: Verdict.Outcome) {
        let verdict = Self.verdict(.count(CountExpectation(.charges, bound)), Self.view(lost: 9, cleared: 9))
        #expect(verdict.outcome == (bound.holds(for: 3) ? .pass : .fail))
    }

    static let perTask: [(CountExpectation.Bound, Verdict.Outcome)] = [
        (.atLeast(1), .notExercised), (.atMost(1), .notExercised), (.atMost(0), .fail), (.exactly(2), .notExercised),
    ]

    @Test(arguments: perTask)
    func `a count of each task fails only where it is too high`(
        bound: CountExpectation.Bound, outcome: Verdict.Outcome
    ) {
        #expect(Self.verdict(.count(CountExpectation(.pollsPerTask, bound)), Self.view(lost: 9)).outcome == outcome)
    }

    static let others: [(Demand.Kind, Verdict.Outcome)] = [
        (.inOrder([Filter(operation: .generate), Filter(operation: .download)]), .pass),
        (.inOrder([Filter(status: 418)]), .notExercised),
        (.within(from: Filter(operation: .generate), to: Filter(operation: .status), .seconds(60)), .notExercised),
        (.within(from: Filter(operation: .generate), to: Filter(status: 418), .seconds(60)), .notExercised),
        (.property(.downloadsOnce), .notExercised), (.property(.keyNotLeaked), .notExercised),
        (.property(.retryBudget(ratio: 0, minimum: 0)), .notExercised),
    ]

    @Test(arguments: others)
    func `an order that was seen was seen, and nothing passes for not being seen`(
        kind: Demand.Kind, outcome: Verdict.Outcome
    ) {
        #expect(Self.verdict(kind, Self.view(lost: 9)).outcome == outcome)
    }

    @Test func `what is broken in what is kept stays broken`() {
        var client = Client()
        client.downloads = 2
        client.leaks = .target
        var view = client.play()
        view.events.removeFirst(20)
        view.evicted = 20
        let outcomes = BadClientTests.outcomes(Grade.report(of: [view]))
        #expect(outcomes["downloads_once"] == .fail)
        #expect(outcomes["key_not_leaked"] == .fail)
        #expect(outcomes.values.allSatisfy { $0 != .pass })
    }

    @Test func `an account of which events were evicted is not outshone by one that is whole`() {
        var second = Self.view(lost: 9)
        second.account = "second"
        let demand = [Demand(.count(CountExpectation(.charges, .atMost(5))))]
        let verdict = Grade.report(of: [Self.view(lost: 0), second], expectations: demand).verdicts[0]
        #expect(verdict.outcome == .notExercised)
        #expect(verdict.seen == "second: 9 events are no longer kept, and the rest does not decide")
    }

    @Test func `every format says beside the letter that events were evicted`() {
        let report = Grade.report(of: [Self.view(lost: 9)])
        #expect(report.letter == nil)
        let reason = "no letter, for 9 events are no longer kept"
        #expect(
            report.text(width: 140).contains(
                "\nGrade –: 0 failed, 0 passed, \(ClientProperty.all.count) not exercised; \(reason)\n"))
        #expect(report.markdown.contains("not exercised; \(reason)."))
        #expect(report.junit.contains("<property name=\"grade\" value=\"–: \(reason)\"/>"))
        let read = withJSON(report.json) { value in
            #expect(value.member("grade")?.isNull == true)
            #expect(value.member("gradeReason")?.string == reason)
        }
        #expect(throws: Never.self) { try read.get() }
        #expect(Grade.report(of: [Self.view(lost: 9, cleared: 9)]).letter == .a)
    }

    @Test func `a row of waits whose beginning was evicted is no sample`() {
        var story = Story()
        let task = story.accepted(1)
        for attempt in 1...12 {
            story.poll(task, status: 503) {
                $0.attempt = attempt
                $0.shape = .none
            }
            story.wait(0.1 * Double(attempt))
        }
        var view = story.view
        view.events.removeFirst(5)
        view.evicted = 5
        #expect(Grade.report(of: [view]).retries[1].samples == 0)
        view.cleared = 5
        #expect(Grade.report(of: [view]).retries[1].samples == 8)
    }
}

extension CountExpectation.Bound {
    /// Worked out anew, so that the test does not ask the code.
    fileprivate func holds(for number: Int64) -> Bool {
        switch self {
        case .exactly(let wanted): number == wanted
        case .atMost(let most): number <= most
        case .atLeast(let least): number >= least
        case .between(let least, let most): (least...most).contains(number)
        case .never: number == 0
        }
    }
}
