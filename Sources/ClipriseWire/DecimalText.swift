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

    /// `1 rule`, `2 rules`, and with groups `1,134 credits`.
    ///
    /// - Parameter plural: The noun of more than one; nil for one that ends in s.
    public static func count(
        _ number: some BinaryInteger, _ noun: String, _ plural: String? = nil, isGrouped: Bool = false
    ) -> String {
        "\(isGrouped ? grouped(number) : String(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// Reads a whole number in digits; nil for all else: a sign, a zero before other digits, and what does not fit.
    public static func whole<Number: FixedWidthInteger>(_ text: some StringProtocol) -> Number? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.utf8.count == 1 || text.utf8.first != 0x30
        else { return nil }
        return Number(text)
    }

    /// Reads a number as JSON writes it, without a sign; nil for all else, and for what is larger than any `Double`.
    public static func number(_ text: some StringProtocol) -> Double? {
        guard isNumber(text), let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// As `whole`, for an option of a command.
    public static func readWhole<Number: FixedWidthInteger & Sendable>(_ text: String) throws -> Number {
        guard let number: Number = whole(text) else {
            throw Unreadable(description: "write a whole number in digits, up to \(Number.max)")
        }
        return number
    }

    /// As `number`, for an option of a command.
    public static func readNumber(_ text: String) throws -> Double {
        guard let number = number(text) else {
            throw Unreadable(description: "write a number such as 20 or 0.5")
        }
        return number
    }

    private struct Unreadable: Error, CustomStringConvertible {
        var description: String
    }

    /// Whether a text is a number as JSON writes it, without a sign (RFC 8259 §6).
    public static func isNumber(_ text: some StringProtocol) -> Bool {
        var rest = Substring(text).utf8
        func takeDigits() -> Int {
            let digits = rest.prefix { (0x30...0x39).contains($0) }.count
            rest.removeFirst(digits)
            return digits
        }
        let leadsWithZero = rest.first == UInt8(ascii: "0")
        let whole = takeDigits()
        guard whole > 0, whole == 1 || !leadsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard takeDigits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
