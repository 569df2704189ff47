/// The client's own rate of calls in the adaptive mode of the AWS SDKs.
///
/// A token bucket whose rate falls to 0.7 of what was sent at a 429 and grows again by a cubic curve; it is held against
/// botocore's own classes in the tests.
///
/// Seconds are `Double`s; only operations are used that IEEE 754 rounds alike everywhere.
struct AdaptiveRate: Sendable {
    private static let scale = 0.4
    private static let beta = 0.7
    private static let smoothing = 0.8
    private static let leastRate = 0.5

    /// Nothing is held back before the first 429.
    private(set) var isEnabled = false
    /// Calls in a second.
    private(set) var rate = 1.0
    private(set) var measured = 0.0
    private var most = 0.0
    private var zero = 0.0
    private var lastFail: Double
    private var lastBin: Double
    private var count = 0.0
    private var capacity = 0.0
    private var room = 1.0
    private var filledAt: Double

    /// - Parameter now: Seconds.
    init(at now: Double) {
        (lastFail, filledAt, lastBin) = (now, now, now.rounded(.down))
    }

    mutating func answered(at now: Double, isThrottled: Bool) {
        measure(now)
        let wanted: Double
        if isThrottled {
            let sent = isEnabled ? min(measured, rate) : measured
            (most, lastFail, isEnabled) = (sent, now, true)
            zero = Self.cubeRoot(sent * (1 - Self.beta) / Self.scale)
            wanted = sent * Self.beta
        } else {
            let distance = now - lastFail - zero
            wanted = Self.scale * distance * distance * distance + most
        }
        let next = min(wanted, 2 * measured)
        refill(now)
        rate = max(next, Self.leastRate)
        room = next >= 1 ? next : 1
        capacity = min(capacity, room)
    }

    /// Takes a token for a call.
    ///
    /// - Returns: Nil when there was one; else after how many seconds there is.
    mutating func take(at now: Double) -> Double? {
        guard isEnabled else { return nil }
        refill(now)
        guard capacity >= 1 else { return (1 - capacity) / rate }
        capacity -= 1
        return nil
    }

    /// The seconds until there is a token for the next call.
    mutating func wait(at now: Double) -> Double {
        guard isEnabled else { return 0 }
        refill(now)
        return max(0, (1 - capacity) / rate)
    }

    private mutating func measure(_ now: Double) {
        let bin = (now * 2).rounded(.down) / 2
        count += 1
        guard bin > lastBin else { return }
        measured = count / (bin - lastBin) * Self.smoothing + measured * (1 - Self.smoothing)
        (count, lastBin) = (0, bin)
    }

    private mutating func refill(_ now: Double) {
        capacity = min(room, capacity + (now - filledAt) * rate)
        filledAt = now
    }

    /// By Newton's method, from above.
    static func cubeRoot(_ number: Double) -> Double {
        guard number > 0 else { return 0 }
        var root = max(1, number)
        while true {
            let next = (2 * root + number / (root * root)) / 3
            guard next < root else { return root }
            root = next
        }
    }
}
