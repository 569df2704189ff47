/// A moment on one clock: nanoseconds since that clock's start.
///
/// The clock may be real or virtual; the engine never asks which.
public struct Instant: Sendable, Hashable, Comparable {
    /// Nanoseconds since the clock's start; never negative on a running clock.
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The start of the clock.
    public static let start = Instant(nanoseconds: 0)

    public static func seconds(_ seconds: Int64) -> Instant {
        Instant(nanoseconds: TimeSpan.seconds(seconds).nanoseconds)
    }

    public static func milliseconds(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: TimeSpan.milliseconds(milliseconds).nanoseconds)
    }

    /// The moment `span` later; a sum past the end of time stays at the end of time.
    public func advanced(by span: TimeSpan) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(span.nanoseconds)
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// The span from `earlier` to this moment; negative when `earlier` is later, and never beyond 64 bits.
    public func since(_ earlier: Instant) -> TimeSpan {
        let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        return TimeSpan(nanoseconds: overflow ? (nanoseconds < 0 ? .min : .max) : difference)
    }

    // Written out so that other modules compare two numbers, where they would call what the compiler writes.
    @inlinable public static func == (left: Instant, right: Instant) -> Bool {
        left.nanoseconds == right.nanoseconds
    }

    @inlinable public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

/// A length of time in whole nanoseconds.
///
/// `Duration` holds 128 bits and goes through division to be read; a task record and a hot path want 64.
public struct TimeSpan: Sendable, Hashable, Comparable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static let zero = TimeSpan(nanoseconds: 0)

    /// What cannot be counted in 64 bits stays at their end; so does the next.
    public static func seconds(_ seconds: Int64) -> TimeSpan { product(seconds, 1_000_000_000) }

    public static func milliseconds(_ milliseconds: Int64) -> TimeSpan { product(milliseconds, 1_000_000) }

    /// A number of nanoseconds that was worked out with fractions; what is none is zero.
    public init(rounding nanoseconds: Double) {
        self.nanoseconds =
            nanoseconds.isNaN ? 0 : Int64(exactly: nanoseconds.rounded(.towardZero)) ?? (nanoseconds < 0 ? .min : .max)
    }

    private static func product(_ count: Int64, _ unit: Int64) -> TimeSpan {
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        return TimeSpan(nanoseconds: overflow ? (count < 0 ? .min : .max) : product)
    }

    @inlinable public static func == (left: TimeSpan, right: TimeSpan) -> Bool {
        left.nanoseconds == right.nanoseconds
    }

    @inlinable public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
