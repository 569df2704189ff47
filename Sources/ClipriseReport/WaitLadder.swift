internal import ClipriseWire

/// One growth with its cap from one place on, which waits are held against.
///
/// The height that the i-th wait is drawn from is base × `multiples[i]` below `capFrom`, and the cap from there on.
struct WaitLadder {
    typealias Limits = BackoffFit.Limits

    let groups: [WaitGroup]
    let growth: BackoffFit.Growth
    /// For each number of failures up to one more than the last.
    let multiples: [Double]
    /// The first number of failures whose height is the cap.
    let capFrom: Int
    private let below: Side
    private let above: Side

    private static let noise = BackoffFit.noise
    private static let slack = 1.05

    init(groups: [WaitGroup], growth: BackoffFit.Growth, multiples: [Double], capFrom: Int) {
        (self.groups, self.growth, self.multiples, self.capFrom) = (groups, growth, multiples, capFrom)
        var (below, above) = (Side(), Side())
        for group in groups {
            if group.index < capFrom { below.take(group, multiples[group.index]) } else { above.take(group, 1) }
        }
        (self.below, self.above) = (below, above)
    }

    private var last: Int { groups[groups.count - 1].index }
    private var hasCap: Bool { last >= capFrom }

    private func height(_ index: Int, base: Double, cap: Double) -> Double {
        index < capFrom ? base * multiples[index] : cap
    }

    /// Whether the cap lies where these heights reach it, and they rise as far as they must.
    private func isSound(base: Double, cap: Double, _ limits: Limits) -> Bool {
        if hasCap {
            guard cap <= base * multiples[capFrom] * Self.slack,
                cap * Self.slack >= base * multiples[capFrom - 1],
                // A cap as high as the base leaves nothing that grows.
                capFrom > 1 || cap > base * 1.1
            else { return false }
        } else if let limit = limits.cap {
            guard base * multiples[last] <= limit * Self.slack else { return false }
        }
        return (hasCap ? cap : base * multiples[last]) >= base * limits.leastRise
    }

    /// How likely the waits are when each is drawn from a part of its height so wide, blurred by timers and the way.
    ///
    /// - Parameter top: How many times its height the longest wait is, which is blurred.
    private func likelihood(
        base: Double, cap: Double, top: Double = 1, _ width: (_ height: Double) -> Double
    ) -> Double {
        groups.reduce(0.0) { sum, group in
            let height = height(group.index, base: base, cap: cap)
            let blurred = width(height) + Self.noise.seconds + Self.noise.part * top * height
            return sum - Double(group.count) * Logarithm.natural(blurred)
        }
    }

    /// How likely the waits are when each is as long as its height and the noise: that lower heights leave more to the noise
    /// makes them no likelier.
    private var exactly: Double {
        groups.reduce(0.0) { sum, group in
            sum - Double(group.count) * Logarithm.natural(Self.noise.seconds + Self.noise.part * group.least)
        }
    }

    // MARK: Parts of heights

    /// The waits of all heights below the cap, or of those at it, each divided by its multiple.
    private struct Side {
        /// How many waits, and the sum of their multiples.
        var (count, weight) = (0, 0.0)
        var (least, most) = (Double.infinity, 0.0)
        /// The longest without the noise that may be in it.
        var clean = 0.0

        mutating func take(_ group: WaitGroup, _ multiple: Double) {
            count += group.count
            weight += Double(group.count) * multiple
            least = min(least, group.least / multiple)
            most = max(most, group.most / multiple)
            clean = max(clean, (group.most - noise.seconds) / (1 + noise.part) / multiple)
        }

        /// The least and the most that the height can be, when waits are drawn from a part of it.
        func bounds(_ range: (low: Double, high: Double)) -> (low: Double, high: Double) {
            (clean / range.high, range.low > 0 ? least * 1.01 / range.low : .infinity)
        }

        /// The height that is demanded, else the one that explains the waits seen without noise; nil when neither is
        /// allowed.
        func height(_ asked: Double?, seen: Double, _ range: (low: Double, high: Double)) -> Double? {
            let (low, high) = bounds(range)
            if let asked { return low <= asked * slack && high * slack >= asked ? asked : nil }
            return low <= high ? max(low, min(high, seen)) : nil
        }

        /// The smallest ± part of one height that holds all.
        var part: Double { count > 0 && most > 0 ? (most - least) / (most + least) : 0 }

        /// The heights that waits allow when they lie around them by a part.
        func around(_ part: Double) -> ClosedRange<Double> {
            let (low, high) = (most / (1 + part), least / max(0.05, 1 - part))
            return min(low, high)...max(low, high)
        }
    }

    /// The widest share of chance that is taken for ± a part: what is wider is full jitter.
    private static let widest = 0.6
    /// What libraries have: gRPC and others 20 %, Google's HTTP clients 50 %.
    private static let usualParts = [0.1, 0.2, 0.25, 0.5]

    /// Waits that lie around their heights: by a part that is published, and by the least that holds them all.
    func around(_ limits: Limits) -> [BackoffFit] {
        let least = max(below.part, above.part)
        guard least > 0.005, least <= Self.widest else { return [] }
        let usual = Self.usualParts.first { $0 >= least * 0.98 }
        return [usual, least].compactMap { part in
            guard let part, var fit = drawn(.around, (1 - part, 1 + part), limits) else { return nil }
            // Of n draws the ends lie 2 / (n + 1) of the width inside it, in the mean.
            fit.part = part == least ? min(1, part * (1 + 2 / Double(max(1, fit.samples - 1)))) : part
            fit.isPartUsual = part == usual
            let wide = part == usual ? part : part * (1 + 4 / Double(fit.samples))
            fit.spread = FitSpread(
                base: below.around(wide), factor: fit.factor.map { $0...$0 }, cap: hasCap ? above.around(wide) : nil)
            return fit
        }
    }

    /// The heights of which the waits are drawn from a part.
    func drawn(_ jitter: BackoffFit.Jitter, _ range: (low: Double, high: Double), _ limits: Limits) -> BackoffFit? {
        func seen(_ side: Side) -> Double {
            switch jitter {
            case .none: side.least
            case .around: (side.least + side.most) / 2
            default: side.most / range.high
            }
        }
        guard let base = below.height(limits.base, seen: seen(below), range),
            let cap = hasCap ? above.height(limits.cap, seen: seen(above), range) : 0,
            isSound(base: base, cap: cap, limits)
        else { return nil }
        var fit = BackoffFit(
            jitter: jitter, growth: growth, base: TimeSpan(seconds: base), cap: hasCap ? TimeSpan(seconds: cap) : nil,
            samples: below.count + above.count,
            likelihood: jitter == .none && limits.isPublished
                ? exactly
                : likelihood(base: base, cap: cap, top: jitter == .around ? range.high : 1) {
                    (range.high - range.low) * $0
                })
        if jitter != .around, range.high > range.low {
            let (lower, upper) = (Height(base, of: below.count, range), Height(cap, of: above.count, range))
            if limits.base == nil { fit.base = TimeSpan(seconds: lower.likely) }
            if hasCap, limits.cap == nil { fit.cap = TimeSpan(seconds: upper.likely) }
            fit.spread = FitSpread(
                base: base...lower.most, factor: fit.factor.map { $0...$0 }, cap: hasCap ? cap...upper.most : nil)
        }
        return fit
    }

    /// A height that draws from a part of it show by the longest of them.
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

    // MARK: More than heights

    /// The heights to each of which the same span is added at most.
    ///
    /// The greatest heights below all waits leave the least to add; the shortest of n draws lies 1 / (n + 1) of the span
    /// above its height in the mean, and the longest as much below the end.
    func added(_ limits: Limits) -> BackoffFit? {
        guard below.least > 0.001 else { return nil }
        let (base, cap) = (below.least, hasCap ? above.least : 0)
        guard isSound(base: base, cap: cap, limits) else { return nil }
        func most(_ base: Double, _ cap: Double) -> Double {
            groups.reduce(0) { max($0, $1.most - height($1.index, base: base, cap: cap)) }
        }
        let span = most(base, cap)
        let count = below.count + above.count
        let (baseStep, capStep) = (span / below.weight, span / Double(max(1, above.count)))
        func down(_ value: Double, _ step: Double) -> Double { max(value / 2, value - step) }
        let (likelyBase, likelyCap) = (down(base, baseStep), down(cap, capStep))
        var fit = BackoffFit(
            jitter: .added, growth: growth, base: TimeSpan(seconds: likelyBase),
            cap: hasCap ? TimeSpan(seconds: likelyCap) : nil, samples: count,
            likelihood: likelihood(base: base, cap: cap) { _ in span })
        fit.added = TimeSpan(seconds: most(likelyBase, likelyCap) * (1 + 1 / Double(count)))
        func reach(_ value: Double, _ step: Double) -> ClosedRange<Double> { max(0, value - 3 * step)...value }
        fit.spread = FitSpread(
            base: reach(base, baseStep), factor: fit.factor.map { $0...$0 }, cap: hasCap ? reach(cap, capStep) : nil)
        return fit
    }
}
