package import ClipriseWire

/// A length of time that may be drawn.
package enum Distribution: Sendable, Hashable {
    case fixed(TimeSpan)
    /// Every length from the first to the second alike.
    case uniform(TimeSpan, TimeSpan)
    /// Half of all draws are below `median`; `sigma` is the spread of the logarithm; no draw exceeds `cap`.
    case lognormal(median: TimeSpan, sigma: Double, cap: TimeSpan?)
    case exponential(mean: TimeSpan, cap: TimeSpan?)
}
