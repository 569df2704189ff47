internal import ClipriseWire

extension Int64 {
    /// The nearest whole number that there is; 0 for what is no number.
    package init(saturating number: Double) {
        self = number.isNaN ? 0 : number >= 0x1p63 ? .max : number <= -0x1p63 ? .min : Int64(number.rounded())
    }
}

/// Numbers as people read them; the same on every machine, with a point whatever the locale.
package enum FigureText {
    /// A number without `.0`.
    package static func short(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? fixed(number, digits: 3, trimmed: true)
    }

    /// With so many digits behind the point, rounded half away from zero.
    package static func fixed(_ number: Double, digits: Int, trimmed: Bool = false) -> String {
        number.isFinite ? DecimalText.fixed(number, places: digits, trimmed: trimmed) ?? "\(number)" : "–"
    }

    package static func grouped(_ number: Int64) -> String { DecimalText.grouped(number) }

    /// `1 client`, `2,000 clients`.
    package static func count(_ number: Int, _ noun: String) -> String {
        DecimalText.count(number, noun, isGrouped: true)
    }

    /// Seconds with as many digits as mean something: `0.250 s`, `12.3 s`, `5 m 20 s`.
    package static func seconds(_ nanoseconds: Int64) -> String {
        let seconds = Double(nanoseconds) / 1e9
        if seconds >= 600 {
            let whole = Int64(seconds.rounded())
            return whole % 60 == 0 ? "\(whole / 60) m" : "\(whole / 60) m \(whole % 60) s"
        }
        return fixed(seconds, digits: seconds < 10 ? 2 : 1) + " s"
    }
}
