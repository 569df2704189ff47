internal import ClipriseClient
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseReport
internal import ClipriseScenario
internal import ClipriseWire

extension Fleet {
    /// What came of the run for a group; to be asked when it is over.
    func result(_ group: Int = 0) -> RunResult { result(group, judged: judged(accounts(of: group))) }

    /// - Parameter judged: What the report says of the group's accounts.
    func result(_ group: Int = 0, judged: (report: Report, views: [JournalView])?) -> RunResult {
        let tally = tallies[group]
        let accounts = accounts(of: group)
        let times = tally.timesToResult.sorted()
        let arrivals = RunResult.wider(tally.arrivals)
        let jobs = tally.requestsPerJob.count
        let quantiles = RunResult.Quantiles(times, of: jobs)
        let polls = tally.pollsPerJob.sorted()
        let curve = creditsOverTime(accounts, of: group)
        return RunResult(
            policy: groups[group].name, clients: groups[group].clients, jobs: jobs, done: tally.done,
            failed: tally.failed,
            givenUp: tally.givenUp, outcomeUnknown: tally.outcomeUnknown,
            errors: tally.errors.map { RunResult.Named(name: $0.name, count: $0.count) },
            timeToResult: quantiles, times: times, requests: tally.requests,
            generates: tally.generates, polls: tally.polls, downloads: tally.downloads, useful: tally.useful,
            refusedByCapacity: tally.refusedByCapacity, longestQueue: gateway?.longestQueue ?? 0,
            neverSent: tally.neverSent, hedges: tally.hedges,
            pollsPerJob: Self.mean(tally.pollsPerJob),
            pollsPerJobP95: polls.isEmpty ? 0 : Int(polls[max(0, (polls.count * 95 + 99) / 100 - 1)]),
            requestsPerJob: Self.mean(tally.requestsPerJob), requestsPerJobMax: Int(tally.requestsPerJob.max() ?? 0),
            pollBound: PollBound(tally.watches),
            amplification: tally.done > 0 ? Double(tally.requests) / Double(RunResult.necessary * tally.done) : nil,
            peak: RunResult.peak(arrivals, width: 5 * Tally.arrivalBin) ?? .init(count: 0, at: 0),
            retryPeak: RunResult.peak(RunResult.wider(tally.retries), width: 5 * Tally.arrivalBin),
            retryPeak20: RunResult.peak(tally.retries, width: Tally.arrivalBin), outageEnd: outage?.upperBound,
            recovery: recovery(tally), lostInOutage: tally.lostInOutage, money: money(accounts, of: group),
            grade: judged.map { Self.grade($0.report, $0.views, of: accounts.count) }, length: now,
            events: queue.added + Int64(jobs), arrivals: arrivals, spentOverTime: curve.spent, heldOverTime: curve.held)
    }

    private static func mean(_ numbers: [Int32]) -> Double {
        numbers.isEmpty ? 0 : Double(numbers.reduce(0) { $0 + Int64($1) }) / Double(numbers.count)
    }

    /// The accounts of a group's clients: where there are several groups, each client has its own, or all have one.
    private func accounts(of group: Int) -> Range<Int> {
        guard groups.count > 1, !settings.sharesAccount else { return world.accounts.indices }
        let start = groups[..<group].reduce(0) { $0 + $1.clients }
        return start..<(start + groups[group].clients)
    }

    private func recovery(_ tally: Tally) -> Int64? {
        guard let outageEnd = outage?.upperBound else { return nil }
        let first = Int(outageEnd / Tally.second)
        // Where every client had left, calm is no recovery.
        if tally.lostInOutage > 0, !tally.usefulPerSecond.dropFirst(first).contains(where: { $0 > 0 }) { return nil }
        var last: Int?
        for second in tally.answersPerSecond.indices where second >= first {
            let all = tally.answersPerSecond[second]
            let useful = second < tally.usefulPerSecond.count ? tally.usefulPerSecond[second] : 0
            if (all - useful) * 20 > all { last = second }
        }
        return last.map { max(0, Int64($0 + 1) * Tally.second - outageEnd) } ?? 0
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
            if money.breaches.count < 10, let breach = Self.breach(in: world.accounts[index]) {
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
            // What is still processing never ends by itself: its credits are gone like those that were taken.
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

    private func creditsOverTime(_ accounts: Range<Int>, of group: Int) -> (spent: [Int64], held: [Int64]) {
        // Tasks that nobody waited for may end later; what comes after an hour more counts as at that time.
        let last = accounts.reduce(now) { last, index in
            let count = world.accounts[index].ledger.entries.count
            return count == 0 ? last : max(last, world.accounts[index].ledger.entries[count - 1].at.nanoseconds)
        }
        let count = Int(min(last, now + 3_600 * Tally.second) / Tally.second) + 1
        var spent = [Int64](repeating: 0, count: count)
        var held = spent
        let groupsOfTasks = groupsOfTasks()
        for account in accounts {
            for index in world.accounts[account].ledger.entries.indices {
                let entry = world.accounts[account].ledger.entries[index]
                if let groupsOfTasks {
                    guard let task = entry.task, Int(groupsOfTasks[task]) == group else { continue }
                }
                let bin = min(count - 1, Int(entry.at.nanoseconds / Tally.second))
                held[bin] += entry.setAside
                spent[bin] += entry.taken
            }
        }
        for bin in 1..<max(1, count) {
            spent[bin] += spent[bin - 1]
            held[bin] += held[bin - 1]
        }
        return (spent, held)
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

extension Scenario {
    /// Whether no task ends by the number of its polls, or shows an end that is none.
    var livesByClock: Bool {
        func isByPolls(_ fault: TaskFault?) -> Bool {
            if case .flap = fault { return true }
            return false
        }
        let flaps = rules.contains { rule in
            let faults: [Fault?] =
                switch rule.act {
                case .fault(let fault), .chance(_, let fault): [fault]
                case .plan(let faults, repeats: _): faults
                }
            return faults.contains { fault in
                if case .task(.flap) = fault?.kind { return true }
                return false
            }
        }
        return !flaps
            && !tasks.contains { task in
                if case .polls = task.life { return true }
                return isByPolls(task.outcome)
            }
    }

    /// From the beginning of the first window in which a rule acts to the end of the last, in nanoseconds; nil when no
    /// rule has a window.
    var outage: Range<Int64>? {
        let windows = rules.compactMap(\.during)
        guard let start = windows.map(\.from.nanoseconds).min(),
            let end = windows.map({ $0.from.nanoseconds &+ $0.length.nanoseconds }).max()
        else { return nil }
        return start..<end
    }
}
