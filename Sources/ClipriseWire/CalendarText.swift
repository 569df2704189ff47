extension [UInt8] {
    /// Appends a moment in UTC, as in `2026-01-31T23:59:59.999Z` (ISO 8601).
    ///
    /// - Parameter nanoseconds: Since 1970; cut to the millisecond.
    public mutating func append(iso8601 nanoseconds: Int64) {
        let day = 86_400_000_000_000 as Int64
        let inDay = (nanoseconds % day + day) % day
        let date = CalendarDate(daysSince1970: (nanoseconds - inDay) / day)
        append(digits: date.year, count: 4)
        append(UInt8(ascii: "-"))
        append(digits: date.month, count: 2)
        append(UInt8(ascii: "-"))
        append(digits: date.day, count: 2)
        append(UInt8(ascii: "T"))
        append(timeOfDay: nanoseconds)
        append(UInt8(ascii: "Z"))
    }

    /// Appends the time of day in UTC, as in `23:59:59.999`.
    ///
    /// - Parameter nanoseconds: Since 1970; cut to the millisecond.
    public mutating func append(timeOfDay nanoseconds: Int64) {
        let time = TimeOfDay(nanoseconds: nanoseconds)
        append(digits: Int64(time.hours), count: 2)
        append(UInt8(ascii: ":"))
        append(digits: Int64(time.minutes), count: 2)
        append(UInt8(ascii: ":"))
        append(digits: Int64(time.seconds), count: 2)
        append(UInt8(ascii: "."))
        append(digits: Int64(time.milliseconds), count: 3)
    }

    /// Appends a number with zeros in front, up to `count` digits.
    private mutating func append(digits number: Int64, count: Int) {
        let text = String(number)
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Swift.max(0, count - text.utf8.count)))
        append(contentsOf: text.utf8)
    }
}

/// A time of day in UTC.
public struct TimeOfDay: Sendable, Hashable {
    public var hours: Int
    public var minutes: Int
    public var seconds: Int
    public var milliseconds: Int

    /// - Parameter nanoseconds: Since 1970; cut to the millisecond.
    public init(nanoseconds: Int64) {
        let day = 86_400_000_000_000 as Int64
        let inDay = nanoseconds % day
        // They fit in 32 bits, which is quicker to divide.
        let millis = UInt32(truncatingIfNeeded: (inDay < 0 ? inDay + day : inDay) / 1_000_000)
        let (allSeconds, rest) = millis.quotientAndRemainder(dividingBy: 1_000)
        let allMinutes = allSeconds / 60
        hours = Int(allMinutes / 60)
        minutes = Int(allMinutes % 60)
        seconds = Int(allSeconds % 60)
        milliseconds = Int(rest)
    }
}

/// A day of the Gregorian calendar.
public struct CalendarDate: Sendable, Hashable {
    public var year: Int64
    /// 1–12.
    public var month: Int64
    /// 1–31.
    public var day: Int64

    /// English names of the months, of three letters each, January's first.
    public static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Years are counted from March, so that a leap day is the last of its year: 400 of them have 146,097 days, and every
    /// five months from March on have 153.
    init(daysSince1970: Int64) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Seconds since 1970 of a moment in UTC of the years 1600–9999; nil where a part is beyond what it can be.
    ///
    /// A month's length is not looked at: its 31st day, where it has 30, is the next month's first.
    public static func secondsSince1970(
        year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64
    ) -> Int64? {
        guard (1600...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let years = month > 2 ? year : year - 1
        let days = (month > 2 ? month - 3 : month + 9) * 153 + 2
        let sum = years * 365 + years / 4 - years / 100 + years / 400 + days / 5 + day - 1 - 719_468
        return sum * 86_400 + hour * 3_600 + minute * 60 + second
    }
}
