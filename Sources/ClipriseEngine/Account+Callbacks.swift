internal import ClipriseJournal
internal import ClipriseScenario
public import ClipriseWire

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
    public mutating func callbackEnded(_ job: CallbackJob, status: Int?, error: String?, at host: HostTime) {
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

/// What a callback reports of its task.
public struct CallbackCall: Sendable, Hashable {
    public var id: TaskID
    public var model: Int
    public var url: String
    public var prompt: String
    /// Nil for a task that succeeded.
    public var failure: String?
    /// Milliseconds since 1970 on the account's clock.
    public var createdAt: Int64
    public var completedAt: Int64
    /// Now, in seconds since 1970 on the account's clock.
    public var calendarSeconds: Int64
    public var credits: Int64
}

extension Account {
    /// The facts of a job's task.
    public mutating func call(_ job: CallbackJob, at host: HostTime) -> CallbackCall {
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
