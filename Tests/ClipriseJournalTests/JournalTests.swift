import ClipriseJournal
import ClipriseWire
import Testing

@Suite struct JournalTests {
    static func exchange(_ status: Int, _ outcome: ExchangeEvent.Outcome = .completed) -> JournalEvent.Kind {
        .exchange(
            ExchangeEvent(
                operation: .status, status: status, clause: .sta3, fault: status == 503 ? "status" : nil,
                outcome: outcome))
    }

    static func noted(_ count: Int, limit: Int) -> Journal {
        var journal = Journal(limit: limit)
        for number in 1...count { journal.note(at: .start, realTime: 0, exchange(number % 2 == 0 ? 300 : 503)) }
        return journal
    }

    @Test(arguments: [(1, 10), (2_000, 10), (2_000, 1_000), (2_000, 0), (512, 512), (513, 512), (1_025, 1)])
    func `the last events are kept, and all of them counted`(count: Int, limit: Int) {
        let journal = Self.noted(count, limit: limit)
        #expect(journal.total == count)
        #expect(journal.count == min(count, limit))
        #expect(journal.evicted == count - min(count, limit))
        #expect(journal.events().map(\.sequence) == Array((journal.evicted + 1)..<(count + 1)))
        let even = JournalTally.Answer(operation: .status, status: 300, clause: .sta3)
        #expect(journal.tally.answers[even] ?? 0 == count / 2)
        #expect(journal.tally.faults["status"] == (count + 1) / 2)
    }

    @Test(arguments: [1, 511, 512, 513, 1_500])
    func `a cleared journal keeps none of its events and goes on counting`(count: Int) {
        var journal = Self.noted(count, limit: 10_000)
        #expect(journal.clear() == count)
        #expect(journal.count == 0 && journal.evicted == count && journal.events().isEmpty)
        #expect(journal.note(at: .seconds(1), realTime: 0, Self.exchange(400)) == count + 1)
        #expect(journal.events().map(\.sequence) == [count + 1])
        #expect(journal.event(count) == nil)
        #expect(journal.event(count + 1)?.at == .seconds(1))
        for _ in 0..<600 { journal.note(at: .start, realTime: 0, Self.exchange(300)) }
        #expect(journal.count == 601)
        #expect(journal.tally.answers.values.reduce(0, +) == count + 601)
    }

    @Test(arguments: [0, 1, 511, 512, 700])
    func `a journal goes on from another one`(evicted: Int) {
        let events = Self.noted(3, limit: 10).events()
        var journal = Journal(limit: 2, evicted: evicted, events: events)
        #expect(journal.total == evicted + 3)
        #expect(journal.events().map(\.sequence) == [evicted + 2, evicted + 3])
        journal.note(at: .start, realTime: 0, Self.exchange(300))
        #expect(journal.events().map(\.sequence) == [evicted + 3, evicted + 4])
    }

    @Test func `an exchange is in flight until its end is noted`() {
        var journal = Journal(limit: 10)
        let sequence = journal.note(at: .start, realTime: 0, Self.exchange(300, .inFlight))
        #expect(journal.tally.inFlight == 1)
        journal.end(sequence, .completed, at: .seconds(2), realTime: 5)
        #expect(journal.tally.inFlight == 0)
        guard case .exchange(let exchange)? = journal.event(sequence)?.kind else { return }
        #expect(exchange.endedAt == .seconds(2) && exchange.outcome == .completed)
    }
}
