/// Dates as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
public enum HTTPDate {
    /// Bytes of every such date.
    public static let size = 29

    /// - Parameter seconds: Since 1970; less than 0 counts as 0, and more than the year 9999 has as its end.
    public static func text(_ seconds: Int64) -> String {
        String(unsafeUninitializedCapacity: size) { space in
            write(seconds, to: UnsafeMutableRawBufferPointer(space))
            return size
        }
    }

    /// Writes a date without a line's end.
    ///
    /// - Parameter space: Room for `size` bytes at least.
    public static func write(_ seconds: Int64, to space: UnsafeMutableRawBufferPointer) {
        let seconds = min(max(0, seconds), 253_402_300_799)
        let day = seconds / 86_400
        let date = CalendarDate(daysSince1970: day)
        let time = Int(seconds % 86_400)
        put(days, entry: Int(day % 7), to: space, at: 0)
        put(separators, entry: 0, size: 2, to: space, at: 3)
        putTwo(Int(date.day), to: space, at: 5)
        space[7] = UInt8(ascii: " ")
        put(months, entry: Int(date.month) - 1, to: space, at: 8)
        space[11] = UInt8(ascii: " ")
        putTwo(Int(date.year) / 100, to: space, at: 12)
        putTwo(Int(date.year) % 100, to: space, at: 14)
        space[16] = UInt8(ascii: " ")
        putTwo(time / 3_600, to: space, at: 17)
        space[19] = UInt8(ascii: ":")
        putTwo(time / 60 % 60, to: space, at: 20)
        space[22] = UInt8(ascii: ":")
        putTwo(time % 60, to: space, at: 23)
        put(separators, entry: 1, size: 4, to: space, at: 25)
    }

    private static let days: StaticString = "ThuFriSatSunMonTueWed"
    private static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"
    /// What stands behind the day's name, then what stands at the end.
    private static let separators: StaticString = ",    GMT"

    private static func put(
        _ text: StaticString, entry: Int, size: Int = 3, to space: UnsafeMutableRawBufferPointer, at place: Int
    ) {
        for index in 0..<size { space[place + index] = text.utf8Start[entry * size + index] }
    }

    private static func putTwo(_ number: Int, to space: UnsafeMutableRawBufferPointer, at place: Int) {
        space[place] = UInt8(ascii: "0") + UInt8(number / 10)
        space[place + 1] = UInt8(ascii: "0") + UInt8(number % 10)
    }
}
