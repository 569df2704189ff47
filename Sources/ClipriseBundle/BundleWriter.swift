internal import ClipriseEngine
internal import ClipriseJournal
package import ClipriseWire

/// Writes a bundle line by line; whoever uses it keeps the bytes.
///
/// Exchanges of one account must be noted in the order in which they were decided.
package struct BundleWriter: Sendable {
    /// What was written and not yet taken.
    package private(set) var bytes: [UInt8] = []
    package private(set) var exchanges = 0

    /// A writer that has written the header.
    ///
    /// - Parameter isPartial: Whether lines are written as they come, and a last line may never be.
    package init(_ header: Bundle.Header, isPartial: Bool = false) {
        write(header, isPartial: isPartial)
    }

    /// The line of an account that was made after the header of a partial bundle.
    package static func account(_ account: Bundle.AccountStart) -> [UInt8] {
        var bytes: [UInt8] = []
        var line = JSONLine()
        line.raw("account", object(of: account))
        line.end(&bytes)
        return bytes
    }

    private static func object(of account: Bundle.AccountStart) -> String {
        var object = JSONLine()
        object.bytes("key", account.key)
        object.number("credits", account.credits)
        if account.at != .start { object.number("at", account.at.nanoseconds) }
        return object.object
    }

    /// Writes the last line, by which a reader knows that nothing is missing.
    package mutating func end() { bytes += Self.end(exchanges) }

    /// The last line of a bundle of so many exchanges.
    package static func end(_ exchanges: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var line = JSONLine()
        line.number("exchanges", Int64(exchanges))
        line.end(&bytes)
        return bytes
    }

    /// Takes what was written so far.
    package mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// Notes a request and the plan of its answer, files included.
    package mutating func note(
        key: [UInt8], request: Request, at now: Instant, answer: ResponsePlan, isTurnedAway: Bool = false,
        ended: Bundle.Ended? = nil
    ) {
        note(
            key: key, request: request, at: now, answerBytes: AnswerBytes.of(answer), isTurnedAway: isTurnedAway,
            ended: ended)
    }

    /// Notes a request and its answer.
    ///
    /// - Parameters:
    ///   - now: The instant with which the engine was asked.
    ///   - answerBytes: As `AnswerBytes` makes them.
    ///   - isTurnedAway: Whether the service had no room for it.
    ///   - ended: Nil for an exchange that was complete at once, or of which nobody knows.
    package mutating func note(
        key: [UInt8], request: Request, at now: Instant, answerBytes: [UInt8], isTurnedAway: Bool = false,
        ended: Bundle.Ended? = nil
    ) {
        exchanges += 1
        var exchange = Bundle.Exchange(
            key: key, request: request, at: now, answer: answerBytes, isTurnedAway: isTurnedAway)
        exchange.ended = ended
        bytes += Self.line(exchange)
    }

    /// Notes that an account was changed by hand: a replay can only go as far as here.
    package mutating func noteChangeByHand(key: [UInt8], at now: Instant) {
        bytes += Self.changeByHand(key: key, at: now)
    }

    /// The line of a change by hand.
    package static func changeByHand(key: [UInt8], at now: Instant) -> [UInt8] {
        var bytes: [UInt8] = []
        var line = JSONLine()
        line.number("at", now.nanoseconds)
        line.bytes("key", key)
        line.flag("by_hand", true)
        line.end(&bytes)
        return bytes
    }

    private mutating func write(_ header: Bundle.Header, isPartial: Bool) {
        var line = JSONLine()
        line.text("bundle", Bundle.format)
        if isPartial { line.flag("partial", true) }
        line.text("version", header.version)
        line.text("seed", "\(header.settings.seed)")
        if header.seedGoesFirst { line.flag("seed_first", true) }
        line.text("profile", header.settings.profile.rawValue)
        line.flag("strict", header.settings.isStrict)
        line.text("host_gate", header.settings.hostGate.rawValue)
        line.list("accepted_hosts", header.settings.acceptedHosts.map { JSONLine.quoted(Array($0.utf8)) })
        line.text("own_host", header.settings.ownHost)
        switch header.settings.pace {
        case .pleasant: line.text("pace", "pleasant")
        case .scaled(let factor): line.raw("pace", "\(factor)")
        }
        line.flag("keeps_clocks", header.keepsClocks)
        line.text("catalogue", header.catalogue.hex)
        line.flag("open", header.isOpen)
        line.number("port", Int64(header.port))
        line.number("wall_at_zero", header.wallAtZero)
        line.flag("files", header.hasFiles)
        line.list(
            "scenarios",
            header.scenarios.map { source in
                var object = JSONLine()
                object.text("name", source.name)
                object.bytes("text", source.text)
                return object.object
            })
        line.list("accounts", header.accounts.map(Self.object))
        if let origin = header.origin {
            var object = JSONLine()
            object.text("program", origin.program.rawValue)
            object.list("arguments", origin.arguments.map { JSONLine.quoted(Array($0.utf8)) })
            line.raw("origin", object.object)
        }
        line.end(&bytes)
    }

    /// The line of an exchange.
    package static func line(_ exchange: Bundle.Exchange) -> [UInt8] {
        var bytes: [UInt8] = []
        var line = JSONLine()
        line.number("at", exchange.at.nanoseconds)
        line.bytes("key", exchange.key)
        line.text("method", exchange.method)
        line.bytes("target", exchange.target)
        line.list(
            "fields", exchange.fields.map { "[\(JSONLine.value($0.name)),\(JSONLine.value($0.value))]" })
        if exchange.isTurnedAway { line.flag("turned_away", true) }
        if exchange.isOnReusedConnection { line.flag("reused_connection", true) }
        if !exchange.body.isEmpty { line.bytes("body", exchange.body) }
        if let ended = exchange.ended {
            line.number("ended", ended.at.nanoseconds)
            line.text("end", ended.outcome.rawValue)
        }
        line.text("hash", exchange.answer.hash.hex)
        line.number("bytes", Int64(exchange.answer.count))
        if let answer = exchange.answer.bytes { line.bytes("answer", answer) }
        line.end(&bytes)
        return bytes
    }
}
