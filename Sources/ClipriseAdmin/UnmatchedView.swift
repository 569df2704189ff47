public import ClipriseJournal
internal import ClipriseWire

/// A request that reached no account: its key, host or path was none that is known, or the listener refused it.
public struct UnmatchedRequest: Sendable, Hashable {
    /// Nanoseconds since 1970.
    public var realTime: Int64
    /// Empty when no whole head came.
    public var method: String
    /// Without query, and without what may be a key; empty when no whole request line came.
    public var path: String
    public var answer: JournalTally.Answer
    /// What a person should know; empty for nothing.
    public var hint: String

    public init(realTime: Int64, method: String, path: String, answer: JournalTally.Answer, hint: String) {
        self.realTime = realTime
        self.method = method
        self.path = path
        self.answer = answer
        self.hint = hint
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("realTime", date: realTime)
            writer.member("method", method)
            writer.member("path", path)
            answer.writeMembers(to: &writer)
            if !hint.isEmpty { writer.member("hint", hint) }
        }
    }
}

/// Requests that reached no account: how many of each kind, and the last of them.
public struct UnmatchedView: Sendable, Hashable {
    /// Requests that look alike, with the hint of the last one.
    public struct Count: Sendable, Hashable {
        public var answer: JournalTally.Answer
        public var count: Int
        public var hint: String

        public init(answer: JournalTally.Answer, count: Int, hint: String) {
            self.answer = answer
            self.count = count
            self.hint = hint
        }
    }

    /// The most frequent first.
    public var counts: [Count]
    /// The last ones, newest last.
    public var requests: [UnmatchedRequest]

    public init(counts: [Count], requests: [UnmatchedRequest]) {
        self.counts = counts
        self.requests = requests
    }

    public var total: Int { counts.reduce(0) { $0 + $1.count } }

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
