import ClipriseReport
import ClipriseWire
import Testing

@testable import ClipriseJournal

@Suite struct MoneyAuditTests {
    /// An account with 100 credits that pays 40 for a task, gets 40 back for another and holds 15 for a third.
    static var sound: JournalView {
        var story = Story(opening: 100)
        story.accepted(1)
        story.settle(1)
        story.accepted(2)
        story.settle(2, succeeded: false)
        story.accepted(3, credits: 15)
        return story.view
    }

    @Test func `sound books have no breach, and all of them were checked`() {
        let audit = MoneyAudit.check(Self.sound)
        #expect(audit.breaches.isEmpty)
        #expect(audit.unchecked.isEmpty)
        #expect(audit.settlesChecked == 2)
        #expect(audit.money == MoneySums(paidIn: 100, captured: 40, held: 15, available: 45))
    }

    @Test func `top-ups, corrections and drains move what was paid in`() {
        var view = Self.sound
        for (kind, credits) in [(MoneyEvent.Kind.topUp, Int64(20)), (.adjustment, -5), (.drain, -60)] {
            let last = view.events.count
            view.events.append(
                JournalEvent(
                    sequence: last + 1, at: .start, realTime: 0, kind: .money(MoneyEvent(kind: kind, credits: credits)))
            )
        }
        view.money = MoneySums(paidIn: 55, captured: 40, held: 15, available: 0)
        #expect(MoneyAudit.check(view).breaches.isEmpty)
    }

    @Test func `with prices taken at acceptance an open task counts as captured`() {
        var view = Self.sound
        view.chargesOnAccept = true
        #expect(MoneyAudit.check(view).breaches.count == 2)
        view.money = MoneySums(paidIn: 100, captured: 55, held: 0, available: 45)
        #expect(MoneyAudit.check(view).breaches.isEmpty)
    }

    struct Planted: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sequence: Int?
        let difference: Int64
        let message: String
        let plant: @Sendable (inout JournalView) -> Void

        init(
            _ name: String, at sequence: Int?, _ difference: Int64, _ message: String,
            _ plant: @escaping @Sendable (inout JournalView) -> Void
        ) {
            testDescription = name
            self.sequence = sequence
            self.difference = difference
            self.message = message
            self.plant = plant
        }
    }

    static func change(_ view: inout JournalView, _ index: Int, _ change: (inout ExchangeEvent) -> Void) {
        guard case .exchange(var exchange) = view.events[index].kind else { return }
        change(&exchange)
        view.events[index].kind = .exchange(exchange)
    }

    static func settled(_ view: inout JournalView, _ index: Int, _ change: (inout SettledEvent) -> Void) {
        guard case .settled(var settled) = view.events[index].kind else { return }
        change(&settled)
        view.events[index].kind = .settled(settled)
    }

    static let planted: [Planted] = [
        Planted("a credit vanishes", at: nil, -1, "≠ available 44") { $0.money.available -= 1 },
        Planted("credits appear", at: nil, 7, "paid in: the account says 107, its events say 100") {
            $0.money.paidIn += 7
            $0.money.available += 7
        },
        Planted("below zero", at: nil, -5, "held is -5, below zero") {
            $0.money.held = -5
            $0.money.available += 20
        },
        Planted("captured more than held", at: 3, 2, "task 1: captured 42 + released 0 ≠ held 40") {
            settled(&$0, 2) { $0.captured = 42 }
        },
        Planted("captured and given back", at: 3, 40, "task 1: captured 40 + released 40 ≠ held 40") {
            settled(&$0, 2) { $0.released = 40 }
        },
        Planted("captured for a failure", at: 5, 40, "task 2 failed, yet 40 credits were captured") {
            settled(&$0, 4) { ($0.captured, $0.released) = (40, 0) }
        },
        Planted("given back after success", at: 3, -40, "task 1 succeeded, yet 40 of 40 credits were given back") {
            settled(&$0, 2) { ($0.captured, $0.released) = (0, 40) }
        },
        Planted("captured twice", at: 5, 0, "task 1 was settled twice") {
            settled(&$0, 4) { ($0.task, $0.captured, $0.released) = (1, 0, 0) }
        },
        Planted("captured for nothing", at: 3, 40, "for task 9, which was never accepted") {
            settled(&$0, 2) { $0.task = 9 }
        },
        Planted("held twice", at: 4, 40, "task 1 was held twice") { change(&$0, 3) { $0.task = 1 } },
        Planted("held by a refusal", at: 6, 15, "15 credits were held by a request that made no task") {
            change(&$0, 5) { $0.fate = .refused }
        },
        Planted("spent what was not there", at: 6, -50, "50 credits were spent that were not there") {
            change(&$0, 5) { $0.held = 110 }
        },
        Planted("a negative opening", at: 1, -100, "a opening of -100 credits") {
            $0.events[0].kind = .money(MoneyEvent(kind: .opening, credits: -100))
        },
    ]

    @Test(arguments: planted)
    func `a planted breach is found with account, event and difference`(planted: Planted) throws {
        var view = Self.sound
        planted.plant(&view)
        let breaches = MoneyAudit.check(view).breaches
        let breach = try #require(breaches.first { $0.message.contains(planted.message) }, "\(breaches)")
        #expect(breach.account == "test…c7c7")
        #expect(breach.sequence == planted.sequence)
        #expect(breach.difference == planted.difference)
        let report = Grade.report(of: [view])
        #expect(report.failed && report.letter == .f && report.exitCode(strict: false) == 1)
    }

    @Test func `with events evicted it says what was not checked, and still checks the rest`() {
        var view = Self.sound
        view.events.removeFirst(2)
        view.evicted = 2
        var audit = MoneyAudit.check(view)
        #expect(audit.breaches.isEmpty)
        #expect(audit.settlesChecked == 1)
        #expect(audit.unchecked.count == 2)
        #expect(audit.unchecked.first?.hasPrefix("2 events before #3 are no longer kept") == true)
        #expect(audit.unchecked.last?.hasPrefix("1 settlement ") == true)

        view.money = MoneySums(paidIn: 100, captured: 39, held: 15, available: 46)
        audit = MoneyAudit.check(view)
        #expect(audit.breaches.map(\.message) == ["captured: the account says 39, its events say 40"])
    }

    @Test func `books that a reset began anew are checked as whole ones`() {
        var view = Self.sound
        for index in view.events.indices { view.events[index].sequence += 9 }
        (view.evicted, view.cleared) = (9, 9)
        let audit = MoneyAudit.check(view)
        #expect(audit.unchecked.isEmpty && audit.breaches.isEmpty)
        #expect(audit.settlesChecked == 2)
        view.money.paidIn += 7
        view.money.available += 7
        #expect(
            MoneyAudit.check(view).breaches.first?.message == "paid in: the account says 107, its events say 100")
    }

    @Test func `what was cleared without a new opening is said, and the rest checked`() {
        var view = Self.sound
        view.events.removeFirst(3)
        (view.evicted, view.cleared) = (3, 3)
        let audit = MoneyAudit.check(view)
        #expect(audit.unchecked == ["3 events before #4 were cleared: opening, top-ups and tasks among them"])
        #expect(audit.settlesChecked == 1)
        #expect(audit.breaches.isEmpty)
    }
}
