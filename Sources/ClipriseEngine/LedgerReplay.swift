internal import ClipriseWire

/// Makes a ledger from its entries, one after the other, each of which must have been possible when it was made
/// (contract, CR-6 and CR-7).
///
/// Where the first entries were dropped, the ledger goes on from what they came to.
struct LedgerReplay: Sendable {
    private enum Progress: UInt8 { case none, held, captured, released, refunded }

    private(set) var ledger: Ledger
    /// The number of the next entry.
    private(set) var entries: Int
    /// The first task whose hold is among the entries.
    private let first: Int
    private var holds: Int
    /// How far the tasks are, from the first one on.
    private var progress: [Progress] = []
    /// The same for tasks before it that ended since.
    private var early: [Int: Progress] = [:]
    private var last = Instant.start
    private var isBegun: Bool

    /// - Parameter dropped: What was dropped; nil for nothing.
    init(after dropped: AccountSnapshot.Dropped?) throws(SnapshotBreach) {
        guard let dropped else {
            ledger = Ledger(opening: 0, at: .start)
            (entries, first, holds, isBegun) = (0, 0, 0, false)
            return
        }
        let sums = dropped.carried
        guard dropped.first >= 0, dropped.entries > dropped.first, dropped.entries <= 1 << 31,
            (0...Ledger.limit).contains(dropped.opening),
            (0...Ledger.limit).contains(sums.available), (0...Ledger.limit).contains(sums.held),
            sums.available + sums.held <= Ledger.limit, (0...Self.mostCaptured).contains(sums.captured)
        else { throw SnapshotBreach("what is dropped of the ledger was never possible") }
        ledger = Ledger(opening: dropped.opening, carried: sums, entries: dropped.entries)
        (entries, first, holds, isBegun) = (dropped.entries, dropped.first, dropped.first, true)
    }

    /// Beyond all that was ever taken, and far from the end of 64 bits.
    private static let mostCaptured: Int64 = 1 << 48

    /// One more task, whose hold is among the entries.
    mutating func addTask() { progress.append(.none) }

    /// Adds the next entry; false, and nothing of use is left, for one that was never possible.
    ///
    /// - Parameter task: What the account has of the entry's task; nil for a task that was dropped, and for no task.
    mutating func add(
        _ kind: Ledger.Kind, _ position: Int?, _ credits: Int64, at: Instant, task: (credits: Int64, isPaid: Bool)?
    ) -> Bool {
        guard at >= last, (-Ledger.limit...Ledger.limit).contains(credits) else { return false }
        let isSound =
            if !isBegun {
                open(kind, position, credits, at)
            } else if let position {
                replay(kind, position, credits, at, task)
            } else {
                replay(kind, credits, at)
            }
        guard isSound, ledger.breach == nil, ledger.balance <= Ledger.limit else { return false }
        last = at
        entries += 1
        return true
    }

    /// What to say of an entry that was not taken, or of none at all.
    var problem: SnapshotBreach {
        isBegun
            ? SnapshotBreach("ledger entry \(entries) was never possible")
            : SnapshotBreach("the ledger begins with an opening of 0 to \(Ledger.limit) credits")
    }

    private mutating func open(_ kind: Ledger.Kind, _ position: Int?, _ credits: Int64, _ at: Instant) -> Bool {
        guard kind == .opening, position == nil, credits >= 0 else { return false }
        ledger = Ledger(opening: credits, at: at)
        isBegun = true
        return true
    }

    private mutating func replay(_ kind: Ledger.Kind, _ credits: Int64, _ at: Instant) -> Bool {
        switch kind {
        case .topUp: return credits > 0 && ledger.topUp(credits, at: at)
        case .adjustment: return ledger.adjust(by: credits, at: at)
        case .drain:
            let rest = ledger.available + credits
            guard credits < 0, rest >= 0 else { return false }
            return ledger.drain(to: rest, at: at) == -credits
        case .opening, .hold, .capture, .release, .refund: return false
        }
    }

    private mutating func replay(
        _ kind: Ledger.Kind, _ position: Int, _ credits: Int64, _ at: Instant, _ task: (credits: Int64, isPaid: Bool)?
    ) -> Bool {
        guard credits >= 0, task.map({ $0.credits == credits }) ?? (position < first) else { return false }
        guard position < first else {
            guard progress.indices.contains(position - first) else { return false }
            if kind == .hold {
                // Tasks are numbered in the order of their holds.
                guard position == holds, progress[position - first] == .none else { return false }
                holds += 1
                progress[position - first] = .held
                return ledger.hold(credits, task: position, at: at)
            }
            guard let next = end(kind, from: progress[position - first], position, credits, at) else { return false }
            progress[position - first] = next
            return true
        }
        // It was held before the first entry that is there, and paid for at once or not.
        let before =
            early[position] ?? (task.map { $0.isPaid ? .captured : .held } ?? (kind == .refund ? .captured : .held))
        guard let next = end(kind, from: before, position, credits, at) else { return false }
        early[position] = next
        return true
    }

    private mutating func end(
        _ kind: Ledger.Kind, from before: Progress, _ position: Int, _ credits: Int64, _ at: Instant
    ) -> Progress? {
        switch (kind, before) {
        case (.capture, .held) where ledger.held >= credits:
            ledger.capture(credits, task: position, at: at)
            return .captured
        case (.release, .held) where ledger.held >= credits:
            ledger.release(credits, task: position, at: at)
            return .released
        case (.refund, .captured) where ledger.captured >= credits:
            ledger.refund(credits, task: position, at: at)
            return .refunded
        default: return nil
        }
    }

    // MARK: The end

    /// Why the entries do not agree with the tasks, or nil.
    ///
    /// - Parameter tasks: With their states.
    func disagreement(with tasks: TaskList, _ specials: [Int: TaskSpecial]) -> String? {
        guard isBegun else { return problem.message }
        guard holds == tasks.count else { return "\(tasks.count) tasks have \(holds) holds" }
        var held: Int64 = 0
        func isRight(_ position: Int) -> Bool {
            let task = tasks[position]
            let isPaid = task.isSpecial && specials[position]?.isPaid == true
            let end: Progress =
                switch task.state {
                case .processing: isPaid ? .captured : .held
                case .succeeded: .captured
                case .failed: isPaid ? .refunded : .released
                }
            if end == .held { held += tasks.terms(of: task).credits }
            // One that is aside may have ended before the first entry.
            return (position < first ? early[position] ?? end : progress[position - first]) == end
        }
        let wrong = tasks.asidePositions.first { !isRight($0) } ?? (tasks.first..<tasks.count).first { !isRight($0) }
        if let wrong { return "the ledger does not agree with what became of task \(wrong + 1)" }
        guard held == ledger.held else { return "\(ledger.held) credits are held, and tasks that run cost \(held)" }
        return nil
    }
}
