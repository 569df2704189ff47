/// How likely a number is to have each of several values, in any unit.
struct Weights {
    /// Values that rise.
    private(set) var values: [(value: Double, weight: Double)] = []

    /// - Parameter value: Must be above all before it.
    mutating func add(_ value: Double, _ weight: Double) { values.append((value, weight)) }

    var whole: Double { values.reduce(0) { $0 + $1.weight } }

    /// The value that is most likely within a fifth of the true one, in the middle of those that are as likely so, and how
    /// likely that is.
    var nearest: (value: Double, weight: Double) {
        var best = (value: 0.0, loss: Double.infinity, weight: 0.0)
        for (guess, _) in values {
            var (loss, weight) = (0.0, 0.0)
            for (value, part) in values where part > 0 {
                let off = abs(guess / value - 1) / 0.2
                loss += part * (off > 1 ? 1 : 0.05 * off * off)
                weight += off > 1 ? 0 : part
            }
            if loss < best.loss { best = (guess, loss, weight) }
        }
        return (best.value, best.weight)
    }

    /// Where 19 of 20 lie, ends of the same weight left out; nil for none.
    var span: ClosedRange<Double>? {
        guard var low = values.first?.value, var high = values.last?.value else { return nil }
        let edge = 0.025 * whole
        var sum = 0.0
        for (value, weight) in values {
            if sum <= edge { low = value }
            sum += weight
            if sum >= 39 * edge {
                high = value
                break
            }
        }
        return low...max(low, high)
    }
}
