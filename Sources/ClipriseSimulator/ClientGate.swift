internal import ClipriseClient

/// What one simulated client keeps about its calls: jobs under way, connections, rate, circuit breaker.
struct ClientGate: Sendable {
    struct WaitingJob: Sendable {
        var ordinal: Int32
        var arrivedAt: Int64
    }

    /// A call that waits for a connection, or for the client's rate.
    struct Place: Sendable {
        var slot: Int32
        var exchange: UInt32
    }

    enum Breaker: Sendable, Hashable {
        case closed(failures: Int)
        /// Nanoseconds.
        case open(until: Int64)
        case halfOpen(out: Int, successes: Int)
    }

    var jobsUnderWay = 0
    var waitingJobs = GateLine<WaitingJob>()
    var connections = 0
    var waitingForConnection = GateLine<Place>()
    var waitingForRate = GateLine<Place>()
    /// Counts the looks at the head of `waitingForRate`, so that an outdated one is known.
    var look: UInt32 = 0
    /// When the bucket of the rate limit is full again; nanoseconds.
    private var fullAt = Int64.min
    var adaptive: AdaptiveRate?
    private(set) var breaker = Breaker.closed(failures: 0)

    init(_ limits: ClientLimits) {
        if limits.adapts { adaptive = AdaptiveRate(at: 0) }
    }

    /// When a call of a client with a rate limit may go out, by the order of asking; it is counted then.
    mutating func reserve(_ rate: ClientLimits.Rate, now: Int64) -> Int64 {
        let interval = max(1, (rate.per.nanoseconds + Int64(rate.limit) - 1) / Int64(rate.limit))
        let at = max(now, max(fullAt, now) &- interval.multipliedSaturated(Int64(rate.burst - 1)))
        fullAt = max(fullAt, now) &+ interval
        return at
    }

    /// Whether the breaker lets a call out, and whether that call is a trial.
    mutating func passes(_ limits: ClientLimits.Breaker, now: Int64) -> (isLetOut: Bool, isTrial: Bool) {
        if case .open(let until) = breaker, now >= until { breaker = .halfOpen(out: 0, successes: 0) }
        switch breaker {
        case .closed: return (true, false)
        case .open: return (false, false)
        case .halfOpen(let out, let successes):
            guard out < limits.trials else { return (false, false) }
            breaker = .halfOpen(out: out + 1, successes: successes)
            return (true, true)
        }
    }

    /// The answer to a call has come, or it never left (nil): then a trial is free again.
    mutating func judge(_ limits: ClientLimits.Breaker, isFailure: Bool?, isTrial: Bool, now: Int64) {
        switch breaker {
        case .open: return
        case .closed(let failures):
            guard let isFailure, !isTrial else { return }
            let inRow = isFailure ? failures + 1 : 0
            breaker = inRow >= limits.failures ? .open(until: now &+ limits.open.nanoseconds) : .closed(failures: inRow)
        case .halfOpen(let out, let successes):
            guard isTrial else { return }
            switch isFailure {
            case nil: breaker = .halfOpen(out: max(0, out - 1), successes: successes)
            case true?: breaker = .open(until: now &+ limits.open.nanoseconds)
            case false?:
                breaker =
                    successes + 1 >= limits.trials
                    ? .closed(failures: 0) : .halfOpen(out: max(0, out - 1), successes: successes + 1)
            }
        }
    }
}

/// First in, first out.
struct GateLine<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var head = 0

    var isEmpty: Bool { head == elements.count }
    var first: Element? { isEmpty ? nil : elements[head] }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard let first else { return nil }
        head += 1
        if head > 64, head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return first
    }
}

extension Int64 {
    func multipliedSaturated(_ other: Int64) -> Int64 {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        return overflows ? .max >> 1 : product
    }
}
