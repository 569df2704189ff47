internal import ClipriseWire

/// Decorrelated jitter: each wait is drawn from the base to three times the wait before, the first as if the base had
/// come before it, and cut to a cap.
///
/// The shortest wait is longer than the base, by a quarter of it in the mean where four or five first waits are seen, and a third
/// of the longest first wait is shorter. How likely each base between the two is follows from all waits; the one is taken
/// that is likely to be off by the least.
struct DecorrelatedFit {
    private static let noise = BackoffFit.noise

    private struct Draw {
        let seconds: Double
        /// Nil for the first of its row.
        let previous: Double?
    }

    private let draws: [Draw]
    /// In seconds; nil when no wait was cut.
    private let cap: Double?
    /// Whether a wait that is late by more is less likely: most timers are late by little.
    private let isLateRare: Bool

    /// One candidate without a cap, and one with the cap that some waits were cut to; none where a wait is too long.
    ///
    /// Where it is compared with a demand the shortest wait is the base and nothing is cut: a shape with more freedom would
    /// meet a demand more easily.
    static func fits(_ samples: [WaitSample], _ limits: BackoffFit.Limits) -> [BackoffFit] {
        guard limits.areFactorsOpen || limits.growths == [.exponential(factor: 3)] else { return [] }
        var (shortest, longest) = (Double.infinity, 0.0)
        for sample in samples { (shortest, longest) = (min(shortest, sample.seconds), max(longest, sample.seconds)) }
        if let cap = limits.cap, longest > cap * 1.05 + noise.seconds { return [] }
        // After a wait that is not known anything may come.
        let draws = samples.compactMap { sample in
            sample.index == 0 || sample.previous != nil
                ? Draw(seconds: sample.seconds, previous: sample.previous) : nil
        }
        guard limits.isPublished else {
            let fit = Self(draws: draws, cap: nil, isLateRare: false).fit(shortest, samples.count, limits)
            return fit.map { [$0] } ?? []
        }
        let cut = samples.count { $0.seconds >= longest - late(longest) }
        let caps = cut > 1 && longest > 1.5 * shortest ? [nil, limits.cap ?? longest] : [nil]
        return caps.compactMap { Self(draws: draws, cap: $0, isLateRare: true).fit(shortest, samples.count, limits) }
    }

    /// How late two waits of one length may be, by their timers.
    private static func late(_ seconds: Double) -> Double { max(0.005, 0.003 * seconds) }

    private static func blur(_ seconds: Double) -> Double { noise.seconds + noise.part * seconds }

    private init(draws: [Draw], cap: Double?, isLateRare: Bool) {
        (self.draws, self.cap, self.isLateRare) = (draws, cap, isLateRare)
    }

    private func isCut(_ seconds: Double) -> Bool { cap.map { seconds >= $0 - Self.late($0) } ?? false }

    /// How likely so many of the waits are with a base; nil where it does not allow one.
    private func likelihood(_ base: Double, of count: Int) -> Double? {
        var sum = 0.0
        for draw in draws.prefix(count) {
            let top = 3 * (draw.previous ?? base)
            let width = max(0, top - base) + Self.blur(top)
            if let cap, top > cap, isCut(draw.seconds) {
                sum += Logarithm.natural(max(0.01, (top - cap) / width) / Self.blur(cap))
            } else {
                guard draw.seconds <= top * (1 + Self.noise.part) + Self.noise.seconds else { return nil }
                sum -= Logarithm.natural(width)
                if isLateRare { sum -= max(0, draw.seconds - top) / (Self.late(top) / 2) }
            }
        }
        return sum
    }

    private func fit(_ shortest: Double, _ samples: Int, _ limits: BackoffFit.Limits) -> BackoffFit? {
        let found: (base: Double, spread: ClosedRange<Double>?)
        if let asked = limits.base {
            guard shortest >= asked * 0.95 - 0.001 else { return nil }
            found = (asked, nil)
        } else {
            found = isLateRare ? base(shortest) : (shortest, nil)
        }
        guard let likelihood = likelihood(found.base, of: draws.count) else { return nil }
        var fit = BackoffFit(
            jitter: .decorrelated, growth: .exponential(factor: 3), base: TimeSpan(seconds: found.base),
            cap: cap.map { TimeSpan(seconds: $0) }, samples: samples, likelihood: likelihood)
        fit.spread = found.spread.map { FitSpread(base: $0, factor: 3...3, cap: cap.map { $0...$0 }) }
        return fit
    }

    /// The steps between the least and the most that the base can be.
    private static let steps = 40
    /// More waits than these leave nothing open that more of them would settle.
    private static let enough = 1_000

    /// The base that is least likely to be off by a fifth, and where 19 of 20 lie.
    private func base(_ shortest: Double) -> (Double, ClosedRange<Double>?) {
        // A first wait that was cut may have been any.
        var low = shortest / 3
        for draw in draws where draw.previous == nil && !isCut(draw.seconds) {
            low = max(low, (draw.seconds - Self.noise.seconds) / (1 + Self.noise.part) / 3)
        }
        guard low < shortest, low > 0 else { return (shortest, nil) }
        let step = Logarithm.natural(shortest / low) / Double(Self.steps)
        var steps: [(base: Double, likelihood: Double)] = []
        for index in 0...Self.steps {
            let base = low * Logarithm.exponential(step * Double(index))
            if let likelihood = likelihood(base, of: Self.enough) { steps.append((base, likelihood)) }
        }
        let best = steps.reduce(-Double.infinity) { max($0, $1.likelihood) }
        var weights = Weights()
        for step in steps { weights.add(step.base, Logarithm.exponential(step.likelihood - best)) }
        return steps.isEmpty ? (shortest, nil) : (weights.nearest.value, weights.span)
    }
}
