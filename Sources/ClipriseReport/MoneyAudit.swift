public import ClipriseJournal
internal import ClipriseWire

/// A second set of books: the money of an account worked out from its events alone, and compared with its sums.
///
/// The equations (contract, CR-6 and CR-7): paid in − captured − held = available, none of them below zero; every task
/// is held once and settled at most once, for exactly what was held; a capture belongs to a task that succeeded.
public struct MoneyAudit: Sendable, Hashable {
    public struct Breach: Sendable, Hashable {
        /// The shortened key.
        public var account: String
        /// The event where it showed; nil for the sums at the end.
        public var sequence: Int?
        /// What is wrong, in a sentence without its full stop.
        public var message: String
        /// Credits that are there less those that there should be; 0 where the breach is not one of amounts.
        public var difference: Int64 = 0
    }

    public var account: String
    public var breaches: [Breach] = []
    /// What could not be checked and why; empty when everything was.
    public var unchecked: [String] = []
    /// Settlements that were compared with their hold.
    public var settlesChecked = 0
    /// The sums at the end, as the account itself has them.
    public var money: MoneySums

    public static func check(_ view: JournalView) -> MoneyAudit {
        var books = Books(view)
        for event in view.events { books.take(event) }
        books.close(view)
        return books.audit
    }
}

/// The books while they are written.
private struct Books {
    enum Task {
        case open(Int64)
        case settled
    }

    var audit: MoneyAudit
    private var tasks: [Int: Task] = [:]
    /// Whether every event since the opening is there: since the last one, when a reset began the books anew.
    private let isWhole: Bool
    private var wasOverdrawn = false
    private var paidIn: Int64 = 0
    private var captured: Int64 = 0
    private var held: Int64 = 0
    /// Settlements of tasks whose acceptance is no longer in the journal.
    private var orphans = 0

    init(_ view: JournalView) {
        audit = MoneyAudit(account: view.account, money: view.money)
        isWhole = view.evicted == 0 || view.events.first.map(Self.isOpening) ?? false
    }

    private static func isOpening(_ event: JournalEvent) -> Bool {
        if case .money(let movement) = event.kind { movement.kind == .opening } else { false }
    }

    private mutating func breach(_ sequence: Int?, _ message: String, _ difference: Int64 = 0) {
        audit.breaches.append(
            MoneyAudit.Breach(account: audit.account, sequence: sequence, message: message, difference: difference))
    }

    mutating func take(_ event: JournalEvent) {
        switch event.kind {
        case .money(let movement): take(movement, event.sequence)
        case .exchange(let exchange): take(exchange, event.sequence)
        case .settled(let settled): take(settled, event.sequence)
        case .callback, .clock: return
        }
        let available = paidIn &- captured &- held
        // Reported once: the sums after it would only repeat it.
        if isWhole, available < 0, !wasOverdrawn {
            wasOverdrawn = true
            breach(
                event.sequence, "\(NumberText.grouped(-available)) credits were spent that were not there", available)
        }
    }

    private func were(_ credits: Int64) -> String {
        "\(DecimalText.count(credits, "credit")) \(credits == 1 ? "was" : "were")"
    }

    private mutating func take(_ movement: MoneyEvent, _ sequence: Int) {
        paidIn = adding(paidIn, movement.credits, sequence)
        if movement.kind == .opening || movement.kind == .topUp, movement.credits < 0 {
            breach(
                sequence, "a \(movement.kind.rawValue) of \(DecimalText.count(movement.credits, "credit"))",
                movement.credits)
        }
    }

    private mutating func take(_ exchange: ExchangeEvent, _ sequence: Int) {
        let wasMade = exchange.fate == .accepted || exchange.fate == .answerLost
        guard wasMade, exchange.operation == .generate else {
            if exchange.held != 0 {
                breach(
                    sequence,
                    "\(were(exchange.held)) held by a request that made no task",
                    exchange.held)
            }
            return
        }
        guard exchange.held >= 0 else {
            breach(sequence, "a hold of \(DecimalText.count(exchange.held, "credit"))", exchange.held)
            return
        }
        guard let task = exchange.task else {
            breach(sequence, "a task was made that has no number")
            return
        }
        guard tasks[task] == nil else {
            breach(sequence, "task \(task) was held twice", exchange.held)
            return
        }
        tasks[task] = .open(exchange.held)
        held = adding(held, exchange.held, sequence)
    }

    private mutating func take(_ settled: SettledEvent, _ sequence: Int) {
        guard settled.captured >= 0, settled.released >= 0 else {
            breach(sequence, "task \(settled.task) was settled with a negative amount")
            return
        }
        if settled.captured > 0, !settled.succeeded {
            breach(
                sequence,
                "task \(settled.task) failed, yet \(were(settled.captured)) captured",
                settled.captured
            )
        }
        switch tasks[settled.task] {
        case .settled:
            breach(sequence, "task \(settled.task) was settled twice", settled.captured &+ settled.released)
            return
        case nil where isWhole:
            breach(
                sequence,
                "\(were(settled.captured)) captured for task \(settled.task), which was never accepted",
                settled.captured)
        case nil:
            orphans += 1
        case .open(let price):
            audit.settlesChecked += 1
            let difference = settled.captured &+ settled.released &- price
            if difference != 0 {
                breach(
                    sequence,
                    "task \(settled.task): captured \(settled.captured) + released \(settled.released) ≠ held \(price)",
                    difference)
            } else if settled.succeeded, settled.captured != price {
                breach(
                    sequence,
                    "task \(settled.task) succeeded, yet \(settled.released) of \(price) credits were given back",
                    settled.captured - price)
            }
            held -= price
        }
        tasks[settled.task] = .settled
        captured = adding(captured, settled.captured, sequence)
    }

    private mutating func adding(_ sum: Int64, _ credits: Int64, _ sequence: Int) -> Int64 {
        let (result, overflow) = sum.addingReportingOverflow(credits)
        if overflow { breach(sequence, "a sum beyond 64 bits") }
        return overflow ? sum : result
    }

    mutating func close(_ view: JournalView) {
        checkEquation(view.money)
        guard isWhole else {
            audit.unchecked.append(
                "\(NumberText.count(view.evicted, "event")) before #\(view.events.first?.sequence ?? view.evicted + 1) "
                    + (view.lost == 0 ? "were cleared" : "are no longer kept")
                    + ": opening, top-ups and tasks among them")
            if orphans > 0 {
                audit.unchecked.append(
                    "\(NumberText.count(orphans, "settlement")) of tasks that were accepted before that")
            }
            // What was captured before can only add to what the kept events captured.
            if view.money.captured < captured { compare("captured", captured, view.money.captured) }
            return
        }
        compare("paid in", paidIn, view.money.paidIn)
        // With prices taken at acceptance nothing is held: what is open counts as captured.
        compare("captured", view.chargesOnAccept ? captured &+ held : captured, view.money.captured)
        compare("held", view.chargesOnAccept ? 0 : held, view.money.held)
        compare("available", paidIn &- captured &- held, view.money.available)
    }

    private mutating func checkEquation(_ sums: MoneySums) {
        let difference = sums.paidIn &- sums.captured &- sums.held &- sums.available
        if difference != 0 {
            breach(
                nil,
                "paid in \(sums.paidIn) − captured \(sums.captured) − held \(sums.held) ≠ available \(sums.available)",
                -difference)
        }
        for (word, sum) in [("captured", sums.captured), ("held", sums.held), ("available", sums.available)]
        where sum < 0 {
            breach(nil, "\(word) is \(sum), below zero", sum)
        }
    }

    private mutating func compare(_ word: String, _ events: Int64, _ account: Int64) {
        guard events != account else { return }
        breach(nil, "\(word): the account says \(account), its events say \(events)", account &- events)
    }
}
