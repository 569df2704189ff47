internal import ClipriseEngine
internal import ClipriseJournal
internal import Dispatch
internal import Synchronization

/// Keeps the journals of all accounts together within a bound on their memory.
///
/// Beyond it the oldest events go of those accounts that have more than their share, some hundred at a time, and then
/// whole journals, those first that got no event for the longest time. It counts as evicted, and is reported so.
///
/// What exchanges said has a budget of its own; where that is short, the events stay.
final class JournalBudget: Sendable {
    /// What of a journal is bounded.
    enum Part: Sendable {
        case events, contents

        func bytes(_ journal: Journal) -> Int {
            switch self {
            case .events: journal.bytes
            case .contents: journal.contents.bytes
            }
        }

        func shrink(_ journal: inout Journal, to limit: Int, keepsLast: Bool) {
            switch self {
            case .events: journal.shrink(to: limit, keepsLast: keepsLast)
            case .contents: journal.shrinkContents(to: limit)
            }
        }
    }

    /// In bytes.
    private let limit: Int
    private let part: Part
    /// About what all journals take; set right at each look.
    private let bytes = Atomic(0)
    private let isLooking = Atomic(false)
    private let queue = DispatchQueue(label: "cliprise-mock.journals", qos: .utility)

    init(_ limit: Int, of part: Part = .events) {
        self.limit = limit
        self.part = part
    }

    /// Notes that journals grew, or shrank; looks at all of them, on another thread, when they take too much.
    func grew(by growth: Int, _ directory: AccountDirectory) {
        let after = bytes.add(growth, ordering: .relaxed).newValue
        guard after > limit, isLooking.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
        else { return }
        queue.async { [self] in
            look(at: directory)
            isLooking.store(false, ordering: .relaxed)
        }
    }

    /// Waits for a look that is under way.
    func settle() { queue.sync {} }

    fileprivate struct Share: Sendable {
        var cell: AccountCell
        var bytes: Int
        var lastRealTime: Int64
    }

    private func look(at directory: AccountDirectory) {
        var shares = directory.all.map { cell in
            cell.withLock { account in
                Share(
                    cell: cell, bytes: part.bytes(account.world.journal),
                    lastRealTime: account.world.journal.lastRealTime)
            }
        }
        var total = shares.reduce(0) { $0 + $1.bytes }
        // Some room, so that the next look is not due at once.
        let wanted = limit / 10 * 9
        if total > limit {
            let most = Self.share(of: wanted, shares.map(\.bytes))
            for index in shares.indices where shares[index].bytes > most {
                total += shares[index].shrink(part, to: most, keepsLast: true)
            }
            for index in shares.indices.sorted(by: { shares[$0].lastRealTime < shares[$1].lastRealTime }) {
                guard total > limit else { break }
                total += shares[index].shrink(part, to: 0, keepsLast: false)
            }
        }
        bytes.store(total, ordering: .relaxed)
    }

    /// The most that each may have so that all together have at most `wanted`.
    private static func share(of wanted: Int, _ all: [Int]) -> Int {
        var rest = wanted
        let sorted = all.sorted()
        for (index, bytes) in sorted.enumerated() {
            let equal = rest / (sorted.count - index)
            if bytes > equal { return equal }
            rest -= bytes
        }
        return .max
    }
}

extension JournalBudget.Share {
    /// - Returns: By how much the journal grew: nothing, or less than that.
    fileprivate mutating func shrink(_ part: JournalBudget.Part, to limit: Int, keepsLast: Bool) -> Int {
        let after = cell.withLock { account in
            part.shrink(&account.world.journal, to: limit, keepsLast: keepsLast)
            return part.bytes(account.world.journal)
        }
        defer { bytes = after }
        return after - bytes
    }
}
