public import ClipriseScenario
internal import ClipriseWire

/// One attempt to call a client, for the host to make.
public struct CallbackJob: Sendable, Hashable {
    /// 0-based position of the task.
    public var position: Int
    /// 1-based; retries count on.
    public var attempt: Int
    /// The fault that shapes the attempt, or nil.
    public var fault: CallbackFault?
    public var rule: CallbackRule
}

/// The callbacks of one account that are still to be made.
struct CallbackQueue: Sendable {
    private struct Item: Sendable {
        var due: Instant
        var job: CallbackJob
    }

    /// First due first; equal instants in the order of their adding.
    private var items: [Item] = []
    /// Held back until another callback went out.
    private var reordered: [CallbackJob] = []
    /// How long one is held back at most.
    private static let patience = TimeSpan.seconds(30)

    init() {}

    /// The callbacks of a snapshot.
    ///
    /// - Parameter job: The attempt that a callback stands for.
    init(_ snapshot: AccountSnapshot, _ job: (AccountSnapshot.Callback) -> CallbackJob) {
        items = snapshot.callbacks.map { Item(due: $0.due, job: job($0)) }
        reordered = snapshot.reordered.map { task in
            job(AccountSnapshot.Callback(task: task, attempt: 1, due: .start, hasFault: true))
        }
    }

    var snapshot: [AccountSnapshot.Callback] {
        items.map { item in
            AccountSnapshot.Callback(
                task: item.job.position, attempt: item.job.attempt, due: item.due, hasFault: item.job.fault != nil)
        }
    }

    /// Tasks whose first callback is held back.
    var heldBack: [Int] { reordered.map(\.position) }

    var next: Instant? { items.first?.due }

    /// Whether a callback of this task is still to be made.
    func concerns(_ position: Int) -> Bool {
        items.contains { $0.job.position == position } || reordered.contains { $0.position == position }
    }

    mutating func add(_ job: CallbackJob, at due: Instant) {
        var job = job
        if job.fault == .reorder, job.attempt == 1 {
            reordered.append(job)
            job.fault = nil
            // Should no other callback come, it goes out by itself; `take` passes over it when it has been sent.
            insert(Item(due: due.advanced(by: Self.patience), job: job))
        } else {
            insert(Item(due: due, job: job))
        }
    }

    private mutating func insert(_ item: Item) {
        var index = items.count
        while index > 0, items[index - 1].due > item.due { index -= 1 }
        items.insert(item, at: index)
    }

    /// Removes and answers what is due, in the order of sending.
    mutating func take(by now: Instant) -> [CallbackJob] {
        var jobs: [CallbackJob] = []
        while let first = items.first, first.due <= now {
            items.removeFirst()
            jobs.append(first.job)
            reordered.removeAll { $0.position == first.job.position }
            for held in reordered {
                var job = held
                job.fault = .reorder
                jobs.append(job)
                items.removeAll { $0.job.position == held.position && $0.job.attempt == 1 }
            }
            reordered = []
        }
        return jobs
    }
}
