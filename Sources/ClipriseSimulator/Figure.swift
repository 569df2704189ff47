/// A number that one run yields, and what is good about it.
package enum Figure: String, Sendable, Hashable, CaseIterable {
    case jobs, done, failed
    case givenUp = "given_up"
    case outcomeUnknown = "outcome_unknown"
    case p50 = "p50_ns"
    case p95 = "p95_ns"
    case p99 = "p99_ns"
    case requests
    case requestsPerJob = "requests_per_job"
    case pollsPerJob = "polls_per_job"
    case leastPollsPerJob = "least_polls_per_job"
    case amplification
    case peak = "peak_100ms"
    case retryPeak = "retry_peak_100ms"
    case retryPeak20 = "retry_peak_20ms"
    case rejected = "turned_away"
    case recovery = "recovery_ns"
    case lostInOutage = "lost_in_outage"
    case spent
    case heldAtEnd = "held_at_end"
    case wasted
    case chargedTwice = "charged_twice"
    case neverFetched = "never_fetched"

    package enum Better: Sendable, Hashable { case less, more, neither }

    /// What is said of a figure, in one place.
    private struct Definition {
        var group: String
        var label: String
        var isEffort: Bool
        var value: (RunResult) -> Double?

        init(_ group: String, _ label: String, isEffort: Bool = false, _ value: @escaping (RunResult) -> Double?) {
            (self.group, self.label, self.isEffort, self.value) = (group, label, isEffort, value)
        }
    }

    private var definition: Definition {
        switch self {
        case .jobs: .init("Jobs", "jobs") { Double($0.jobs) }
        case .done: .init("Jobs", "done") { Double($0.done) }
        case .failed: .init("Jobs", "failed for good") { Double($0.failed) }
        case .givenUp: .init("Jobs", "given up") { Double($0.givenUp) }
        case .outcomeUnknown: .init("Jobs", "  of these, charge unknown") { Double($0.outcomeUnknown) }
        case .p50: .init("Time to result", "p50") { $0.timeToResult.p50.map(Double.init) }
        case .p95: .init("Time to result", "p95") { $0.timeToResult.p95.map(Double.init) }
        case .p99: .init("Time to result", "p99") { $0.timeToResult.p99.map(Double.init) }
        case .requests: .init("Load", "requests", isEffort: true) { Double($0.requests) }
        case .requestsPerJob: .init("Load", "requests per job, mean", isEffort: true) { $0.requestsPerJob }
        case .pollsPerJob: .init("Load", "polls per job, mean", isEffort: true) { $0.pollsPerJob }
        case .leastPollsPerJob: .init("Load", "  least possible") { $0.pollBound?.leastPolls }
        case .amplification: .init("Load", "amplification", isEffort: true) { $0.amplification }
        case .peak: .init("Load", "peak arrivals in 100 ms", isEffort: true) { Double($0.peak.count) }
        case .retryPeak: .init("Load", "peak retries in 100 ms", isEffort: true) { Double($0.retryPeak?.count ?? 0) }
        case .retryPeak20: .init("Load", "peak retries in 20 ms", isEffort: true) { Double($0.retryPeak20?.count ?? 0) }
        case .rejected: .init("Load", "rejected (queue full)", isEffort: true) { Double($0.refusedByCapacity) }
        case .recovery: .init("Load", "recovered after the outage") { $0.recovery.map(Double.init) }
        case .lostInOutage: .init("Load", "  jobs lost in it") { Double($0.lostInOutage) }
        case .spent: .init("Credits", "spent") { Double($0.money.spent) }
        case .heldAtEnd: .init("Credits", "held at the end") { Double($0.money.heldAtEnd) }
        case .wasted: .init("Credits", "wasted") { Double($0.money.wasted) }
        case .chargedTwice: .init("Credits", "  charged twice") { Double($0.money.doubleCharged) }
        case .neverFetched: .init("Credits", "  paid, never fetched") { Double($0.money.neverFetched) }
        }
    }

    /// The value in a run; nil for a figure that the run does not have.
    package func value(_ result: RunResult) -> Double? { definition.value(result) }

    /// Whether doing nothing would be best at it: then a run that gets nothing done has no such figure to compare.
    var isEffort: Bool { definition.isEffort }

    /// The name in tables.
    package var label: String { definition.label }

    /// What stands above it and its like in tables.
    package var group: String { definition.group }

    package var better: Better {
        switch self {
        case .jobs, .spent, .leastPollsPerJob: .neither
        case .done: .more
        default: .less
        }
    }

    /// Whether a table shows the figure although it is nothing for all: where there is no queue and no outage, it says
    /// nothing.
    var isAlwaysShown: Bool {
        switch self {
        case .rejected, .recovery, .lostInOutage, .leastPollsPerJob: false
        default: true
        }
    }

    /// A value as people read it.
    package func text(_ value: Double) -> String {
        switch self {
        case .p50, .p95, .p99, .recovery: FigureText.seconds(Int64(saturating: value))
        case .amplification: "\(FigureText.fixed(value, digits: 2))×"
        case .requestsPerJob, .pollsPerJob, .leastPollsPerJob: FigureText.fixed(value, digits: 2)
        default:
            value == value.rounded() || abs(value) >= 1_000
                ? FigureText.grouped(Int64(saturating: value)) : FigureText.fixed(value, digits: 1)
        }
    }
}
