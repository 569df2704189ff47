package import ClipriseWire

/// What the host's clocks say at one moment.
package struct HostTime: Sendable, Hashable {
    /// The monotonic clock, since the host's start.
    package var monotonic: Instant
    /// Nanoseconds since 1970.
    package var wall: Int64

    package init(_ monotonic: Instant, wall: Int64 = 0) {
        self.monotonic = monotonic
        self.wall = wall
    }
}
