internal import ClipriseWire

/// Numbers as people read them; the same text on every machine.
enum NumberText {
    /// A whole number with a comma before each group of three digits.
    static func grouped(_ number: some BinaryInteger) -> String {
        let digits = String(number.magnitude)
        var text = number < 0 ? "−" : ""
        for (offset, digit) in digits.enumerated() {
            if offset > 0, (digits.count - offset) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// A number with exactly `places` digits behind the point, rounded half away from zero; `0` for what is no number.
    static func fixed(_ value: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled.isFinite, abs(scaled) < 9e18 else { return "0" }
        let digits = String(Int64(scaled).magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let sign = scaled < 0 ? "-" : ""
        guard places > 0 else { return sign + padded }
        return sign + padded.dropLast(places) + "." + padded.suffix(places)
    }

    /// A length of time in the unit that suits it, with three digits that count: `12.5 ms`, `1.25 s`, `3 min 20 s`.
    static func span(_ span: TimeSpan) -> String {
        let seconds = Double(span.nanoseconds) / 1e9
        switch abs(seconds) {
        case 0: return "0 s"
        case ..<0.000_999_5: return trimmed(seconds * 1e6) + " µs"
        case ..<0.999_5: return trimmed(seconds * 1e3) + " ms"
        case ..<119.95: return trimmed(seconds) + " s"
        default:
            let whole = Int64(seconds.rounded())
            let (minutes, rest) = (whole / 60, abs(whole % 60))
            if abs(minutes) >= 120 {
                let minutesLeft = abs(minutes % 60)
                return minutesLeft == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutesLeft) min"
            }
            return rest == 0 ? "\(minutes) min" : "\(minutes) min \(rest) s"
        }
    }

    /// A ratio such as a factor: at most two digits behind the point, none that is zero.
    static func ratio(_ value: Double) -> String {
        var text = fixed(value, places: 2)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// `1 request`, `2 requests`.
    static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    private static func trimmed(_ value: Double) -> String {
        let places = abs(value) < 9.995 ? 2 : abs(value) < 99.95 ? 1 : 0
        var text = fixed(value, places: places)
        guard places > 0 else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
