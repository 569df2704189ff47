internal import ClipriseEngine
package import ClipriseJournal
package import ClipriseReport
package import ClipriseScenario

/// Journals and scenarios of all accounts.
extension Service {
    /// The journal of one account, ready to be judged or written.
    ///
    /// - Parameters:
    ///   - isOver: Whether nothing more will come.
    ///   - hasContents: Whether it has what exchanges said, which judges need not know.
    func journal(of cell: AccountCell, isOver: Bool = false, hasContents: Bool = false) -> JournalView {
        // The events are taken out outside the lock: a large journal must not keep its client waiting.
        let source = cell.withLock { account in
            let time = now
            account.settle(at: account.world.clock.now(time.monotonic), wall: time.wall)
            return account.journalSource(models: models)
        }
        var view = hasContents ? source.viewWithContents : source.view
        view.isOver = isOver
        return view
    }

    /// The journals of all accounts, in the order of their making.
    package var journals: [JournalView] { directory.all.map { journal(of: $0, hasContents: true) } }

    /// Judges all accounts, each by what the scenario that it follows expects.
    ///
    /// - Parameter isOver: Whether nothing more will come.
    package func report(isOver: Bool = false) -> Report {
        report(on: directory.all, with: worldsInForce, isOver: isOver)
    }

    /// - Parameter scenarios: Those that are listed even when no account follows them.
    func report(on cells: [AccountCell], with scenarios: [WorldScenario], isOver: Bool) -> Report {
        var worlds = scenarios
        var views = scenarios.map { _ in [JournalView]() }
        // Accounts that are neighbours mostly follow the same.
        var last: (world: WorldScenario, index: Int)?
        for cell in cells {
            let world = cell.withLock(\.world.scenario)
            if last?.world !== world {
                let known = worlds.firstIndex { $0 === world || ($0.name, $0.hash) == (world.name, world.hash) }
                last = (world, known ?? worlds.count)
                if known == nil {
                    worlds.append(world)
                    views.append([])
                }
            }
            if let last { views[last.index].append(journal(of: cell, isOver: isOver)) }
        }
        let followers = zip(worlds, views).map { world, views in
            Grade.Followers(
                views: views, expectations: world.expectations, scenarioFile: world.file)
        }
        return Grade.report(of: followers)
    }

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
