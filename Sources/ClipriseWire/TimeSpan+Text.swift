extension TimeSpan {
    /// The longest length that a text can give: a year of 365 days.
    package static let longestText = TimeSpan.seconds(365 * 86_400)

    /// Reads `250ms`, `1.5s`, `2m` or `1h`; nil for all else, and for more than a year.
    ///
    /// Up to nine digits before and after the point; parts of a nanosecond are cut off.
    package init?(text: some StringProtocol) {
        let number = text.utf8.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        let unit: Int64
        switch String(decoding: text.utf8.dropFirst(number.count), as: UTF8.self) {
        case "ms": unit = 1_000_000
        case "s": unit = 1_000_000_000
        case "m": unit = 60_000_000_000
        case "h": unit = 3_600_000_000_000
        default: return nil
        }
        let parts = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ (1...9).contains($0.count) }) else { return nil }
        var total: Int64 = 0
        for (index, part) in parts.enumerated() {
            guard let digits = Int64(String(decoding: part, as: UTF8.self)) else { return nil }
            var product = Int128(digits) * Int128(unit)
            if index == 1 { for _ in 0..<part.count { product /= 10 } }
            guard product <= Int128(Self.longestText.nanoseconds) else { return nil }
            total += Int64(product)
        }
        guard total <= Self.longestText.nanoseconds else { return nil }
        self.init(nanoseconds: total)
    }
}
