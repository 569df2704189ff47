public import ClipriseForm
public import ClipriseJournal
internal import ClipriseWire

/// Journals as JSON Lines: for each account a header, then a line for each event.
///
/// Times are whole nanoseconds, hashes hexadecimal text and the seed decimal text, so that nothing is rounded on the way
/// through a reader that keeps numbers as 64-bit floats. Absent members are nil, none or zero. What is written reads
/// back as equal views; `JournalLines.read` refuses every member that it does not know.
public enum JournalLines {
    /// The first member of every header names the format.
    static let schema = "cliprise-mock/journal-v1"

    public static func write(_ views: [JournalView]) -> [UInt8] {
        var writer = JSONWriter(capacity: views.reduce(0) { $0 + 1_024 + $1.events.count * 384 })
        for view in views {
            let names = Names(view)
            writer.object { $0.members(of: JournalHeader(view: view, count: view.events.count)) }
            writer.endLine()
            for event in view.events {
                writer.object { $0.members(of: JournalLine(event, view.contents[event.sequence]), names: names) }
                writer.endLine()
            }
        }
        return writer.bytes
    }

    /// The header of a journal whose events are lines already.
    ///
    /// - Parameter events: How many there are.
    public static func header(of view: JournalView, events: Int) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        writer.object { $0.members(of: JournalHeader(view: view, count: events)) }
        writer.endLine()
        return writer.bytes
    }

    /// What events are called by.
    private struct Names: RecordNames {
        let models: [String?]
        let rules: [String?]
        let taskIDs: [Int: TaskID]

        /// A name that stands twice is of no use: those are written as positions.
        init(_ view: JournalView) {
            models = Self.unique(view.models)
            rules = Self.unique(view.rules)
            taskIDs = view.taskIDs
        }

        func name(at position: Int, in list: RecordList) -> String? {
            let names = list == .models ? models : rules
            return names.indices.contains(position) ? names[position] : nil
        }

        func id(ofTask ordinal: Int) -> TaskID? { taskIDs[ordinal] }

        private static func unique(_ names: [String]) -> [String?] {
            var counts: [String: Int] = [:]
            for name in names { counts[name, default: 0] += 1 }
            return names.map { counts[$0] == 1 ? $0 : nil }
        }
    }
}

/// The first line of an account: what is not said of one of its events.
struct JournalHeader {
    var view: JournalView
    /// How many events follow.
    var count: Int
}

extension JournalHeader: Record {
    static var blank: JournalHeader { JournalHeader(view: JournalView(account: "", events: []), count: 0) }

    mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.constant("kind", JournalLine.Kind.account.rawValue)
        try visitor.constant("schema", JournalLines.schema)
        try visitor.text("account", &view.account)
        try visitor.number("seed", &view.seed, .decimal)
        try visitor.text("scenario", &view.scenarioName)
        try visitor.number("scenarioHash", &view.scenarioHash, .hexadecimal)
        try visitor.word("clock", &view.isClockVirtual, no: "real", yes: "virtual")
        try visitor.word("charge", &view.chargesOnAccept, no: "on_success", yes: "on_accept")
        try visitor.optional("label", &view.label)
        if visitor.has("endless", view.endless != nil) {
            var endless = view.endless?.sorted() ?? []
            try visitor.integers("endless", &endless)
            view.endless = Set(endless)
        }
        try visitor.integer("events", &count)
        try visitor.integer("evicted", &view.evicted)
        try visitor.integer("cleared", &view.cleared, or: 0)
        try visitor.record("money", &view.money)
        try visitor.texts("models", &view.models)
        try visitor.texts("rules", &view.rules)
        try visitor.integers("ruleActs", &view.ruleActs)
        if visitor.has("ruleDraws", view.ruleDraws.contains { $0 > 0 }) {
            try visitor.integers("ruleDraws", &view.ruleDraws)
        }
    }
}

extension MoneySums: Record {
    public static var blank: MoneySums { MoneySums() }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.integer("paidIn", &paidIn, in: RecordRange.sums)
        try visitor.integer("captured", &captured, in: RecordRange.sums)
        try visitor.integer("held", &held, in: RecordRange.sums)
        try visitor.integer("available", &available, in: RecordRange.sums)
    }
}
