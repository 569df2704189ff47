/// Student's t distribution with a whole number of degrees of freedom.
///
/// Finite sums (Abramowitz and Stegun, 26.7.3 and 26.7.4) of additions, multiplications, divisions and square roots only,
/// so that they give the same bits on every machine.
enum StudentT {
    /// How likely a value at least as far from 0 as `t` is, to either side.
    static func twoSided(_ t: Double, freedom: Int) -> Double {
        precondition(freedom > 0, "degrees of freedom count from 1")
        guard t.isFinite else { return t.isNaN ? 1 : 0 }
        let t = abs(t)
        let n = Double(freedom)
        let length = (n + t * t).squareRoot()
        let (sine, cosine) = (t / length, n.squareRoot() / length)
        var sum = 0.0
        if freedom % 2 == 0 {
            var term = 1.0
            for step in stride(from: 0, to: freedom, by: 2) {
                if step > 0 { term *= Double(step - 1) / Double(step) * cosine * cosine }
                sum += term
            }
            return max(0, 1 - sine * sum)
        }
        var term = cosine
        for step in stride(from: 1, to: freedom, by: 2) {
            if step > 1 { term *= Double(step - 1) / Double(step) * cosine * cosine }
            sum += term
        }
        return max(0, 1 - 2 / Double.pi * (arcTangent(t / n.squareRoot()) + sine * sum))
    }

    /// The value that a part `level` of the distribution is nearer to 0 than; 1.96 for 95 % of very many degrees.
    static func quantile(level: Double, freedom: Int) -> Double {
        var (low, high) = (0.0, 1.0)
        while twoSided(high, freedom: freedom) > 1 - level, high < 1e9 { (low, high) = (high, high * 2) }
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if twoSided(middle, freedom: freedom) > 1 - level { low = middle } else { high = middle }
        }
        return high
    }

    /// The angle whose tangent is `x`, which is not negative.
    private static func arcTangent(_ x: Double) -> Double {
        guard x <= 1 else { return Double.pi / 2 - arcTangent(1 / x) }
        // Twice half the angle, three times: then the series converges within a few terms.
        var y = x
        for _ in 0..<3 { y /= 1 + (1 + y * y).squareRoot() }
        let square = y * y
        var (sum, power, n) = (0.0, y, 1.0)
        while n < 40 {
            sum += power / n
            power *= -square
            n += 2
        }
        return 8 * sum
    }
}
