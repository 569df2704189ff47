internal import ClipriseWire

extension Ledger {
    /// Makes a ledger from its entries, each of which must have been possible when it was made (contract, CR-6, CR-7).
    ///
    /// - Parameter tasks: The account's tasks; each has its entries, and they must agree with what became of it.
    init(replaying saved: [AccountSnapshot.Entry], tasks: [AccountSnapshot.Task]) throws(SnapshotBreach) {
        guard let first = saved.first, first.kind == .opening, first.task == nil,
            (0...Self.limit).contains(first.credits)
        else { throw SnapshotBreach("the ledger begins with an opening of 0 to \(Self.limit) credits") }
        self.init(opening: first.credits, at: first.at)
        var progress = Array(repeating: Progress.none, count: tasks.count)
        var holds = 0
        for (index, entry) in saved.enumerated().dropFirst() {
            let isSound =
                if let task = entry.task {
                    replay(entry, task, tasks, &progress, &holds)
                } else {
                    replay(entry)
                }
            guard isSound, entry.at >= entries[index - 1].at, breach == nil, balance <= Self.limit else {
                throw SnapshotBreach("ledger entry \(index) was never possible")
            }
        }
        guard holds == tasks.count else { throw SnapshotBreach("\(tasks.count) tasks have \(holds) holds") }
        for (position, task) in tasks.enumerated() where progress[position] != Self.end(of: task) {
            throw SnapshotBreach("the ledger does not agree with what became of task \(position + 1)")
        }
    }

    private enum Progress: Sendable { case none, held, captured, released, refunded }

    /// Where the entries of a task must have ended.
    private static func end(of task: AccountSnapshot.Task) -> Progress {
        switch task.outcome {
        case .processing: task.isPaid ? .captured : .held
        case .succeeded: .captured
        case .failed: task.isPaid ? .refunded : .released
        }
    }

    private mutating func replay(_ entry: AccountSnapshot.Entry) -> Bool {
        let size = entry.credits.magnitude
        guard size > 0, size <= Self.limit.magnitude else { return false }
        switch entry.kind {
        case .topUp: return entry.credits > 0 && topUp(entry.credits, at: entry.at)
        case .adjustment: return adjust(by: entry.credits, at: entry.at)
        case .drain:
            guard entry.credits < 0, available + entry.credits >= 0 else { return false }
            return drain(to: available + entry.credits, at: entry.at) == -entry.credits
        case .opening, .hold, .capture, .release, .refund: return false
        }
    }

    private mutating func replay(
        _ entry: AccountSnapshot.Entry, _ task: Int, _ tasks: [AccountSnapshot.Task], _ progress: inout [Progress],
        _ holds: inout Int
    ) -> Bool {
        guard tasks.indices.contains(task), entry.credits == tasks[task].credits, entry.credits >= 0 else {
            return false
        }
        switch (entry.kind, progress[task]) {
        // Tasks are numbered in the order of their holds.
        case (.hold, .none) where task == holds:
            holds += 1
            progress[task] = .held
            return hold(entry.credits, task: task, at: entry.at)
        case (.capture, .held):
            progress[task] = .captured
            capture(entry.credits, task: task, at: entry.at)
        case (.release, .held):
            progress[task] = .released
            release(entry.credits, task: task, at: entry.at)
        case (.refund, .captured):
            progress[task] = .refunded
            refund(entry.credits, task: task, at: entry.at)
        default: return false
        }
        return true
    }
}
