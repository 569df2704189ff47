internal import ClipriseEngine
package import ClipriseJournal
package import ClipriseScenario
internal import ClipriseWire

/// Journals and scenarios of all accounts.
extension Service {
    /// The journal of one account, ready to be judged or written.
    func journal(of cell: AccountCell) -> JournalView {
        cell.withLock { account in
            let time = now
            account.settle(at: account.world.clock.now(time.monotonic), wall: time.wall)
            return account.journalView(models: models)
        }
    }

    /// The journals of all accounts, in the order of their making.
    package var journals: [JournalView] { directory.all.map(journal(of:)) }

    /// What the scenarios in force expect, in their order.
    package var expectations: [Expectation] { worldsInForce.flatMap(\.expectations) }

    /// Whether any request reached an account.
    var hasExchanges: Bool {
        directory.all.contains { cell in
            cell.withLock { account in
                let journal = account.world.journal
                // A journal that keeps nothing counts only how many events there were; the first opens the account.
                return !journal.tally.answers.isEmpty || (journal.keepsNothing && journal.total > 1)
            }
        }
    }

    /// Lets all accounts follow other scenarios; credits, tasks, clocks and journals stay.
    ///
    /// - Returns: The number of accounts.
    package func follow(_ scenarios: [Scenario]) -> Int {
        configuration.recorder?.changedByHand([], now.monotonic)
        let set = replaceWorlds(scenarios)
        let cells = directory.all
        for cell in cells { cell.withLock { account in account.follow(set.world(for: account.key)) } }
        return cells.count
    }
}
