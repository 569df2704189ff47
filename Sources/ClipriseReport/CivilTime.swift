/// A moment of the machine's clock as a date in UTC.
enum CivilTime {
    /// `2026-11-24T15:01:33.123Z`, as ISO 8601 has it.
    ///
    /// - Parameter nanoseconds: Since 1970; before it as well.
    static func iso8601(_ nanoseconds: Int64) -> String {
        let (day, ofDay) = floorDivide(nanoseconds, 86_400_000_000_000)
        let (year, month, dayOfMonth) = date(day)
        let millis = ofDay / 1_000_000
        let clock = [(millis / 3_600_000, 2), (millis / 60_000 % 60, 2), (millis / 1_000 % 60, 2)]
        return digits(year, 4) + "-" + digits(month, 2) + "-" + digits(dayOfMonth, 2) + "T"
            + clock.map { digits($0.0, $0.1) }.joined(separator: ":") + "." + digits(millis % 1_000, 3) + "Z"
    }

    /// Year, month and day of a number of days since 1970, in the Gregorian calendar.
    ///
    /// Years are counted from March, so that the leap day is the last of its year, in eras of 400 years or 146,097 days.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, ofEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let dayOfYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func digits(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
