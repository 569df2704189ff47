internal import ClipriseWire

/// Neighbouring events as a journal keeps them: numbers side by side, and their texts apart.
///
/// Nearly all events have no text, so that noting one copies a few numbers and touches two cache lines.
struct JournalChunk: Sendable {
    /// Without their sequence numbers, which follow from their places.
    private var events: [KeptEvent] = []
    private var texts: [String] = []
    /// Of texts that are too long to stand within their own 16 bytes.
    private var longTextBytes = 0
    /// Of the few bodies that were warned of, by the places of their events.
    private var warnings: [Int: [BodyWarning]] = [:]
    private var warningBytes = 0

    /// About how much memory the events take.
    var bytes: Int { events.count * MemoryLayout<KeptEvent>.stride + texts.count * 16 + longTextBytes + warningBytes }

    /// When the last event was noted; nanoseconds since 1970.
    var lastRealTime: Int64 { events.last?.realTime ?? .min }

    var count: Int { events.count }

    mutating func reserve(_ count: Int) { events.reserveCapacity(count) }

    mutating func removeAll() {
        events.removeAll(keepingCapacity: true)
        texts.removeAll(keepingCapacity: true)
        longTextBytes = 0
        if !warnings.isEmpty { (warnings, warningBytes) = ([:], 0) }
    }

    /// - Returns: By how many bytes the chunk grew.
    mutating func append(at: Instant, realTime: Int64, _ event: borrowing ExchangeEvent) -> Int {
        let before = bytes
        if let words = event.words, !words.texts.warnings.isEmpty { keep(words.texts.warnings) }
        events.appendPrefetching(KeptEvent(at: at, realTime: realTime, event) { keep($0) })
        return bytes - before
    }

    /// The same for one without words.
    mutating func append(at: Instant, realTime: Int64, _ exchange: PlainExchange) -> Int {
        events.appendPrefetching(KeptEvent(at: at, realTime: realTime, exchange))
        return MemoryLayout<KeptEvent>.stride
    }

    /// The same for an event of any kind.
    mutating func append(at: Instant, realTime: Int64, _ kind: JournalEvent.Kind) -> Int {
        let before = bytes
        if case .exchange(let event) = kind, let words = event.words, !words.texts.warnings.isEmpty {
            keep(words.texts.warnings)
        }
        events.appendPrefetching(KeptEvent(at: at, realTime: realTime, kind) { keep($0) })
        return bytes - before
    }

    func event(_ place: Int, sequence: Int) -> JournalEvent {
        let kept = events[place]
        return JournalEvent(
            sequence: sequence, at: Instant(nanoseconds: kept.at), realTime: kept.realTime,
            kind: kept.kind(text: text, warnings: warnings[place] ?? []))
    }

    /// Notes how an exchange ended; nothing happens when it ended before.
    mutating func end(_ place: Int, _ outcome: ExchangeEvent.Outcome, at: Instant, realTime: Int64) {
        events[place].end(outcome, at: at, realTime: realTime)
    }

    /// Notes what an answer with a file turned out to be.
    mutating func amend(_ place: Int, status: Int, shape: ExchangeEvent.Shape, bytes: Int, file: FilePart?) {
        events[place].amend(status: status, shape: shape, bytes: bytes, file: file)
    }

    /// Adds the events to a tally.
    ///
    /// Most polls are answered as the one before: a run of equal answers is looked up once.
    func count(into tally: inout JournalTally, areKept: Bool) {
        var (last, run): (JournalTally.Answer?, Int) = (nil, 0)
        for event in events {
            switch event.sort {
            case .exchange:
                let answer = event.answer
                if answer == last {
                    run += 1
                } else {
                    if let last { tally.add(last, times: run) }
                    (last, run) = (answer, 1)
                }
                if areKept, event.outcome == .inFlight { tally.addInFlight() }
                if let fault = event.fault { tally.add(fault: fault) }
            case .callback: tally.addCallback(status: event.statusOfCallback)
            case .settled, .money, .clock: break
            }
        }
        if let last { tally.add(last, times: run) }
        for (place, warnings) in warnings { tally.add(warnings, model: events[place].modelOfExchange) }
    }

    private func text(_ place: UInt16) -> String? {
        place == KeptEvent.Texts.none ? nil : texts[Int(place)]
    }

    /// Keeps the warnings of the event that comes next.
    private mutating func keep(_ warnings: [BodyWarning]) {
        self.warnings[events.count] = warnings
        warningBytes += warnings.reduce(64) { $0 + $1.bytes }
    }

    private mutating func keep(_ text: String) -> UInt16 {
        texts.append(text)
        if text.utf8.count > 15 { longTextBytes += text.utf8.count + 32 }
        return UInt16(texts.count - 1)
    }
}
