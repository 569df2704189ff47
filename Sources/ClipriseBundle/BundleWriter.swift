internal import ClipriseForm
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
        bytes = Self.line { $0.members(of: BundleHeader(header: header, isPartial: isPartial)) }
    }

    /// The line of an account that was made after the header of a partial bundle.
    package static func account(_ account: Bundle.AccountStart) -> [UInt8] {
        line { writer in writer.member("account") { $0.members(of: account) } }
    }

    private static func line(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
        JSONWriter.line(capacity: 512, members)
    }

    /// Writes the last line, by which a reader knows that nothing is missing.
    package mutating func end() { bytes += Self.end(exchanges) }

    /// The last line of a bundle of so many exchanges.
    package static func end(_ exchanges: Int) -> [UInt8] { line { $0.member("exchanges", exchanges) } }

    /// Takes what was written so far.
    package mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// Notes a request and the plan of its answer, files included.
    package mutating func note(
        key: [UInt8], request: Request, at now: Instant, answer: ResponsePlan, isRejected: Bool = false,
        ended: Bundle.Ended? = nil
    ) {
        note(
            key: key, request: request, at: now, answerBytes: AnswerBytes.of(answer), isRejected: isRejected,
            ended: ended)
    }

    /// Notes a request and its answer.
    ///
    /// - Parameters:
    ///   - now: The instant with which the engine was asked.
    ///   - answerBytes: As `AnswerBytes` makes them.
    ///   - isRejected: Whether the service had no room for it.
    ///   - ended: Nil for an exchange that was complete at once, or of which nobody knows.
    package mutating func note(
        key: [UInt8], request: Request, at now: Instant, answerBytes: [UInt8], isRejected: Bool = false,
        ended: Bundle.Ended? = nil
    ) {
        exchanges += 1
        var exchange = Bundle.Exchange(
            key: key, request: request, at: now, answer: answerBytes, isRejected: isRejected)
        exchange.ended = ended
        bytes += Self.line(exchange)
    }

    /// The line of a change by hand: a replay can only go as far as here.
    package static func changeByHand(key: [UInt8], at now: Instant) -> [UInt8] {
        line { $0.members(of: BundleChange(at: now, key: key)) }
    }

    package static func line(_ exchange: Bundle.Exchange) -> [UInt8] { line { $0.members(of: exchange) } }
}
