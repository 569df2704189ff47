internal import ClipriseAdmin
internal import ClipriseLocks
internal import ClipriseWire
internal import Dispatch
internal import MicroHTTPD

/// Answers when enough events match, or when the time is over.
final class EventWait: JournalReader {
    private struct Progress: Sendable {
        var cells: [ObjectIdentifier: (cell: AccountCell, seen: Int)] = [:]
        var found: [EventView] = []
    }

    let exchange: ExchangeHandle?
    private let service: Service
    private let query: EventQuery
    private let count: Int
    private let timeout: TimeSpan
    private let deadline: UInt64
    private let answer: LaterAnswer
    private let progress = Locked(Progress())

    init(
        _ service: Service, _ exchange: ExchangeHandle?, _ query: EventQuery, count: Int, timeout: TimeSpan,
        _ answer: LaterAnswer
    ) {
        self.service = service
        self.exchange = exchange
        self.query = query
        self.count = count
        self.timeout = timeout
        deadline = DispatchTime.now().uptimeNanoseconds + UInt64(timeout.nanoseconds)
        self.answer = answer
    }

    func look() -> Bool {
        let found = progress.withLock { progress in
            read(&progress)
            return progress.found
        }
        if found.count >= count {
            answer.give(.success(.waited(Array(found.prefix(count)))))
            return true
        }
        guard DispatchTime.now().uptimeNanoseconds >= deadline else { return false }
        giveUp()
        return true
    }

    private func read(_ progress: inout Progress) {
        let cells =
            query.account.map { key in service.directory.find(key[...]).map { [$0] } ?? [] } ?? service.directory.all
        var seenNow: [ObjectIdentifier: (cell: AccountCell, seen: Int)] = [:]
        for cell in cells {
            let seen = progress.cells[ObjectIdentifier(cell)]?.seen ?? query.after
            let piece = service.read(cell, after: seen)
            for event in piece.events where query.filter.matches(event, piece.names) {
                guard progress.found.count < count else { break }
                progress.found.append(
                    piece.view(event, account: cell.position, hasContent: query.hasContents))
            }
            seenNow[ObjectIdentifier(cell)] = (cell, max(seen, piece.total))
        }
        progress.cells = seenNow
    }

    /// Says how many there are.
    func giveUp() {
        let found = progress.withLock { $0.found.count }
        answer.give(
            .failure(
                AdminProblem(
                    status: 408, title: "Too few requests",
                    detail: "\(found) of \(count) matched within \(timeout.nanoseconds / 1_000_000) ms.")))
    }

    func stop() { answer.give(.failure(JournalWatch.stopping)) }
}
