public import ClipriseScenario
public import ClipriseWire

/// What stands before the engine of a service with limits: so many requests are worked on at once, some may wait, and
/// the rest is rejected.
///
/// Pure: one value for all accounts. First come, first served; the service time of each request is drawn by its number.
public struct Gateway: Sendable {
    public enum Admission: Sendable, Hashable {
        /// The engine decides at `start`, and the answer leaves at `end` at the earliest.
        case serve(start: Instant, end: Instant)
        /// Beyond the queue: the engine is told to reject it.
        case refuse
    }

    private let capacity: Capacity
    private let seed: UInt64
    /// When each place of work is free again; the earliest first (a binary heap).
    private var free: [Int64]
    /// When those that wait will be worked on, in the order of their arrival, which is that of time too.
    private var starts: [Int64] = []
    private var firstWaiting = 0
    private var admitted: UInt64 = 0
    public private(set) var refused = 0
    /// The most that waited at once.
    public private(set) var longestQueue = 0

    /// - Parameter seed: Service times follow from it.
    public init(_ capacity: Capacity, seed: UInt64) {
        precondition(capacity.concurrency > 0, "a service works on at least one request")
        self.capacity = capacity
        self.seed = Draw.mix(seed, 0x6761_7465)
        free = Array(repeating: .min, count: capacity.concurrency)
    }

    /// Takes in a request, or refuses it.
    ///
    /// - Parameter now: Never earlier than in the call before.
    public mutating func arrive(at now: Instant) -> Admission {
        while firstWaiting < starts.count, starts[firstWaiting] <= now.nanoseconds { firstWaiting += 1 }
        if firstWaiting >= 1_024, 2 * firstWaiting >= starts.count {
            starts.removeFirst(firstWaiting)
            firstWaiting = 0
        }
        let isFree = free[0] <= now.nanoseconds
        let waiting = starts.count - firstWaiting
        if !isFree, waiting >= capacity.queue {
            refused += 1
            return .refuse
        }
        let start = Instant(nanoseconds: max(now.nanoseconds, free[0]))
        let end = start.advanced(by: capacity.service.length(Draw.mix(seed, admitted)))
        admitted += 1
        if !isFree {
            starts.append(start.nanoseconds)
            longestQueue = max(longestQueue, waiting + 1)
        }
        occupy(until: end.nanoseconds)
        return .serve(start: start, end: end)
    }

    /// Gives the place that is free first to a request.
    private mutating func occupy(until end: Int64) {
        var parent = 0
        while true {
            var least = 2 * parent + 1
            guard least < free.count else { break }
            if least + 1 < free.count, free[least + 1] < free[least] { least += 1 }
            guard free[least] < end else { break }
            free[parent] = free[least]
            parent = least
        }
        free[parent] = end
    }
}
