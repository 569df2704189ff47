internal import Glibc

/// The time that a client goes by: real, or a test's.
public struct ClientClock: Sendable {
    /// The time since some moment that stays the same; never goes backwards.
    public var elapsed: @Sendable () -> Duration
    /// Returns after at least this long; throws `CancellationError` when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// Seconds since 1970, for a Retry-After that is a date in an answer without one.
    public var wallSeconds: @Sendable () -> Int64

    /// Makes a clock of three functions.
    public init(
        elapsed: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void,
        wallSeconds: @escaping @Sendable () -> Int64
    ) {
        self.elapsed = elapsed
        self.sleep = sleep
        self.wallSeconds = wallSeconds
    }

    /// Goes by a clock of the concurrency library, and by the system's calendar.
    public init<C: Clock>(_ clock: C) where C.Duration == Duration {
        let start = clock.now
        self.init(
            elapsed: { start.duration(to: clock.now) }, sleep: { try await clock.sleep(for: $0) },
            wallSeconds: { Int64(time(nil)) })
    }

    /// The system's clock, which goes on while the machine sleeps.
    public static let continuous = ClientClock(ContinuousClock())
}
