internal import ClipriseBundle
internal import ClipriseJSON
internal import ClipriseWire

/// When jobs began in a log: of a bundle, a HAR, or a server's access log, the requests that were generates.
package enum LoggedLoad {
    private static let path = "/generate"

    /// Reads a log; the first generate is the start.
    package static func arrivals(_ text: [UInt8], file: String) throws(MeasuredError) -> Arrivals {
        let start = text.drop { $0 <= 0x20 }
        var instants: [Int64]
        if start.starts(with: Array("{\"bundle\"".utf8)) {
            instants = try bundle(text, file)
        } else if start.first == UInt8(ascii: "{") {
            instants = try har(text, file)
        } else {
            instants = try accessLog(text, file)
        }
        instants.sort()
        let first = instants.first ?? 0
        guard let last = instants.last, last - first < FleetSettings.lengthLimit.nanoseconds else {
            let what =
                instants.isEmpty
                ? "no generate in it: no POST to a path that ends with \(path)" : "the log is longer than 24 hours"
            throw MeasuredError(file: file, line: 0, column: 0, message: what)
        }
        return try MeasuredLoad.arrivals(
            spread(instants.map { $0 - first }).map { Arrivals.Listed(at: $0) }, file: file, what: "no generate in it")
    }

    /// Logs of whole seconds: what came in one second is spread over it.
    private static func spread(_ instants: [Int64]) -> [Int64] {
        let second: Int64 = 1_000_000_000
        guard instants.allSatisfy({ $0 % second == 0 }) else { return instants }
        var result: [Int64] = []
        var start = 0
        while start < instants.count {
            var end = start
            while end < instants.count, instants[end] == instants[start] { end += 1 }
            for place in start..<end {
                result.append(instants[start] + Int64(place - start) * second / Int64(end - start))
            }
            start = end
        }
        return result
    }

    private static func bundle(_ text: [UInt8], _ file: String) throws(MeasuredError) -> [Int64] {
        let bundle: Bundle
        do {
            bundle = try Bundle(text, file: file)
        } catch {
            throw MeasuredError(file: file, line: 0, column: 0, message: error.description)
        }
        return bundle.exchanges.filter { exchange in
            exchange.method == "POST" && isGenerate(String(decoding: exchange.target, as: UTF8.self))
        }.map(\.at.nanoseconds)
    }

    private static func isGenerate(_ target: String) -> Bool {
        target.prefix { $0 != "?" && $0 != "#" }.hasSuffix(path)
    }

    private static func har(_ text: [UInt8], _ file: String) throws(MeasuredError) -> [Int64] {
        let read = withJSON(text) { json -> (instants: [Int64], fault: String?) in
            guard let entries = json.member("log")?.member("entries") else {
                return ([], "no HAR: log.entries is missing")
            }
            var instants: [Int64] = []
            for (index, entry) in entries.elements.enumerated() {
                let request = entry.member("request")
                guard request?.member("method")?.string == "POST", isGenerate(request?.member("url")?.string ?? "")
                else { continue }
                guard let time = entry.member("startedDateTime")?.string.flatMap(LogTime.iso8601) else {
                    return ([], "log.entries[\(index)].startedDateTime is no time, such as 2026-10-10T13:55:36.000Z")
                }
                instants.append(time)
            }
            return (instants, nil)
        }
        switch read {
        case .success((let instants, nil)): return instants
        case .success((_, let fault?)): throw MeasuredError(file: file, line: 0, column: 0, message: fault)
        case .failure(let error):
            throw MeasuredError(file: file, line: 0, column: 0, message: error.description)
        }
    }

    /// Lines of the common or combined log format: `… [10/Oct/2026:13:55:36 +0200] "POST /app/cliprise/generate HTTP/1.1" …`.
    private static func accessLog(_ text: [UInt8], _ file: String) throws(MeasuredError) -> [Int64] {
        guard text.count <= MeasuredLoad.byteLimit else {
            throw MeasuredError(
                file: file, line: 0, column: 0, message: "larger than \(MeasuredLoad.byteLimit >> 20) MiB")
        }
        var instants: [Int64] = []
        var number = 0
        for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let words = String(decoding: line, as: UTF8.self)
            guard let quote = words.firstIndex(of: "\"") else { continue }
            let request = words[words.index(after: quote)...].prefix { $0 != "\"" }.split(separator: " ")
            guard request.count >= 2, request[0] == "POST", isGenerate(String(request[1])) else { continue }
            guard let open = words.firstIndex(of: "["), let close = words.firstIndex(of: "]"), open < close,
                let time = LogTime.common(String(words[words.index(after: open)..<close]))
            else {
                throw MeasuredError(
                    file: file, line: number, column: 1,
                    message: "no time in brackets, such as [10/Oct/2026:13:55:36 +0200]")
            }
            instants.append(time)
        }
        return instants
    }
}

/// Instants as logs write them, in nanoseconds since 1970; nil for what is none.
enum LogTime {
    /// Such as `10/Oct/2026:13:55:36 +0200`.
    static func common(_ text: String) -> Int64? {
        let parts = text.split { "/: ".contains($0) }.map(String.init)
        guard parts.count == 7, let month = CalendarDate.monthNames.firstIndex(of: parts[1]) else { return nil }
        let numbers = [parts[0], parts[2], parts[3], parts[4], parts[5]].map { Int64($0) }
        guard let day = numbers[0], let year = numbers[1], let hour = numbers[2], let minute = numbers[3],
            let second = numbers[4], let zone = zone(parts[6])
        else { return nil }
        return instant(year, Int64(month + 1), day, hour, minute, second).map { ($0 - zone) * 1_000_000_000 }
    }

    /// Such as `2026-10-10T13:55:36.123+02:00` (RFC 3339).
    static func iso8601(_ text: String) -> Int64? {
        guard let mark = text.firstIndex(where: { $0 == "T" || $0 == "t" }) else { return nil }
        let date = text[..<mark].split(separator: "-").map { Int64($0) }
        let rest = text[text.index(after: mark)...]
        let time = rest.prefix { $0.isNumber || $0 == ":" || $0 == "." }
        let parts = time.split(separator: ":")
        guard date.count == 3, let year = date[0], let month = date[1], let day = date[2], parts.count == 3,
            let hour = Int64(parts[0]), let minute = Int64(parts[1]), let seconds = Double(parts[2]), seconds < 61,
            let zone = zone(rest[time.endIndex...].replacing(":", with: "")),
            let whole = instant(year, month, day, hour, minute, 0)
        else { return nil }
        return (whole - zone) * 1_000_000_000 + Int64((seconds * 1e9).rounded())
    }

    /// Seconds east: `+0200`, `Z`.
    private static func zone(_ text: some StringProtocol) -> Int64? {
        if text == "Z" || text == "z" { return 0 }
        guard text.count == 5, let sign = text.first, sign == "+" || sign == "-", let digits = Int64(text.dropFirst()),
            digits >= 0
        else { return nil }
        let seconds = (digits / 100) * 3_600 + (digits % 100) * 60
        return sign == "-" ? -seconds : seconds
    }

    /// Seconds since 1970.
    private static func instant(
        _ year: Int64, _ month: Int64, _ day: Int64, _ hour: Int64, _ minute: Int64, _ second: Int64
    ) -> Int64? {
        guard (1970...2200).contains(year) else { return nil }
        return CalendarDate.secondsSince1970(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }
}
