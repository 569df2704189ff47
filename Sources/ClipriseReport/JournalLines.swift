package import ClipriseJournal
internal import ClipriseWire

/// Journals as JSON Lines: for each account a header, then a line for each event.
///
/// Times are whole nanoseconds, hashes hexadecimal text and the seed decimal text, so that nothing is rounded on the way
/// through a reader that keeps numbers as 64-bit floats. Absent members are nil, none or zero. What is written reads
/// back as equal views; `JournalLines.read` refuses every member that it does not know.
package enum JournalLines {
    /// The first member of every header tells the format.
    static let schema = "cliprise-mock/journal-v1"

    package static func write(_ views: [JournalView]) -> [UInt8] {
        var writer = JSONWriter(capacity: views.reduce(0) { $0 + 1_024 + $1.events.count * 384 })
        for view in views {
            let names = Names(view)
            writer.object { view.writeHeader(to: &$0, events: view.events.count) }
            writer.endLine()
            for event in view.events {
                writer.object {
                    event.write(to: &$0, names)
                    view.contents[event.sequence]?.write(to: &$0)
                }
                writer.endLine()
            }
        }
        return writer.bytes
    }

    /// The header of a journal whose events are lines already.
    ///
    /// - Parameter events: How many there are.
    package static func header(of view: JournalView, events: Int) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        writer.object { view.writeHeader(to: &$0, events: events) }
        writer.endLine()
        return writer.bytes
    }

    /// What events are called by.
    struct Names {
        let models: [String?]
        let rules: [String?]
        let taskIDs: [Int: TaskID]

        /// A name that stands twice is of no use: those are written as positions.
        init(_ view: JournalView) {
            models = Self.unique(view.models)
            rules = Self.unique(view.rules)
            taskIDs = view.taskIDs
        }

        private static func unique(_ names: [String]) -> [String?] {
            var counts: [String: Int] = [:]
            for name in names { counts[name, default: 0] += 1 }
            return names.map { counts[$0] == 1 ? $0 : nil }
        }
    }
}

extension JSONWriter {
    /// The name at a position, or the position where there is no name.
    fileprivate mutating func member(_ key: StaticString, _ position: Int?, in names: [String?]) {
        guard let position else { return }
        if names.indices.contains(position), let name = names[position] {
            member(key, name)
        } else {
            member(key, position)
        }
    }

    fileprivate mutating func task(_ task: Int, _ names: JournalLines.Names) {
        member("task", task)
        if let id = names.taskIDs[task] { member("taskId", id.description) }
    }

    fileprivate mutating func optional(_ key: StaticString, _ text: String?) {
        if let text { member(key, text) }
    }

    fileprivate mutating func optional(_ key: StaticString, _ number: Int64?) {
        if let number { member(key, number) }
    }
}

extension JournalView {
    fileprivate func writeHeader(to writer: inout JSONWriter, events: Int) {
        writer.member("kind", "account")
        writer.member("schema", JournalLines.schema)
        writer.member("account", account)
        writer.member("seed", String(seed))
        writer.member("scenario", scenarioName)
        writer.member("scenarioHash", scenarioHash.hex)
        writer.member("clock", isClockVirtual ? "virtual" : "real")
        writer.member("charge", chargesOnAccept ? "on_accept" : "on_success")
        writer.optional("label", label)
        if let endless {
            writer.key("endless")
            writer.array(endless.sorted()) { $0.integer($1) }
        }
        writer.member("events", events)
        writer.member("evicted", evicted)
        if cleared > 0 { writer.member("cleared", cleared) }
        writer.key("money")
        writer.object {
            $0.member("paidIn", money.paidIn)
            $0.member("captured", money.captured)
            $0.member("held", money.held)
            $0.member("available", money.available)
        }
        writer.key("models")
        writer.array(models) { $0.string($1) }
        writer.key("rules")
        writer.array(rules) { $0.string($1) }
        writer.key("ruleActs")
        writer.array(ruleActs) { $0.integer($1) }
        if ruleDraws.contains(where: { $0 > 0 }) {
            writer.key("ruleDraws")
            writer.array(ruleDraws) { $0.integer($1) }
        }
    }
}

extension JournalEvent {
    fileprivate func write(to writer: inout JSONWriter, _ names: JournalLines.Names) {
        writer.member("kind", kind.word)
        writer.member("sequence", sequence)
        writer.member("atNanoseconds", at.nanoseconds)
        writer.member("realTimeNanoseconds", realTime)
        switch kind {
        case .exchange(let exchange): exchange.write(to: &writer, names)
        case .settled(let settled):
            writer.task(settled.task, names)
            writer.member("model", settled.model, in: names.models)
            writer.member("succeeded", settled.succeeded)
            writer.member("captured", settled.captured)
            writer.member("released", settled.released)
        case .callback(let callback):
            writer.task(callback.task, names)
            writer.member("attempt", callback.attempt)
            writer.optional("status", callback.status.map { Int64($0) })
            writer.optional("fault", callback.fault)
            writer.optional("error", callback.error)
        case .money(let money):
            writer.member("movement", money.kind.rawValue)
            writer.member("credits", money.credits)
        case .clock(let span): writer.member("byNanoseconds", span.nanoseconds)
        }
    }
}

extension JournalEvent.Kind {
    /// The word in files.
    var word: String {
        switch self {
        case .exchange: "exchange"
        case .settled: "settled"
        case .callback: "callback"
        case .money: "money"
        case .clock: "clock"
        }
    }
}

extension ExchangeEvent {
    fileprivate func write(to writer: inout JSONWriter, _ names: JournalLines.Names) {
        writer.member("operation", operation.rawValue)
        writer.member("method", method.description)
        writer.member("status", status)
        if let clause { writer.member("clause", clause.rawValue) }
        writer.member("model", model, in: names.models)
        if let task { writer.task(task, names) }
        writer.member("attempt", attempt)
        if bodyHash != 0 { writer.member("bodyHash", bodyHash.hex) }
        if meaning != 0 { writer.member("meaning", meaning.hex) }
        writer.optional("job", job)
        writer.optional("fate", fate?.rawValue)
        writer.member("rule", rule, in: names.rules)
        writer.optional("fault", fault)
        writer.optional("faultPhase", faultPhase)
        writer.member("held", held)
        writer.optional("retryAfterNanoseconds", retryAfter?.nanoseconds)
        if retryAfterIsDate { writer.member("retryAfterIsDate", true) }
        writer.member("shape", shape.rawValue)
        writer.member("bytes", bytes)
        if let file {
            writer.key("file")
            writer.object {
                $0.member("entity", file.entity.hex)
                $0.member("start", file.start)
                $0.member("size", file.size)
                $0.member("sound", file.isSound)
            }
        }
        if asksForFile { writer.member("asksForFile", true) }
        if !leaks.isEmpty {
            writer.key("leaks")
            writer.array(Leak.words.filter { leaks.contains($0.leak) }) { $0.string($1.word) }
        }
        writer.optional("hint", hint)
        if !warnings.isEmpty {
            writer.member("warnings", array: warnings) { writer, warning in
                writer.object {
                    $0.member("key", warning.key)
                    $0.member("problem", warning.problem)
                    $0.member("from", warning.from)
                }
            }
        }
        writer.member("outcome", outcome.rawValue)
        writer.optional("endedAtNanoseconds", endedAt?.nanoseconds)
        writer.optional("endedRealTimeNanoseconds", endedRealTime)
    }
}

extension ExchangeEvent.Leak {
    /// The words in files and reports.
    static let words: [(leak: ExchangeEvent.Leak, word: String)] = [
        (.target, "target"), (.body, "body"), (.field, "field"),
    ]
}

/// A 64-bit hash as 16 lower-case hexadecimal digits.
enum HashText {
    static func value(_ text: String) -> UInt64? {
        guard text.utf8.count == 16, text.utf8.allSatisfy({ hexValue($0) != nil }) else { return nil }
        return UInt64(text, radix: 16)
    }
}
