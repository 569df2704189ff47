/// Functions made of additions, multiplications and divisions only, so that they give the same bits on every machine.
public enum PortableMath {
    private static let ln2 = 0.693_147_180_559_945_3

    /// The natural logarithm of a positive number.
    public static func log(_ x: Double) -> Double {
        // x = m · 2^e with m in 0.7 … 1.4, and log m = 2 artanh((m − 1) / (m + 1)).
        var exponent = Double(x.exponent)
        var m = x.significand
        if m > 1.414_213_562_373_095 {
            m /= 2
            exponent += 1
        }
        let t = (m - 1) / (m + 1)
        let square = t * t
        var (sum, power, n) = (0.0, t, 1.0)
        while n < 40 {
            sum += power / n
            power *= square
            n += 2
        }
        return 2 * sum + exponent * ln2
    }

    /// e to the power of a number from −700 to 700; others count as the nearest of these.
    public static func exp(_ x: Double) -> Double {
        let x = min(max(x, -700), 700)
        let whole = (x / ln2).rounded()
        let rest = x - whole * ln2
        var (sum, term) = (1.0, 1.0)
        for n in 1...20 {
            term *= rest / Double(n)
            sum += term
        }
        return Double(sign: .plus, exponent: Int(whole), significand: 1) * sum
    }

    /// The number below which the part `p` (0 < p < 1) of a standard normal distribution lies.
    ///
    /// P. J. Acklam's rational approximation; its relative error is below 1.2 · 10⁻⁹.
    public static func normal(_ p: Double) -> Double {
        let a = [
            -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
            -3.066479806614716e+01, 2.506628277459239e+00,
        ]
        let b = [
            -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
            -1.328068155288572e+01, 1,
        ]
        let c = [
            -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
            4.374664141464968e+00, 2.938163982698783e+00,
        ]
        let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1]
        func polynomial(_ factors: [Double], _ x: Double) -> Double { factors.reduce(0) { $0 * x + $1 } }
        let low = 0.02425
        if p < low {
            let q = (-2 * log(p)).squareRoot()
            return polynomial(c, q) / polynomial(d, q)
        }
        if p > 1 - low {
            let q = (-2 * log(1 - p)).squareRoot()
            return -polynomial(c, q) / polynomial(d, q)
        }
        let q = p - 0.5
        return polynomial(a, q * q) * q / polynomial(b, q * q)
    }
}
