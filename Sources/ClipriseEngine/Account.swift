package import ClipriseCatalog
package import ClipriseWire

/// One sandbox: the credits, ledger and tasks behind one API key.
///
/// All of it is one value, so that whoever holds it sees money and tasks agree. A task's state is a function of the
/// task and the time: whatever fell due settles, at the instant it fell due, before anything else is looked at.
package struct Account: Sendable {
    package let key: [UInt8]
    package private(set) var ledger: Ledger
    private var tasks = ChunkedArray<TaskRecord>()
    private var prompts = ByteArena()
    private var callBackURLs = ByteArena()
    private var failures: [String] = []
    private var due = DueQueue()
    private let ids: TaskIDs
    private let chance: UInt64
    private var lastSeen: Instant

    /// - Parameters:
    ///   - credits: The credits at the start, 0 to `Ledger.limit`.
    ///   - seed: Ids and lives follow from it, the key, and each task's position.
    package init(key: [UInt8], credits: Int64, seed: UInt64, at now: Instant) {
        self.key = key
        ledger = Ledger(opening: credits, at: now)
        ids = TaskIDs(seed: seed, account: key)
        chance = Draw.mix(Draw.mix(seed, 0x6C69_6665), key)
        lastSeen = now
    }

    package enum Outcome: Sendable, Hashable {
        case processing
        case succeeded
        case failed(message: String)
    }

    /// A task as a caller sees it.
    package struct Task: Sendable, Hashable {
        package var id: TaskID
        package var model: Int
        package var row: Int
        package var credits: Int64
        package var acceptedAt: Instant
        package var dueAt: Instant
        package var outcome: Outcome
        package var shape: ResultShape
        package var prompt: String
        package var callBackURL: String
    }

    package var taskCount: Int { tasks.count }

    /// Brings the account to `now`: every task that fell due by then settles, in the order of their instants.
    ///
    /// A `now` before the last one counts as the last one.
    package mutating func settle(at now: Instant) {
        lastSeen = max(lastSeen, now)
        while let position = due.takeFirst(by: lastSeen) {
            let task = tasks[position]
            guard task.state == .processing else { continue }
            finish(position, .succeeded, at: task.dueAt)
        }
    }

    /// Accepts an order: holds its price and starts its life; nil, and nothing is done, when credits are short.
    ///
    /// - Parameter life: From acceptance to result, before chance; each task's own life is within 20 % of it.
    package mutating func accept(_ order: Order, life: TimeSpan, at now: Instant) -> TaskID? {
        settle(at: now)
        let position = tasks.count
        guard ledger.hold(order.credits, task: position, at: lastSeen) else { return nil }
        let factor = 0.8 + 0.4 * Draw.unit(Draw.mix(chance, UInt64(position)))
        let own = TimeSpan(nanoseconds: Int64(Double(life.nanoseconds) * factor))
        let task = TaskRecord(
            order: order, acceptedAt: lastSeen, dueAt: lastSeen.advanced(by: own),
            prompt: prompts.keep(order.prompt), callBackURL: callBackURLs.keep(order.callBackURL))
        tasks.append(task)
        due.add(position, at: task.dueAt)
        return ids.id(of: position)
    }

    /// The position of the task with this id in this account, or nil.
    package func position(of id: TaskID) -> Int? {
        guard let position = ids.position(of: id), position < tasks.count else { return nil }
        return position
    }

    /// The model, price and state of the task at `position`, without its texts.
    package mutating func glance(at position: Int, at now: Instant) -> (outcome: Outcome, model: Int, credits: Int64) {
        settle(at: now)
        let task = tasks[position]
        return (outcome(of: task), Int(task.model), task.credits)
    }

    package mutating func task(at position: Int, at now: Instant) -> Task {
        settle(at: now)
        let task = tasks[position]
        return Task(
            id: ids.id(of: position), model: Int(task.model), row: Int(task.row), credits: task.credits,
            acceptedAt: task.acceptedAt, dueAt: task.dueAt, outcome: outcome(of: task), shape: task.shape,
            prompt: String(decoding: prompts[task.prompt], as: UTF8.self),
            callBackURL: String(decoding: callBackURLs[task.callBackURL], as: UTF8.self))
    }

    /// Ends a task now, whatever its life had been; false when it had ended before.
    package mutating func force(_ outcome: Outcome, at position: Int, now: Instant) -> Bool {
        settle(at: now)
        guard tasks[position].state == .processing else { return false }
        switch outcome {
        case .processing: return false
        case .succeeded: finish(position, .succeeded, at: lastSeen)
        case .failed(let message):
            // Byte by byte: `==` takes texts for equal that differ on the wire.
            let known = failures.firstIndex { $0.utf8.elementsEqual(message.utf8) } ?? failures.count
            guard known < Int(UInt16.max) else { return false }
            if known == failures.count { failures.append(message) }
            finish(position, .failed(UInt16(known)), at: lastSeen)
        }
        return true
    }

    package mutating func topUp(_ credits: Int64, at now: Instant) -> Bool {
        settle(at: now)
        return ledger.topUp(credits, at: lastSeen)
    }

    package mutating func adjust(by credits: Int64, at now: Instant) -> Bool {
        settle(at: now)
        return ledger.adjust(by: credits, at: lastSeen)
    }

    /// The id of the task that a ledger entry names.
    package func id(of position: Int) -> TaskID {
        ids.id(of: position)
    }

    private mutating func finish(_ position: Int, _ state: TaskRecord.State, at instant: Instant) {
        let credits = tasks[position].credits
        tasks[position].state = state
        tasks[position].dueAt = instant
        if case .failed = state {
            ledger.release(credits, task: position, at: instant)
        } else {
            ledger.capture(credits, task: position, at: instant)
        }
    }

    private func outcome(of task: TaskRecord) -> Outcome {
        switch task.state {
        case .processing: .processing
        case .succeeded: .succeeded
        case .failed(let message): .failed(message: failures[Int(message)])
        }
    }
}

/// A task as it is kept: small, since a long test run makes millions.
struct TaskRecord: Sendable {
    enum State: Sendable, Hashable {
        case processing
        case succeeded
        /// The position of the message in the account's list.
        case failed(UInt16)
    }

    var acceptedAt: Instant
    var dueAt: Instant
    let credits: Int64
    var model: UInt16
    private var width: UInt16
    private var height: UInt16
    private var seconds: UInt16
    var row: UInt8
    private var count: UInt8
    private var form: ResultSpec.Form
    private var hasSound: Bool
    var prompt: ByteArena.Reference
    var callBackURL: ByteArena.Reference
    var state: State = .processing

    init(
        order: Order, acceptedAt: Instant, dueAt: Instant, prompt: ByteArena.Reference,
        callBackURL: ByteArena.Reference
    ) {
        self.acceptedAt = acceptedAt
        self.dueAt = dueAt
        credits = order.credits
        model = UInt16(order.model)
        row = UInt8(order.row)
        width = UInt16(order.shape.width)
        height = UInt16(order.shape.height)
        seconds = UInt16(order.shape.seconds)
        count = UInt8(order.shape.count)
        form = order.shape.form
        hasSound = order.shape.hasSound
        self.prompt = prompt
        self.callBackURL = callBackURL
    }

    var shape: ResultShape {
        ResultShape(
            form: form, width: Int(width), height: Int(height), seconds: Int(seconds), count: Int(count),
            hasSound: hasSound)
    }
}

/// The tasks that are not finished, first due first; equal instants in the order of acceptance (a binary heap).
struct DueQueue: Sendable {
    private struct Item: Sendable {
        var at: Instant
        var position: Int

        func isBefore(_ other: Item) -> Bool {
            at != other.at ? at < other.at : position < other.position
        }
    }

    private var items: [Item] = []

    mutating func add(_ position: Int, at instant: Instant) {
        items.append(Item(at: instant, position: position))
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
