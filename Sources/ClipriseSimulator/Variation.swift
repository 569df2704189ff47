internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

/// Worlds that differ from the written one in what nobody can know beforehand: how long an outage lasts, and how long
/// tasks take.
///
/// A policy that is chosen in one world may only fit its outage; one that is chosen in several, and judged in others, is
/// good at more than that.
struct Variation: Sendable, Hashable {
    /// The most that a length is multiplied or divided by; 1 changes nothing.
    var factor: Double

    static let factors: ClosedRange<Double> = 1...10

    /// The settings of one world.
    ///
    /// - Parameters:
    ///   - index: 0 is the world as it is written, but for its seed.
    ///   - seed: Of the world; the factors follow from it.
    func world(_ settings: FleetSettings, index: Int, seed: UInt64) -> FleetSettings {
        var settings = settings
        settings.engine.seed = seed
        settings.seedGoesFirst = true
        guard factor > 1, index > 0 else { return settings }
        let outage = part(Draw.mix(seed, 0x6F75_7461_6765))
        let life = part(Draw.mix(seed, 0x6C69_7665_73))
        for rule in settings.scenario.rules.indices {
            guard let window = settings.scenario.rules[rule].during else { continue }
            settings.scenario.rules[rule].during = Window(
                from: window.from, length: TimeSpan(rounding: Double(window.length.nanoseconds) * outage))
        }
        for task in settings.scenario.tasks.indices {
            guard case .after(let span)? = settings.scenario.tasks[task].life else { continue }
            settings.scenario.tasks[task].life = .after(span.scaled(by: life))
        }
        if case .scaled(let pace) = settings.engine.pace {
            settings.engine.pace = .scaled(min(EngineSettings.paces.upperBound, pace * life))
        }
        return settings
    }

    /// From 1/factor to factor, even in its logarithm.
    private func part(_ word: UInt64) -> Double {
        PortableMath.exp((2 * Draw.unit(word) - 1) * PortableMath.log(factor))
    }
}

extension Distribution {
    /// Every length times a factor.
    fileprivate func scaled(by factor: Double) -> Distribution {
        func scaled(_ span: TimeSpan) -> TimeSpan {
            TimeSpan(rounding: min(Double(1 << 60), Double(span.nanoseconds) * factor))
        }
        return switch self {
        case .fixed(let span): .fixed(scaled(span))
        case .uniform(let least, let most): .uniform(scaled(least), scaled(most))
        case .lognormal(let median, let sigma, let cap):
            .lognormal(median: scaled(median), sigma: sigma, cap: cap.map(scaled))
        case .exponential(let mean, let cap): .exponential(mean: scaled(mean), cap: cap.map(scaled))
        }
    }
}
