package import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

extension Account {
    /// The journal with the names that it refers to and the money at this moment.
    ///
    /// - Parameter models: The ids of the catalogue, by position.
    package func journalView(models: [String]) -> JournalView {
        let events = world.journal.events()
        var taskIDs: [Int: TaskID] = [:]
        for event in events { if let task = event.kind.task { taskIDs[task] = id(of: task - 1) } }
        return JournalView(
            account: KeyRedaction.shown(key), events: events, evicted: world.journal.evicted,
            models: models, rules: world.rules.names, ruleActs: ruleActs,
            money: MoneySums(
                paidIn: ledger.paidIn, captured: ledger.captured, held: ledger.held, available: ledger.available),
            seed: world.seed, scenarioName: world.scenario.name, scenarioHash: world.scenario.hash,
            isClockVirtual: world.clock.isVirtual, chargesOnAccept: world.charge == .onAccept, taskIDs: taskIDs)
    }
}

extension JournalEvent.Kind {
    /// The 1-based position of the task that the event is about.
    package var task: Int? {
        switch self {
        case .exchange(let event): event.task
        case .settled(let event): event.task
        case .callback(let event): event.task
        case .money, .clock: nil
        }
    }
}

/// How a key is shown where others may read it.
package enum KeyRedaction {
    /// The first four characters of a key of eight or more and nothing of a shorter one, then `…`.
    ///
    /// Only printable ASCII is shown; all else is a question mark.
    package static func shown(_ key: some Collection<UInt8>) -> String {
        let shown = key.count >= 8 ? Array(key.prefix(4)) : []
        return String(decoding: shown.map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self) + "…"
    }
}
