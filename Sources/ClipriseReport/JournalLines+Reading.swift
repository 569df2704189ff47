internal import ClipriseForm
internal import ClipriseJSON
public import ClipriseJournal
internal import ClipriseWire

/// Why a saved journal could not be read.
public struct JournalLinesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// 1-based.
    public var line: Int
    /// 1-based, in characters.
    public var column: Int
    public var message: String

    public var description: String { "\(line):\(column): \(message)".printable }
}

extension JournalLines {
    /// Reads what `write` wrote.
    ///
    /// A byte order mark before the first line and blank lines behind the last are passed over.
    ///
    /// - Parameter hasContents: Whether what exchanges said is read as well; judges need not know.
    /// - Throws: `JournalLinesError` at the first line that is no JSON object, has a member that is not known, lacks one, or
    ///   holds a value out of its range; and when a header promised another number of events.
    public static func read(_ bytes: [UInt8], hasContents: Bool = true) throws(JournalLinesError) -> [JournalView] {
        let text = trimmed(bytes)
        var reading = Reading(hasContents: hasContents)
        var number = 0
        var start = text.startIndex
        while start < text.endIndex {
            number += 1
            let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
            try reading.take(Array(text[start..<end]), number)
            start = end + 1
        }
        return try reading.finish(line: number + 1)
    }

    private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        let last = text.lastIndex { !" \t\r\n".utf8.contains($0) }
        return last.map { text[...$0] } ?? []
    }

    /// The views so far; the last is still growing.
    private struct Reading {
        private var views: [JournalView] = []
        private var promised = 0
        private var names = ReadNames()
        private let hasContents: Bool

        init(hasContents: Bool) { self.hasContents = hasContents }

        mutating func take(_ line: [UInt8], _ number: Int) throws(JournalLinesError) {
            guard !line.isEmpty else {
                throw JournalLinesError(line: number, column: 1, message: "an empty line; each line is one JSON object")
            }
            let result: Result<Void, JSONError>
            do throws(RecordError) {
                result = try withJSON(line) { value throws(RecordError) in try self.take(value) }
            } catch {
                let place = JSONLocator(line).place(of: error.path)
                throw JournalLinesError(line: number, column: place.column, message: error.inJournal)
            }
            if case .failure(let error) = result {
                let place = JSONLocator(line).firstError() ?? TextPlace(line: 1, column: 1)
                throw JournalLinesError(line: number, column: place.column, message: error.cause(in: line))
            }
        }

        private mutating func take(_ value: JSONValue) throws(RecordError) {
            guard value.isObject else { throw RecordError([], .said("each line is one JSON object")) }
            var first = try RecordReader(value, .strict)
            var kind = JournalLine.Kind.account
            try first.word("kind", &kind)
            var reader = try RecordReader(value, .strict, names: names)
            if kind == .account {
                try checkCount()
                var header = JournalHeader.blank
                try reader.read(&header)
                views.append(header.view)
                promised = header.count
                names = ReadNames(models: header.view.models, rules: header.view.rules)
                return
            }
            guard !views.isEmpty else {
                throw RecordError([], .said("an event before the header of its account"))
            }
            var line = JournalLine(kind)
            line.hasContent = hasContents
            try reader.read(&line)
            let last = views[views.count - 1].events.last?.sequence ?? views[views.count - 1].evicted
            guard line.event.sequence > last else {
                throw RecordError([.key("sequence")], .expected("more than \(last), the number before it"))
            }
            views[views.count - 1].events.append(line.event)
            if let content = line.content { views[views.count - 1].contents[line.event.sequence] = content }
        }

        /// Whether the last account has as many events as its header said.
        private mutating func checkCount() throws(RecordError) {
            guard let last = views.indices.last else { return }
            guard views[last].events.count == promised else {
                let found = "the account \(views[last].account) has \(views[last].events.count) events"
                throw RecordError([], .said("\(found), its header says \(promised)"))
            }
            views[last].taskIDs = names.taskIDs
        }

        mutating func finish(line: Int) throws(JournalLinesError) -> [JournalView] {
            guard !views.isEmpty else {
                throw JournalLinesError(line: 1, column: 1, message: "expected the header of an account")
            }
            do throws(RecordError) {
                try checkCount()
            } catch {
                throw JournalLinesError(line: line, column: 1, message: error.inJournal)
            }
            return views
        }
    }
}

extension RecordError {
    /// As it is reported of a line of a journal: the key, and what is wrong with its value.
    fileprivate var inJournal: String {
        let place = name.isEmpty ? "" : "\(name): "
        switch reason {
        case .missing(let key): return "\(key) is missing"
        case .unknown(let near):
            return place + "not a member of this line" + (near.map { ", did you mean \($0)?" } ?? "")
        case .repeated: return place + "stands twice"
        case .said(let words): return place + words
        case .word(let word?, let known):
            let near = Spelling.nearest(to: word, in: known).map { ", did you mean \($0)?" }
            return place + "\"\(word)\" is not known\(near ?? "; known: " + known.joined(separator: ", "))"
        case .integer(let range, let found) where found != nil || name.hasSuffix("]"):
            let bounds =
                range.upperBound == .max
                ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
            let seen = name.hasSuffix("]") ? "" : found.map { ", found \($0)" } ?? ""
            return place + "expected \(bounds)\(seen)"
        default: return place + "expected " + reason.expectation((text: "text", array: "an array"))
        }
    }

    /// The last key of the path, with the positions behind it: `models[1]`.
    private var name: String {
        Array(path[(path.lastIndex { if case .key = $0 { true } else { false } } ?? 0)...]).text
    }
}
