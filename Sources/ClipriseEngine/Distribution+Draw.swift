public import ClipriseScenario
public import ClipriseWire

extension Distribution {
    /// The length that a random word stands for.
    ///
    /// Logarithm and exponential are our own: the system's differ in the last bit between machines, and a seed must give
    /// the same bytes everywhere.
    public func length(_ word: UInt64) -> TimeSpan {
        // Never 0, whose logarithm has no end.
        let unit = max(Draw.unit(word), 0x1p-54)
        switch self {
        case .fixed(let span): return span
        case .uniform(let least, let most):
            let width = Double(most.nanoseconds - least.nanoseconds)
            return TimeSpan(nanoseconds: least.nanoseconds + Int64(width * unit))
        case .lognormal(let median, let sigma, let cap):
            return capped(Double(median.nanoseconds) * PortableMath.exp(sigma * PortableMath.normal(unit)), cap)
        case .exponential(let mean, let cap):
            return capped(-Double(mean.nanoseconds) * PortableMath.log(unit), cap)
        }
    }

    private func capped(_ nanoseconds: Double, _ cap: TimeSpan?) -> TimeSpan {
        let most = Double(cap?.nanoseconds ?? 1 << 60)
        return TimeSpan(rounding: min(max(0, nanoseconds), most))
    }
}
