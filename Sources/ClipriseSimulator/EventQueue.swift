/// What happens next in virtual time: by instant, and at one instant in the order of adding (a heap of four branches).
struct EventQueue<Payload: BitwiseCopyable & Sendable>: Sendable {
    struct Event: Sendable {
        /// Nanoseconds since the start of the run.
        var at: Int64
        /// Counts up with each added event.
        var sequence: Int64
        var payload: Payload

        @inline(__always)
        func isBefore(_ other: Event) -> Bool {
            at != other.at ? at < other.at : sequence < other.sequence
        }
    }

    private var events: [Event] = []
    private(set) var added: Int64 = 0

    var count: Int { events.count }
    /// The instant of the next event, or nil.
    var next: Int64? { events.first?.at }

    mutating func add(_ payload: Payload, at instant: Int64) {
        let event = Event(at: instant, sequence: added, payload: payload)
        added += 1
        events.append(event)
        events.withUnsafeMutableBufferPointer { events in
            var child = events.count - 1
            while child > 0 {
                let parent = (child - 1) >> 2
                guard event.isBefore(events[parent]) else { break }
                events[child] = events[parent]
                child = parent
            }
            events[child] = event
        }
    }

    /// Removes and answers the next event, or nil.
    mutating func pop() -> Event? {
        guard let first = events.first else { return nil }
        let last = events.removeLast()
        guard !events.isEmpty else { return first }
        events.withUnsafeMutableBufferPointer { events in
            let count = events.count
            var parent = 0
            while true {
                let child = parent << 2 + 1
                guard child < count else { break }
                var least = child
                var index = child + 1
                let end = min(child + 4, count)
                while index < end {
                    if events[index].isBefore(events[least]) { least = index }
                    index += 1
                }
                guard events[least].isBefore(last) else { break }
                events[parent] = events[least]
                parent = least
            }
            events[parent] = last
        }
        return first
    }
}
