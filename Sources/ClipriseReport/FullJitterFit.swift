internal import ClipriseWire

/// What waits that are drawn from 0 to min(cap, base × factor^n) say of the three numbers.
///
/// Of a few draws only the longest shows a height, and a cap, a lower base and a smaller factor explain the same draws
/// alike. So all are weighed: each base, cap and factor by how likely it makes the waits and by how usual it is. Of each
/// number that is taken which is most likely within a fifth of the true one. Its span is where 19 of 20 lie, custom
/// counted for less: whoever writes an unusual factor shall find it there.
struct FullJitterFit {
    /// How usual factors are, in natural logarithms.
    private static let usual: [(factor: Double, custom: Double)] =
        [(2, 0), (1.5, -4), (3, -4)] + [1.2, 1.35, 1.6, 1.75, 2.5, 4].map { ($0, -5.5) }
    /// How much of that counts for spans.
    private static let doubt = 0.3
    /// How likely it is that no wait of so many in a row reaches the cap.
    private static let uncapped = 0.5
    /// The steps of the logarithm of a height, and how many of them it may lie above the lowest that is allowed.
    private static let step = 0.06
    private static let steps = 30
    /// What is less likely by so much, in natural logarithms, is not looked at.
    private static let nothing = 7.0

    /// How likely the waits make each base and each cap, step for step, with one factor.
    private struct Table {
        let factor: Double
        let custom: Double
        /// The logarithm of the first base.
        let lowest: Double
        var bases = Array(repeating: 0.0, count: FullJitterFit.steps + 1)
        var caps = Array(repeating: 0.0, count: FullJitterFit.steps + 1)
        /// How likely it is that there is no cap.
        var none = 0.0

        func weight(_ share: Double) -> Double { Logarithm.exponential(custom * share) }
    }

    private var tables: [Table] = []
    /// The logarithm of the first cap.
    private let longest: Double

    /// - Parameter only: The factor, where it is known.
    init(_ groups: [WaitGroup], only: Double?) {
        // Timers make the longest wait longer: by little, but of short ones by a part that counts.
        let tops = groups.map { Logarithm.natural(max($0.most - min(0.003, 0.05 * $0.most), 1e-6)) }
        longest = tops.reduce(-Double.infinity, max)
        // No waits are likelier than this, whatever the heights.
        let bound = zip(groups, tops).reduce(0) { $0 - Double($1.0.count) * $1.1 }
        var best = -Double.infinity
        for (factor, custom) in only.map({ [($0, 0)] }) ?? Self.usual {
            let growth = Logarithm.natural(factor)
            let rises = groups.map { (count: Double($0.count), rise: growth * Double($0.index)) }
            func likelihood(_ base: Double, _ cap: Double) -> Double {
                var sum = -bound
                for (count, rise) in rises {
                    let height = base + rise
                    sum -= count * (height < cap ? height : cap)
                }
                return sum
            }
            let lowest = zip(rises, tops).reduce(-Double.infinity) { max($0, $1.1 - $1.0.rise) }
            var table = Table(factor: factor, custom: custom, lowest: lowest)
            best = max(best, likelihood(lowest, longest) + custom)
            let floor = best - Self.nothing - custom * Self.doubt
            let last = rises.reduce(0) { max($0, $1.rise) }
            // The cap lies anywhere between the base and the last height.
            let capped = (1 - Self.uncapped) * Self.step / max(0.1, last)
            for baseStep in 0...Self.steps {
                let base = lowest + Self.step * Double(baseStep)
                guard likelihood(base, longest) > floor else { break }
                let open = Self.uncapped * Logarithm.exponential(likelihood(base, .infinity))
                table.none += open
                table.bases[baseStep] += open
                for capStep in 0...Self.steps {
                    let cap = longest + Self.step * Double(capStep)
                    guard cap < base + last else { break }
                    let value = likelihood(base, cap)
                    guard value > floor else { break }
                    let weight = capped * Logarithm.exponential(value)
                    table.caps[capStep] += weight
                    table.bases[baseStep] += weight
                }
            }
            tables.append(table)
        }
    }

    /// All factors together.
    private struct Whole {
        var (bases, caps) = (Weights(), Weights())
        var factors: [(factor: Double, weight: Double)] = []
        var none = 0.0
    }

    /// - Parameter share: How much of custom counts.
    private func whole(_ share: Double) -> Whole {
        var whole = Whole()
        let numbers = tables.map { Int((($0.lowest - tables[0].lowest) / Self.step).rounded()) }
        let first = numbers.reduce(0, min)
        var bases = Array(repeating: 0.0, count: numbers.reduce(0, max) - first + Self.steps + 1)
        var caps = Array(repeating: 0.0, count: Self.steps + 1)
        for (table, number) in zip(tables, numbers) {
            let weight = table.weight(share)
            for (step, likely) in table.bases.enumerated() { bases[number - first + step] += weight * likely }
            for (step, likely) in table.caps.enumerated() { caps[step] += weight * likely }
            whole.none += weight * table.none
            whole.factors.append((table.factor, weight * table.bases.reduce(0, +)))
        }
        func weights(_ all: [Double], from lowest: Double) -> Weights {
            var weights = Weights()
            for (number, weight) in all.enumerated() where weight > 0 {
                weights.add(Logarithm.exponential(lowest + Self.step * Double(number)), weight)
            }
            return weights
        }
        whole.bases = weights(bases, from: tables[0].lowest + Self.step * Double(first))
        whole.caps = weights(caps, from: longest)
        return whole
    }

    /// Puts the numbers that are likeliest near the true ones in the place of those that make the waits likeliest.
    func refine(_ fit: inout BackoffFit) {
        let (found, doubted) = (whole(1), whole(Self.doubt))
        let all = doubted.bases.whole
        guard let span = doubted.bases.span, all > 0,
            let factor = found.factors.max(by: { $0.weight < $1.weight })?.factor
        else { return }
        fit.base = TimeSpan(seconds: found.bases.nearest.value)
        fit.growth = .exponential(factor: factor)
        let cap = found.caps.nearest
        fit.cap = cap.weight > found.none ? TimeSpan(seconds: cap.value) : nil
        let likely = doubted.factors.filter { $0.weight > 0.05 * all }.map(\.factor)
        fit.spread = FitSpread(
            base: span, factor: likely.reduce(factor, min)...likely.reduce(factor, max), cap: doubted.caps.span,
            mayLackCap: doubted.none > 0.05 * all)
    }
}
