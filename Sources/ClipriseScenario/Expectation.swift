package import ClipriseWire

/// One line of `expect`.
package struct Expectation: Sendable, Hashable {
    package var kind: Kind
    package var place: Place

    package init(_ kind: Kind, place: Place = Place(line: 0, column: 0)) {
        self.kind = kind
        self.place = place
    }

    package enum Kind: Sendable, Hashable {
        case count(CountExpectation)
        /// These operations (with what they must match) were seen in this order; others may stand between.
        case inOrder([Filter])
        /// From the arrival of the first match of `from` to that of the next match of `to` at most this long, on the
        /// account's clock.
        case within(from: Filter, to: Filter, TimeSpan)
        /// Between neighbouring matches of one call at least, and at most, this long: from the end of one answer to the
        /// arrival of the next request.
        case gap(of: Filter, atLeast: TimeSpan?, atMost: TimeSpan?)
        case property(ClientProperty)
    }
}

/// Which events an expectation speaks of; all that is given must hold.
package struct Filter: Sendable, Hashable {
    package var operation: Operation?
    package var model: Glob?
    package var status: Int?
    package var clause: Clause?
    /// The name of the rule that injected a fault.
    package var rule: String?

    package init(
        operation: Operation? = nil, model: Glob? = nil, status: Int? = nil, clause: Clause? = nil,
        rule: String? = nil
    ) {
        self.operation = operation
        self.model = model
        self.status = status
        self.clause = clause
        self.rule = rule
    }
}

package struct CountExpectation: Sendable, Hashable {
    package enum Subject: String, Sendable, Hashable, CaseIterable {
        /// Exchanges.
        case requests
        /// Generate requests.
        case attempts
        /// Status polls, those with `download=true` included that are not answered with the file.
        case polls
        /// Status polls of each task.
        case pollsPerTask = "polls_per_task"
        /// Requests for the file of a task that has one, whatever the answer.
        case downloads
        case downloadsPerTask = "downloads_per_task"
        /// Captures.
        case charges
        /// Credits captured.
        case creditsCaptured = "credits_captured"
        /// Credits captured, or held at the end, for tasks whose id the client was given and whose file was not delivered; and
        /// those for what was bought again.
        case creditsWasted = "credits_wasted"
        /// Callback attempts.
        case callbacks
        /// Tasks that were made.
        case tasks
        case tasksSucceeded = "tasks_succeeded"
        case tasksFailed = "tasks_failed"
    }

    package enum Bound: Sendable, Hashable {
        case exactly(Int64)
        case atMost(Int64)
        case atLeast(Int64)
        case between(Int64, Int64)
        case never
    }

    package var subject: Subject
    package var bound: Bound
    package var filter: Filter

    package init(_ subject: Subject, _ bound: Bound, filter: Filter = Filter()) {
        self.subject = subject
        self.bound = bound
        self.filter = filter
    }
}

/// A habit of a good client.
package enum ClientProperty: Sendable, Hashable {
    case noDoubleCharge
    case noBlindResend
    /// Nothing was paid for whose file was not delivered.
    case noWaste
    case retriesOnlyRetryable
    case stopsOnTerminal
    /// Waits at least as long as told, less `tolerance`.
    case honoursRetryAfter(tolerance: TimeSpan)
    case backoff(Backoff)
    /// Enough waits to judge: at least this many.
    case jitterPresent(samples: Int)
    /// Retries are at most this part of first attempts, plus `minimum`.
    case retryBudget(ratio: Double, minimum: Int)
    /// Polls of one task: at most this many in any window of the length.
    case pollRate(atMost: Int, per: TimeSpan)
    case acceptsBothShapes
    case downloadsOnce
    case keyNotLeaked

    package struct Backoff: Sendable, Hashable {
        package enum Jitter: String, Sendable, Hashable, CaseIterable { case none, full, equal, decorrelated, any }

        package var base: TimeSpan?
        package var factor: Double?
        package var cap: TimeSpan?
        package var jitter: Jitter

        package init(base: TimeSpan? = nil, factor: Double? = nil, cap: TimeSpan? = nil, jitter: Jitter = .any) {
            self.base = base
            self.factor = factor
            self.cap = cap
            self.jitter = jitter
        }
    }

    /// The word in files and reports.
    package var word: String {
        switch self {
        case .noDoubleCharge: "no_double_charge"
        case .noBlindResend: "no_blind_resend"
        case .noWaste: "no_waste"
        case .retriesOnlyRetryable: "retries_only_retryable"
        case .stopsOnTerminal: "stops_on_terminal"
        case .honoursRetryAfter: "honours_retry_after"
        case .backoff: "backoff"
        case .jitterPresent: "jitter_present"
        case .retryBudget: "retry_budget"
        case .pollRate: "poll_rate"
        case .acceptsBothShapes: "accepts_both_shapes"
        case .downloadsOnce: "downloads_once"
        case .keyNotLeaked: "key_not_leaked"
        }
    }

    /// Whether breaking it costs money or the key: such a property is always demanded, and gives the letter F.
    package var isCostly: Bool {
        switch self {
        case .noDoubleCharge, .noBlindResend, .noWaste, .keyNotLeaked: true
        default: false
        }
    }

    /// Every property with its usual numbers, in the order of reports.
    package static let all: [ClientProperty] = [
        .noDoubleCharge, .noBlindResend, .noWaste, .retriesOnlyRetryable, .stopsOnTerminal,
        .honoursRetryAfter(tolerance: .milliseconds(50)), .backoff(Backoff()), .jitterPresent(samples: 8),
        .retryBudget(ratio: 0.2, minimum: 100), .pollRate(atMost: 10, per: .seconds(1)), .acceptsBothShapes,
        .downloadsOnce, .keyNotLeaked,
    ]
}
