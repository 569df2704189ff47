/// What a client does around its calls beyond trying again, as HTTP libraries and their companions offer it.
///
/// Simulated fleets follow it; `ClipriseClient` has none of it. Each part holds for one client, which is one process with any
/// number of jobs.
package struct ClientLimits: Sendable, Hashable {
    /// Connections that calls take and give back.
    package struct Pool: Sendable, Hashable {
        /// At least 1.
        package var size: Int
        /// How long a call waits for a connection before it fails as one that was never sent; nil for as long as its job.
        package var wait: Duration?

        package init(size: Int, wait: Duration? = nil) {
            self.size = max(1, size)
            self.wait = wait
        }
    }

    /// A token bucket: at most `burst` calls at once, and no more than `limit` for each `per` in the long run.
    package struct Rate: Sendable, Hashable {
        package var limit: Int
        package var per: Duration
        package var burst: Int

        package init(limit: Int, per: Duration, burst: Int? = nil) {
            self.limit = max(1, limit)
            self.per = per
            self.burst = max(1, burst ?? limit)
        }
    }

    /// A circuit breaker: closed, open, half open.
    package struct Breaker: Sendable, Hashable {
        /// Failures in a row that open it; at least 1.
        package var failures: Int
        /// How long it stays open: calls fail at once, as ones that were never sent.
        package var open: Duration
        /// How many calls may be out when it is half open, and how many successes in a row close it; at least 1.
        package var trials: Int

        package init(failures: Int, open: Duration, trials: Int = 1) {
            self.failures = max(1, failures)
            self.open = open
            self.trials = max(1, trials)
        }
    }

    /// A call without an answer is sent once more beside the first; the answer that comes first counts.
    package struct Hedge: Sendable, Hashable {
        package var after: Duration
        package var generate: Bool
        package var status: Bool
        package var download: Bool

        package init(after: Duration, generate: Bool = false, status: Bool = true, download: Bool = true) {
            self.after = after
            self.generate = generate
            self.status = status
            self.download = download
        }
    }

    /// The most jobs that one client has under way; nil for no limit.
    package var jobs: Int?
    package var pool: Pool?
    package var rate: Rate?
    package var breaker: Breaker?
    package var hedge: Hedge?
    /// Whether the rate of calls adapts to 429, as in the adaptive mode of the AWS SDKs.
    package var adapts = false

    package init() {}

    /// Whether there is nothing to follow.
    package var isNone: Bool { self == ClientLimits() }
}
