import Testing

@testable import ClipriseSimulator

@Suite struct StatisticsTests {
    /// Tables of Student's distribution: the value that 95 % and 99 % lie within, to three places.
    static let quantiles: [(level: Double, freedom: Int, value: Double)] = [
        (0.95, 1, 12.706), (0.95, 2, 4.303), (0.95, 4, 2.776), (0.95, 9, 2.262), (0.95, 29, 2.045), (0.95, 100, 1.984),
        (0.99, 1, 63.657), (0.99, 5, 4.032), (0.99, 30, 2.750),
    ]

    @Test(arguments: quantiles)
    func `quantiles of Student's distribution are those of the tables`(
        row: (level: Double, freedom: Int, value: Double)
    ) {
        let value = StudentT.quantile(level: row.level, freedom: row.freedom)
        #expect(abs(value - row.value) < 0.0006, "\(value)")
        #expect(abs(StudentT.twoSided(row.value, freedom: row.freedom) - (1 - row.level)) < 0.0001)
    }

    /// Mean 3, standard deviation √2.5, five values: 3 ± 2.776 · √(2.5 / 5).
    @Test func `an interval is the mean and its error times the quantile`() throws {
        let estimate = Estimate([1, 2, 3, 4, 5])
        #expect(estimate.mean == 3)
        let high = try #require(estimate.high)
        #expect(abs(high - 4.963) < 0.001)
        #expect(Estimate([7, 7, 7]).high == 7)
        #expect(Estimate([7]).high == nil)
        #expect(Estimate([7, nil]).mean == nil)
        #expect(Estimate([7, nil]).missing == 1)
    }

    /// Pairs that move together differ by 1 ± little, however far the values lie apart.
    @Test func `a comparison is paired, so that what chance does to both does not hide a difference`() {
        let others: [Double?] = [10, 50, 90, 20, 70, 30]
        let values: [Double?] = [11.1, 50.9, 91.0, 21.2, 70.8, 31.0]
        var contrasts = [Contrast(values, against: others)]
        Contrast.correct(&contrasts)
        #expect(contrasts[0].verdict(lessIsBetter: true) == .worse)
        #expect(contrasts[0].verdict(lessIsBetter: false) == .better)
        #expect(Contrast(others, against: others).chance == 1)
    }

    static let signs: [(differences: [Double], chance: Double)] = [
        ([1, 1, 1, 1, 1], 0.0625), ([-1, -1, -1, -1, -1, 0], 0.0625), ([1, -1], 1), ([1, 1, 1, 1, 1, 1, -1], 0.125),
        ([], 1),
    ]

    @Test(arguments: signs)
    func `the sign test is exact`(row: (differences: [Double], chance: Double)) {
        #expect(abs(Contrast.signTest(row.differences) - row.chance) < 1e-12)
    }

    @Test func `a figure that is missing is worse than any`() {
        let values: [Double?] = Array(repeating: nil, count: 12)
        var contrasts = [Contrast(values, against: Array(repeating: 5, count: 12))]
        Contrast.correct(&contrasts)
        #expect(contrasts[0].verdict(lessIsBetter: true) == .worse)
        #expect(contrasts[0].difference.mean == nil)
    }

    /// Holm: 0.01 · 4, then 0.02 · 3, 0.03 · 2 and 0.9, none below the one before.
    @Test func `many comparisons are corrected step by step`() {
        var contrasts = [0.9, 0.01, 0.03, 0.02].map { chance in
            var contrast = Contrast([1, 2], against: [1, 2])
            contrast.chance = chance
            return contrast
        }
        Contrast.correct(&contrasts)
        let corrected = contrasts.map { ($0.correctedChance * 1_000).rounded() / 1_000 }
        #expect(corrected == [0.9, 0.04, 0.06, 0.06])
    }

    /// 200 experiments of two policies that do not differ, 5 figures each: at most about 5 % may name a difference.
    @Test func `two policies that are the same are seldom told apart`() {
        var generator = SplitMix64Source(seed: 11)
        var alarms = 0
        for _ in 0..<200 {
            var contrasts = (0..<5).map { _ in
                func draws() -> [Double?] { (0..<10).map { _ in generator.unit() + generator.unit() } }
                return Contrast(draws(), against: draws())
            }
            Contrast.correct(&contrasts)
            if contrasts.contains(where: { $0.verdict(lessIsBetter: true) != .notDistinguishable }) { alarms += 1 }
        }
        // 10 are expected; 20 is three standard deviations above.
        #expect(alarms <= 20)
    }

    static let fronts: [([[Double]], [Int])] = [
        ([[1, 5], [2, 4], [3, 4], [4, 1]], [0, 1, 3]), ([[1, 1], [1, 1]], [0, 1]), ([[1, .infinity], [2, 2]], [1]),
        ([], []),
    ]

    @Test(arguments: fronts)
    func `on the front is what no other one beats`(figures: [[Double]], front: [Int]) {
        #expect(ParetoFront.indices(figures) == front)
    }

    // MARK: The least number of polls

    private static func watches(_ lives: [Int64], lag: Int64) -> [PollBound.Watch] {
        lives.map { PollBound.Watch(kind: 0, life: $0 * 1_000_000_000, lag: lag) }
    }

    @Test func `whoever knows a life polls once`() throws {
        let bound = try #require(PollBound(Self.watches([60, 60, 60], lag: 0)))
        #expect(bound.leastPolls == 1)
    }

    /// Lives of 10 s and 20 s, half each: one poll at 20 s lags 5 s on the average, two polls at 10 s and 20 s make 1.5 and
    /// lag nothing; half-way between them lies half of each.
    @Test func `between two schedules lies what mixes them`() throws {
        let none = try #require(PollBound(Self.watches([10, 20], lag: 0)))
        #expect(abs(none.leastPolls - 1.5) < 0.01)
        let half = try #require(PollBound(Self.watches([10, 20], lag: 2_500_000_000)))
        #expect(abs(half.leastPolls - 1.25) < 0.01)
        let much = try #require(PollBound(Self.watches([10, 20], lag: 5_000_000_000)))
        #expect(abs(much.leastPolls - 1) < 0.01)
    }

    /// Another model is another guess: whoever knows the model needs one poll.
    @Test func `each model has lives of its own`() throws {
        let watches = [
            PollBound.Watch(kind: 0, life: 10_000_000_000, lag: 0),
            PollBound.Watch(kind: 1, life: 20_000_000_000, lag: 0),
        ]
        #expect(try #require(PollBound(watches)).leastPolls == 1)
    }
}

/// Chance for tests of statistics.
struct SplitMix64Source {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
}
