internal import ClipriseWire

/// What the waits of one kind of call tell.
package struct WaitHabit: Sendable, Hashable {
    /// How chance is told from none, for people.
    package static let rule = """
        Generate, polling and download are judged apart, and the waits between polls apart from those before a retry. \
        Waits are without chance when four of five that follow equally many failures lie within 5 ms or 3 % of their \
        middle one, for timers and the way differ by that much; where fewer than half have another to compare with, when \
        one growth explains all. Jitter is named exactly where there is chance.
        """

    /// `generate`, `polling` or `download`.
    package var kind: String
    package var samples: Int
    /// Whether the waits are without chance; nil when there are too few to tell.
    package var isRegular: Bool?
    /// Nil when there are too few waits, or no growth that is known explains them.
    package var fit: BackoffFit?

    init(_ kind: Call.Kind, _ samples: [WaitSample]) {
        self.kind = kind.word
        self.samples = samples.count
        guard samples.count >= BackoffFit.fewest else { return }
        let chance = Chance(samples)
        isRegular = chance.isAbsent
        fit = chance.fit()
    }
}

extension WaitHabit: CustomStringConvertible {
    package var description: String {
        guard let isRegular else {
            return samples == 0 ? "no wait" : "too few waits to tell (\(samples))"
        }
        let text = fit?.description ?? (isRegular ? "no growth that is known, no jitter" : "no growth that is known")
        return "\(text) (\(NumberText.count(samples, "wait")))"
    }
}

/// Whether chance has a part in waits.
struct Chance {
    /// The waits that tell: all, but for those off the others where chance is absent.
    let telling: [WaitSample]
    let isAbsent: Bool

    init(_ samples: [WaitSample]) {
        let (judged, alike, telling) = Self.compare(samples)
        if judged * 2 >= samples.count {
            // Up to a fifth may be off: a machine that was busy is no jitter.
            isAbsent = judged > 0 && alike * 5 >= judged * 4
        } else {
            isAbsent = BackoffFit.best(samples, Self.exact) != nil
        }
        self.telling = isAbsent && judged * 2 >= samples.count ? telling : samples
    }

    private static let exact: BackoffFit.Limits = {
        var limits = BackoffFit.Limits()
        limits.jitters = [.none]
        return limits
    }()

    /// Of the waits after equally many failures: how many there are, how many are as good as equal, and all but the rest.
    private static func compare(_ samples: [WaitSample]) -> (judged: Int, alike: Int, telling: [WaitSample]) {
        var byIndex: [Int: [Double]] = [:]
        for sample in samples { byIndex[sample.index, default: []].append(sample.seconds) }
        let middles = byIndex.filter { $0.value.count > 1 }.mapValues { $0.sorted()[($0.count - 1) / 2] }
        func isAlike(_ sample: WaitSample, _ middle: Double) -> Bool {
            abs(sample.seconds - middle) <= max(0.005, 0.03 * middle)
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
        return (judged, alike, telling)
    }

    /// The best fit whose word for jitter agrees with what chance does.
    func fit(_ limits: BackoffFit.Limits = BackoffFit.Limits()) -> BackoffFit? {
        var limits = limits
        limits.jitters.removeAll { ($0 == .none) != isAbsent }
        return BackoffFit.best(telling, limits)
    }
}
