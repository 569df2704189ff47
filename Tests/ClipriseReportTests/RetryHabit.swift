/// A way to wait before a retry, as libraries have it or as people get it wrong.
struct RetryHabit: Sendable, CustomStringConvertible {
    /// The wait in seconds after so many failures before it in the row (0-based), the wait before it, and chance.
    typealias Wait = @Sendable (_ index: Int, _ previous: Double?, _ chance: inout Story) -> Double

    let description: String
    let hasJitter: Bool
    let wait: Wait

    init(_ description: String, hasJitter: Bool = true, _ wait: @escaping Wait) {
        (self.description, self.hasJitter, self.wait) = (description, hasJitter, wait)
    }

    /// How failures come: calls with so many in a row, or with as many as come when three of ten requests fail.
    enum Shape: Sendable, CaseIterable {
        case fours, fives, twos, chance

        fileprivate func length(_ chance: inout Story) -> Int {
            switch self {
            case .fours: return 4
            case .fives: return 5
            case .twos: return 2
            case .chance:
                var length = 1
                while chance.draw() < 0.3 { length += 1 }
                return length
            }
        }
    }

    /// A client that waits so often.
    func rows(_ shape: Shape, waits: Int, _ chance: inout Story) -> [[Double]] {
        var (rows, count): ([[Double]], Int) = ([], 0)
        while count < waits {
            var row: [Double] = []
            for index in 0..<min(shape.length(&chance), waits - count) {
                row.append(wait(index, row.last, &chance) + Self.lateness * chance.draw())
            }
            rows.append(row)
            count += row.count
        }
        return rows
    }

    /// How late a timer is at most, in seconds.
    private static let lateness = 0.002

    private static func power(_ factor: Double, _ index: Int) -> Double {
        (0..<index).reduce(1) { product, _ in product * factor }
    }

    private static let fibonacci = [1.0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89]

    /// What is published; none may be failed for its growth, and only those without jitter for that.
    static let correct: [RetryHabit] = [
        RetryHabit("full jitter, 1 s × 2 to 30 s") { index, _, chance in chance.draw() * min(30, power(2, index)) },
        RetryHabit("full jitter, 0.5 s × 2 to 8 s") { index, _, chance in chance.draw() * min(8, 0.5 * power(2, index))
        },
        RetryHabit("equal jitter, 1 s × 2 to 30 s") { index, _, chance in
            (0.5 + chance.draw() / 2) * min(30, power(2, index))
        },
        RetryHabit("decorrelated jitter, 0.5 s to 20 s") { _, previous, chance in
            min(20, 0.5 + chance.draw() * (3 * (previous ?? 0.5) - 0.5))
        },
        RetryHabit("exponential, 1 s × 2 to 30 s", hasJitter: false) { index, _, _ in min(30, power(2, index)) },
        RetryHabit("AWS standard, 1 s × 2 to 20 s") { index, _, chance in chance.draw() * min(20, power(2, index)) },
        RetryHabit("AWS standard of 2026, 50 ms × 2 to 20 s") { index, _, chance in
            chance.draw() * min(20, 0.05 * power(2, index))
        },
        RetryHabit("Google, 1 s × 2 to 64 s, + 0 to 1 s") { index, _, chance in min(64, power(2, index)) + chance.draw()
        },
        RetryHabit("Fibonacci", hasJitter: false) { index, _, _ in fibonacci[min(index, 10)] },
        RetryHabit("1 s × 1.6 to 120 s", hasJitter: false) { index, _, _ in min(120, power(1.6, index)) },
        RetryHabit("1 s × 1.6 to 120 s, ± 20 % (gRPC)") { index, _, chance in
            min(120, power(1.6, index)) * (0.8 + 0.4 * chance.draw())
        },
        RetryHabit("urllib3, 0, then 0.5 s × 2", hasJitter: false) { index, _, _ in
            index == 0 ? 0 : min(120, 0.5 * power(2, index))
        },
        RetryHabit("linear, 1 s more each time", hasJitter: false) { index, _, _ in Double(index + 1) },
    ]

    /// Correct where a factor of 1 is demanded.
    static let fixed = RetryHabit("fixed, 2 s", hasJitter: false) { _, _, _ in 2 }

    /// What open `backoff` must fail.
    static let flat: [RetryHabit] = [
        RetryHabit("no wait", hasJitter: false) { _, _, _ in 0.0004 },
        RetryHabit("constant, 2 s", hasJitter: false) { _, _, _ in 2 },
        RetryHabit("2 s ± 5 %") { _, _, chance in 2 * (0.95 + 0.1 * chance.draw()) },
        RetryHabit("2 s ± 50 %") { _, _, chance in 2 * (0.5 + chance.draw()) },
        RetryHabit("0 to 2 s, without growth") { _, _, chance in 2 * chance.draw() },
    ]

    // MARK: Held out

    private static func full(_ base: Double, _ factor: Double, _ cap: Double) -> RetryHabit {
        RetryHabit("held out: full jitter, \(base) s × \(factor) to \(cap) s") { index, _, chance in
            chance.draw() * min(cap, base * power(factor, index))
        }
    }

    /// Correct clients with other numbers than those that thresholds were chosen by.
    static let heldOut: [RetryHabit] = [
        full(0.3, 2, 12), full(2, 2, 60), full(0.8, 3, 20), full(0.2, 2.5, 6), full(5, 2, 300),
        RetryHabit("held out: equal jitter, 0.25 s × 2 to 6 s") { index, _, chance in
            (0.5 + chance.draw() / 2) * min(6, 0.25 * power(2, index))
        },
        RetryHabit("held out: equal jitter, 3 s × 1.7 to 90 s") { index, _, chance in
            (0.5 + chance.draw() / 2) * min(90, 3 * power(1.7, index))
        },
        RetryHabit("held out: decorrelated jitter, 2 s to 60 s") { _, previous, chance in
            min(60, 2 + chance.draw() * (3 * (previous ?? 2) - 2))
        },
        RetryHabit("held out: decorrelated jitter, 0.1 s to 5 s") { _, previous, chance in
            min(5, 0.1 + chance.draw() * (3 * (previous ?? 0.1) - 0.1))
        },
        RetryHabit("held out: exponential, 0.25 s × 1.5 to 10 s", hasJitter: false) { index, _, _ in
            min(10, 0.25 * power(1.5, index))
        },
        RetryHabit("held out: exponential, 4 s × 3 to 120 s", hasJitter: false) { index, _, _ in
            min(120, 4 * power(3, index))
        },
        RetryHabit("held out: 0.5 s × 2 to 32 s, + 0 to 1 s") { index, _, chance in
            min(32, 0.5 * power(2, index)) + chance.draw()
        },
        RetryHabit("held out: 0.7 s × 1.8 to 40 s, ± 25 %") { index, _, chance in
            min(40, 0.7 * power(1.8, index)) * (0.75 + 0.5 * chance.draw())
        },
        RetryHabit("held out: Fibonacci of 0.2 s", hasJitter: false) { index, _, _ in 0.2 * fibonacci[min(index, 10)] },
        RetryHabit("held out: linear, 0.3 s more each time", hasJitter: false) { index, _, _ in 0.3 * Double(index + 1)
        },
    ]

    /// What open `backoff` must fail, with other numbers.
    static let heldOutFlat: [RetryHabit] = [
        RetryHabit("held out: constant, 0.7 s", hasJitter: false) { _, _, _ in 0.7 },
        RetryHabit("held out: 5 s ± 10 %") { _, _, chance in 5 * (0.9 + 0.2 * chance.draw()) },
        RetryHabit("held out: 0.4 s ± 40 %") { _, _, chance in 0.4 * (0.6 + 0.8 * chance.draw()) },
        RetryHabit("held out: 1 to 4 s, without growth") { _, _, chance in 1 + 3 * chance.draw() },
        RetryHabit("held out: 0 to 10 s, without growth") { _, _, chance in 10 * chance.draw() },
        RetryHabit("held out: 3 ms, no wait worth the name", hasJitter: false) { _, _, _ in 0.003 },
    ]

    static let uncapped = RetryHabit("1 s × 2 without a cap, full jitter") { index, _, chance in
        chance.draw() * power(2, index)
    }
}
