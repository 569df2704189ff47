internal import ClipriseWire

/// What several runs with different seeds show of one figure.
package struct Estimate: Sendable, Hashable {
    /// How many runs have the figure, and how many have not (such as a p95 that too few jobs reached).
    package var count: Int
    package var missing: Int
    /// Nil where a run lacks the figure: the mean of the rest would flatter.
    package var mean: Double?
    /// The ends of the 95 % interval of the mean; nil for one run, and where the mean is.
    package var low: Double?
    package var high: Double?

    package init(_ values: [Double?]) {
        let present = values.compactMap(\.self)
        count = present.count
        missing = values.count - present.count
        guard missing == 0, let first = present.first else { return }
        // Away from the first value: a figure that never changes has a spread of exactly nothing.
        let mean = first + present.reduce(0) { $0 + ($1 - first) } / Double(count)
        self.mean = mean
        guard count > 1 else { return }
        let half = Self.halfWidth(present, mean: mean)
        (low, high) = (mean - half, mean + half)
    }

    /// Half of the 95 % interval of a mean, by Student's distribution.
    static func halfWidth(_ values: [Double], mean: Double) -> Double {
        guard values.count > 1, values.contains(where: { $0 != values[0] }) else { return 0 }
        return StudentT.quantile(level: 0.95, freedom: values.count - 1) * error(of: values, mean: mean)
    }

    static func error(of values: [Double], mean: Double) -> Double {
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
    }
}

/// Two settings compared by one figure, seed by seed: what chance does to both does not tell them apart.
package struct Contrast: Sendable, Hashable {
    package enum Verdict: String, Sendable, Hashable {
        case better, worse
        case notDistinguishable = "not distinguishable"
    }

    /// The mean of the differences from the other setting, and its 95 % interval; nil where a figure is missing.
    package var difference: Estimate
    /// How likely chance alone makes a difference like this.
    package var chance: Double
    /// The same, corrected for all comparisons of the report.
    package var correctedChance = 1.0
    /// Whether the first is the smaller one on the whole.
    private var isLess: Bool

    /// A difference that is the same for every seed counts as certain from so many seeds on; so does a figure that one
    /// setting never has and the other always.
    static let certainFrom = 5

    /// - Parameters:
    ///   - values: Of one setting, a figure of each seed.
    ///   - others: Of the other, in the same order of seeds.
    init(_ values: [Double?], against others: [Double?]) {
        let pairs = Array(zip(values, others))
        difference = Estimate(pairs.map { pair in pair.0.flatMap { value in pair.1.map { value - $0 } } })
        let differences = pairs.compactMap { pair in pair.0.flatMap { value in pair.1.map { value - $0 } } }
        if differences.count == pairs.count, let mean = difference.mean, pairs.count > 1 {
            isLess = mean < 0
            if !differences.contains(where: { $0 != differences[0] }) {
                chance = mean == 0 ? 1 : differences.count >= Self.certainFrom ? 0 : Self.signTest(differences)
            } else {
                chance = StudentT.twoSided(
                    mean / Estimate.error(of: differences, mean: mean), freedom: differences.count - 1)
            }
            return
        }
        // A figure that is missing is worse than any: only the order of the two can be used.
        let isClear = pairs.allSatisfy { ($0.0 == nil) != ($0.1 == nil) } && Set(pairs.map { $0.0 == nil }).count == 1
        let signs = pairs.map { pair -> Double in
            switch pair {
            case (nil, nil): 0
            case (nil, _?): 1
            case (_?, nil): -1
            case (let one?, let other?): one - other
            }
        }
        chance = isClear && pairs.count >= Self.certainFrom ? 0 : pairs.count > 1 ? Self.signTest(signs) : 1
        isLess = signs.count { $0 < 0 } > signs.count { $0 > 0 }
    }

    /// The exact sign test: how likely a fair coin falls so unevenly.
    static func signTest(_ differences: [Double]) -> Double {
        let less = differences.count { $0 < 0 }
        let more = differences.count { $0 > 0 }
        let count = less + more
        guard count > 0 else { return 1 }
        // Each probability is the one before times (n − k) / (k + 1), from 2⁻ⁿ on.
        var probability = PortableMath.exp(-Double(count) * 0.693_147_180_559_945_3)
        var sum = 0.0
        for k in 0...min(less, more) {
            sum += probability
            probability *= Double(count - k) / Double(k + 1)
        }
        return min(1, 2 * sum)
    }

    /// Whether the first setting is better, at 5 % for all comparisons of the report together.
    package func verdict(lessIsBetter: Bool) -> Verdict {
        guard correctedChance < 0.05 else { return .notDistinguishable }
        return isLess == lessIsBetter ? .better : .worse
    }

    /// Corrects for the number of comparisons (Holm 1979): the chance that any of all verdicts is wrong stays below 5 %.
    static func correct(_ contrasts: inout [Contrast]) {
        let order = contrasts.indices.sorted { (contrasts[$0].chance, $0) < (contrasts[$1].chance, $1) }
        var least = 0.0
        for (rank, index) in order.enumerated() {
            least = max(least, min(1, contrasts[index].chance * Double(order.count - rank)))
            contrasts[index].correctedChance = least
        }
    }
}
