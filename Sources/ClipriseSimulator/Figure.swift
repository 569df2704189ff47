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

    /// The value in a run; nil for a figure that the run does not have.
    package func value(_ result: RunResult) -> Double? {
        switch self {
        case .jobs: Double(result.jobs)
        case .done: Double(result.done)
        case .failed: Double(result.failed)
        case .givenUp: Double(result.givenUp)
        case .outcomeUnknown: Double(result.outcomeUnknown)
        case .p50: result.timeToResult.p50.map(Double.init)
        case .p95: result.timeToResult.p95.map(Double.init)
        case .p99: result.timeToResult.p99.map(Double.init)
        case .requests: Double(result.requests)
        case .requestsPerJob: result.requestsPerJob
        case .pollsPerJob: result.pollsPerJob
        case .leastPollsPerJob: result.pollBound?.leastPolls
        case .amplification: result.amplification
        case .peak: Double(result.peak.count)
        case .retryPeak: Double(result.retryPeak?.count ?? 0)
        case .retryPeak20: Double(result.retryPeak20?.count ?? 0)
        case .rejected: Double(result.refusedByCapacity)
        case .recovery: result.recovery.map(Double.init)
        case .lostInOutage: Double(result.lostInOutage)
        case .spent: Double(result.money.spent)
        case .heldAtEnd: Double(result.money.heldAtEnd)
        case .wasted: Double(result.money.wasted)
        case .chargedTwice: Double(result.money.doubleCharged)
        case .neverFetched: Double(result.money.neverFetched)
        }
    }

    /// Whether doing nothing would be best at it: then a run that gets nothing done has no such figure to compare.
    var isEffort: Bool {
        switch self {
        case .requests, .requestsPerJob, .pollsPerJob, .amplification, .peak, .retryPeak, .retryPeak20, .rejected:
            true
        default: false
        }
    }

    package var better: Better {
        switch self {
        case .jobs, .spent, .leastPollsPerJob: .neither
        case .done: .more
        default: .less
        }
    }

    /// The name in tables.
    package var label: String {
        switch self {
        case .jobs: "jobs"
        case .done: "done"
        case .failed: "failed for good"
        case .givenUp: "given up"
        case .outcomeUnknown: "  of these, charge unknown"
        case .p50: "p50"
        case .p95: "p95"
        case .p99: "p99"
        case .requests: "requests"
        case .requestsPerJob: "requests per job, mean"
        case .pollsPerJob: "polls per job, mean"
        case .leastPollsPerJob: "  least possible"
        case .amplification: "amplification"
        case .peak: "peak arrivals in 100 ms"
        case .retryPeak: "peak retries in 100 ms"
        case .retryPeak20: "peak retries in 20 ms"
        case .rejected: "rejected (queue full)"
        case .recovery: "recovered after the outage"
        case .lostInOutage: "  jobs lost in it"
        case .spent: "spent"
        case .heldAtEnd: "held at the end"
        case .wasted: "wasted"
        case .chargedTwice: "  charged twice"
        case .neverFetched: "  paid, never fetched"
        }
    }

    package var group: String {
        switch self {
        case .jobs, .done, .failed, .givenUp, .outcomeUnknown: "Jobs"
        case .p50, .p95, .p99: "Time to result"
        case .spent, .heldAtEnd, .wasted, .chargedTwice, .neverFetched: "Credits"
        default: "Load"
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
