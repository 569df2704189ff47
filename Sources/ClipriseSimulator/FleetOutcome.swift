internal import ClipriseJournal
internal import ClipriseReport
internal import ClipriseScenario

/// What came of a run, in figures.
struct FleetOutcome: Sendable {
    private let settings: FleetSettings
    private let groups: [FleetGroup]
    private let whole: FleetPart
    /// Of each group: what its jobs send when each client has the service to itself; empty where each has.
    var alone: [Alone] = []

    struct Alone: Sendable {
        var requests: Int64
        var jobs: Int
    }

    /// For the outcome of the same jobs among others.
    var asAlone: [Alone] {
        whole.groups.map { Alone(requests: $0.tally.requests, jobs: $0.tally.requestsPerJob.count) }
    }

    init(_ settings: FleetSettings, _ groups: [FleetGroup], _ whole: FleetPart) {
        self.settings = settings
        self.groups = groups
        self.whole = whole
    }

    /// What the report says of the accounts of a group that keep a journal; nil when none does.
    func judged(_ group: Int = 0) -> (report: Report, views: [JournalView])? {
        let views = whole.groups[group].views
        guard settings.gradedAccounts > 0, !views.isEmpty else { return nil }
        return (Grade.report(of: views, expectations: settings.scenario.expectations), views)
    }

    func result(_ group: Int = 0) -> RunResult { result(group, judged: judged(group)) }

    /// - Parameter judged: What the report says of the group's accounts.
    func result(_ group: Int = 0, judged: (report: Report, views: [JournalView])?) -> RunResult {
        let tally = whole.groups[group].tally
        let times = tally.timesToResult.sorted()
        let arrivals = RunResult.wider(tally.arrivals)
        let jobs = tally.requestsPerJob.count
        let polls = tally.pollsPerJob.sorted()
        let outage = settings.scenario.outage
        let curve = whole.groups[group].curve.sums(end: whole.now)
        let accounts = settings.sharesAccount ? 1 : groups[group].clients
        return RunResult(
            policy: groups[group].name, clients: groups[group].clients, jobs: jobs, done: tally.done,
            failed: tally.failed,
            givenUp: tally.givenUp, outcomeUnknown: tally.outcomeUnknown,
            errors: tally.errors.map { RunResult.Named(name: $0.name, count: $0.count) }
                .sorted { ($1.count, $0.name) < ($0.count, $1.name) },
            timeToResult: RunResult.Quantiles(times, of: jobs), times: times, requests: tally.requests,
            generates: tally.generates, polls: tally.polls, downloads: tally.downloads, useful: tally.useful,
            refusedByCapacity: tally.refusedByCapacity, longestQueue: whole.longestQueue,
            neverSent: tally.neverSent, hedges: tally.hedges,
            pollsPerJob: Self.mean(tally.pollsPerJob),
            pollsPerJobP95: polls.isEmpty ? 0 : Int(polls[max(0, (polls.count * 95 + 99) / 100 - 1)]),
            requestsPerJob: Self.mean(tally.requestsPerJob), requestsPerJobMax: Int(tally.requestsPerJob.max() ?? 0),
            pollBound: PollBound(tally.watches),
            amplification: amplification(tally, group),
            peak: RunResult.peak(arrivals, width: 5 * Tally.arrivalBin) ?? .init(count: 0, at: 0),
            retryPeak: RunResult.peak(RunResult.wider(tally.retries), width: 5 * Tally.arrivalBin),
            retryPeak20: RunResult.peak(tally.retries, width: Tally.arrivalBin), outageEnd: outage?.upperBound,
            recovery: recovery(tally, outageEnd: outage?.upperBound), lostInOutage: tally.lostInOutage,
            money: whole.groups[group].money,
            grade: judged.map { Fleet.grade($0.report, $0.views, of: accounts) }, length: whole.now,
            events: whole.added + Int64(jobs), arrivals: arrivals, spentOverTime: curve.spent,
            heldOverTime: curve.held)
    }

    private func amplification(_ tally: Tally, _ group: Int) -> Double? {
        guard tally.done > 0 else { return nil }
        var requests = Double(tally.requests)
        if alone.indices.contains(group), alone[group].jobs > 0 {
            // In a closed model there are other jobs.
            let part = Double(tally.requestsPerJob.count) / Double(alone[group].jobs)
            requests = max(requests, Double(alone[group].requests) * part)
        }
        return requests / Double(RunResult.necessary * tally.done)
    }

    private static func mean(_ numbers: [Int32]) -> Double {
        numbers.isEmpty ? 0 : Double(numbers.reduce(0) { $0 + Int64($1) }) / Double(numbers.count)
    }

    private func recovery(_ tally: Tally, outageEnd: Int64?) -> Int64? {
        guard let outageEnd else { return nil }
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
}
