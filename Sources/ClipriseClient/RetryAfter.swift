internal import ClipriseWire

/// Reads a Retry-After field (RFC 9110 §10.2.3).
public enum RetryAfter {
    /// How long the server asks to wait.
    ///
    /// - Parameters:
    ///   - field: A whole number of seconds, or a date in one of the three forms of RFC 9110 §5.6.7.
    ///   - date: The answer's own Date field; a date counts from it, whatever the clocks say.
    ///   - now: Seconds since 1970 on this machine, for an answer without a Date.
    /// - Returns: Zero for a date in the past; a number beyond 100 years counts as 100 years; nil for all that is
    ///   neither, as if there were no field.
    public static func wait(_ field: String, date: String?, now: Int64) -> Duration? {
        var text = field.utf8.drop { $0 == 0x20 || $0 == 0x09 }
        while text.last == 0x20 || text.last == 0x09 { text.removeLast() }
        guard let first = text.first else { return nil }
        if first >= 0x30, first <= 0x39 {
            var seconds: Int64 = 0
            for byte in text {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                seconds = min(Self.limit, seconds * 10 + Int64(byte - 0x30))
            }
            return .seconds(seconds)
        }
        guard let moment = HTTPDate.seconds(field) else { return nil }
        let from = date.flatMap(HTTPDate.seconds) ?? now
        return .seconds(min(Self.limit, max(0, moment - from)))
    }

    /// 100 years, in seconds.
    private static let limit: Int64 = 3_155_760_000
}

extension HTTPDate {
    /// Seconds since 1970 of a date like `Sun, 06 Nov 1994 08:49:37 GMT`, of its two obsolete forms, or nil.
    static func seconds(_ text: String) -> Int64? {
        guard text.utf8.count <= 64 else { return nil }
        let words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "-" }.dropFirst()
        let parts = Array(words)
        // Behind the day's name: 06 Nov 1994 08:49:37 GMT, 06 Nov 94 08:49:37 GMT, or Nov 6 08:49:37 1994.
        if parts.count == 5, parts[4] == "gmt" {
            guard let day = Int64(parts[0]), let month = month(parts[1]), var year = Int64(parts[2]) else { return nil }
            if parts[2].count == 2 { year += year < 70 ? 2000 : 1900 }
            return moment(year: year, month: month, day: day, time: parts[3])
        }
        if parts.count == 4, let month = month(parts[0]), let day = Int64(parts[1]), let year = Int64(parts[3]) {
            return moment(year: year, month: month, day: day, time: parts[2])
        }
        return nil
    }

    private static func month(_ word: Substring) -> Int64? {
        CalendarDate.monthNames.firstIndex { $0.lowercased() == word }.map { Int64($0 + 1) }
    }

    private static func moment(year: Int64, month: Int64, day: Int64, time: Substring) -> Int64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, clock.allSatisfy({ $0.utf8.count == 2 }), let hour = Int64(clock[0]),
            let minute = Int64(clock[1]), let second = Int64(clock[2])
        else { return nil }
        return CalendarDate.secondsSince1970(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }
}
