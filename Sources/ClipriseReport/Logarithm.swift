/// The natural logarithm, without a mathematics library.
enum Logarithm {
    /// - Parameter value: Must be above zero and finite.
    static func natural(_ value: Double) -> Double {
        precondition(value > 0 && value.isFinite, "a logarithm needs a positive number")
        let exponent = value.exponent
        // The rest is from 1 to 2, and its logarithm 2 × artanh((x − 1) / (x + 1)).
        let ratio = (value.significand - 1) / (value.significand + 1)
        let square = ratio * ratio
        var (term, sum) = (ratio, 0.0)
        var power = 1.0
        while power <= 31 {
            sum += term / power
            term *= square
            power += 2
        }
        return 2 * sum + Double(exponent) * 0.693_147_180_559_945_3
    }

    /// The exponential function; 0 below −700, and as for 700 above it.
    static func exponential(_ value: Double) -> Double {
        guard value > -700 else { return 0 }
        let halvings = (min(700, value) / 0.693_147_180_559_945_3).rounded()
        let rest = min(700, value) - halvings * 0.693_147_180_559_945_3
        var (sum, power) = (1.0, 16.0)
        while power >= 1 {
            sum = 1 + rest / power * sum
            power -= 1
        }
        return sum * Double(sign: .plus, exponent: Int(halvings), significand: 1)
    }
}
