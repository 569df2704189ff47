/// What is counted while a fleet runs.
struct Tally: Sendable {
    /// The width of a bin of arrivals: 20 ms.
    static let arrivalBin: Int64 = 20_000_000
    static let second: Int64 = 1_000_000_000

    var requests: Int64 = 0
    var generates: Int64 = 0
    var polls: Int64 = 0
    var downloads: Int64 = 0
    /// Requests that brought their job forward.
    var useful: Int64 = 0
    /// Requests that the gateway rejected.
    var refusedByCapacity: Int64 = 0
    /// Calls that never left their client: the breaker was open, or no connection came free.
    var neverSent: Int64 = 0
    /// Calls that were sent once more beside the first.
    var hedges: Int64 = 0
    /// Requests per 20 ms, and those of them that were sent again after an error.
    var arrivals: [UInt32] = []
    var retries: [UInt32] = []
    /// Answers, and useful ones, per second of their coming.
    var answersPerSecond: [UInt32] = []
    var usefulPerSecond: [UInt32] = []

    var done = 0
    var failed = 0
    var givenUp = 0
    var outcomeUnknown = 0
    /// Jobs that lived in an outage and ended without a result.
    var lostInOutage = 0
    /// Nanoseconds from the beginning of each finished job to its result.
    var timesToResult: [Int64] = []
    var pollsPerJob: [Int32] = []
    var requestsPerJob: [Int32] = []
    /// Tasks that ended by the clock and were seen to end.
    var watches: [PollBound.Watch] = []
    /// How jobs ended that did not end well, by the name of the error.
    var errors: [(name: String, count: Int)] = []

    mutating func sent(at now: Int64, _ call: CallKind, isRetry: Bool) {
        requests += 1
        switch call {
        case .generate: generates += 1
        case .status: polls += 1
        case .download: downloads += 1
        }
        Self.count(&arrivals, now / Self.arrivalBin)
        if isRetry { Self.count(&retries, now / Self.arrivalBin) }
    }

    mutating func answered(at now: Int64, isUseful: Bool) {
        Self.count(&answersPerSecond, now / Self.second)
        guard isUseful else { return }
        useful += 1
        Self.count(&usefulPerSecond, now / Self.second)
    }

    mutating func error(_ name: String, _ count: Int = 1) {
        if let index = errors.firstIndex(where: { $0.name == name }) {
            errors[index].count += count
        } else {
            errors.append((name, count))
        }
    }

    /// Adds what another part of the run has counted.
    mutating func add(_ other: Tally) {
        for path: WritableKeyPath<Tally, Int64> in [
            \.requests, \.generates, \.polls, \.downloads, \.useful, \.refusedByCapacity,
            \.neverSent, \.hedges,
        ] { self[keyPath: path] += other[keyPath: path] }
        for path: WritableKeyPath<Tally, Int> in [\.done, \.failed, \.givenUp, \.outcomeUnknown, \.lostInOutage] {
            self[keyPath: path] += other[keyPath: path]
        }
        Self.add(&arrivals, other.arrivals)
        Self.add(&retries, other.retries)
        Self.add(&answersPerSecond, other.answersPerSecond)
        Self.add(&usefulPerSecond, other.usefulPerSecond)
        timesToResult += other.timesToResult
        pollsPerJob += other.pollsPerJob
        requestsPerJob += other.requestsPerJob
        watches += other.watches
        for (name, count) in other.errors { error(name, count) }
    }

    private static func add(_ bins: inout [UInt32], _ others: [UInt32]) {
        if bins.count < others.count {
            bins.append(contentsOf: repeatElement(0, count: others.count - bins.count))
        }
        for index in others.indices { bins[index] += others[index] }
    }

    @inline(__always)
    private static func count(_ bins: inout [UInt32], _ bin: Int64) {
        let bin = Int(bin)
        if bin >= bins.count { bins.append(contentsOf: repeatElement(0, count: bin + 1 - bins.count)) }
        bins[bin] += 1
    }
}

/// A task that a fleet had made.
struct MadeTask: Sendable {
    var account: Int32
    /// 0-based position in its account.
    var position: Int32
    /// The job that had it made.
    var job: Int32
    var client: Int32

    /// Account and position in one word.
    static func key(_ account: Int32, _ position: Int32) -> Int64 { Int64(account) << 32 | Int64(position) }
}
