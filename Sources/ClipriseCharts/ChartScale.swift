internal import ClipriseWire

/// Places numbers of an axis on a length of pixels.
struct ChartScale: Sendable {
    enum Kind: Sendable { case linear, logarithmic }

    var kind: Kind
    var low: Double
    var high: Double
    /// Pixels of `low` and of `high`.
    var start: Double
    var end: Double

    /// - Parameters:
    ///   - low: Above 0 on a logarithmic scale.
    ///   - high: Raised where it is not above `low`.
    init(_ kind: Kind, _ low: Double, _ high: Double, start: Double, end: Double) {
        self.kind = kind
        self.low = low
        self.high = high > low ? high : low + max(1, abs(low))
        self.start = start
        self.end = end
    }

    func place(_ value: Double) -> Double {
        let value = min(max(value, low), high)
        let part =
            switch kind {
            case .linear: (value - low) / (high - low)
            case .logarithmic: Self.log(value / low) / Self.log(high / low)
            }
        return start + part * (end - start)
    }

    /// Round numbers within the scale, about so many of them.
    func ticks(_ count: Int) -> [Double] {
        switch kind {
        case .linear:
            let step = Self.roundStep((high - low) / Double(max(1, count)))
            var ticks: [Double] = []
            var index = (low / step).rounded(.up)
            while index * step <= high * (1 + 1e-9) {
                ticks.append(index * step)
                index += 1
            }
            return ticks
        case .logarithmic:
            var decades: [Double] = []
            var decade = 1e-9
            while decade <= high * 10 {
                decades.append(decade)
                decade *= 10
            }
            let factors: [Double] = high / low > 1_000 ? [1] : [1, 2, 5]
            return decades.flatMap { decade in factors.map { decade * $0 } }
                .filter { $0 >= low * 0.999_999 && $0 <= high * 1.000_001 }
        }
    }

    /// 1, 2, 5 or 10 times a power of ten, at least `step`.
    static func roundStep(_ step: Double) -> Double {
        guard step > 0, step.isFinite else { return 1 }
        var power = 1.0
        while power * 10 <= step { power *= 10 }
        while power > step { power /= 10 }
        for factor in [1.0, 2, 5] where factor * power >= step { return factor * power }
        return 10 * power
    }

    /// Steps of time that people count in, at least `step` seconds.
    static func timeStep(_ step: Double) -> Double {
        for round in [
            0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200,
        ] as [Double]
        where round >= step { return round }
        return roundStep(step / 3_600) * 3_600
    }

    private static func log(_ x: Double) -> Double { PortableMath.log(x) }
}
