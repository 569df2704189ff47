extension ResponsePlan {
    /// When the pieces of a drip are sent, counted from the moment the step is reached.
    public enum Pace: Sendable, Hashable {
        /// A piece comes when its last byte may: behind byte n, n bytes' time has passed. Positive.
        case bytesPerSecond(Int)
        /// The first piece comes at once, each further one this long after the one before.
        case interval(TimeSpan)

        /// The time from the start to the piece that ends at byte `end`; positive.
        ///
        /// Rounded down to nanoseconds each time anew, so that nothing adds up.
        public func time(of end: Int, pieceSize: Int) -> TimeSpan {
            switch self {
            case .bytesPerSecond(let rate):
                // Faster than anything that this could slow down.
                let rate = min(rate, 1 << 32)
                let rest = Int64(end % rate) * 1_000_000_000 / Int64(rate)
                return Self.product(Int64(end / rate), 1_000_000_000, plus: rest)
            case .interval(let span):
                return Self.product(Int64((end - 1) / pieceSize), span.nanoseconds, plus: 0)
            }
        }

        /// A product past the end of time stays at the end of time.
        private static func product(_ count: Int64, _ nanoseconds: Int64, plus rest: Int64) -> TimeSpan {
            let (product, overflow) = count.multipliedReportingOverflow(by: nanoseconds)
            let (sum, isTooLong) = product.addingReportingOverflow(rest)
            return TimeSpan(nanoseconds: overflow || isTooLong ? .max : sum)
        }
    }
}

extension ResponsePlan.Step {
    /// Sends bytes at an even pace, in pieces of a twentieth of a second; below 20 bytes a second, byte by byte.
    ///
    /// The last byte comes when `bytes.count / bytesPerSecond` seconds have passed.
    ///
    /// - Parameter bytesPerSecond: Positive; more than 2³² counts as 2³².
    public static func throttled(_ bytes: [UInt8], bytesPerSecond: Int) -> Self {
        precondition(bytesPerSecond > 0, "a throttle lets through at least one byte a second")
        return .drip(
            bytes, pieceSize: bytesPerSecond / 20 + (bytesPerSecond % 20 == 0 ? 0 : 1), .bytesPerSecond(bytesPerSecond))
    }

    /// Sends bytes in pieces of `size` bytes (positive), the first at once, with `every` between two of them.
    public static func sliced(_ bytes: [UInt8], size: Int, every: TimeSpan) -> Self {
        precondition(size > 0, "a slice has at least one byte")
        return .drip(bytes, pieceSize: size, .interval(every))
    }
}

extension ResponsePlan.Step {
    /// The bytes that the step sends.
    public var bytes: [UInt8] {
        switch self {
        case .send(let bytes), .drip(let bytes, _, _): bytes
        case .pause, .hold, .abort: []
        }
    }

    /// Whether the head goes out at the latest with this step.
    public var beginsAnswer: Bool {
        switch self {
        case .send, .drip: true
        case .pause, .hold, .abort: false
        }
    }

    /// How long the step takes by itself.
    public var length: TimeSpan {
        switch self {
        case .pause(let span): span
        case .drip(let bytes, let size, let pace):
            bytes.isEmpty ? .zero : pace.time(of: bytes.count, pieceSize: size)
        case .send, .hold, .abort: .zero
        }
    }
}

extension ResponsePlan.Body {
    /// A whole body of announced length at an even pace (`Step.throttled`).
    ///
    /// The head comes at once.
    public static func throttled(_ bytes: [UInt8], bytesPerSecond: Int) -> Self {
        .steps(announcedLength: bytes.count, [.throttled(bytes, bytesPerSecond: bytesPerSecond)])
    }

    /// A whole body of announced length in pieces, as in `Step.sliced`.
    public static func sliced(_ bytes: [UInt8], size: Int, every: TimeSpan) -> Self {
        .steps(announcedLength: bytes.count, [.sliced(bytes, size: size, every: every)])
    }
}
