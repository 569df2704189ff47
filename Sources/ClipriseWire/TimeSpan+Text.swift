extension TimeSpan {
    /// The longest length that a text can give: a year of 365 days.
    public static let longestText = TimeSpan.seconds(365 * 86_400)

    /// What `init(text:)` takes, as a regular expression of JSON Schema.
    public static let textPattern =
        "^(?=[0-9])" + ["h", "m", "s", "ms"].map { #"([0-9]{1,9}(\.[0-9]{1,9})?\#($0))?"# }.joined() + "$"

    /// Reads `250ms`, `1.5s`, `2m`, `1h` or `1m30s`; nil for all else, and for more than a year.
    ///
    /// Units stand from the longest to the shortest, each once. Up to nine digits before and after a point; parts of a
    /// nanosecond are cut off.
    public init?(text: some StringProtocol) {
        var rest = text.utf8[...]
        var (total, last): (Int128, Int64) = (0, .max)
        repeat {
            guard let number = Self.takeNumber(&rest), let unit = Self.takeUnit(&rest), unit < last else { return nil }
            last = unit
            total += number * Int128(unit) / 1_000_000_000
        } while !rest.isEmpty
        guard total <= Int128(Self.longestText.nanoseconds) else { return nil }
        self.init(nanoseconds: Int64(total))
    }

    /// A number times a billion.
    private static func takeNumber<Text: Collection<UInt8>>(_ rest: inout Text) -> Int128?
    where Text.SubSequence == Text {
        func takeDigits() -> (value: Int128, count: Int)? {
            let digits = rest.prefix(while: \.isASCIIDigit)
            guard (1...9).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            return (digits.reduce(0) { $0 * 10 + Int128($1 - 0x30) }, digits.count)
        }
        guard let whole = takeDigits() else { return nil }
        guard rest.first == UInt8(ascii: ".") else { return whole.value * 1_000_000_000 }
        rest = rest.dropFirst()
        guard let part = takeDigits() else { return nil }
        return whole.value * 1_000_000_000 + (part.count..<9).reduce(part.value) { value, _ in value * 10 }
    }

    /// A unit in nanoseconds.
    private static func takeUnit<Text: Collection<UInt8>>(_ rest: inout Text) -> Int64? where Text.SubSequence == Text {
        let units: [(String, Int64)] = [
            ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ]
        guard let (name, unit) = units.first(where: { rest.starts(with: $0.0.utf8) }) else { return nil }
        rest = rest.dropFirst(name.utf8.count)
        return unit
    }
}
