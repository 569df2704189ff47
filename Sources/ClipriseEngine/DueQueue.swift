internal import ClipriseWire

/// Positions with instants, first due first; equal instants in the order of the positions (a binary heap).
struct DueQueue: Sendable {
    private struct Item: Sendable {
        var at: Instant
        var position: Int

        func isBefore(_ other: Item) -> Bool {
            at.nanoseconds == other.at.nanoseconds ? position < other.position : at < other.at
        }
    }

    private var items: [Item] = []

    /// When the first is due, or nil.
    var next: Instant? { items.first?.at }

    mutating func add(_ position: Int, at instant: Instant) {
        items.appendPrefetching(Item(at: instant, position: position))
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child].isBefore(items[parent]) else { break }
            items.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes and answers the first position that is due at `now`, or nil.
    mutating func takeFirst(by now: Instant) -> Int? {
        guard let first = items.first, first.at <= now else { return nil }
        let last = items.removeLast()
        guard !items.isEmpty else { return first.position }
        items[0] = last
        var parent = 0
        while true {
            var least = parent
            let (left, right) = (2 * parent + 1, 2 * parent + 2)
            if left < items.count, items[left].isBefore(items[least]) { least = left }
            if right < items.count, items[right].isBefore(items[least]) { least = right }
            guard least != parent else { break }
            items.swapAt(parent, least)
            parent = least
        }
        return first.position
    }
}
