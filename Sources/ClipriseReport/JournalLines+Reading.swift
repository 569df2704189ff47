internal import ClipriseJSON
package import ClipriseJournal
internal import ClipriseWire

/// Why a saved journal could not be read.
package struct JournalLinesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// 1-based.
    package var line: Int
    /// 1-based, in characters.
    package var column: Int
    package var message: String

    package var description: String { "\(line):\(column): \(message)".printable }
}

extension JournalLines {
    /// Reads what `write` wrote.
    ///
    /// A byte order mark before the first line and blank lines behind the last are passed over.
    ///
    /// - Parameter hasContents: Whether what exchanges said is read as well; judges need not know.
    /// - Throws: `JournalLinesError` at the first line that is no JSON object, has a member that is not known, lacks one, or
    ///   holds a value out of its range; and when a header promised another number of events.
    package static func read(_ bytes: [UInt8], hasContents: Bool = true) throws(JournalLinesError) -> [JournalView] {
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
        private var context = LineContext()
        private let hasContents: Bool

        init(hasContents: Bool) { self.hasContents = hasContents }

        mutating func take(_ line: [UInt8], _ number: Int) throws(JournalLinesError) {
            guard !line.isEmpty else {
                throw JournalLinesError(line: number, column: 1, message: "an empty line; each line is one JSON object")
            }
            let result: Result<Void, JSONError>
            do throws(FieldProblem) {
                result = try withJSON(line) { value throws(FieldProblem) in try self.take(value, number) }
            } catch {
                let place = JSONLocator(line).place(of: error.path)
                throw JournalLinesError(line: number, column: place.column, message: error.message)
            }
            if case .failure(let error) = result {
                let place = JSONLocator(line).firstError() ?? TextPlace(line: 1, column: 1)
                throw JournalLinesError(line: number, column: place.column, message: error.description)
            }
        }

        private mutating func take(_ value: JSONValue, _ number: Int) throws(FieldProblem) {
            guard value.isObject else { throw FieldProblem("each line is one JSON object") }
            let fields = Fields(value)
            let kind = try fields.word("kind", of: ["account", "exchange", "settled", "callback", "money", "clock"])
            if kind == "account" {
                try checkCount()
                let (view, count) = try JournalView.read(fields)
                views.append(view)
                promised = count
                context = LineContext(view)
                return
            }
            guard !views.isEmpty else { throw FieldProblem("an event before the header of its account") }
            let event = try JournalEvent.read(fields, kind: kind, &context)
            let last = views[views.count - 1].events.last?.sequence ?? views[views.count - 1].evicted
            guard event.sequence > last else {
                throw fields.problem("sequence", "expected more than \(last), the number before it")
            }
            views[views.count - 1].events.append(event)
            if hasContents, kind == "exchange", let content = try ExchangeContent.read(fields) {
                views[views.count - 1].contents[event.sequence] = content
            }
        }

        /// Whether the last account has as many events as its header said.
        private mutating func checkCount() throws(FieldProblem) {
            guard let last = views.indices.last else { return }
            guard views[last].events.count == promised else {
                throw FieldProblem(
                    "the account \(views[last].account) has \(views[last].events.count) events, its header says \(promised)"
                )
            }
            views[last].taskIDs = context.taskIDs
        }

        mutating func finish(line: Int) throws(JournalLinesError) -> [JournalView] {
            guard !views.isEmpty else {
                throw JournalLinesError(line: 1, column: 1, message: "expected the header of an account")
            }
            do throws(FieldProblem) {
                try checkCount()
            } catch {
                throw JournalLinesError(line: line, column: 1, message: error.message)
            }
            return views
        }
    }
}

/// What the lines of one account refer to.
struct LineContext {
    var models: [String: Int] = [:]
    var rules: [String: Int] = [:]
    var taskIDs: [Int: TaskID] = [:]

    init() {}

    init(_ view: JournalView) {
        for (position, name) in view.models.enumerated() { models[name] = position }
        for (position, name) in view.rules.enumerated() { rules[name] = position }
    }
}

/// What is wrong with a value, and where in its line.
struct FieldProblem: Error {
    var path: [JSONStep]
    var message: String

    init(_ message: String, path: [JSONStep] = []) {
        self.message = message
        self.path = path
    }
}

/// The members of one object, each of which must be known and of its kind.
struct Fields {
    /// Listed once, for each is asked for by its name, and most of them twice.
    private let members: [(key: UnsafeBufferPointer<UInt8>, value: JSONValue)]
    private let path: [JSONStep]

    init(_ value: JSONValue, path: [JSONStep] = []) {
        members = Array(value.members)
        self.path = path
    }

    private func member(_ key: String) -> JSONValue? {
        for member in members where member.key.spells(key) { return member.value }
        return nil
    }

    func problem(_ key: String, _ message: String) -> FieldProblem {
        FieldProblem("\(key): \(message)", path: path + [.key(key)])
    }

    /// Refuses members beyond `known`, and those that stand twice.
    func allow(_ known: [String]) throws(FieldProblem) {
        var seen = [Bool](repeating: false, count: known.count)
        // Lines have their members in the order in which these are known.
        var next = 0
        for member in members {
            let ahead = known[next...].firstIndex { member.key.spells($0) }
            guard let index = ahead ?? known[..<next].firstIndex(where: { member.key.spells($0) }) else {
                let key = String(decoding: member.key, as: UTF8.self)
                let near = Spelling.nearest(to: key, in: known).map { ", did you mean \($0)?" } ?? ""
                throw problem(key, "not a member of this line\(near)")
            }
            if seen[index] { throw problem(known[index], "stands twice") }
            seen[index] = true
            next = index + 1
        }
    }

    func has(_ key: String) -> Bool { member(key) != nil }

    private func required(_ key: String) throws(FieldProblem) -> JSONValue {
        guard let found = member(key) else { throw FieldProblem("\(key) is missing", path: path) }
        return found
    }

    func integer(_ key: String, in range: ClosedRange<Int64>) throws(FieldProblem) -> Int64 {
        let found = try required(key)
        guard found.kind == .integer, let number = found.integer else { throw problem(key, "expected a whole number") }
        guard range.contains(number) else { throw problem(key, "expected \(Self.text(range)), found \(number)") }
        return number
    }

    private static func text(_ range: ClosedRange<Int64>) -> String {
        range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
    }

    func optionalInteger(_ key: String, in range: ClosedRange<Int64>) throws(FieldProblem) -> Int64? {
        has(key) ? try integer(key, in: range) : nil
    }

    /// A number from `least` on; sums of many stay in 64 bits.
    func count(_ key: String, from least: Int64 = 0) throws(FieldProblem) -> Int {
        Int(try integer(key, in: least...Self.counts.upperBound))
    }

    /// What a count can be.
    static let counts: ClosedRange<Int64> = 0...1 << 48
    /// A moment on a clock, in nanoseconds: 146 years from its start.
    static let instants: ClosedRange<Int64> = 0...1 << 62
    /// A moment of the calendar, in nanoseconds since 1970: to the year 2116.
    static let realTimes: ClosedRange<Int64> = -(1 << 62)...1 << 62
    /// A length of time, in nanoseconds: 36 years.
    static let spans: ClosedRange<Int64> = -(1 << 60)...1 << 60
    /// Credits of one movement: the most that an account holds.
    static let credits: ClosedRange<Int64> = -1_000_000_000_000...1_000_000_000_000
    /// Sums of credits over the life of an account.
    static let sums: ClosedRange<Int64> = -1_000_000_000_000_000_000...1_000_000_000_000_000_000

    func text(_ key: String) throws(FieldProblem) -> String {
        guard let text = try required(key).string else { throw problem(key, "expected text") }
        return text
    }

    func optionalText(_ key: String) throws(FieldProblem) -> String? {
        has(key) ? try text(key) : nil
    }

    func boolean(_ key: String) throws(FieldProblem) -> Bool {
        guard let boolean = try required(key).boolean else { throw problem(key, "expected true or false") }
        return boolean
    }

    func word(_ key: String, of words: [String]) throws(FieldProblem) -> String {
        let word = try text(key)
        guard words.contains(word) else {
            let near = Spelling.nearest(to: word, in: words).map { ", did you mean \($0)?" }
            throw problem(key, "\"\(word)\" is not known\(near ?? "; known: " + words.joined(separator: ", "))")
        }
        return word
    }

    func hash(_ key: String) throws(FieldProblem) -> UInt64 {
        guard let hash = HashText.value(try text(key)) else { throw problem(key, "expected 16 hexadecimal digits") }
        return hash
    }

    func object(_ key: String) throws(FieldProblem) -> Fields {
        let found = try required(key)
        guard found.isObject else { throw problem(key, "expected an object") }
        return Fields(found, path: path + [.key(key)])
    }

    /// The objects of an array; none when it is absent.
    func objects(_ key: String) throws(FieldProblem) -> [Fields] {
        guard has(key) else { return [] }
        var objects: [Fields] = []
        for (index, element) in try elements(key).enumerated() {
            let path = path + [.key(key), .index(index)]
            guard element.isObject else { throw FieldProblem("\(key)[\(index)]: expected an object", path: path) }
            objects.append(Fields(element, path: path))
        }
        return objects
    }

    func texts(_ key: String) throws(FieldProblem) -> [String] {
        var texts: [String] = []
        for (index, element) in try elements(key).enumerated() {
            guard let text = element.string else {
                throw FieldProblem("\(key)[\(index)]: expected text", path: path + [.key(key), .index(index)])
            }
            texts.append(text)
        }
        return texts
    }

    func counts(_ key: String) throws(FieldProblem) -> [Int] {
        var counts: [Int] = []
        for (index, element) in try elements(key).enumerated() {
            guard let number = element.integer, Self.counts.contains(number) else {
                let path = path + [.key(key), .index(index)]
                throw FieldProblem("\(key)[\(index)]: expected \(Self.text(Self.counts))", path: path)
            }
            counts.append(Int(number))
        }
        return counts
    }

    private func elements(_ key: String) throws(FieldProblem) -> JSONValue.Elements {
        let found = try required(key)
        guard found.kind == .array else { throw problem(key, "expected an array") }
        return found.elements
    }

    /// A name of `names`, or a position for what has no name.
    func position(_ key: String, in names: [String: Int]) throws(FieldProblem) -> Int {
        guard try required(key).isString else { return try count(key) }
        let name = try text(key)
        guard let position = names[name] else {
            let near = Spelling.nearest(to: name, in: names.keys.sorted()).map { ", did you mean \($0)?" } ?? ""
            throw problem(key, "the header has no \"\(name)\"\(near)")
        }
        return position
    }
}
