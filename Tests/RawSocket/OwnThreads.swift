internal import ClipriseLocks
internal import Glibc
package import Testing

/// Runs tests that wait for sockets and programs on threads of their own.
///
/// The task pool has one thread for each core. A test that blocks one of them holds up whatever else needs the pool,
/// tests of asynchronous code above all, for as long as the whole run takes.
package struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    package var isRecursive: Bool { true }
    fileprivate var isLong = false

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(Threads.shared) {
            await Seats.shared.take(isFirst: isLong)
            defer { Seats.shared.leave() }
            try await function()
        }
    }
}

extension Trait where Self == OwnThreads {
    /// For suites whose tests block: on sockets, on programs, on gates.
    package static var ownThreads: Self { Self() }

    /// For a suite whose tests take a minute or more: they go before the others, so that nothing waits for them at last.
    ///
    /// Not inside another suite with threads of its own.
    package static var ownThreadsFirst: Self { Self(isLong: true) }
}

/// Threads that take what there is to do in the order in which it came.
private final class Threads: TaskExecutor {
    /// Twice as many as tests, for those that have several tasks.
    static let shared = Threads(count: 2 * Seats.count)

    private let jobs = Locked<[UnownedJob]>([])
    private let arrivals = Gate()

    private init(count: Int) {
        for _ in 0..<count { OtherThread { [self] in while true { run() } }.detach() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        arrivals.open()
    }

    private func run() {
        guard arrivals.pass(within: 3_600) else { return }
        jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }?.runSynchronously(on: asUnownedTaskExecutor())
    }
}

/// How many tests run at once: one that has begun must not wait behind those that have not.
private final class Seats: Sendable {
    /// More than cores, as most tests wait; few enough for waits of a tenth of a second to mean something.
    ///
    /// Under the thread sanitizer all takes ten times as long.
    static let count = dlsym(nil, "__tsan_init") == nil ? 4 : 2
    static let shared = Seats()

    private struct State {
        var free = Seats.count
        var first: [CheckedContinuation<Void, Never>] = []
        var waiting: [CheckedContinuation<Void, Never>] = []

        mutating func next() -> CheckedContinuation<Void, Never>? {
            if !first.isEmpty { return first.removeFirst() }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }

    private let state = Locked(State())

    func take(isFirst: Bool) async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    if isFirst { state.first.append(continuation) } else { state.waiting.append(continuation) }
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func leave() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            let next = state.next()
            if next == nil { state.free += 1 }
            return next
        }
        next?.resume()
    }
}
