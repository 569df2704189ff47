/// Numbers in decimal; the same on every machine, with a point whatever the locale.
public enum DecimalText {
    /// A whole number with a comma before each group of three digits: `1,234,567`.
    public static func grouped(_ number: some BinaryInteger, minus: String = "-") -> String {
        let digits = String(number.magnitude)
        var text = number < 0 ? minus : ""
        for (offset, digit) in digits.enumerated() {
            if offset > 0, (digits.count - offset) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// A number with `places` digits behind the point, rounded half away from zero; nil for what is no number or has
    /// more than 18 digits.
    ///
    /// - Parameter trimmed: Whether zeros at the end of the fraction are left out.
    public static func fixed(_ number: Double, places: Int, trimmed: Bool = false) -> String? {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (number * scale).rounded()
        guard abs(scaled) < 9e18 else { return nil }
        let sign = scaled < 0 ? "-" : ""
        var text = String(Int64(scaled).magnitude)
        guard places > 0 else { return sign + text }
        text = String(repeating: "0", count: max(0, places + 1 - text.count)) + text
        text.insert(".", at: text.index(text.endIndex, offsetBy: -places))
        if trimmed {
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
        }
        return sign + text
    }
}
