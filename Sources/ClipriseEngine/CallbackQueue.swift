internal import ClipriseJournal
package import ClipriseScenario
package import ClipriseWire

/// One attempt to call a client, for the host to make.
package struct CallbackJob: Sendable, Hashable {
    /// 0-based position of the task.
    package var position: Int
    /// 1-based; retries count on.
    package var attempt: Int
    /// The fault that shapes the attempt, or nil.
    package var fault: CallbackFault?
    package var rule: CallbackRule
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
            // Should no other callback come, it goes out by itself; `take` passes over it when it has gone.
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

extension Account {
    /// Plans the callbacks of a task that ended.
    mutating func planCallbacks(of position: Int, at instant: Instant) {
        guard let rule = world.scenario.callbacks else { return }
        let fault = specials[position]?.callback
        let word = Draw.mix(Draw.mix(Draw.mix(world.seed, 0x6361_6C6C), key), UInt64(position))
        var due = instant.advanced(by: rule.delay.length(word))
        if case .delay(let more) = fault { due = due.advanced(by: more.length(Draw.mix(word, 1))) }
        var copies = 1
        if case .duplicate(let count) = fault { copies = max(1, count) }
        for _ in 0..<copies {
            world.callbacks.add(CallbackJob(position: position, attempt: 1, fault: fault, rule: rule), at: due)
        }
    }

    /// Notes how an attempt went, and plans the next one if it failed and another is due.
    ///
    /// - Parameters:
    ///   - status: The receiver's; nil with `error`, or when a fault kept the attempt from being made.
    package mutating func callbackEnded(_ job: CallbackJob, status: Int?, error: String?, at host: HostTime) {
        settle(at: world.clock.now(host.monotonic), wall: host.wall)
        end(job)
        note(
            .callback(
                CallbackEvent(
                    task: job.position + 1, attempt: job.attempt, status: status, fault: job.fault?.word, error: error)),
            wall: host.wall)
        let isDone = status.map { (200..<300).contains($0) } ?? (job.fault == .drop)
        // A reset may have taken the task meanwhile.
        guard !isDone, job.attempt <= job.rule.retries, tasks.contains(job.position) else { return }
        var again = job
        again.attempt += 1
        world.callbacks.add(again, at: lastSeen.advanced(by: job.rule.pause))
    }
}

/// What a callback tells of its task.
package struct CallbackCall: Sendable, Hashable {
    package var id: TaskID
    package var model: Int
    package var url: String
    package var prompt: String
    /// Nil for a task that succeeded.
    package var failure: String?
    /// Milliseconds since 1970 on the account's clock.
    package var createdAt: Int64
    package var completedAt: Int64
    /// Now, in seconds since 1970 on the account's clock.
    package var calendarSeconds: Int64
    package var credits: Int64
}

extension Account {
    /// The facts of a job's task.
    package mutating func call(_ job: CallbackJob, at host: HostTime) -> CallbackCall {
        let task = task(at: job.position, at: lastSeen)
        func milliseconds(_ instant: Instant) -> Int64 {
            world.clock.calendarSeconds(at: instant, host) * 1_000 + instant.nanoseconds / 1_000_000 % 1_000
        }
        var failure: String?
        if case .failed(let message) = task.outcome { failure = message }
        return CallbackCall(
            id: task.id, model: task.model, url: task.callBackURL, prompt: task.prompt, failure: failure,
            createdAt: milliseconds(task.acceptedAt), completedAt: milliseconds(task.dueAt),
            calendarSeconds: world.clock.calendarSeconds(at: lastSeen, host), credits: task.credits)
    }
}
