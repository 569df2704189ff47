public import ClipriseForm
public import ClipriseJournal
public import ClipriseWire

/// An event with the names that it refers to.
public struct EventView: Sendable {
    public var event: JournalEvent
    public var names: EventNames
    /// The account's key, which is never written whole.
    public var key: [UInt8]
    /// The account's 0-based position among all.
    public var account: Int
    /// What the account is called; nil when it has no name.
    public var label: String?
    /// What an exchange said, as far as that is kept and asked for.
    public var content: ExchangeContent?

    public init(
        _ event: JournalEvent, _ names: EventNames, key: [UInt8], account: Int, label: String? = nil,
        content: ExchangeContent? = nil
    ) {
        self.event = event
        self.names = names
        self.key = key
        self.account = account
        self.label = label
        self.content = content
    }

    public func write(to writer: inout JSONWriter) {
        let record = EventRecord(
            account: ShortenedKey.text(key), label: label, accountID: account, line: JournalLine(event, content))
        writer.object { $0.members(of: record, names: names, isView: true) }
    }
}

/// What the admin API reports of an event: whose it is, and what files hold of it, with times for people.
struct EventRecord: Record {
    var account = ""
    var label: String?
    var accountID = 0
    var line: JournalLine

    static var blank: EventRecord { EventRecord(line: .blank) }

    mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.integer("sequence", &line.event.sequence)
        try visitor.text("account", &account)
        try visitor.optional("label", &label)
        try visitor.integer("accountId", &accountID)
        try visitor.instant("at", &line.event.at)
        try visitor.date("realTime", &line.event.realTime)
        try visitor.constant("kind", line.event.kind.word.rawValue)
        try line.visitFacts(&visitor)
    }

    /// One JSON Schema for all kinds of events.
    static func writeSchema(to writer: inout JSONWriter) {
        let kinds: [JournalLine.Kind] = [.exchange, .settled, .callback, .money, .clock]
        writer.object { writer in
            writer.member("oneOf", array: kinds) { writer, kind in
                let record = EventRecord(line: JournalLine(kind))
                RecordDescription(of: record, isView: true).writeSchema(to: &writer)
            }
        }
    }
}

extension EventNames: RecordNames {
    public func name(at position: Int, in list: RecordList) -> String? {
        list == .models ? model(position) : rule(position)
    }

    public func id(ofTask ordinal: Int) -> TaskID? { id(ordinal) }
}

extension JSONWriter {
    /// The warnings of a body, where there are any.
    mutating func warnings(_ warnings: [BodyWarning]) {
        guard !warnings.isEmpty else { return }
        member("warnings", array: warnings) { writer, warning in writer.object { $0.members(of: warning) } }
    }
}
