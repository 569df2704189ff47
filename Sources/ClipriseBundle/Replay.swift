package import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

/// Runs a recorded run again and compares every answer, byte by byte.
package struct Replay: Sendable {
    /// Where an answer differs first.
    package struct Difference: Sendable, Hashable {
        /// 1-based line of the bundle.
        package var line: Int
        /// 1-based number of the request.
        package var request: Int
        package var account: String
        /// Nanoseconds on the host's clock.
        package var at: Int64
        package var method: String
        package var target: String
        /// 0-based place of the first byte that differs; nil when only hashes can be compared.
        package var offset: Int?
        package var expected: String
        package var found: String
    }

    package struct Outcome: Sendable, Hashable {
        package var requests: Int
        package var reproduced: Int
        /// Nil when every answer came out the same.
        package var difference: Difference?
        /// The line from which on the recording cannot be played, because someone changed an account by hand.
        package var stoppedByHand: Int?
        /// What may explain a difference: another catalogue, another version.
        package var remarks: [String]
    }

    /// - Parameter version: Of this binary.
    /// - Throws: `ScenarioErrors` for a scenario that this binary cannot read any more.
    package static func run(_ bundle: Bundle, catalog: Catalog, version: String) throws -> Outcome {
        var world = try world(bundle, catalog: catalog)
        var outcome = Outcome(requests: bundle.exchanges.count, reproduced: 0, remarks: [])
        if bundle.isPartial {
            outcome.remarks.append("the recording was cut off; this is what was written of it")
        }
        if bundle.header.version != version {
            outcome.remarks.append("recorded by version \(bundle.header.version), played by \(version)")
        }
        if bundle.header.catalogue != catalog.contentHash {
            outcome.remarks.append("the catalogue is not the one of the recording")
        }
        for (index, exchange) in bundle.exchanges.enumerated() {
            if let byHand = bundle.firstChangeByHand, exchange.line > byHand {
                outcome.stoppedByHand = byHand
                return outcome
            }
            let plan = try world.answer(
                exchange.request, at: exchange.at, isRejected: exchange.isRejected)
            let found = plan.map(AnswerBytes.of) ?? []
            if exchange.answer.isOf(found) {
                outcome.reproduced += 1
            } else {
                outcome.difference = difference(exchange, found, number: index + 1)
                return outcome
            }
        }
        return outcome
    }

    static func world(_ bundle: Bundle, catalog: Catalog, scenarios: [Scenario]? = nil) throws -> SimulatedWorld {
        let header = bundle.header
        let scenarios = try scenarios ?? header.scenarios.map { try header.scenario($0) }
        var setup = SimulatedWorld.Setup(catalog: catalog, settings: header.settings, scenarios: scenarios)
        setup.keepsClocks = header.keepsClocks
        setup.isOpen = header.isOpen
        setup.port = header.port
        setup.wallAtZero = header.wallAtZero
        setup.files = header.hasFiles ? .rendered : .standIn
        setup.journalLimit = SimulatedWorld.usualJournalLimit
        var world = SimulatedWorld(setup, makesDeclared: false)
        for account in header.accounts { _ = world.add(account.key, credits: account.credits, at: account.at) }
        return world
    }

    private static func difference(_ exchange: Bundle.Exchange, _ found: [UInt8], number: Int) -> Difference {
        var offset: Int?
        var expected = "\(DecimalText.count(exchange.answer.count, "byte")), hash \(exchange.answer.hash.hex)"
        var seen = "\(DecimalText.count(found.count, "byte")), hash \(Bundle.Expected(found).hash.hex)"
        if let recorded = exchange.answer.bytes {
            let place = zip(recorded, found).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            let first = place ?? min(recorded.count, found.count)
            offset = first
            expected = excerpt(recorded, around: first)
            seen = excerpt(found, around: first)
        }
        return Difference(
            line: exchange.line, request: number, account: String(decoding: exchange.key, as: UTF8.self),
            at: exchange.at.nanoseconds, method: exchange.method,
            target: String(decoding: exchange.target, as: UTF8.self), offset: offset, expected: expected, found: seen)
    }

    /// Up to 80 bytes from a little before a place on, control characters made visible.
    private static func excerpt(_ bytes: [UInt8], around place: Int) -> String {
        let start = max(0, place - 20)
        let end = min(bytes.count, start + 80)
        guard start < end else { return "(ends here)" }
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        let visible = text.unicodeScalars.map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F ? "·" : String(scalar)
        }
        return (start > 0 ? "…" : "") + visible.joined() + (end < bytes.count ? "…" : "")
    }
}
