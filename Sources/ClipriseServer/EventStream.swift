internal import ClipriseAdmin
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseLocks
internal import ClipriseWire
internal import Dispatch
internal import MicroHTTPD

/// Events as server-sent events, as long as the client reads.
final class EventStream: JournalReader {
    static let accountLimit = 1_000
    /// The most events of one account at a time, and the most exchanges whose end is awaited.
    private static let batchLimit = 500
    private static let openLimit = 10_000
    /// After this long without an event, a comment shows that the stream lives.
    private static let heartbeat: UInt64 = 15_000_000_000

    /// How many events before the last one that a reader has are looked through for exchanges that ended meanwhile.
    private static let lookBack = 1_000

    private struct Progress: Sendable {
        var cells: [ObjectIdentifier: (cell: AccountCell, seen: Int)] = [:]
        /// Exchanges that were sent before they had ended.
        var open: [(cell: AccountCell, sequence: Int)] = []
        /// What to send first.
        var text: [UInt8] = []
        var lastSent: UInt64
    }

    private let service: Service
    private let stream: ExchangeHandle
    private let key: [UInt8]?
    private let progress: Locked<Progress>

    var exchange: ExchangeHandle? { stream }

    init(_ service: Service, _ exchange: ExchangeHandle, _ key: [UInt8]?, _ start: StreamStart) {
        self.service = service
        stream = exchange
        self.key = key
        var progress = Progress(lastSent: DispatchTime.now().uptimeNanoseconds)
        if start == .gap { Self.appendGap(account: nil, to: &progress.text) }
        for cell in Self.cells(service, key) {
            let seen =
                switch start {
                case .now, .gap: service.read(cell, after: .max - 1).total
                case .after(let number): number
                case .mark(let mark, let after): Self.resume(service, cell, mark, after: after, &progress)
                }
            progress.cells[ObjectIdentifier(cell)] = (cell, seen)
        }
        self.progress = Locked(progress)
    }

    private static func cells(_ service: Service, _ key: [UInt8]?) -> [AccountCell] {
        guard let key else { return Array(service.directory.all.prefix(accountLimit)) }
        return service.directory.find(key[...]).map { [$0] } ?? []
    }

    /// Finds what ended behind a mark, and whether events behind it may have been evicted.
    ///
    /// - Returns: The number of the last event up to the mark.
    private static func resume(
        _ service: Service, _ cell: AccountCell, _ mark: EventMark, after: Int, _ progress: inout Progress
    ) -> Int {
        let journal = service.read(cell, after: .max - 1)
        func isBehind(_ event: JournalEvent?) -> Bool {
            event.map { EventMark($0, account: cell.position) > mark } ?? true
        }
        var (first, last) = (max(after, min(journal.evicted, journal.total)), max(after, journal.total))
        if journal.evicted > after, first < last, isBehind(service.read(cell, after: first, limit: 1).events.first) {
            appendGap(account: cell.position, to: &progress.text)
        }
        while first < last {
            let middle = first + (last - first) / 2
            if isBehind(service.read(cell, after: middle, limit: 1).events.first) {
                last = middle
            } else {
                first = middle + 1
            }
        }
        let start = max(after, first - lookBack)
        let piece = service.read(cell, after: start, limit: first - start)
        for event in piece.events {
            guard case .exchange(let exchange) = event.kind else { continue }
            if exchange.outcome == .inFlight, progress.open.count < openLimit {
                progress.open.append((cell, event.sequence))
            } else if let ended = exchange.endedRealTime, ended > mark.realTime, event.realTime < ended {
                append("ended", event, piece, cell, to: &progress.text)
            }
        }
        return first
    }

    func look() -> Bool {
        let now = DispatchTime.now().uptimeNanoseconds
        var text: [UInt8] = []
        progress.withLock { progress in
            text = progress.text
            progress.text = []
            sendEnds(&progress, &text)
            sendEvents(&progress, &text)
            if text.isEmpty, now - progress.lastSent >= Self.heartbeat { text.append(literal: ":\n\n") }
            if !text.isEmpty { progress.lastSent = now }
        }
        if !text.isEmpty { stream.release(adding: [.send(text), .hold]) }
        return false
    }

    func stop() { stream.release() }

    private struct Found: Sendable {
        var mark: EventMark
        var event: JournalEvent
        var piece: Service.JournalPiece
        var cell: AccountCell
    }

    /// Sends what is new in the order of marks, so that a mark says all that was sent.
    private func sendEvents(_ progress: inout Progress, _ text: inout [UInt8]) {
        // What is stamped by now is in the journals when they are read, for stamps are taken inside an account's lock.
        var horizon = EventMark(realTime: service.now.wall, account: .max, sequence: .max)
        var cells: [ObjectIdentifier: (cell: AccountCell, seen: Int)] = [:]
        var found: [Found] = []
        for cell in Self.cells(service, key) {
            // An account that is new since the last look is sent from its first event on.
            let seen = progress.cells[ObjectIdentifier(cell)]?.seen ?? 0
            let piece = service.read(cell, after: seen, limit: Self.batchLimit)
            let firstKept = min(piece.evicted, piece.total)
            if firstKept > seen { Self.appendGap(account: cell.position, to: &text) }
            cells[ObjectIdentifier(cell)] = (cell, max(seen, firstKept))
            for event in piece.events {
                found.append(
                    Found(mark: EventMark(event, account: cell.position), event: event, piece: piece, cell: cell))
            }
            if piece.events.count == Self.batchLimit, let last = found.last { horizon = min(horizon, last.mark) }
        }
        found.sort { $0.mark < $1.mark }
        for item in found {
            guard item.mark <= horizon else { break }
            Self.append("event", item.event, item.piece, item.cell, mark: item.mark, to: &text)
            if case .exchange(let exchange) = item.event.kind, exchange.outcome == .inFlight,
                progress.open.count < Self.openLimit
            {
                progress.open.append((item.cell, item.event.sequence))
            }
            cells[ObjectIdentifier(item.cell)] = (item.cell, item.event.sequence)
        }
        progress.cells = cells
    }

    private func sendEnds(_ progress: inout Progress, _ text: inout [UInt8]) {
        progress.open.removeAll { open in
            let piece = service.read(open.cell, after: open.sequence - 1, limit: 1)
            guard let event = piece.events.first, event.sequence == open.sequence,
                case .exchange(let exchange) = event.kind
            else { return true }
            guard exchange.outcome != .inFlight else { return false }
            Self.append("ended", event, piece, open.cell, to: &text)
            return true
        }
    }

    /// - Parameter mark: Nil leaves the reader with the mark that it has.
    private static func append(
        _ name: StaticString, _ event: JournalEvent, _ piece: Service.JournalPiece, _ cell: AccountCell,
        mark: EventMark? = nil, to text: inout [UInt8]
    ) {
        text.append(literal: "event: ")
        text.append(literal: name)
        if let mark {
            text.append(literal: "\nid: ")
            text.append(contentsOf: mark.text.utf8)
        }
        text.append(literal: "\ndata: ")
        var writer = JSONWriter(capacity: 512)
        piece.view(event, account: cell.position, hasContent: false).write(to: &writer)
        text.append(contentsOf: writer.bytes)
        text.append(literal: "\n\n")
    }

    /// Reports that events may be missing here.
    ///
    /// - Parameter account: Whose they are; nil for any.
    private static func appendGap(account: Int?, to text: inout [UInt8]) {
        text.append(literal: "event: gap\ndata: {")
        if let account {
            text.append(literal: "\"accountId\":")
            text.append(decimal: account)
        }
        text.append(literal: "}\n\n")
    }
}
