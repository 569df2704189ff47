/// Who is due when: at most one moment for each slot, the earliest first.
///
/// A binary heap that knows where each slot stands, so a deadline can be moved or taken back and no stale entry stays.
struct DeadlineHeap {
    private var entries: [Entry] = []
    /// Where a slot's entry stands in `entries`; -1 when it has none.
    private var places: [Int32] = []

    private struct Entry {
        /// Nanoseconds on the loop's clock.
        var due: Int64
        var slot: UInt32
    }

    /// The earliest moment, in nanoseconds, or nil when nobody waits.
    var next: Int64? { entries.first?.due }

    /// The deadline of a slot, in nanoseconds, or nil when it has none.
    func due(of slot: UInt32) -> Int64? {
        guard Int(slot) < places.count, places[Int(slot)] >= 0 else { return nil }
        return entries[Int(places[Int(slot)])].due
    }

    /// Sets or moves the deadline of a slot.
    mutating func set(_ slot: UInt32, due: Int64) {
        while places.count <= Int(slot) { places.append(-1) }
        let place = Int(places[Int(slot)])
        if place < 0 {
            entries.append(Entry(due: due, slot: slot))
            rise(entries.count - 1)
        } else {
            let old = entries[place].due
            entries[place].due = due
            if due < old { rise(place) } else { sink(place) }
        }
    }

    /// Takes back the deadline of a slot; nothing happens when it has none.
    mutating func remove(_ slot: UInt32) {
        guard Int(slot) < places.count, places[Int(slot)] >= 0 else { return }
        let place = Int(places[Int(slot)])
        places[Int(slot)] = -1
        let last = entries.removeLast()
        guard place < entries.count else { return }
        let old = entries[place].due
        entries[place] = last
        if last.due < old { rise(place) } else { sink(place) }
    }

    /// Takes out the earliest slot if it is due.
    mutating func popDue(at now: Int64) -> UInt32? {
        guard let first = entries.first, first.due <= now else { return nil }
        remove(first.slot)
        return first.slot
    }

    private mutating func rise(_ start: Int) {
        let entry = entries[start]
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard entry.due < entries[parent].due else { break }
            put(entries[parent], at: place)
            place = parent
        }
        put(entry, at: place)
    }

    private mutating func sink(_ start: Int) {
        let entry = entries[start]
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].due < entries[child].due { child += 1 }
            guard entries[child].due < entry.due else { break }
            put(entries[child], at: place)
            place = child
        }
        put(entry, at: place)
    }

    private mutating func put(_ entry: Entry, at place: Int) {
        entries[place] = entry
        places[Int(entry.slot)] = Int32(place)
    }
}
