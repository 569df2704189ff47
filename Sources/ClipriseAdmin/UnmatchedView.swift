package import ClipriseJournal
internal import ClipriseWire

/// A request that reached no account: its key, host or path was none that is known, or the listener refused it.
package struct UnmatchedRequest: Sendable, Hashable {
    /// Nanoseconds since 1970.
    package var realTime: Int64
    /// Empty when no whole head came.
    package var method: String
    /// Without query, and without what may be a key; empty when no whole request line came.
    package var path: String
    package var answer: JournalTally.Answer
    /// What a person should know; empty for nothing.
    package var hint: String

    package init(realTime: Int64, method: String, path: String, answer: JournalTally.Answer, hint: String) {
        self.realTime = realTime
        self.method = method
        self.path = path
        self.answer = answer
        self.hint = hint
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("realTime")
            writer.date(realTime)
            writer.member("method", method)
            writer.member("path", path)
            answer.writeMembers(to: &writer)
            if !hint.isEmpty { writer.member("hint", hint) }
        }
    }
}

/// Requests that reached no account: how many of each kind, and the last of them.
package struct UnmatchedView: Sendable, Hashable {
    /// Requests that look alike, with the hint of the last one.
    package struct Count: Sendable, Hashable {
        package var answer: JournalTally.Answer
        package var count: Int
        package var hint: String

        package init(answer: JournalTally.Answer, count: Int, hint: String) {
            self.answer = answer
            self.count = count
            self.hint = hint
        }
    }

    /// The most frequent first.
    package var counts: [Count]
    /// The last ones, newest last.
    package var requests: [UnmatchedRequest]

    package init(counts: [Count], requests: [UnmatchedRequest]) {
        self.counts = counts
        self.requests = requests
    }

    package var total: Int { counts.reduce(0) { $0 + $1.count } }

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("total", total)
        writer.member("counts", array: counts) { writer, count in
            writer.object { writer in
                count.answer.writeMembers(to: &writer)
                writer.member("count", count.count)
                if !count.hint.isEmpty { writer.member("hint", count.hint) }
            }
        }
        writer.member("requests", array: requests) { $1.write(to: &$0) }
    }
}

extension JournalTally.Answer {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.member("operation", operation.rawValue)
        writer.member("status", status)
        if let clause { writer.member("clause", clause.rawValue) }
        if let refusal { writer.member("refusal", refusal) }
    }
}
