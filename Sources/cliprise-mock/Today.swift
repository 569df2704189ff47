internal import ClipriseHTTP
internal import ClipriseWire

/// The day, in UTC, as `2026-01-31`.
func dayNow() -> String {
    var moment: [UInt8] = []
    moment.append(iso8601: MachineClock.wall)
    return String(decoding: moment.prefix { $0 != UInt8(ascii: "T") }, as: UTF8.self)
}
