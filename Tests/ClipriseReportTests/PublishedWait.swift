import ClipriseReport
import ClipriseWire
import Testing

/// A way to wait that libraries have, with its numbers, and of how many clients in a hundred each must be found.
struct PublishedWait: Sendable, CustomTestStringConvertible {
    /// How the n-th wait is drawn from its height d.
    enum Jitter: Sendable {
        case none, full, equal, scaled, decorrelated
        /// d to d and so many seconds more.
        case added(Double)
        /// So large a part of d less to as much more.
        case around(Double)
    }

    enum Growth: Sendable { case times(Double), linear, fibonacci }

    let name: String
    let jitter: Jitter
    let base: Double
    let growth: Growth
    /// Nil where no wait of five comes near a cap.
    var cap: Double?
    /// Whether the first retry comes at once, and the base is the wait behind it.
    var isFirstAtOnce = false
    /// Clients of a hundred whose base, factor, and cap or want of one are found.
    let found: (base: Int, factor: Int, cap: Int)

    init(
        _ name: String, _ jitter: Jitter, _ base: Double, _ growth: Growth, cap: Double? = nil,
        isFirstAtOnce: Bool = false, found: (base: Int, factor: Int, cap: Int) = (100, 100, 100)
    ) {
        (self.name, self.jitter, self.base, self.growth) = (name, jitter, base, growth)
        (self.cap, self.isFirstAtOnce, self.found) = (cap, isFirstAtOnce, found)
    }

    var testDescription: String { "\(name): \(base) s \(growth), \(jitter)" + (cap.map { " to \($0) s" } ?? "") }

    static let all: [Self] = [
        Self("exponential", .none, 1, .times(2)),
        Self("exponential", .none, 1, .times(2), cap: 4),
        Self("× 1.6", .none, 1, .times(1.6)),
        Self("× 3", .none, 0.3, .times(3), cap: 5),
        Self("fixed", .none, 2, .times(1)),
        Self("linear", .none, 1, .linear),
        Self("linear", .none, 0.3, .linear, cap: 1.2),
        Self("Fibonacci", .none, 1, .fibonacci),
        Self("Fibonacci", .none, 0.2, .fibonacci),
        Self("Fibonacci", .none, 0.5, .fibonacci, cap: 1.2),
        Self("urllib3", .none, 1, .times(2), isFirstAtOnce: true),
        Self("urllib3", .none, 0.2, .times(2), cap: 0.5, isFirstAtOnce: true),
        Self("urllib3, backoff_jitter", .added(1), 1, .times(2), isFirstAtOnce: true, found: (94, 97, 94)),
        Self("equal", .equal, 1, .times(2), found: (95, 97, 96)),
        Self("equal", .equal, 1, .times(2), cap: 4, found: (95, 95, 96)),
        Self("equal", .equal, 0.2, .times(2), cap: 1.6, found: (95, 97, 96)),
        Self("AWS standard, full", .full, 1, .times(2), cap: 20, found: (96, 97, 91)),
        Self("AWS of 2026, full", .full, 0.05, .times(2), cap: 20, found: (96, 97, 91)),
        Self("full", .full, 1, .times(2), cap: 4, found: (93, 95, 92)),
        Self("full", .full, 2, .times(2), cap: 16, found: (96, 97, 90)),
        Self("full", .full, 0.5, .times(2), cap: 2, found: (93, 95, 92)),
        Self("Google", .added(1), 1, .times(2), cap: 64, found: (97, 98, 97)),
        Self("Google", .added(1), 0.5, .times(2), cap: 32, found: (95, 98, 96)),
        Self("Google", .added(1), 1, .times(2), cap: 4, found: (94, 97, 98)),
        Self("gRPC", .around(0.2), 1, .times(1.6), cap: 120, found: (96, 97, 98)),
        Self("gRPC", .around(0.2), 0.5, .times(1.6), cap: 1.5, found: (91, 92, 93)),
        Self("Azure's, ± 20 %", .around(0.2), 0.8, .times(2), cap: 60, found: (97, 97, 98)),
        // Each wait less a quarter at most: 3.5 s ± 1/7 for 4 s.
        Self("Stainless", .around(1.0 / 7), 0.4375, .times(2), cap: 7, found: (97, 98, 97)),
        Self("± 10 %", .around(0.1), 0.2, .times(2), cap: 30, found: (97, 98, 97)),
        Self("Google's HTTP client", .around(0.5), 0.5, .times(1.5), cap: 60, found: (93, 96, 95)),
        // Of nobody: what has no custom on its side is taken for something usual more often.
        Self("± 25 %", .around(0.25), 0.7, .times(1.8), cap: 40, found: (75, 97, 78)),
        Self("Polly, linear", .scaled, 1, .linear, found: (95, 95, 96)),
        Self("Polly, constant", .scaled, 2, .times(1), found: (98, 98, 98)),
        Self("decorrelated", .decorrelated, 0.5, .times(3), cap: 20, found: (91, 95, 96)),
        Self("decorrelated", .decorrelated, 2, .times(3), cap: 60, found: (91, 95, 96)),
        Self("decorrelated", .decorrelated, 0.1, .times(3), cap: 5, found: (91, 95, 96)),
        Self("decorrelated", .decorrelated, 0.5, .times(3), cap: 3, found: (91, 95, 96)),
    ]

    /// The same policies with other numbers than those that estimators were chosen by.
    static let heldOut: [Self] = [
        Self("exponential", .none, 0.25, .times(1.5), cap: 10),
        Self("linear", .none, 2, .linear, cap: 8),
        Self("Fibonacci", .none, 0.7, .fibonacci, cap: 3),
        Self("urllib3", .none, 0.1, .times(2), isFirstAtOnce: true),
        Self("full", .full, 0.3, .times(2), cap: 12, found: (95, 96, 90)),
        Self("full", .full, 0.8, .times(2), cap: 3, found: (92, 94, 88)),
        // Of four or five draws from 0 a rare factor is hardly seen: the span holds it.
        Self("full", .full, 0.8, .times(3), cap: 8, found: (38, 38, 85)),
        Self("equal", .equal, 0.25, .times(2), cap: 2, found: (95, 97, 95)),
        Self("equal", .equal, 3, .times(1.7), cap: 90, found: (86, 96, 86)),
        Self("Google", .added(1), 0.7, .times(2), cap: 3, found: (93, 95, 96)),
        Self("half a second more", .added(0.5), 0.5, .times(2), cap: 10, found: (96, 97, 96)),
        Self("gRPC", .around(0.2), 0.3, .times(1.6), cap: 10, found: (96, 97, 97)),
        Self("± 50 %", .around(0.5), 1, .times(1.5), cap: 10, found: (93, 96, 96)),
        Self("Polly, linear", .scaled, 0.3, .linear, found: (94, 94, 96)),
        Self("decorrelated", .decorrelated, 1, .times(3), cap: 30, found: (90, 94, 96)),
        Self("decorrelated", .decorrelated, 0.2, .times(3), cap: 2, found: (90, 94, 96)),
    ]

    /// Nil for a growth that has none.
    var factor: Double? { if case .times(let factor) = growth { factor } else { nil } }

    func isFactorFound(_ fit: BackoffFit) -> Bool {
        guard fit.isFirstAtOnce == isFirstAtOnce else { return false }
        return switch growth {
        case _ where isDecorrelated: fit.jitter == .decorrelated
        case .times(let factor): FitTests.isNear(fit.factor, factor)
        case .linear: fit.growth == .linear
        case .fibonacci: fit.growth == .fibonacci
        }
    }

    private var isDecorrelated: Bool { if case .decorrelated = jitter { true } else { false } }

    func isNamed(_ found: BackoffFit.Jitter) -> Bool {
        switch (jitter, found) {
        case (.none, .none), (.full, .full), (.equal, .equal), (.scaled, .scaled), (.decorrelated, .decorrelated),
            (.added, .added), (.around, .around):
            true
        default: false
        }
    }

    /// The cap, if any wait was cut to it; of decorrelated jitter two, for one alone shows nothing.
    func capReached(by rows: [[Double]]) -> Double? {
        guard let cap else { return nil }
        if isDecorrelated { return rows.joined().count { $0 >= cap * 0.9999 } > 1 ? cap : nil }
        let last = (rows.map(\.count).max() ?? 1) - (isFirstAtOnce ? 2 : 1)
        return cap < height(last, cap: .infinity) * 0.99 ? cap : nil
    }

    private func height(_ index: Int, cap: Double) -> Double {
        let multiple =
            switch growth {
            case .times(let factor): (0..<index).reduce(1.0) { product, _ in product * factor }
            case .linear: Double(index + 1)
            case .fibonacci: [1.0, 1, 2, 3, 5, 8, 13, 21][index]
            }
        return min(cap, base * multiple)
    }

    var habit: RetryHabit {
        RetryHabit(testDescription) { index, previous, chance in
            if isFirstAtOnce, index == 0 { return 0 }
            let height = height(index - (isFirstAtOnce ? 1 : 0), cap: cap ?? .infinity)
            return switch jitter {
            case .none: height
            case .full: height * chance.draw()
            case .equal: height * (0.5 + chance.draw() / 2)
            case .scaled: height * (1 + chance.draw() / 2)
            case .added(let more): height + more * chance.draw()
            case .around(let part): height * (1 - part + 2 * part * chance.draw())
            case .decorrelated: min(cap ?? .infinity, base + chance.draw() * (3 * (previous ?? base) - base))
            }
        }
    }
}
