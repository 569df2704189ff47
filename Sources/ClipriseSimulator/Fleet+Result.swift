internal import ClipriseBundle
internal import ClipriseEngine
internal import ClipriseWire

extension Fleet {
    /// What came of the run; to be asked when it is over.
    func part() -> FleetPart {
        FleetPart(
            groups: groups.indices.map { group in
                let accounts = accounts(of: group)
                return FleetPart.Group(
                    tally: tallies[group], money: money(accounts, of: group), curve: curve(accounts, of: group),
                    views: views(accounts))
            },
            longestQueue: gateway?.longestQueue ?? 0, now: now, added: queue.added)
    }

    /// What came of the run for a group; to be asked when it is over.
    func result(_ group: Int = 0) -> RunResult { FleetOutcome(settings, groups, part()).result(group) }

    /// The accounts of a group's clients: where there are several groups, each client has its own, or all have one.
    private func accounts(of group: Int) -> Range<Int> {
        guard groups.count > 1, !settings.sharesAccount else { return world.accounts.indices }
        let first = (groupOfClient.firstIndex(of: UInt8(group)) ?? 0)
        return first..<(first + groupOfClient.count { $0 == UInt8(group) })
    }

    // MARK: Money

    /// Of each task of the one account that several groups share, its group; nil where a group has accounts of its own.
    private func groupsOfTasks() -> [UInt8]? {
        guard groups.count > 1, settings.sharesAccount else { return nil }
        var groups = [UInt8](repeating: .max, count: world.accounts[0].taskCount)
        for task in tasks { groups[Int(task.position)] = UInt8(group(of: task.client)) }
        return groups
    }

    private func money(_ accounts: Range<Int>, of group: Int) -> RunResult.Money {
        var money = RunResult.Money()
        let groupsOfTasks = groupsOfTasks()
        for index in accounts {
            if let groupsOfTasks {
                for entry in world.accounts[index].ledger.entries.indices {
                    let entry = world.accounts[index].ledger.entries[entry]
                    guard let task = entry.task, Int(groupsOfTasks[task]) == group else { continue }
                    money.spent += entry.taken
                    money.heldAtEnd += entry.setAside
                }
            } else {
                money.spent += world.accounts[index].ledger.captured
                money.heldAtEnd += world.accounts[index].ledger.held
            }
            money.accountsAudited += 1
            if money.breaches.count < RunResult.Money.breachLimit, let breach = Self.breach(in: world.accounts[index]) {
                money.breaches.append(breach)
            }
        }
        // The tasks of one job, the first made first.
        let own = tasks.indices.filter {
            accounts.contains(Int(tasks[$0].account)) && self.group(of: tasks[$0].client) == group
        }
        let inOrder = own.sorted {
            (tasks[$0].job, $0) < (tasks[$1].job, $1)
        }
        var start = 0
        while start < inOrder.count {
            var end = start
            while end < inOrder.count, tasks[inOrder[end]].job == tasks[inOrder[start]].job { end += 1 }
            count(inOrder[start..<end].map { tasks[$0] }, &money)
            start = end
        }
        return money
    }

    private func count(_ tasks: [MadeTask], _ money: inout RunResult.Money) {
        let charged = tasks.compactMap { task -> (credits: Int64, isFetched: Bool)? in
            // What is still processing never ends by itself: its credits are lost like those that were taken.
            let charge = world.accounts[Int(task.account)].charge(at: Int(task.position))
            return charge.isCharged
                ? (charge.credits, fetched.contains(MadeTask.key(task.account, task.position))) : nil
        }
        // The fetched one is what the job was for; without one, the first.
        let kept = charged.firstIndex { $0.isFetched } ?? 0
        for (index, charge) in charged.enumerated() {
            if index != kept {
                money.doubleCharged += charge.credits
            } else if !charge.isFetched {
                money.neverFetched += charge.credits
            }
        }
    }

    /// A second set of books, worked out from the entries alone.
    private static func breach(in account: Account) -> String? {
        let ledger = account.ledger
        let name = String(decoding: account.key, as: UTF8.self)
        if let breach = ledger.breach { return "\(name): \(breach)" }
        var available: Int64 = 0
        var held: Int64 = 0
        var captured: Int64 = 0
        for index in ledger.entries.indices {
            let entry = ledger.entries[index]
            available += entry.change
            held += entry.setAside
            captured += entry.taken
        }
        guard (available, held, captured) == (ledger.available, ledger.held, ledger.captured) else {
            return "\(name): the entries give available \(available), held \(held), captured \(captured); the sums say "
                + "\(ledger.available), \(ledger.held), \(ledger.captured)"
        }
        return nil
    }

    /// When credits were taken and set aside.
    private func curve(_ accounts: Range<Int>, of group: Int) -> CreditCurve {
        var curve = CreditCurve(end: now)
        let groupsOfTasks = groupsOfTasks()
        for account in accounts {
            let count = world.accounts[account].ledger.entries.count
            if count > 0 { curve.reach(world.accounts[account].ledger.entries[count - 1].at.nanoseconds) }
            for index in world.accounts[account].ledger.entries.indices {
                let entry = world.accounts[account].ledger.entries[index]
                if let groupsOfTasks {
                    guard let task = entry.task, Int(groupsOfTasks[task]) == group else { continue }
                }
                curve.add(held: entry.setAside, spent: entry.taken, at: entry.at.nanoseconds)
            }
        }
        return curve
    }
}

extension Ledger.Entry {
    /// By how much the credits grow that are set aside, and those that were taken.
    fileprivate var setAside: Int64 {
        switch kind {
        case .hold: credits
        case .capture, .release: -credits
        case .refund, .opening, .topUp, .adjustment, .drain: 0
        }
    }
    fileprivate var taken: Int64 {
        switch kind {
        case .capture: credits
        case .refund: -credits
        case .hold, .release, .opening, .topUp, .adjustment, .drain: 0
        }
    }
}
