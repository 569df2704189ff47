import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseJournal

@Suite struct JournalTests {
    private static func noted(_ count: Int, limit: Int) -> Journal {
        var journal = Journal(limit: limit)
        for number in 0..<count {
            let exchange = ExchangeEvent(
                operation: .status, status: number % 3 == 0 ? 200 : 300, clause: number % 3 == 0 ? .sta4 : .sta3,
                fault: number % 100 == 1 ? .close : nil)
            journal.note(at: .seconds(Int64(number)), realTime: Int64(number), .exchange(exchange))
        }
        return journal
    }

    @Test func `numbers are 1-based and without gaps`() {
        #expect(Self.noted(3, limit: 10).events().map(\.sequence) == [1, 2, 3])
    }

    /// Around the length of the pieces that the journal is kept in, and far beyond it.
    @Test(arguments: [(0, 10), (10, 10), (11, 10), (511, 600), (513, 600), (1_700, 600), (5_000, 1), (100, 0)])
    func `the last events are kept, and the others are counted`(count: Int, limit: Int) {
        let journal = Self.noted(count, limit: limit)
        let kept = min(count, limit)
        #expect(journal.events().map(\.sequence) == Array((count - kept + 1)..<(count + 1)))
        #expect((journal.total, journal.count, journal.evicted) == (count, kept, count - kept))
        #expect(journal.event(count - kept) == nil && journal.event(count + 1) == nil)
    }

    @Test(arguments: [100, 600, 0])
    func `the tally knows events that were evicted`(limit: Int) {
        let tally = Self.noted(3_000, limit: limit).tally
        #expect(tally.answers[.init(operation: .status, status: 200, clause: .sta4)] == 1_000)
        #expect(tally.answers[.init(operation: .status, status: 300, clause: .sta3)] == 2_000)
        #expect(tally.faults == [.close: 30])
    }

    @Test(arguments: [2_000, 600, 0])
    func `the tally knows warnings that were evicted, by model and by who states the rule`(limit: Int) {
        var journal = Journal(limit: limit)
        let own = BodyWarning(key: "a", problem: "b", from: "assumed")
        let upstream = BodyWarning(key: "c", problem: "d", from: "upstream")
        for number in 0..<1_500 {
            let warnings = number % 10 == 0 ? [own, upstream, own] : []
            journal.note(
                at: .start, realTime: 0,
                .exchange(
                    ExchangeEvent(
                        operation: .generate, status: 200, clause: .gen11, model: number % 20 == 0 ? 3 : nil,
                        warnings: warnings)))
        }
        #expect(
            journal.tally.warnings == [
                .init(model: 3, from: "assumed"): 150, .init(model: 3, from: "upstream"): 75,
                .init(model: nil, from: "assumed"): 150, .init(model: nil, from: "upstream"): 75,
            ])
    }

    @Test func `warnings count to the memory of a journal, and leave with their events`() {
        func journal(_ warnings: [BodyWarning], limit: Int) -> Journal {
            var journal = Journal(limit: limit)
            for _ in 0..<3_000 {
                journal.note(
                    at: .start, realTime: 0,
                    .exchange(ExchangeEvent(operation: .generate, status: 200, clause: .gen11, warnings: warnings)))
            }
            return journal
        }
        let long = BodyWarning(key: String(repeating: "k", count: 500), problem: "p", from: "assumed")
        #expect(journal([long], limit: 3_000).bytes > journal([], limit: 3_000).bytes + 3_000 * 500)
        #expect(journal([long], limit: 600).bytes < journal([long], limit: 3_000).bytes / 2)
        #expect(journal([long], limit: 600).events().count == 600)
    }

    @Test func `an exchange ends once, and a lost end makes an accepted generate one of lost answer`() {
        var journal = Journal()
        let generate = ExchangeEvent(operation: .generate, status: 200, clause: .gen11, fate: .accepted)
        let number = journal.note(at: .start, realTime: 0, .exchange(generate))
        journal.end(number, .clientLeft, at: .seconds(2), realTime: 2)
        journal.end(number, .completed, at: .seconds(9), realTime: 9)
        guard case .exchange(let ended)? = journal.event(number)?.kind else {
            Issue.record("not there")
            return
        }
        #expect((ended.outcome, ended.fate, ended.endedAt) == (.clientLeft, .answerLost, .seconds(2)))
    }

    @Test func `a part is read by its first number and its length`() {
        let journal = Self.noted(1_000, limit: 700)
        #expect(journal.events(from: 1, limit: 2).map(\.sequence) == [301, 302])
        #expect(journal.events(from: 999, limit: 9).map(\.sequence) == [999, 1_000])
        #expect(journal.events(from: 1_001).isEmpty)
    }

    /// Every field at a value of its own, then each optional one at nil.
    private static let kinds: [JournalEvent.Kind] = [
        .exchange(
            ExchangeEvent(
                operation: .generate, method: .post, status: 402, clause: .gen10, model: 44, task: 1_000_000,
                attempt: 7, bodyHash: .max, meaning: .max - 1, job: "a job", fate: .answerLost, rule: 3,
                fault: .truncate, faultPhase: .body,
                held: 12_345, retryAfter: TimeSpan(nanoseconds: -1), retryAfterIsDate: true, shape: .broken,
                bytes: 4_000_000_000, leaks: .body, hint: "a hint",
                warnings: [BodyWarning(key: "input.promt", problem: "is not in the catalogue", from: "assumed")],
                outcome: .timedOut, endedAt: .seconds(3),
                endedRealTime: 1_800_000_000_000_000_000)),
        .exchange(ExchangeEvent(operation: .other, method: .extended("BREW"), status: 0, clause: nil)),
        .exchange(ExchangeEvent(operation: .status, method: .head, status: 300, clause: .sta3, model: 0, task: 1)),
        .exchange(ExchangeEvent(operation: .download, status: 200, clause: .sta5, hint: "")),
        .exchange(
            ExchangeEvent(
                operation: .download, status: 206, clause: .sta5, shape: .file, bytes: 7,
                file: FilePart(entity: .max - 2, start: 3, size: 5_000_000_000, isSound: true))),
        .exchange(ExchangeEvent(operation: .status, status: 300, clause: .sta3, asksForFile: true)),
        .settled(SettledEvent(task: 2, model: 5, succeeded: true, captured: 90, released: 0)),
        .settled(SettledEvent(task: 3, model: 6, succeeded: false, captured: 0, released: 91)),
        .callback(CallbackEvent(task: 4, attempt: 2, status: 503, fault: .duplicate, error: nil)),
        .callback(CallbackEvent(task: 5, attempt: 1, status: nil, fault: nil, error: "refused")),
        .money(MoneyEvent(kind: .topUp, credits: 5)), .money(MoneyEvent(kind: .drain, credits: -5)),
        .clock(by: .seconds(90)),
    ]

    @Test(arguments: kinds)
    func `an event comes back as it was noted`(kind: JournalEvent.Kind) {
        var journal = Journal(limit: 600)
        // Others before it, so that its texts are not the first, and its place is one that was used before.
        for _ in 0..<100 { for other in Self.kinds { journal.note(at: .seconds(1), realTime: 1, other) } }
        let number = journal.note(at: .seconds(9), realTime: 99, kind)
        let event = JournalEvent(sequence: number, at: .seconds(9), realTime: 99, kind: kind)
        #expect(journal.event(number) == event)
        #expect(journal.events(from: number) == [event])
    }

    @Test func `an exchange is noted alike by itself and as an event`() {
        for case .exchange(let exchange) in Self.kinds {
            var (one, other) = (Journal(), Journal())
            let number = one.note(at: .seconds(9), realTime: 99, exchange: exchange)
            other.note(at: .seconds(9), realTime: 99, .exchange(exchange))
            #expect(number == 1 && one.events() == other.events())
        }
    }

    @Test func `what an answer with a file turned out to be is noted later, and HEAD has no sound bytes`() {
        let part = FilePart(entity: 9, start: 10, size: 100, isSound: true)
        for (method, isSound) in [(Request.Method.get, true), (.head, false)] {
            var journal = Journal()
            let number = journal.note(
                at: .start, realTime: 0,
                .exchange(ExchangeEvent(operation: .download, method: method, status: 200, clause: .sta5)))
            journal.amend(number, status: 206, shape: .file, bytes: 20, file: part)
            journal.amend(number + 1, status: 500, shape: .none, bytes: 0, file: nil)
            guard case .exchange(let exchange)? = journal.event(number)?.kind else {
                Issue.record("not there")
                return
            }
            #expect((exchange.status, exchange.shape, exchange.bytes) == (206, .file, 20))
            #expect(exchange.file == FilePart(entity: 9, start: 10, size: 100, isSound: isSound))
            #expect((exchange.held, exchange.bodyHash, exchange.meaning) == (0, 0, 0))
        }
    }

    @Test(arguments: [false, true])
    func `a plain poll is noted as the exchange that it is`(isHead: Bool) {
        var (journal, expected) = (Journal(limit: 10), Journal(limit: 10))
        let at = Instant.seconds(7)
        let number = journal.note(
            at: at, realTime: 9,
            plain: PlainExchange(
                operation: .status, isHead: isHead, status: 300, clause: .sta3, model: 3, task: 5, attempt: 2,
                shape: .object, bytes: 23,
                leaks: .field))
        _ = expected.note(
            at: at, realTime: 9,
            exchange: ExchangeEvent(
                operation: .status, method: isHead ? .head : .get, status: 300, clause: .sta3, model: 3, task: 5,
                attempt: 2, shape: .object, bytes: 23, leaks: .field, outcome: .completed, endedAt: at,
                endedRealTime: 9))
        #expect(number == 1 && journal.events() == expected.events())
        #expect(journal.bytes == expected.bytes && journal.tally == expected.tally)
    }

    @Test func `a plain generate is noted as the exchange that it is`() {
        var (journal, expected) = (Journal(limit: 10), Journal(limit: 10))
        let at = Instant.seconds(7)
        _ = journal.note(
            at: at, realTime: 9,
            plain: PlainExchange(
                operation: .generate, status: 200, clause: .gen11, model: 3, task: 5, attempt: 2, bodyHash: 11,
                meaning: 13, fate: .accepted, held: 17, shape: .array, bytes: 58, leaks: .body))
        _ = expected.note(
            at: at, realTime: 9,
            exchange: ExchangeEvent(
                operation: .generate, method: .post, status: 200, clause: .gen11, model: 3, task: 5, attempt: 2,
                bodyHash: 11, meaning: 13, fate: .accepted, held: 17, shape: .array, bytes: 58, leaks: .body,
                outcome: .completed, endedAt: at, endedRealTime: 9))
        #expect(journal.events() == expected.events())
        #expect(journal.bytes == expected.bytes && journal.tally == expected.tally)
    }

    @Test func `events that were cleared are known from those that had no room`() {
        var journal = Journal(limit: 3)
        func note(_ count: Int, _ journal: inout Journal) {
            for _ in 0..<count { journal.note(at: .start, realTime: 0, .clock(by: .zero)) }
        }
        note(5, &journal)
        #expect(journal.evicted == 2 && journal.cleared == 0)
        journal.clear()
        #expect(journal.evicted == 5 && journal.cleared == 5)
        note(4, &journal)
        #expect(journal.evicted == 6 && journal.cleared == 5)
        let next = Journal(limit: 3, evicted: 7, events: [])
        #expect(next.evicted == 7 && next.cleared == 7)
    }
}
