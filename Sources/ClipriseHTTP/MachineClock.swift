internal import Glibc

/// The clocks of this machine.
package enum MachineClock {
    /// Nanoseconds of a clock that never goes backwards.
    package static var steady: Int64 { read(CLOCK_MONOTONIC) }

    /// Nanoseconds since 1970.
    package static var wall: Int64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
