extension Duration {
    /// The length in whole nanoseconds, rounded towards zero; what 64 bits cannot hold becomes their end.
    var wholeNanoseconds: Int64 {
        let nanoseconds = attoseconds / 1_000_000_000
        return Int64(clamping: nanoseconds)
    }
}

extension Int64 {
    /// The sum, held at the end of the range where it would pass it.
    func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
