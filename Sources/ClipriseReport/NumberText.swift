internal import ClipriseWire

/// Numbers as people read them; the same text on every machine.
enum NumberText {
    static func grouped(_ number: some BinaryInteger) -> String { DecimalText.grouped(number, minus: "−") }

    /// A number with exactly `places` digits behind the point, rounded half away from zero; `0` for what is no number.
    static func fixed(_ value: Double, places: Int) -> String { DecimalText.fixed(value, places: places) ?? "0" }

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
        value >= 1_000 ? grouped(Int64(min(value, 9e15).rounded())) : trimmed(value, places: 2)
    }

    /// `1 request`, `2 requests`.
    static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        DecimalText.count(number, noun, plural, isGrouped: true)
    }

    /// `1 credit`, `1,134 credits`.
    static func credits(_ number: Int64) -> String { DecimalText.count(number, "credit", isGrouped: true) }

    private static func trimmed(_ value: Double) -> String {
        trimmed(value, places: abs(value) < 9.995 ? 2 : abs(value) < 99.95 ? 1 : 0)
    }

    private static func trimmed(_ value: Double, places: Int) -> String {
        DecimalText.fixed(value, places: places, trimmed: true) ?? "0"
    }
}
