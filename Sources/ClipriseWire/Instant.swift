/// A moment on one clock: nanoseconds since that clock's start.
///
/// The clock may be real or virtual; the engine never asks which.
package struct Instant: Sendable, Hashable, Comparable {
    /// Nanoseconds since the clock's start; never negative on a running clock.
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The start of the clock.
    package static let start = Instant(nanoseconds: 0)

    package static func seconds(_ seconds: Int64) -> Instant {
        Instant(nanoseconds: seconds * 1_000_000_000)
    }

    package static func milliseconds(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: milliseconds * 1_000_000)
    }

    /// The moment `span` later; a sum past the end of time stays at the end of time.
    package func advanced(by span: TimeSpan) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(span.nanoseconds)
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// The span from `earlier` to this moment; negative when `earlier` is later.
    package func since(_ earlier: Instant) -> TimeSpan {
        TimeSpan(nanoseconds: nanoseconds - earlier.nanoseconds)
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

/// A length of time in whole nanoseconds.
///
/// `Duration` holds 128 bits and goes through division to be read; a task record and a hot path want 64.
package struct TimeSpan: Sendable, Hashable, Comparable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static let zero = TimeSpan(nanoseconds: 0)

    package static func seconds(_ seconds: Int64) -> TimeSpan {
        TimeSpan(nanoseconds: seconds * 1_000_000_000)
    }

    package static func milliseconds(_ milliseconds: Int64) -> TimeSpan {
        TimeSpan(nanoseconds: milliseconds * 1_000_000)
    }

    package static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
