internal import ClipriseWire

/// What the waits of one kind of call show.
public struct WaitHabit: Sendable, Hashable {
    /// How chance is told from none, for people.
    public static let rule = """
        Generate, polling and download are judged apart, and the waits between polls apart from those before a retry. \
        Waits are without chance when four of five that follow equally many failures lie within 5 ms or 1 % of their \
        middle one, for timers and the way differ by that much; where fewer than half have another to compare with, when \
        one growth explains all to 15 ms or 1 %. Jitter is named exactly where there is chance. That it is missing is said only when waits \
        with jitter would look so in less than one of two thousand reports, and that waits do not grow only when growing \
        ones would look so in less than one of a hundred reports, of however many accounts.
        """

    /// `generate`, `polling` or `download`.
    public var kind: String
    public var samples: Int
    /// Whether the waits are without chance; nil when there are too few to tell.
    public var isRegular: Bool?
    /// Nil when there are too few waits, or no growth that is known explains them.
    public var fit: BackoffFit?

    init(_ kind: ClientCall.Kind, _ samples: [WaitSample]) {
        self.kind = kind.rawValue
        self.samples = samples.count
        guard samples.count >= BackoffFit.fewest else { return }
        let chance = Chance(samples)
        isRegular = chance.isAbsent
        fit = chance.fit()
    }
}

extension WaitHabit: CustomStringConvertible {
    public var description: String {
        guard let isRegular else {
            return samples == 0 ? "no wait" : "too few waits to tell (\(samples))"
        }
        let text = fit?.description ?? (isRegular ? "no growth that is known, no jitter" : "no growth that is known")
        return "\(text) (\(NumberText.count(samples, "wait")))"
    }
}

extension BackoffFit {
    /// Whether waits without others to compare with are those of this fit without chance, to 15 ms or 1 %: drawn ones that
    /// happen to rise come near some growth, but not so near.
    fileprivate func isMet(by samples: [WaitSample]) -> Bool {
        let places = samples.map { min($0.index, WaitGroup.lastIndex) - (isFirstAtOnce ? 1 : 0) }
        let multiples = growth.multiples(to: max(0, places.max() ?? 0))
        let (base, top) = (Double(base.nanoseconds) / 1e9, cap.map { Double($0.nanoseconds) / 1e9 } ?? .infinity)
        return zip(samples, places).allSatisfy { sample, place in
            guard place >= 0 else { return true }
            let height = min(top, base * multiples[place])
            return abs(sample.seconds - height) <= max(0.015, 0.01 * height)
        }
    }
}

/// Whether chance has a part in waits.
struct Chance {
    enum Finding { case present, absent, untold }

    /// The waits that count: all, but for those off the others where chance is absent.
    let telling: [WaitSample]
    /// What is likelier; `finding` is what is certain.
    let isAbsent: Bool
    /// Waits that can be compared with the middle one of those after equally many failures, itself not counted.
    private let compared: Int
    /// Those of them that are as good as equal.
    private let alike: Int
    /// Whether a wait is clearly shorter than the one before it in its row: no backoff without chance has that.
    private let doesFall: Bool

    init(_ samples: [WaitSample]) {
        let (judged, alike, telling, groups) = Self.compare(samples)
        if judged * 2 >= samples.count {
            // Up to a fifth may be off: a machine that was busy is no jitter.
            isAbsent = judged > 0 && alike * 5 >= judged * 4
        } else {
            isAbsent = BackoffFit.best(samples, Self.exact)?.isMet(by: samples) ?? false
        }
        self.telling = isAbsent && judged * 2 >= samples.count ? telling : samples
        (compared, self.alike) = (judged - groups, alike - groups)
        let sum = samples.reduce(0) { $0 + min(0.2, max(0.1, 0.005 / max($1.seconds, 0.001))) }
        nearness = samples.isEmpty ? 0.2 : sum / Double(samples.count)
        doesFall = samples.contains { sample in
            sample.previous.map { sample.seconds < 0.9 * $0 - 0.02 } ?? false
        }
    }

    /// What the waits say for certain.
    ///
    /// Of waits with jitter at most one in ten lies within 5 ms or 1 % of the middle one, one in five where they are as
    /// short as those of full jitter from 50 ms. That four of five do so by chance has the probability of a binomial tail.
    ///
    /// - Parameter samples: How many are judged beside these, itself counted.
    func finding(of samples: Int) -> Finding {
        guard compared > 0 else { return doesFall ? .present : .untold }
        if alike * 5 >= compared * 4 {
            let tail = Binomial.tail(of: compared, atLeast: alike, nearness)
            return tail * Double(max(1, samples)) <= Self.falseAlarm ? .absent : .untold
        }
        return compared >= 3 || doesFall ? .present : .untold
    }

    /// How likely a wait that is drawn lies near the middle one, at most.
    private let nearness: Double
    static let falseAlarm = 0.0005

    private static let exact: BackoffFit.Limits = {
        var limits = BackoffFit.Limits()
        limits.jitters = [.none]
        return limits
    }()

    /// Of the waits after equally many failures: how many there are, how many are as good as equal, all but the rest, and
    /// how many numbers of failures have several.
    private static func compare(
        _ samples: [WaitSample]
    ) -> (judged: Int, alike: Int, telling: [WaitSample], groups: Int) {
        var byIndex: [Int: [Double]] = [:]
        for sample in samples { byIndex[sample.index, default: []].append(sample.seconds) }
        let middles = byIndex.filter { $0.value.count > 1 }.mapValues { $0.sorted()[($0.count - 1) / 2] }
        func isAlike(_ sample: WaitSample, _ middle: Double) -> Bool {
            abs(sample.seconds - middle) <= max(0.005, 0.01 * middle)
        }
        var (judged, alike) = (0, 0)
        var telling: [WaitSample] = []
        for sample in samples {
            guard let middle = middles[sample.index] else {
                telling.append(sample)
                continue
            }
            judged += 1
            guard isAlike(sample, middle) else { continue }
            alike += 1
            telling.append(sample)
        }
        return (judged, alike, telling, middles.count)
    }

    /// The best fit whose word for jitter agrees with what chance does.
    func fit(_ limits: BackoffFit.Limits = BackoffFit.Limits()) -> BackoffFit? {
        var limits = limits
        limits.jitters.removeAll { ($0 == .none) != isAbsent }
        return BackoffFit.best(telling, limits)
    }
}

/// Sums of the binomial distribution.
enum Binomial {
    /// The probability that of `count` tries at least `least` succeed, each with a chance of `chance`.
    static func tail(of count: Int, atLeast least: Int, _ chance: Double) -> Double {
        guard least > 0 else { return 1 }
        // The larger terms come first; what is below the smallest number is nothing.
        var sum = 0.0
        for successes in min(least, count + 1)..<(count + 1) {
            var logarithm = 0.0
            for step in 0..<(count - successes) {
                logarithm += Logarithm.natural(Double(count - step) / Double(step + 1))
            }
            logarithm += Double(successes) * Logarithm.natural(chance)
            logarithm += Double(count - successes) * Logarithm.natural(1 - chance)
            sum += Logarithm.exponential(logarithm)
            if logarithm < -60 { break }
        }
        return min(1, sum)
    }
}
