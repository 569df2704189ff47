internal import ClipriseLocks
internal import Dispatch

/// Runs Swift tasks one at a time in virtual time.
///
/// All jobs of all tasks that prefer this executor stand in one line. When the line is empty every task waits for virtual
/// time, which then moves to the next instant that somebody waits for. Who waits for one instant is woken in the order
/// of the waits. So the same program gives the same run, however many tasks it has.
final class VirtualTime: TaskExecutor, Sendable {
    private struct Sleeper: BitwiseCopyable, Sendable {
        var id: Int
    }

    private struct State: Sendable {
        var jobs: [UnownedJob] = []
        var firstJob = 0
        var now: Int64 = 0
        var sleepers = EventQueue<Sleeper>()
        /// Only looked up by id.
        var continuations: [Int: CheckedContinuation<Void, any Error>] = [:]
        /// Sleeps that were cancelled before they began.
        var cancelled: Set<Int> = []
        var nextID = 0
        var isOver = false
        /// Beyond it nothing happens any more; nanoseconds.
        var limit = Int64.max
        var isOvertime = false
    }

    private let state = Locked(State())
    /// Reports to the driver that a job has come from outside, or that the end has.
    private let signal = DispatchSemaphore(value: 0)

    var now: Int64 { state.withLock(\.now) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        signal.signal()
    }

    /// Ends `drive` where the next thing would happen later than this; nanoseconds.
    func end(after limit: Int64) { state.withLock { $0.limit = limit } }

    /// Whether `drive` ended for that reason.
    var isOvertime: Bool { state.withLock(\.isOvertime) }

    /// Ends `drive` as soon as its present job is over.
    func finish() {
        state.withLock { $0.isOver = true }
        signal.signal()
    }

    // MARK: Driving

    /// Runs jobs and moves time until `finish` was called.
    ///
    /// - Parameter patience: How long, in real time, the driver waits for a task that waits for something that is not of
    ///   this world.
    /// - Returns: False when nothing came within the patience: all tasks wait, and none for virtual time.
    func drive(patience: DispatchTimeInterval) -> Bool {
        while true {
            while let job = takeJob() { job.runSynchronously(on: asUnownedTaskExecutor()) }
            if state.withLock(\.isOver) { return true }
            if wakeNext() { continue }
            while true {
                if state.withLock({ $0.isOver || $0.firstJob < $0.jobs.count }) { break }
                if signal.wait(timeout: .now() + patience) == .timedOut { return false }
            }
        }
    }

    private func takeJob() -> UnownedJob? {
        state.withLock { state in
            guard !state.isOver, state.firstJob < state.jobs.count else { return nil }
            defer {
                state.firstJob += 1
                if state.firstJob == state.jobs.count {
                    state.jobs.removeAll(keepingCapacity: true)
                    state.firstJob = 0
                }
            }
            return state.jobs[state.firstJob]
        }
    }

    /// Moves time to the next sleeper and wakes it; false when nobody sleeps.
    private func wakeNext() -> Bool {
        while true {
            let found = state.withLock {
                state -> (isFound: Bool, continuation: CheckedContinuation<Void, any Error>?) in
                guard let event = state.sleepers.pop() else { return (false, nil) }
                guard event.at <= state.limit || state.continuations[event.payload.id] == nil else {
                    (state.isOver, state.isOvertime) = (true, true)
                    return (true, nil)
                }
                let continuation = state.continuations.removeValue(forKey: event.payload.id)
                // A cancelled sleep does not move time.
                if continuation != nil { state.now = max(state.now, event.at) }
                return (true, continuation)
            }
            guard found.isFound else { return false }
            if state.withLock(\.isOver) { return true }
            if let continuation = found.continuation {
                continuation.resume()
                return true
            }
        }
    }

    // MARK: Sleeping

    /// Returns at an instant, or at once when it is past; throws `CancellationError` when the task is cancelled.
    func sleep(until instant: Int64) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    guard state.cancelled.remove(id) == nil else { return true }
                    state.continuations[id] = continuation
                    state.sleepers.add(Sleeper(id: id), at: max(state.now, instant))
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                guard let continuation = state.continuations.removeValue(forKey: id) else {
                    state.cancelled.insert(id)
                    return nil as CheckedContinuation<Void, any Error>?
                }
                return continuation
            }
            continuation?.resume(throwing: CancellationError())
        }
        state.withLock { _ = $0.cancelled.remove(id) }
    }
}
