internal import ClipriseWire

/// Numbers with units, as the language writes them.
enum Units {
    /// The largest size: 1 GiB.
    static let largest = 1024 * 1024 * 1024

    private static let spans: [(unit: String, nanoseconds: Int64)] = [
        ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]
    private static let sizes: [(unit: String, bytes: Int64)] = [
        ("B", 1), ("KB", 1000), ("MB", 1_000_000), ("KiB", 1024), ("MiB", 1024 * 1024), ("GiB", 1024 * 1024 * 1024),
    ]

    static let sizePattern = #"^[0-9]{1,9}(\.[0-9]{1,9})?(B|KB|MB|KiB|MiB|GiB)$"#
    static let speedPattern = #"^[0-9]{1,9}(\.[0-9]{1,9})?(B|KB|MB|KiB|MiB|GiB)(/s)?$"#
    static let percentPattern = #"^[0-9]{1,9}(\.[0-9]{1,9})?%$"#

    /// `512B`, `10KB`, `64KiB`, as bytes.
    static func size(_ text: String) -> Int? {
        guard let (number, unit) = split(text), let factor = sizes.first(where: { $0.unit == unit })?.bytes,
            let bytes = number.times(factor), bytes <= largest
        else { return nil }
        return Int(bytes)
    }

    /// A size, with or without `/s`, as bytes a second.
    static func speed(_ text: String) -> Int? {
        size(text.hasSuffix("/s") ? String(text.dropLast(2)) : text)
    }

    /// `50%` as a part of 1, up to 100%.
    static func percent(_ text: String) -> Double? {
        guard let (number, unit) = split(text), unit == "%", let billionths = number.times(10_000_000),
            billionths <= 1_000_000_000
        else { return nil }
        return Double(billionths) / 1_000_000_000
    }

    /// A part of 1 as `50%`, with up to seven digits after the point.
    static func percentText(_ part: Double) -> String {
        let billionths = Int64((part * 1_000_000_000).rounded())
        let whole = billionths / 10_000_000
        var fraction = String(billionths % 10_000_000 + 10_000_000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? "\(whole)%" : "\(whole).\(fraction)%"
    }

    /// The length in the largest unit that needs no fraction; in milliseconds with a fraction below those.
    static func text(_ span: TimeSpan) -> String {
        let nanoseconds = span.nanoseconds
        guard nanoseconds != 0 else { return "0s" }
        for (unit, factor) in spans.reversed() where nanoseconds % factor == 0 {
            return "\(nanoseconds / factor)\(unit)"
        }
        var fraction = String(nanoseconds % 1_000_000 + 1_000_000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(nanoseconds / 1_000_000).\(fraction)ms"
    }

    /// A number with up to nine digits before and after the point.
    private struct Number {
        var whole: Int64
        var billionths: Int64

        /// The number times a factor, cut to a whole number; nil past 64 bits.
        func times(_ factor: Int64) -> Int64? {
            let product = (Int128(whole) * 1_000_000_000 + Int128(billionths)) * Int128(factor) / 1_000_000_000
            return Int64(exactly: product)
        }
    }

    private static func split(_ text: String) -> (Number, unit: Substring)? {
        var rest = Substring(text)
        func takeDigits() -> Substring {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            return digits
        }
        let whole = takeDigits()
        guard (1...9).contains(whole.count), let number = Int64(whole) else { return nil }
        guard rest.first == "." else { return (Number(whole: number, billionths: 0), rest) }
        rest.removeFirst()
        let fraction = takeDigits()
        let padded = fraction + String(repeating: "0", count: max(0, 9 - fraction.count))
        guard (1...9).contains(fraction.count), let billionths = Int64(padded) else { return nil }
        return (Number(whole: number, billionths: billionths), rest)
    }
}
