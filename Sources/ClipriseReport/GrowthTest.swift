/// Distinguishes waits that grow with each failure from waits that do not, by the ratio of two likelihoods.
///
/// Flat waits are drawn from one span, whatever came before. Growing ones are drawn from a part of a height that rises
/// with each failure, at least by `leastFactor` until it is `leastRise` times the first; or as decorrelated jitter draws.
/// The heights have no other shape: powers of any base, Fibonacci numbers and multiples are all of the kind.
struct GrowthTest {
    /// How much likelier growing waits must be than flat ones before they pass, in natural logarithms.
    static let trust = 2.5

    /// The natural logarithm of how much likelier the waits are when they are flat than when they grow.
    let excess: Double
    /// How many waits follow a second failure in a row, or a later one: only they count.
    let telling: Int

    /// Waits after 429 and after other failures are compared apart, for a client may wait longer when it is told that
    /// there is too much of it.
    init(_ all: [WaitSample]) {
        longest = all.reduce(0) { max($0, $1.seconds) }
        var (excess, telling) = (0.0, 0)
        for isThrottled in [false, true] {
            let kind = all.filter { $0.isThrottled == isThrottled }
            let samples = WaitSample.withoutImmediate(kind) ?? kind
            let groups = WaitGroup.groups(samples)
            guard groups.count > 1 else { continue }
            excess += Self.flat(groups) - max(Self.banded(groups), Self.decorrelated(samples))
            telling += groups.dropFirst().reduce(0) { $0 + $1.count }
        }
        (self.excess, self.telling) = (excess, telling)
    }

    /// Whether the waits do not grow, so certainly that of whole reports on clients whose waits do grow fewer than one in
    /// a hundred says so.
    ///
    /// - Parameter caution: What more is demanded, in natural logarithms, where other waits are judged beside these.
    func isFlat(caution: Double = 0) -> Bool {
        telling > 0 && excess > 4.75 + 12 / Double(telling) + caution
    }

    var isGrowing: Bool { telling > 0 && excess < -Self.trust && longest >= 0.02 }

    /// In seconds; what is shorter than 20 ms is the machine's.
    private let longest: Double

    /// What more is demanded of each of several samples, so that a false alarm in any of them stays as rare as in one.
    ///
    /// The likelihoods are the greatest of their kinds, not those of known numbers: their ratio exceeds a bound more often
    /// than in e^−bound of all cases, which a half more makes up for.
    static func caution(of samples: Int) -> Double { 1.5 * Logarithm.natural(Double(max(1, samples))) }

    /// What timers and the way to the server blur, in seconds.
    private static func blur(_ seconds: Double) -> Double { 0.002 + 0.01 * seconds }

    private static func flat(_ groups: [WaitGroup]) -> Double {
        let (count, least, most) = groups.reduce((0, Double.infinity, 0.0)) {
            ($0.0 + $1.count, min($0.1, $1.least), max($0.2, $1.most))
        }
        return -Double(count) * Logarithm.natural(most - least + blur(most))
    }

    /// The least growth from wait to wait, for waits drawn from the part `low` of a height up to the height: the less
    /// chance there is in them, the less growth is needed to be seen.
    private static func leastFactor(_ low: Double) -> Double { 1.95 - 0.85 * low }
    /// How many times the first height a cap must be.
    private static func leastRise(_ low: Double) -> Double { 3.5 - 1.5 * low }

    private static func banded(_ groups: [WaitGroup]) -> Double {
        var best = -Double.infinity
        for low in [0, 0.2, 0.4, 0.5, 0.65, 0.8, 0.9, 0.97] {
            best = max(best, banded(groups, low, isPaired: false))
            // Fibonacci's heights double in two steps, and the first two are alike.
            if low >= 0.65 { best = max(best, banded(groups, low, isPaired: true)) }
        }
        return best
    }

    /// The greatest likelihood of waits drawn from a part of rising heights, `low` or more of them: every height is as
    /// low as the waits and the rise allow.
    private static func banded(_ groups: [WaitGroup], _ low: Double, isPaired: Bool) -> Double {
        let factor = isPaired ? 1 : leastFactor(low)
        var heights: [Double] = []
        var (part, top, before, next) = (1.0, 0.0, 0.0, groups[0].index)
        for group in groups {
            var height = top
            while next <= group.index {
                let limit = heights.first.map { leastRise(low) * $0 } ?? 0
                height = max(top, min(limit, isPaired ? 2 * before : factor * top))
                if next == group.index { height = max(height, group.most) }
                (before, top) = (top, height)
                next += 1
            }
            heights.append(height)
            part = min(part, (group.least + blur(height) / 2) / max(height, 1e-9))
        }
        guard part >= low else { return -.infinity }
        var sum = 0.0
        for (group, height) in zip(groups, heights) {
            sum -= Double(group.count) * Logarithm.natural((1 - part) * height + blur(height))
        }
        return sum
    }

    /// The same of decorrelated jitter: from the base to three times the wait before, cut to a cap.
    private static func decorrelated(_ samples: [WaitSample]) -> Double {
        var (base, longest) = (Double.infinity, 0.0)
        for sample in samples {
            base = min(base, sample.seconds)
            longest = max(longest, sample.seconds)
        }
        let isCut = samples.count { $0.seconds >= longest - blur(longest) } > 1 && longest > 3 * base
        var sum = 0.0
        for sample in samples {
            let before = sample.index == 0 ? base : sample.previous ?? longest
            let to = max(base, 3 * before)
            if sample.seconds > to + blur(to) { return -.infinity }
            let width = to - base + blur(to)
            if isCut, to > longest, sample.seconds >= longest - blur(longest) {
                sum += Logarithm.natural(max(0.01, (to - longest) / width) / blur(longest))
            } else {
                sum -= Logarithm.natural(width)
            }
        }
        return sum
    }
}

extension WaitSample {
    /// The waits from the second on when the first retry comes at once, as urllib3 has it: the growth begins behind it;
    /// else nil.
    static func withoutImmediate(_ all: [Self]) -> [Self]? {
        var (first, second) = (0.0, Double.infinity)
        for sample in all {
            if sample.index == 0 { first = max(first, sample.seconds) }
            if sample.index == 1 { second = min(second, sample.seconds) }
        }
        guard first <= 0.05, second < .infinity, second >= 10 * first, second >= 0.02 else { return nil }
        return all.filter { $0.index > 0 }.map { sample in
            var sample = sample
            sample.index -= 1
            if sample.index == 0 { sample.previous = nil }
            return sample
        }
    }
}
