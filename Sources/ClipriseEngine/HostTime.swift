public import ClipriseWire

/// What the host's clocks say at one moment.
public struct HostTime: Sendable, Hashable {
    /// The monotonic clock, since the host's start.
    public var monotonic: Instant
    /// Nanoseconds since 1970.
    public var wall: Int64

    public init(_ monotonic: Instant, wall: Int64 = 0) {
        self.monotonic = monotonic
        self.wall = wall
    }
}
