internal import ClipriseAdmin
internal import ClipriseJournal
internal import ClipriseLocks
internal import ClipriseWire
internal import Dispatch
internal import MicroHTTPD

/// Events as server-sent events, as long as the client reads.
final class EventStream: JournalReader {
    /// The most accounts that are followed.
    static let accountLimit = 1_000
    /// The most events of one account at a time, and the most exchanges whose end is awaited.
    private static let batchLimit = 500
    private static let openLimit = 10_000
    /// After this long without an event, a comment shows that the stream lives.
    private static let heartbeat: UInt64 = 15_000_000_000

    private struct Progress: Sendable {
        var cells: [ObjectIdentifier: (cell: AccountCell, seen: Int)] = [:]
        /// Exchanges that were told before they had ended.
        var open: [(cell: AccountCell, sequence: Int)] = []
        var lastSent: UInt64
    }

    private let service: Service
    private let stream: Exchange
    private let key: [UInt8]?
    private let showsKeys: Bool
    private let progress: Locked<Progress>

    var exchange: Exchange? { stream }

    /// - Parameter after: Begins behind this number in each journal; nil begins with what happens from now on.
    init(_ service: Service, _ exchange: Exchange, _ key: [UInt8]?, after: Int?, showsKeys: Bool) {
        self.service = service
        stream = exchange
        self.key = key
        self.showsKeys = showsKeys
        var progress = Progress(lastSent: DispatchTime.now().uptimeNanoseconds)
        for cell in Self.cells(service, key) {
            let seen = after ?? service.read(cell, after: .max - 1).total
            progress.cells[ObjectIdentifier(cell)] = (cell, seen)
        }
        self.progress = Locked(progress)
    }

    private static func cells(_ service: Service, _ key: [UInt8]?) -> [AccountCell] {
        guard let key else { return Array(service.directory.all.prefix(accountLimit)) }
        return service.directory.find(key[...]).map { [$0] } ?? []
    }

    func look() -> Bool {
        let now = DispatchTime.now().uptimeNanoseconds
        var text: [UInt8] = []
        progress.withLock { progress in
            tellEnds(&progress, &text)
            tellEvents(&progress, &text)
            if text.isEmpty, now - progress.lastSent >= Self.heartbeat { text.append(literal: ":\n\n") }
            if !text.isEmpty { progress.lastSent = now }
        }
        if !text.isEmpty { stream.release(adding: [.send(text), .hold]) }
        return false
    }

    func stop() { stream.release() }

    private func tellEvents(_ progress: inout Progress, _ text: inout [UInt8]) {
        var cells: [ObjectIdentifier: (cell: AccountCell, seen: Int)] = [:]
        for cell in Self.cells(service, key) {
            // An account that is new since the last look is told from its first event on.
            let seen = progress.cells[ObjectIdentifier(cell)]?.seen ?? 0
            let piece = service.read(cell, after: seen, limit: Self.batchLimit)
            for event in piece.events {
                append("event", event, piece, cell, to: &text)
                if case .exchange(let exchange) = event.kind, exchange.outcome == .inFlight,
                    progress.open.count < Self.openLimit
                {
                    progress.open.append((cell, event.sequence))
                }
            }
            // With events evicted unseen, the last that were read are ahead of `seen` plus their count.
            let last = piece.events.last?.sequence ?? max(seen, min(piece.evicted, piece.total))
            cells[ObjectIdentifier(cell)] = (cell, last)
        }
        progress.cells = cells
    }

    private func tellEnds(_ progress: inout Progress, _ text: inout [UInt8]) {
        progress.open.removeAll { open in
            let piece = service.read(open.cell, after: open.sequence - 1, limit: 1)
            guard let event = piece.events.first, event.sequence == open.sequence,
                case .exchange(let exchange) = event.kind
            else { return true }
            guard exchange.outcome != .inFlight else { return false }
            append("ended", event, piece, open.cell, to: &text)
            return true
        }
    }

    private func append(
        _ name: StaticString, _ event: JournalEvent, _ piece: Service.JournalPiece, _ cell: AccountCell,
        to text: inout [UInt8]
    ) {
        text.append(literal: "event: ")
        text.append(literal: name)
        text.append(literal: "\nid: ")
        text.append(decimal: cell.position)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: event.sequence)
        text.append(literal: "\ndata: ")
        var writer = JSONWriter(capacity: 512)
        EventView(event, piece.names, key: piece.key, showsKey: showsKeys).write(to: &writer)
        text.append(contentsOf: writer.bytes)
        text.append(literal: "\n\n")
    }
}
