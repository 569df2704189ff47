package import ClipriseJournal
package import ClipriseWire

/// An event with the names that it refers to.
package struct EventView: Sendable {
    package var event: JournalEvent
    package var names: EventNames
    /// The account's key, which is never written whole.
    package var key: [UInt8]
    /// The account's 0-based position among all.
    package var account: Int
    /// What the account is called; nil when it has no name.
    package var label: String?
    /// What an exchange said, as far as that is kept and asked for.
    package var content: ExchangeContent?

    package init(
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

    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("sequence", event.sequence)
            writer.member("account", ShortenedKey.text(key))
            if let label { writer.member("label", label) }
            writer.member("accountId", account)
            writer.member("at", seconds: event.at)
            writer.key("realTime")
            writer.date(event.realTime)
            switch event.kind {
            case .exchange(let exchange):
                write(exchange, to: &writer)
                content?.write(to: &writer)
            case .settled(let settled): write(settled, to: &writer)
            case .callback(let callback): write(callback, to: &writer)
            case .money(let money):
                writer.member("kind", "money")
                writer.member("movement", money.kind.rawValue)
                writer.member("credits", money.credits)
            case .clock(let span):
                writer.member("kind", "clock")
                writer.member("by", seconds: Instant(nanoseconds: span.nanoseconds))
            }
        }
    }

    private func write(_ exchange: ExchangeEvent, to writer: inout JSONWriter) {
        writer.member("kind", "exchange")
        writer.member("operation", exchange.operation.rawValue)
        writer.member("method", exchange.method.description)
        writer.member("status", exchange.status)
        if let clause = exchange.clause { writer.member("clause", clause.rawValue) }
        if let model = exchange.model { writer.member("model", names.model(model)) }
        if let task = exchange.task { write(task: task, to: &writer) }
        writer.member("attempt", exchange.attempt)
        if exchange.bodyHash != 0 { writer.member("bodyHash", exchange.bodyHash.hex) }
        if let fate = exchange.fate { writer.member("fate", fate.rawValue) }
        if let rule = exchange.rule { writer.member("rule", names.rule(rule)) }
        if let fault = exchange.fault { writer.member("fault", fault) }
        if let phase = exchange.faultPhase { writer.member("faultPhase", phase) }
        if exchange.held != 0 { writer.member("held", exchange.held) }
        if let wait = exchange.retryAfter {
            writer.member("retryAfter", seconds: Instant(nanoseconds: wait.nanoseconds))
        }
        writer.member("shape", exchange.shape.rawValue)
        writer.member("bytes", exchange.bytes)
        if !exchange.leaks.isEmpty {
            writer.member("leaks", array: Self.leaks.filter { exchange.leaks.contains($0.leak) }) { $0.string($1.word) }
        }
        if let hint = exchange.hint { writer.member("hint", hint) }
        writer.warnings(exchange.warnings)
        writer.member("outcome", exchange.outcome.rawValue)
        if let ended = exchange.endedAt { writer.member("endedAt", seconds: ended) }
        if let ended = exchange.endedRealTime {
            writer.key("endedRealTime")
            writer.date(ended)
        }
    }

    private func write(_ settled: SettledEvent, to writer: inout JSONWriter) {
        writer.member("kind", "settled")
        write(task: settled.task, to: &writer)
        writer.member("model", names.model(settled.model))
        writer.member("succeeded", settled.succeeded)
        writer.member("captured", settled.captured)
        writer.member("released", settled.released)
    }

    private func write(_ callback: CallbackEvent, to writer: inout JSONWriter) {
        writer.member("kind", "callback")
        write(task: callback.task, to: &writer)
        writer.member("attempt", callback.attempt)
        if let status = callback.status { writer.member("status", status) }
        if let fault = callback.fault { writer.member("fault", fault) }
        if let error = callback.error { writer.member("error", error) }
    }

    private func write(task ordinal: Int, to writer: inout JSONWriter) {
        writer.member("task", ordinal)
        writer.member("taskId", names.id(ordinal).description)
    }

    private static let leaks: [(leak: ExchangeEvent.Leak, word: String)] = [
        (.target, "target"), (.body, "body"), (.field, "field"),
    ]
}

extension JSONWriter {
    /// The warnings of a body, where there are any.
    mutating func warnings(_ warnings: [BodyWarning]) {
        guard !warnings.isEmpty else { return }
        member("warnings", array: warnings) { writer, warning in
            writer.object {
                $0.member("key", warning.key)
                $0.member("problem", warning.problem)
                $0.member("from", warning.from)
            }
        }
    }
}
