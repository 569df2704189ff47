public import ClipriseScenario
public import ClipriseWire

/// The clock of one account: it follows the host's, or stands still until something moves it.
public struct AccountClock: Sendable, Hashable {
    /// The latest time that a virtual clock can be moved to: 146 years, so that sums with it stay in 64 bits.
    public static let latest = Instant(nanoseconds: 1 << 62)
    /// Where virtual time starts on the calendar: 2026-01-01T00:00:00Z, in seconds since 1970.
    public static let virtualEpoch: Int64 = 1_767_225_600

    public private(set) var isVirtual: Bool
    /// The step of each status poll; zero for none.
    public private(set) var tickPerPoll: TimeSpan
    public private(set) var delays: ClockRule.Delays
    /// The account's time at the host's time `anchor`.
    private var base: Instant
    private var anchor: Instant

    public init(_ rule: ClockRule, at host: Instant) {
        anchor = host
        switch rule {
        case .real:
            isVirtual = false
            tickPerPoll = .zero
            delays = .hold
            base = host
        case .virtual(let tick, let delays):
            isVirtual = true
            tickPerPoll = tick
            self.delays = delays
            base = .start
        }
    }

    /// - Parameter now: What it shows at the host's time.
    init(_ snapshot: AccountSnapshot.Clock, at host: Instant) {
        isVirtual = snapshot.isVirtual
        tickPerPoll = snapshot.tickPerPoll
        delays = snapshot.delays
        base = snapshot.now
        anchor = host
    }

    /// Goes on at the host's time `host`, later by `span` if it follows the host's.
    mutating func wake(after span: TimeSpan, at host: Instant) {
        if !isVirtual { base = min(base.advanced(by: max(.zero, span)), Self.latest) }
        anchor = host
    }

    public func now(_ host: Instant) -> Instant {
        isVirtual ? base : base.advanced(by: max(.zero, host.since(anchor)))
    }

    /// Moves a virtual clock forward; nothing happens to a real one, nor backwards.
    public mutating func advance(to instant: Instant) {
        if isVirtual { base = max(base, min(instant, Self.latest)) }
    }

    /// Lets the clock stand still from now on.
    public mutating func freeze(at host: Instant) {
        base = now(host)
        isVirtual = true
        tickPerPoll = .zero
        delays = .hold
    }

    /// Lets the clock follow the host's from now on.
    public mutating func follow(_ host: Instant) {
        base = now(host)
        anchor = host
        isVirtual = false
        tickPerPoll = .zero
    }

    /// Makes the clock virtual with this step and these delays, at the time that it shows.
    public mutating func become(tickPerPoll: TimeSpan, delays: ClockRule.Delays, at host: Instant) {
        base = now(host)
        isVirtual = true
        self.tickPerPoll = tickPerPoll
        self.delays = delays
    }

    /// Seconds since 1970 at an instant of this clock.
    public func calendarSeconds(at instant: Instant, _ host: HostTime) -> Int64 {
        isVirtual
            ? Self.virtualEpoch + instant.nanoseconds / 1_000_000_000
            : Instant(nanoseconds: host.wall).advanced(by: instant.since(now(host.monotonic))).nanoseconds
                / 1_000_000_000
    }
}
