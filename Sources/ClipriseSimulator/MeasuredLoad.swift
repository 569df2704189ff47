package import ClipriseScenario
internal import ClipriseWire

/// Why measured numbers cannot be used; lines and columns are 1-based.
package struct MeasuredError: Error, Sendable, Hashable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var column: Int
    package var message: String

    package var description: String {
        line == 0 ? "\(file): \(message)".printable : "\(file):\(line):\(column): \(message)".printable
    }
}

/// Lines of numbers that somebody has measured, as CSV: fields between commas, a head line if one likes, lines that begin
/// with `#` left out.
package enum MeasuredLoad {
    /// The most bytes of a file that is read.
    package static let byteLimit = 64 << 20
    static let lineLimit = 10_000_000

    /// Reads when jobs begin: the seconds since the start, or a length such as `250ms`; behind it, if one likes, the 1-based
    /// number of the client.
    package static func arrivals(_ text: [UInt8], file: String) throws(MeasuredError) -> Arrivals {
        var list: [Arrivals.Listed] = []
        try lines(text, file) { (fields, line) throws(MeasuredError) in
            let at = try length(fields[0], file, line)
            var client: Int?
            if fields.count > 1, !fields[1].text.isEmpty {
                guard let number: Int = DecimalText.whole(fields[1].text), FleetSettings.clientRange.contains(number)
                else {
                    throw MeasuredError(
                        file: file, line: line, column: fields[1].column,
                        message: "\(fields[1].shown) is no client: write a number from 1 to 1000000")
                }
                client = number
            }
            list.append(Arrivals.Listed(at: at, client: client))
        }
        return try arrivals(list, file: file, what: "no arrival in it")
    }

    static func arrivals(
        _ list: [Arrivals.Listed], file: String, what: String
    ) throws(MeasuredError) -> Arrivals {
        guard !list.isEmpty else { throw MeasuredError(file: file, line: 0, column: 0, message: what) }
        // Jobs of one instant keep their order.
        let order = list.indices.sorted { (list[$0].at, $0) < (list[$1].at, $1) }
        return .listed(order.map { list[$0] })
    }

    /// Reads how long tasks take: `MODEL,SECONDS`, or the seconds alone for all models.
    ///
    /// - Parameter ids: The models that there are; each `MODEL` is one of them, or a pattern that one matches.
    /// - Returns: Rules that draw each life with equal chance; more than 128 lives of a model are gathered into groups of
    ///   neighbours, and drawn evenly between the ends of a group.
    package static func lives(_ text: [UInt8], of ids: [String], file: String) throws(MeasuredError) -> [TaskRule] {
        var models: [String] = []
        var lives: [String: [Int64]] = [:]
        try lines(text, file) { (fields, line) throws(MeasuredError) in
            let model = fields.count > 1 ? fields[0].text : "*"
            guard !model.isEmpty else {
                throw MeasuredError(file: file, line: line, column: 1, message: "the model is missing")
            }
            if lives[model] == nil {
                let pattern = Glob(model)
                guard ids.contains(where: { pattern.matches($0.utf8) }) else {
                    throw MeasuredError(
                        file: file, line: line, column: 1,
                        message: "\(fields[0].shown) is no model\(Spelling.hint(for: model, in: ids))")
                }
                models.append(model)
            }
            lives[model, default: []].append(try length(fields[fields.count > 1 ? 1 : 0], file, line))
        }
        guard !models.isEmpty else { throw MeasuredError(file: file, line: 0, column: 0, message: "no life in it") }
        // What is for all models comes last.
        return (models.filter { $0 != "*" } + models.filter { $0 == "*" }).flatMap { model in
            rules(model, (lives[model] ?? []).sorted())
        }
    }

    private static let groups = 128

    /// Rules one after the other, each of which decides so many of what is left that all groups are as likely as they are
    /// large.
    private static func rules(_ model: String, _ lives: [Int64]) -> [TaskRule] {
        let size = (lives.count + groups - 1) / groups
        return stride(from: 0, to: lives.count, by: size).map { start in
            let group = lives[start..<min(start + size, lives.count)]
            let (least, most) = (
                TimeSpan(nanoseconds: group[group.startIndex]), TimeSpan(nanoseconds: lives[group.endIndex - 1])
            )
            // Draws follow from the name.
            return TaskRule(
                name: "measured life \(start / size + 1)",
                model: model == "*" ? nil : Glob(model), probability: Double(group.count) / Double(lives.count - start),
                life: .after(least == most ? .fixed(least) : .uniform(least, most)))
        }
    }

    private struct Field {
        var text: String
        /// 1-based.
        var column: Int

        /// For messages: in quotes, and of a long one its beginning.
        var shown: String { text.count > 60 ? "\"\(text.prefix(60))…\"" : "\"\(text)\"" }
    }

    /// Hands over the fields of each line; a first line whose fields are all words is its head.
    private static func lines(
        _ text: [UInt8], _ file: String, _ body: ([Field], Int) throws(MeasuredError) -> Void
    ) throws(MeasuredError) {
        guard text.count <= byteLimit else {
            throw MeasuredError(file: file, line: 0, column: 0, message: "larger than \(byteLimit >> 20) MiB")
        }
        var number = 0
        for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            guard number <= lineLimit else {
                throw MeasuredError(file: file, line: number, column: 1, message: "more than \(lineLimit) lines")
            }
            let line = line.last == 0x0D ? line.dropLast() : line
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            var column = 1
            let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { field in
                defer { column += field.count + 1 }
                let words = String(decoding: field, as: UTF8.self)
                return Field(text: String(words.trimmed), column: column)
            }
            if number == 1, fields.allSatisfy({ $0.text.first.map { $0.isLetter } ?? true }) { continue }
            guard fields.count <= 2 else {
                throw MeasuredError(
                    file: file, line: number, column: fields[2].column, message: "expected one field or two")
            }
            try body(fields, number)
        }
    }

    /// Seconds, or a length with a unit, up to 24 hours; nanoseconds.
    private static func length(_ field: Field, _ file: String, _ line: Int) throws(MeasuredError) -> Int64 {
        let seconds =
            DecimalText.number(field.text).map { $0 * 1e9 } ?? TimeSpan(text: field.text).map { Double($0.nanoseconds) }
        guard let seconds, seconds <= Double(FleetSettings.lengthLimit.nanoseconds) else {
            throw MeasuredError(
                file: file, line: line, column: field.column,
                message: "\(field.shown) is no time: write seconds, or a length such as 250ms, up to 24h")
        }
        return Int64(seconds.rounded())
    }
}

extension String {
    /// Without white space and double quotes around.
    fileprivate var trimmed: Substring {
        var rest = self[...]
        func isAround(_ character: Character) -> Bool { character == " " || character == "\t" || character == "\"" }
        while let first = rest.first, isAround(first) { rest.removeFirst() }
        while let last = rest.last, isAround(last) { rest.removeLast() }
        return rest
    }
}

extension FleetSettings {
    /// Gives tasks measured lives: what the scenario says of outcomes stays, what it says of lives alone goes.
    package mutating func take(lives: [TaskRule]) {
        scenario.tasks = scenario.tasks.filter { $0.outcome != nil } + lives
    }
}
