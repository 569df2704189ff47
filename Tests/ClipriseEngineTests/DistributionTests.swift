import ClipriseScenario
import ClipriseWire
import Foundation
import Testing

@testable import ClipriseEngine

@Suite struct DistributionTests {
    private static func draws(_ distribution: Distribution, _ count: Int = 10_001) -> [Double] {
        (0..<count).map { Double(distribution.length(Draw.mix(7, UInt64($0))).nanoseconds) / 1e9 }.sorted()
    }

    @Test(arguments: [0.001, 0.5, 1, 1.5, 2.718281828459045, 10, 1e9, 1e-12])
    func `the logarithm is the system's to twelve digits`(x: Double) {
        #expect(abs(PortableMath.log(x) - log(x)) <= 1e-12 * max(1, abs(log(x))))
    }

    @Test(arguments: [-20.0, -1, -0.1, 0, 0.1, 1, 5, 20])
    func `the exponential is the system's to twelve digits`(x: Double) {
        #expect(abs(PortableMath.exp(x) / exp(x) - 1) <= 1e-12)
    }

    /// From tables of the standard normal distribution.
    @Test(arguments: [
        (0.5, 0.0), (0.8413447461, 1.0), (0.9772498681, 2.0), (0.0013498980, -3.0), (0.975, 1.9599639845),
    ])
    func `quantiles of the normal distribution are those of the tables`(p: Double, z: Double) {
        #expect(abs(PortableMath.normal(p) - z) < 1e-6)
    }

    @Test func `a fixed length is always the same`() {
        #expect(Set(Self.draws(.fixed(.seconds(3)), 100)) == [3])
    }

    @Test func `a uniform length fills its range evenly`() {
        let draws = Self.draws(.uniform(.seconds(1), .seconds(3)))
        #expect(draws[0] >= 1 && draws[10_000] < 3)
        #expect(abs(draws[5_000] - 2) < 0.05)
        #expect(abs(draws[1_000] - 1.2) < 0.05)
    }

    @Test func `half of all lognormal lengths are below the median, and none above the cap`() {
        let draws = Self.draws(.lognormal(median: .seconds(90), sigma: 0.4, cap: .seconds(300)))
        #expect(abs(draws[5_000] / 90 - 1) < 0.03)
        // One sigma above the median lies at 84 %.
        let upper = 90 * exp(0.4)
        #expect(abs(draws[8_413] / upper - 1) < 0.05)
        #expect(draws[10_000] <= 300)
    }

    @Test func `an exponential length has its mean`() {
        let draws = Self.draws(.exponential(mean: .seconds(10), cap: nil))
        let mean = draws.reduce(0, +) / 10_001
        #expect(abs(mean / 10 - 1) < 0.05)
        let half = 10 * 0.693_147
        #expect(abs(draws[5_000] / half - 1) < 0.06)
    }
}
