public import ClipriseForm
internal import ClipriseWire

/// An event, and what an exchange said, as one record: what files and the admin API say of it.
public struct JournalLine: Sendable, Hashable {
    /// The words by which lines are told apart.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The header of an account, which is no event.
        case account
        case exchange, settled, callback, money, clock
    }

    public var event: JournalEvent
    public var content: ExchangeContent?
    /// Whether what exchanges said is read.
    public var hasContent = true

    public init(_ event: JournalEvent, _ content: ExchangeContent? = nil) {
        self.event = event
        self.content = content
    }

    /// A line of a kind, to read into.
    public init(_ kind: Kind) {
        self.init(JournalEvent(at: .start, realTime: 0, kind: .blank(kind)))
    }
}

extension JournalLine: Record {
    public static var blank: JournalLine { JournalLine(.clock) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        var kind = event.kind.word
        try visitor.word("kind", &kind)
        try visitor.integer("sequence", &event.sequence, in: 1...RecordRange.counts.upperBound)
        try visitor.instant(TimeKey("at", "atNanoseconds"), &event.at)
        try visitor.date(TimeKey("realTime", "realTimeNanoseconds"), &event.realTime)
        try visitFacts(&visitor)
    }

    /// Visits what is special to the kind of the event.
    public mutating func visitFacts<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        switch event.kind {
        case .exchange(var exchange):
            try exchange.visit(&visitor)
            try visitContent(&visitor)
            if visitor.isReading { event.kind = .exchange(exchange) }
        case .settled(var settled):
            try settled.visit(&visitor)
            event.kind = .settled(settled)
        case .callback(var callback):
            try callback.visit(&visitor)
            event.kind = .callback(callback)
        case .money(var money):
            try money.visit(&visitor)
            event.kind = .money(money)
        case .clock(var span):
            try visitor.span(TimeKey("by", "byNanoseconds"), &span, in: RecordRange.dates)
            event.kind = .clock(by: span)
        }
    }

    private mutating func visitContent<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        guard hasContent else {
            visitor.pass("request")
            visitor.pass("response")
            return
        }
        guard visitor.has("request", content != nil) else {
            let stray = visitor.has("response", false)
            return try visitor.demand(!stray, "response", .said("stands without request"))
        }
        var content = content ?? ExchangeContent(target: "", request: .blank)
        try visitor.record("request", &content)
        try visitor.optional("response", &content.response)
        self.content = content
    }
}

extension JournalEvent.Kind {
    public var word: JournalLine.Kind {
        switch self {
        case .exchange: .exchange
        case .settled: .settled
        case .callback: .callback
        case .money: .money
        case .clock: .clock
        }
    }

    fileprivate static func blank(_ kind: JournalLine.Kind) -> JournalEvent.Kind {
        switch kind {
        case .exchange: .exchange(.blank)
        case .settled: .settled(.blank)
        case .callback: .callback(.blank)
        case .money: .money(.blank)
        case .account, .clock: .clock(by: .zero)
        }
    }
}

/// The request; the answer is visited by the line.
extension ExchangeContent: Record {
    public static var blank: ExchangeContent { ExchangeContent(target: "", request: .blank) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.text("target", &target)
        try request.visit(&visitor)
    }
}

extension ExchangeContent.Message: Record {
    public static var blank: ExchangeContent.Message { ExchangeContent.Message() }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        if visitor.has("fields", true) { try visitor.records("fields", &fields) }
        try visitor.integer("bodyBytes", &body.size)
        var text = body.text
        var base64 = text == nil ? body.bytes.map(Base64.encode) : nil
        try visitor.optional("body", &text)
        try visitor.optional("bodyBase64", &base64)
        try visitor.demand(text == nil || base64 == nil, "bodyBase64", .said("stands beside body"))
        if visitor.isReading {
            body.bytes = text.map { Array($0.utf8) } ?? base64.flatMap { Base64.decode(Array($0.utf8)) }
            try visitor.demand(
                base64 == nil || body.bytes != nil, "bodyBase64", .expected("base64 with padding"))
        }
        try visitor.flag(ifSet: "bodyIsCut", &body.isCut)
    }
}

extension ExchangeContent.Field: Record {
    public static var blank: ExchangeContent.Field { ExchangeContent.Field("", "") }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.text("name", &name)
        try visitor.text("value", &value)
    }
}
