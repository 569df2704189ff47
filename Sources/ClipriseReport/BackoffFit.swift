internal import ClipriseScenario
package import ClipriseWire

/// The backoff that explains a client's waits best.
///
/// The wait after the i-th failure in a row (0-based) is drawn from a part of d(i) = min(cap, base × factor^i), or
/// min(cap, base × (i + 1)); with decorrelated jitter from base to three times the wait before. Of all candidates that
/// allow every wait, the one with the greatest likelihood is taken.
package struct BackoffFit: Sendable, Hashable {
    package enum Jitter: String, Sendable, Hashable, CaseIterable {
        /// d, exactly.
        case none
        /// 0 to d.
        case full
        /// d / 2 to d.
        case equal
        /// d to 1.5 × d, as Polly 8 draws for constant and linear delays.
        case scaled
        case decorrelated

        /// The part of d that is drawn from.
        var range: (low: Double, high: Double) {
            switch self {
            case .none: (1, 1)
            case .full, .decorrelated: (0, 1)
            case .equal: (0.5, 1)
            case .scaled: (1, 1.5)
            }
        }
    }

    package enum Growth: Sendable, Hashable {
        case exponential(factor: Double)
        case linear

        func multiple(_ index: Int) -> Double {
            switch self {
            case .exponential(let factor):
                // Asked for very often.
                var product = 1.0
                var left = index
                while left > 0 {
                    product *= factor
                    left -= 1
                }
                return product
            case .linear: return Double(index + 1)
            }
        }

        var isGrowing: Bool { self != .exponential(factor: 1) }

        /// Whether people write this one into their programs.
        fileprivate var isUsual: Bool {
            switch self {
            case .exponential(let factor): [1, 1.5, 2, 3].contains(factor)
            case .linear: true
            }
        }
    }

    /// The fewest waits that are fitted; fewer explain anything.
    package static let fewest = 5
    /// What the way to the server and the timers of the client may add to a wait, in seconds and as a part of it.
    private static let noise = (seconds: 0.015, part: 0.03)

    package var jitter: Jitter
    package var growth: Growth
    package var base: TimeSpan
    /// Nil when no wait reached it.
    package var cap: TimeSpan?
    package var samples: Int
    /// In natural logarithms; only differences mean something.
    var likelihood: Double
    /// Where each number lies, in 19 of 20 cases and whatever the others are; nil where that is not known.
    package internal(set) var spread: FitSpread?

    /// The factor of an exponential backoff; nil for a linear one, and 3 for decorrelated jitter.
    package var factor: Double? {
        guard jitter != .decorrelated else { return 3 }
        if case .exponential(let factor) = growth { return factor }
        return nil
    }

    /// What must hold of a candidate.
    struct Limits {
        var jitters = Jitter.allCases
        var growths: [Growth] = [1, 1.5, 2, 3, 4].map { .exponential(factor: $0) } + [.linear]
        /// Whether factors between those are looked for too.
        var areFactorsOpen = true
        /// In seconds.
        var base: Double?
        var cap: Double?
        /// How many times the base the longest wait must be, jitter aside.
        var leastRise = 1.0

        init() {}

        init(_ expected: ClientProperty.Backoff) {
            switch expected.jitter {
            case .any: break
            case .none: jitters = [.none]
            case .full: jitters = [.full]
            case .equal: jitters = [.equal]
            case .decorrelated: jitters = [.decorrelated]
            }
            if let factor = expected.factor {
                growths = [.exponential(factor: factor)]
                areFactorsOpen = false
            }
            base = expected.base.map { Double($0.nanoseconds) / 1e9 }
            cap = expected.cap.map { Double($0.nanoseconds) / 1e9 }
        }
    }

    /// The best candidate, or nil when none allows all waits.
    static func best(_ samples: [WaitSample], _ limits: Limits = Limits()) -> BackoffFit? {
        guard !samples.isEmpty else { return nil }
        let groups = WaitGroup.groups(samples)
        var (best, all): (BackoffFit?, [BackoffFit]) = (nil, [])
        func offer(_ fit: BackoffFit?) {
            guard let fit else { return }
            all.append(fit)
            if best.map({ fit.score > $0.score }) ?? true { best = fit }
        }
        let growths = limits.growths + (limits.areFactorsOpen ? Self.factors(groups) : [])
        for jitter in limits.jitters {
            if jitter == .decorrelated {
                offer(decorrelated(samples, limits))
                continue
            }
            for growth in growths {
                let last = groups[groups.count - 1].index
                for capFrom in growth.isGrowing ? Array(1...(last + 1)) : [last + 1] {
                    offer(fit(groups, jitter, growth, capFrom: capFrom, limits, count: samples.count))
                }
            }
        }
        guard var found = best else { return nil }
        found.spread = spread(around: found, all)
        return found
    }

    /// How much likelier, in natural logarithms, the best explanation may be than one that counts still: the bound of a
    /// likelihood ratio test of one number in 19 of 20 cases.
    private static let lead = 1.92

    /// What all explanations with the same jitter allow that are nearly as good as the best; nil without chance.
    private static func spread(around best: BackoffFit, _ all: [BackoffFit]) -> FitSpread? {
        guard var joined = best.spread else { return nil }
        for fit in all where fit.jitter == best.jitter && fit.growth.isGrowing == best.growth.isGrowing {
            guard let spread = fit.spread, fit.likelihood >= best.likelihood - lead else { continue }
            joined.join(spread)
        }
        return joined
    }

    /// The likelihood, less half of the logarithm of the count for each number beside the base: a growth or a cap must
    /// explain more than chance would.
    private var score: Double {
        let numbers = (cap == nil ? 0.0 : jitter == .full ? 1.5 : 1.0) + (growth.isGrowing ? 1.0 : 0.0)
        // Most of what is published doubles; of factors that nobody writes there are many to choose from.
        // The wider the chance, the less do the waits tell of the factor, and the more does custom.
        let custom = jitter == .full ? 5 : 1.5
        let oddity = growth.isUsual ? custom : custom + Logarithm.natural(Double(samples)) / 2
        let cost = growth == .exponential(factor: 2) || !growth.isGrowing ? 0 : oddity
        return likelihood - numbers / 2 * Logarithm.natural(Double(samples)) - cost
    }

    /// Factors that the waits themselves suggest, from the longest, the shortest and the ends of two numbers of failures,
    /// and some between the usual ones.
    private static func factors(_ groups: [WaitGroup]) -> [Growth] {
        var factors = [1.2, 1.3, 1.4, 1.6, 1.75, 1.9, 2.2, 2.5, 3.5]
        func add(_ from: Double, _ to: Double, _ steps: Int) {
            guard from > 0.001, to > 1.05 * from else { return }
            factors.append(Logarithm.exponential(Logarithm.natural(to / from) / Double(steps)))
        }
        let shown = groups.prefix(8)
        for (one, next) in zip(shown, shown.dropFirst()) {
            add(one.most, next.most, next.index - one.index)
            add(one.least, next.least, next.index - one.index)
        }
        if let first = shown.first {
            for group in shown.dropFirst(2) { add(first.most, group.most, group.index - first.index) }
        }
        return factors.filter { $0 <= 6 }.map { .exponential(factor: $0) }
    }

    /// The least and the most that a height can be, for waits of `multiple` of it.
    private struct Bounds {
        var least = 0.0
        var most = Double.infinity

        mutating func take(_ group: WaitGroup, _ multiple: Double, _ range: (low: Double, high: Double)) {
            least = max(least, (group.most - noise.seconds) / (1 + noise.part) / (range.high * multiple))
            if range.low > 0 { most = min(most, group.least * 1.01 / (range.low * multiple)) }
        }

        /// The likeliest height: the lowest that explains the longest wait without noise, if that is allowed.
        func height(_ likeliest: Double) -> Double? {
            least <= most ? max(least, min(most, likeliest)) : nil
        }
    }

    private static func fit(
        _ groups: [WaitGroup], _ jitter: Jitter, _ growth: Growth, capFrom: Int, _ limits: Limits, count: Int
    ) -> BackoffFit? {
        let range = jitter.range
        var (below, above) = (Bounds(), Bounds())
        var (baseSeen, capSeen) = (0.0, 0.0)
        for group in groups {
            if group.index < capFrom {
                let multiple = growth.multiple(group.index)
                below.take(group, multiple, range)
                let seen = jitter == .none ? group.least : group.most
                baseSeen =
                    jitter == .none && baseSeen > 0
                    ? min(baseSeen, seen / multiple) : max(baseSeen, seen / (range.high * multiple))
            } else {
                above.take(group, 1, range)
                let seen = jitter == .none ? group.least : group.most
                capSeen = jitter == .none && capSeen > 0 ? min(capSeen, seen) : max(capSeen, seen / range.high)
            }
        }
        let slack = 1.05
        if let base = limits.base {
            guard below.least <= base * slack, below.most * slack >= base else { return nil }
            baseSeen = base
        } else {
            guard let height = below.height(baseSeen) else { return nil }
            baseSeen = height
        }
        let hasCap = groups.contains { $0.index >= capFrom }
        if hasCap {
            if let cap = limits.cap {
                guard above.least <= cap * slack, above.most * slack >= cap else { return nil }
                capSeen = cap
            } else {
                guard let height = above.height(capSeen) else { return nil }
                capSeen = height
            }
            guard capSeen <= baseSeen * growth.multiple(capFrom) * slack,
                capSeen * slack >= baseSeen * growth.multiple(capFrom - 1),
                // A cap as high as the base leaves nothing that grows.
                capFrom > 1 || capSeen > baseSeen * 1.1
            else { return nil }
        } else if let cap = limits.cap, let last = groups.last {
            guard baseSeen * growth.multiple(last.index) <= cap * slack else { return nil }
        }
        let top = hasCap ? capSeen : baseSeen * growth.multiple(groups[groups.count - 1].index)
        guard top >= baseSeen * limits.leastRise else { return nil }
        var likelihood = 0.0
        for group in groups {
            let height = group.index < capFrom ? baseSeen * growth.multiple(group.index) : capSeen
            let width = (range.high - range.low) * height + noise.seconds + noise.part * height
            likelihood -= Double(group.count) * Logarithm.natural(width)
        }
        let drawn = groups.reduce(into: (below: 0, above: 0)) { drawn, group in
            if group.index < capFrom { drawn.below += group.count } else { drawn.above += group.count }
        }
        let (base, cap) = (Height(baseSeen, of: drawn.below, range), Height(capSeen, of: drawn.above, range))
        var fit = BackoffFit(
            jitter: jitter, growth: growth, base: TimeSpan(seconds: limits.base ?? base.likely),
            cap: hasCap ? TimeSpan(seconds: limits.cap ?? cap.likely) : nil, samples: count, likelihood: likelihood)
        if isWide(range) {
            fit.spread = FitSpread(
                base: baseSeen...base.most, factor: fit.factor.map { $0...$0 }, cap: hasCap ? capSeen...cap.most : nil)
        }
        return fit
    }

    private static func isWide(_ range: (low: Double, high: Double)) -> Bool { range.high > range.low }

    /// A height that draws from a part of it tell by the longest of them.
    private struct Height {
        /// A little above the longest: of n draws from 0 to 1 that is n / (n + 1) in the mean.
        var likely: Double
        /// Higher ones have so long a longest draw in less than one of 20 cases.
        var most: Double

        init(_ longest: Double, of draws: Int, _ range: (low: Double, high: Double)) {
            let width = (range.high - range.low) / range.high
            (likely, most) = (longest, longest)
            guard width > 0, draws > 0 else { return }
            likely = longest * min(1.2, 1 + width / Double(draws))
            let quantile = Logarithm.exponential(Logarithm.natural(0.05) / Double(draws))
            most = longest / (1 - width * (1 - quantile))
        }
    }

    private static func decorrelated(_ samples: [WaitSample], _ limits: Limits) -> BackoffFit? {
        let shortest = samples.reduce(Double.infinity) { min($0, $1.seconds) }
        let longest = samples.reduce(0) { max($0, $1.seconds) }
        let base = limits.base ?? shortest
        guard shortest >= base * 0.95 - 0.001, limits.areFactorsOpen || limits.growths == [.exponential(factor: 3)]
        else { return nil }
        if let cap = limits.cap, longest > cap * 1.05 + noise.seconds { return nil }
        var likelihood = 0.0
        for sample in samples {
            let top = 3 * (sample.previous ?? base)
            guard sample.seconds <= top * (1 + noise.part) + noise.seconds else { return nil }
            likelihood -= Logarithm.natural(max(0, top - base) + noise.seconds + noise.part * top)
        }
        let atCap = samples.filter { $0.seconds >= longest * 0.99 }.count
        return BackoffFit(
            jitter: .decorrelated, growth: .exponential(factor: 3), base: TimeSpan(seconds: base),
            cap: atCap > 2 && atCap * 10 > samples.count ? TimeSpan(seconds: limits.cap ?? longest) : nil,
            samples: samples.count, likelihood: likelihood)
    }
}

extension BackoffFit: CustomStringConvertible {
    /// The fit in words, with the span of each number that may be off by more than a fifth.
    package var description: String {
        var parts = [text(base, spread?.base)]
        switch growth {
        case _ where jitter == .decorrelated: parts.append("to 3 × the wait before")
        case .exponential(let factor) where factor == 1: parts.append("each time")
        case .exponential(let factor):
            var text = "× \(NumberText.ratio(factor))"
            if let spread = spread?.factor, spread.isFar(from: factor) {
                let (low, high) = (spread.lowerBound, spread.upperBound)
                text += " (\(NumberText.ratio(low)) to \(NumberText.ratio(high)))"
            }
            parts.append("\(text) each time")
        case .linear: parts.append("more each time")
        }
        if let cap { parts.append("up to \(text(cap, spread?.cap, isUnsure: spread?.mayLackCap ?? false))") }
        return parts.joined(separator: " ") + (jitter == .none ? ", no jitter" : ", \(jitter.rawValue) jitter")
    }

    private func text(_ span: TimeSpan, _ spread: ClosedRange<Double>?, isUnsure: Bool = false) -> String {
        var doubts: [String] = []
        if let spread, spread.isFar(from: Double(span.nanoseconds) / 1e9) {
            let (low, high) = (TimeSpan(seconds: spread.lowerBound), TimeSpan(seconds: spread.upperBound))
            doubts.append("\(NumberText.span(low)) to \(NumberText.span(high))")
        }
        if isUnsure { doubts.append("or none") }
        return NumberText.span(span) + (doubts.isEmpty ? "" : " (\(doubts.joined(separator: ", ")))")
    }
}

extension TimeSpan {
    /// The nearest whole nanosecond; what is beyond the end of time stays there.
    init(seconds: Double) {
        let value = (seconds * 1e9).rounded()
        self.init(nanoseconds: value >= 9.2e18 ? .max : value <= -9.2e18 ? .min : Int64(value))
    }
}
