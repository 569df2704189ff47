import ClipriseReport
import ClipriseWire
import Testing

/// How near the fitted numbers come, of clients with 20 waits in rows of four or five.
@Suite struct FitTests {
    /// A published policy: the number that each fit is to find, and of how many clients in a hundred it is within 20 %.
    struct Case: Sendable, CustomTestStringConvertible {
        enum Jitter: Sendable { case none, full, equal }

        let jitter: Jitter
        let base: Double
        let factor: Double
        /// Nil where no wait of five comes near a cap.
        var cap: Double?
        /// Clients of a hundred whose base, factor, and cap or want of one are found.
        let found: (base: Int, factor: Int, cap: Int)

        var testDescription: String {
            "\(jitter) jitter, \(base) s × \(factor)" + (cap.map { " to \($0) s" } ?? "")
        }

        var habit: RetryHabit {
            RetryHabit(testDescription) { index, _, chance in
                let height = min(cap ?? .infinity, base * (0..<index).reduce(1.0) { product, _ in product * factor })
                return switch jitter {
                case .none: height
                case .full: height * chance.draw()
                case .equal: height * (0.5 + chance.draw() / 2)
                }
            }
        }
    }

    static let cases = [
        Case(jitter: .none, base: 1, factor: 2, found: (100, 100, 100)),
        Case(jitter: .none, base: 1, factor: 2, cap: 4, found: (100, 100, 100)),
        Case(jitter: .none, base: 1, factor: 1.6, found: (100, 100, 100)),
        Case(jitter: .none, base: 0.3, factor: 3, cap: 5, found: (100, 100, 100)),
        Case(jitter: .equal, base: 1, factor: 2, found: (95, 97, 95)),
        Case(jitter: .equal, base: 1, factor: 2, cap: 4, found: (92, 92, 92)),
        Case(jitter: .equal, base: 0.2, factor: 2, cap: 1.6, found: (93, 97, 93)),
        Case(jitter: .full, base: 1, factor: 2, found: (97, 97, 88)),
        Case(jitter: .full, base: 0.05, factor: 2, found: (95, 95, 88)),
        Case(jitter: .full, base: 1, factor: 2, cap: 4, found: (90, 92, 82)),
        Case(jitter: .full, base: 2, factor: 2, cap: 16, found: (95, 95, 82)),
        Case(jitter: .full, base: 0.5, factor: 2, cap: 2, found: (90, 92, 82)),
    ]

    /// What a hundred or more fits found.
    struct Found {
        var (base, factor, cap, all) = (0, 0, 0, 0)
        /// Fits whose spreads hold the true numbers, and those that say a bare number that is off by more than 20 %.
        var (held, bare) = (0, 0)
    }

    static func isNear(_ value: Double?, _ truth: Double) -> Bool { value.map { abs($0 / truth - 1) <= 0.2 } ?? false }

    static func seconds(_ span: TimeSpan?) -> Double? { span.map { Double($0.nanoseconds) / 1e9 } }

    static func measure(_ one: Case, _ clients: Int) -> Found {
        var found = Found()
        WaitErrorRateTests.clients(one.habit, clients, shapes: [.fours, .fives]) { rows in
            guard let fit = WaitsAlone(rows: rows, judged: 1).fit else { return }
            let (base, factor, cap) = (seconds(fit.base), fit.factor, seconds(fit.cap))
            let isBase = isNear(base, one.base)
            let isFactor = isNear(factor, one.factor)
            // A cap that no wait was cut to is none.
            let last = rows.map(\.count).max() ?? 1
            let highest = one.base * (1..<last).reduce(1.0) { product, _ in product * one.factor }
            let truth = one.cap.flatMap { $0 < highest * 0.99 ? $0 : nil }
            let isCap = truth.map { isNear(cap, $0) } ?? (cap == nil)
            found.base += isBase ? 1 : 0
            found.factor += isFactor ? 1 : 0
            found.cap += isCap ? 1 : 0
            found.all += isBase && isFactor && isCap ? 1 : 0
            // With half of a permille for rounding and the lateness of timers.
            func holds(_ range: ClosedRange<Double>?, _ truth: Double) -> Bool {
                range.map { $0.lowerBound * 0.99 - 0.003 <= truth && truth <= $0.upperBound * 1.01 + 0.003 } ?? false
            }
            let text = fit.description
            if let spread = fit.spread {
                let isHeld =
                    holds(spread.base, one.base) && holds(spread.factor, one.factor)
                    && (truth.map { holds(spread.cap, $0) } ?? (fit.cap == nil || spread.mayLackCap))
                found.held += isHeld ? 1 : 0
            } else {
                found.held += isBase && isFactor ? 1 : 0
            }
            if !isBase, !text.contains(" (") { found.bare += 1 }
        }
        return found
    }

    @Test(arguments: cases)
    func `base, factor and cap are found within a fifth, or the span that holds them is told`(one: Case) {
        let clients = WaitErrorRateTests.clients / 5
        let found = Self.measure(one, clients)
        #expect(found.base * 100 >= clients * one.found.base, "base: \(found.base) of \(clients)")
        #expect(found.factor * 100 >= clients * one.found.factor, "factor: \(found.factor) of \(clients)")
        #expect(found.cap * 100 >= clients * one.found.cap, "cap: \(found.cap) of \(clients)")
        #expect(found.held * 100 >= clients * 85, "spread: \(found.held) of \(clients)")
        #expect(found.bare * 100 <= clients * 5, "bare numbers that are off: \(found.bare) of \(clients)")
    }
}

@Suite struct FitTextTests {
    private static func fit(_ rows: [[Double]]) throws -> BackoffFit {
        try #require(WaitsAlone(rows: rows, judged: 1).fit)
    }

    /// The wait before the first retry is 1 s at most, each next one twice that, drawn from 0 on.
    @Test func `few draws are told with their span, and waits without chance as bare numbers`() throws {
        let drawn = try Self.fit([[0.31, 1.7, 0.9, 7.2], [0.88, 0.4, 3.1, 2.2], [0.52, 1.1, 2.4, 5.9]])
        let told = drawn.description.wholeMatch(of: /[0-9.]+ m?s \(.+ to .+\) × 2( \(.+\))? each time.*, full jitter/)
        #expect(told != nil, "\(drawn.description)")
        let spread = try #require(drawn.spread)
        #expect(spread.base.contains(1) && spread.base.upperBound > 1.2 * Double(drawn.base.nanoseconds) / 1e9)
        let exact = try Self.fit([[1, 2, 4, 8], [1, 2, 4, 8]])
        #expect(exact.description == "1 s × 2 each time, no jitter")
        #expect(exact.spread == nil)
    }
}
