/// What a fleet of one policy did, in numbers.
///
/// Nothing in it depends on the machine: no time but virtual time, no order but that of events.
package struct RunResult: Sendable, Hashable {
    /// The quantiles of times to result, in nanoseconds: exact, by nearest rank among all jobs.
    ///
    /// Jobs without a result stand behind all others, so that a policy gains nothing by giving up: a quantile that falls
    /// on one of them is nil.
    package struct Quantiles: Sendable, Hashable {
        package var p50: Int64?
        package var p95: Int64?
        package var p99: Int64?
        /// Of the jobs that have a result.
        package var max: Int64?

        /// - Parameters:
        ///   - sorted: The times there are, in ascending order.
        ///   - jobs: All jobs.
        init(_ sorted: [Int64], of jobs: Int) {
            func rank(_ part: Int) -> Int64? {
                let rank = (jobs * part + 99) / 100
                return rank >= 1 && rank <= sorted.count ? sorted[rank - 1] : nil
            }
            (p50, p95, p99, max) = (rank(50), rank(95), rank(99), sorted.last)
        }
    }

    /// The busiest moment: its requests, and when it begins, in nanoseconds.
    package struct Peak: Sendable, Hashable {
        package var count: Int
        package var at: Int64
    }

    package struct Money: Sendable, Hashable {
        /// Taken.
        package var spent: Int64 = 0
        /// Still set aside when all had ended that ends by itself.
        package var heldAtEnd: Int64 = 0
        /// Taken, or set aside for good, for tasks that a job had made beyond the one it was for.
        package var doubleCharged: Int64 = 0
        /// Taken, or set aside for good, for tasks whose file nobody fetched.
        package var neverFetched: Int64 = 0
        package var wasted: Int64 { doubleCharged + neverFetched }
        /// What is wrong with the books, at most ten sentences; empty when all accounts add up.
        package var breaches: [String] = []
        package var accountsAudited = 0

        /// How many breaches are reported.
        static let breachLimit = 10
    }

    /// Why a property or expectation failed.
    package struct Reason: Sendable, Hashable {
        package var name: String
        package var seen: String
        /// The shortened key of the account whose events stand in `evidence`; empty when there is none.
        package var account: String
        /// At most three events, one line each.
        package var evidence: [String]
    }

    package struct Grade: Sendable, Hashable {
        /// A to F; nil when no property was exercised.
        package var letter: String?
        /// Names of properties and expectations that failed.
        package var failed: [String]
        /// Why each of them failed: what was seen, and below it what events of one client prove it.
        package var reasons: [Reason] = []
        /// How many accounts were graded.
        package var accounts: Int
        package var isSample: Bool
        /// Events of graded accounts that were no longer kept when they were judged.
        package var evicted: Int
        /// Whether an expectation of the scenario failed, or the money of a graded account does not add up.
        package var breaksExpectations: Bool
    }

    /// What a job needs at the least: a generate that is accepted, a poll that sees the end, and the file.
    package static let necessary = 3

    package var policy: String
    package var clients: Int
    package var jobs: Int
    package var done: Int
    package var failed: Int
    package var givenUp: Int
    /// Of those given up: jobs that may have been charged, and nobody knows.
    package var outcomeUnknown: Int
    package var errors: [Named]
    /// From the beginning of a job to its file.
    package var timeToResult: Quantiles
    /// The times themselves, in ascending order.
    package var times: [Int64]
    package var requests: Int64
    package var generates: Int64
    package var polls: Int64
    package var downloads: Int64
    package var useful: Int64
    package var refusedByCapacity: Int64
    package var longestQueue: Int
    /// Calls that never left their client, and calls that were sent once more beside the first.
    package var neverSent: Int64
    package var hedges: Int64
    package var pollsPerJob: Double
    package var pollsPerJobP95: Int
    package var requestsPerJob: Double
    package var requestsPerJobMax: Int
    /// How few polls could have shown the ends of tasks as early; nil where tasks do not end by the clock.
    package var pollBound: PollBound?
    /// Requests over those that the results needed at the least, `necessary` each; nil when no job has a result.
    ///
    /// As many requests count as the same jobs send when each client has the service to itself, if that is more. What a
    /// result needs does not depend on the policy. So more polls make the figure grow, and neither a full service that
    /// keeps clients from asking nor giving up makes it fall as load rises.
    package var amplification: Double?
    package var peak: Peak
    /// Of requests that were sent again after an error, within 100 ms and within 20 ms; nil when there were none.
    package var retryPeak: Peak?
    package var retryPeak20: Peak?
    /// When the last outage window of the scenario ended; nil without one.
    package var outageEnd: Int64?
    /// From the end of the outage to the end of the last second in which more than 5 % of the answers were of no use;
    /// zero when there was none; nil without an outage, and when jobs were lost and nothing of use came after it.
    package var recovery: Int64?
    /// Jobs that lived in the outage and ended without a result.
    package var lostInOutage: Int
    package var money: Money
    package var grade: Grade?
    /// From the first instant to the end of the last job.
    package var length: Int64
    /// Events of the loop: waits, answers, arrivals.
    package var events: Int64

    /// Requests per 100 ms.
    package var arrivals: [UInt32]
    /// Credits taken, and set aside, at the end of each second.
    package var spentOverTime: [Int64]
    package var heldOverTime: [Int64]

    package struct Named: Sendable, Hashable {
        package var name: String
        package var count: Int
    }
}

extension RunResult {
    /// The figures alone, for grids of many runs.
    var withoutSeries: RunResult {
        var result = self
        (result.times, result.arrivals, result.spentOverTime, result.heldOverTime) = ([], [], [], [])
        return result
    }

    /// The busiest of some bins, the first of equals; nil when all are empty.
    static func peak(_ bins: [UInt32], width: Int64) -> Peak? {
        var best = 0
        for index in bins.indices where bins[index] > bins[best] { best = index }
        guard bins.indices.contains(best), bins[best] > 0 else { return nil }
        return Peak(count: Int(bins[best]), at: Int64(best) * width)
    }

    /// Bins five times as wide.
    static func wider(_ bins: [UInt32]) -> [UInt32] {
        stride(from: 0, to: bins.count, by: 5).map { start in
            bins[start..<min(start + 5, bins.count)].reduce(0, +)
        }
    }
}
