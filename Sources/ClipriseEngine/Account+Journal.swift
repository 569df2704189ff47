public import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

extension Account {
    /// The journal with the names that it refers to and the money at this moment.
    ///
    /// - Parameter models: The ids of the catalogue, by position.
    public func journalView(models: [String]) -> JournalView { journalSource(models: models).view }

    /// What a view of the journal is made of; taken in no time, so that whoever holds a lock can make the view outside.
    public func journalSource(models: [String]) -> JournalSource {
        JournalSource(
            journal: world.journal, ids: ids, mask: mask,
            head: JournalView(
                account: ShortenedKey.text(key), events: [], evicted: world.journal.evicted,
                cleared: world.journal.cleared,
                models: models, rules: world.rules.names, ruleActs: ruleActs, ruleDraws: ruleDraws,
                money: MoneySums(
                    paidIn: ledger.paidIn, captured: ledger.captured, held: ledger.held, available: ledger.available),
                seed: world.seed, scenarioName: world.scenario.name, scenarioHash: world.scenario.hash,
                isClockVirtual: world.clock.isVirtual, chargesOnAccept: world.chargesOnAccept,
                label: label, endless: endless))
    }

    /// What was said of the body of a task; none when the journal does not keep its generate any more.
    ///
    /// - Parameter position: 0-based.
    public func warnings(of position: Int) -> [BodyWarning] {
        guard let sequence = world.warned[position], case .exchange(let exchange)? = world.journal.event(sequence)?.kind
        else { return [] }
        return exchange.warnings
    }

    /// The tasks that run and that nothing but a hand will ever end.
    private var endless: Set<Int> {
        var endless: Set<Int> = []
        for (position, special) in specials where special.fault == .stuck && tasks[position].state == .processing {
            endless.insert(position + 1)
        }
        return endless
    }
}

/// A journal at one moment, whose events are not taken out yet.
public struct JournalSource: Sendable {
    fileprivate let journal: Journal
    fileprivate let ids: TaskIDs
    fileprivate let mask: SecretMask
    fileprivate let head: JournalView

    public var view: JournalView {
        var view = head
        view.events = journal.events()
        for event in view.events {
            if let task = event.kind.task { view.taskIDs[task] = ids.id(of: task - 1) }
        }
        return view
    }

    /// With what exchanges said, as far as that is kept.
    public var viewWithContents: JournalView {
        var view = view
        for event in view.events { view.contents[event.sequence] = journal.content(event.sequence, mask) }
        return view
    }
}

extension JournalEvent.Kind {
    /// The 1-based position of the task that the event is about.
    public var task: Int? {
        switch self {
        case .exchange(let event): event.task
        case .settled(let event): event.task
        case .callback(let event): event.task
        case .money, .clock: nil
        }
    }
}
