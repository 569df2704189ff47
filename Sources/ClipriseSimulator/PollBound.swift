/// How few polls would have shown the ends of tasks as early.
///
/// Whoever knows how long tasks of a model usually take, and nothing of the one he waits for, chooses the instants of his
/// polls. More of them cost load, fewer cost time. No schedule, drawn or not, is below the line that the best ones make:
/// for each exchange rate μ between a poll and a lag, the least of polls + μ · lag is a bound of both together, and the
/// best of these bounds at the lag that a run had is the least number of polls that could have had it.
package struct PollBound: Sendable, Hashable {
    /// Polls a task, at least.
    package var leastPolls: Double
    /// From the end of a task to the poll that saw it, on the average; nanoseconds.
    package var meanLag: Double
    /// Tasks that count: those that ended by the clock and were seen to end.
    package var tasks: Int

    /// A life that was lived, and how late its end was seen; nanoseconds.
    package struct Watch: Sendable {
        package var kind: Int32
        package var life: Int64
        package var lag: Int64
    }

    /// Lives of one model are gathered into at most so many groups of equal size.
    static let groups = 128

    /// - Parameter watches: Of all tasks; nil comes of none.
    package init?(_ watches: [Watch]) {
        guard !watches.isEmpty else { return nil }
        tasks = watches.count
        // In whole nanoseconds, so that the order of the watches makes no difference.
        let lag = Double(watches.reduce(Int128(0)) { $0 + Int128($1.lag) }) / Double(watches.count)
        meanLag = lag
        let kinds = Set(watches.map(\.kind)).sorted()
        let lives = kinds.map { kind in
            Lives(watches.lazy.filter { $0.kind == kind }.map(\.life).sorted())
        }
        let count = Double(watches.count)
        func bound(_ rate: Double) -> Double {
            lives.reduce(0) { $0 + $1.least(rate: rate) } / count - rate * lag
        }
        // A concave function of μ: in thirds of its logarithm, from one poll a year of lag to one a microsecond.
        var (low, high) = (-40.0, 0.0)
        for _ in 0..<24 {
            let (one, other) = (low + (high - low) / 3, high - (high - low) / 3)
            if bound(Self.power(one)) < bound(Self.power(other)) { low = one } else { high = other }
        }
        // Whoever sees an end has asked once at least.
        leastPolls = max(1, bound(Self.power((low + high) / 2)))
    }

    /// 2 to the power of a number: straight between whole powers, which is near enough for a search.
    private static func power(_ exponent: Double) -> Double {
        let whole = exponent.rounded(.down)
        return Double(sign: .plus, exponent: Int(whole), significand: 1) * (1 + exponent - whole)
    }

    /// The lives of one model in ascending order, as groups of equals.
    private struct Lives {
        /// Nanoseconds, ascending; and how many lives each stands for.
        private var ends: [Double] = []
        private var weights: [Double] = []

        init(_ sorted: [Int64]) {
            let size = max(1, (sorted.count + PollBound.groups - 1) / PollBound.groups)
            var start = 0
            while start < sorted.count {
                var end = min(start + size, sorted.count)
                while end < sorted.count, sorted[end] == sorted[end - 1] { end += 1 }
                let mean = sorted[start..<end].reduce(0) { $0 + Double($1) } / Double(end - start)
                if let last = ends.last, last == mean {
                    weights[weights.count - 1] += Double(end - start)
                } else {
                    ends.append(mean)
                    weights.append(Double(end - start))
                }
                start = end
            }
        }

        /// The least sum over all lives of polls + rate × lag.
        ///
        /// A best schedule polls only where some life ends.
        func least(rate: Double) -> Double {
            let count = ends.count
            // Sums of weights, and of weighted ends, before each group.
            var weight = [0.0]
            var moment = [0.0]
            for (end, lives) in zip(ends, weights) {
                weight.append(weight[weight.count - 1] + lives)
                moment.append(moment[moment.count - 1] + lives * end)
            }
            var best = [Double](repeating: 0, count: count + 1)
            for start in stride(from: count - 1, through: 0, by: -1) {
                // The next poll is asked by all lives from here on, wherever it stands.
                let polls = weight[count] - weight[start]
                var least = Double.infinity
                for next in start..<count {
                    let lag = ends[next] * (weight[next + 1] - weight[start]) - (moment[next + 1] - moment[start])
                    let sum = rate * lag + best[next + 1]
                    if sum < least { least = sum }
                }
                best[start] = polls + least
            }
            return best[0]
        }
    }
}
