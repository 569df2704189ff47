import ClipriseReport
import ClipriseScenario
import ClipriseWire
import Foundation
import Testing

/// Measures how often `backoff` and `jitter_present` are wrong.
///
/// `CLIPRISE_WAIT_CLIENTS=20000` measures with so many clients of each habit, by hand and best in a release build.
@Suite struct WaitErrorRateTests {
    typealias Backoff = ClientProperty.Backoff

    static let clients = ProcessInfo.processInfo.environment["CLIPRISE_WAIT_CLIENTS"].flatMap { Int($0) } ?? 1_000

    /// Clients of one habit, in turn with each shape of failures, with 20 waits each.
    static func clients(
        _ habit: RetryHabit, _ count: Int, waits: Int = 20, shapes: [RetryHabit.Shape] = RetryHabit.Shape.allCases,
        _ body: ([[Double]]) -> Void
    ) {
        var chance = Story()
        for client in 0..<count { body(habit.rows(shapes[client % shapes.count], waits: waits, &chance)) }
    }

    /// A false alarm in a report on one account in at most one of a hundred, and in a report on 100 as well: there each
    /// account is judged among a hundred, and all together as one.
    @Test(arguments: RetryHabit.correct + RetryHabit.heldOut)
    func `a correct client is failed in at most one of a hundred reports`(habit: RetryHabit) {
        var (alone, reports, isFailed) = (0, 0, false)
        var (client, together): (Int, [[Double]]) = (0, [])
        func isAlarm(_ waits: WaitsAlone) -> Bool {
            waits.growth == .fail || (habit.hasJitter && waits.jitterPresent(samples: 8) == .fail)
        }
        Self.clients(habit, Self.clients) { rows in
            let waits = WaitsAlone(rows: rows, judged: 1)
            if isAlarm(waits) { alone += 1 }
            isFailed = isFailed || isAlarm(waits.judged(among: 100))
            together += rows
            client += 1
            guard client % 100 == 0 else { return }
            if isFailed || isAlarm(WaitsAlone(rows: together, judged: 1)) { reports += 1 }
            (isFailed, together) = (false, [])
        }
        #expect(alone * 100 <= Self.clients, "\(alone) of \(Self.clients) reports on one")
        #expect(reports * 100 <= Self.clients / 100, "\(reports) of \(Self.clients / 100) reports on 100")
    }

    @Test(arguments: RetryHabit.flat + RetryHabit.heldOutFlat)
    func `waits that do not grow are seen in nine of ten clients at 20 waits, and hardly pass at 8`(habit: RetryHabit) {
        var (caught, passed) = (0, 0)
        let count = Self.clients / 4
        Self.clients(habit, count, shapes: [.fours, .fives]) {
            if WaitsAlone(rows: $0, judged: 1).growth == .fail { caught += 1 }
        }
        Self.clients(habit, count, waits: 8, shapes: [.fours, .twos, .chance]) {
            if WaitsAlone(rows: $0, judged: 1).growth == .pass { passed += 1 }
        }
        #expect(caught * 10 >= count * 9, "\(caught) of \(count)")
        #expect(passed * 10 <= count, "\(passed) of \(count) passed at 8 waits")
    }

    @Test(
        arguments: (RetryHabit.correct + RetryHabit.heldOut).filter { !$0.hasJitter } + [RetryHabit.fixed])
    func `waits without jitter are seen at 20 waits`(habit: RetryHabit) {
        var caught = 0
        let count = Self.clients / 10
        Self.clients(habit, count) {
            if WaitsAlone(rows: $0, judged: 1).jitterPresent(samples: 8) == .fail { caught += 1 }
        }
        #expect(caught * 10 >= count * 9, "\(caught) of \(count)")
    }

    struct Demanded: Sendable, CustomTestStringConvertible {
        let habit: RetryHabit
        let demand: Backoff
        let isMet: Bool

        init(_ habit: RetryHabit, _ demand: Backoff, isMet: Bool) {
            (self.habit, self.demand, self.isMet) = (habit, demand, isMet)
        }

        var testDescription: String { "\(habit) where \(demand) is demanded" }
    }

    static let demanded: [Demanded] = {
        let named = Dictionary(uniqueKeysWithValues: RetryHabit.correct.map { ($0.description, $0) })
        func habit(_ word: String) -> RetryHabit { named.first { $0.key.hasPrefix(word) }?.value ?? .fixed }
        let full = Backoff(base: .seconds(1), factor: 2, cap: .seconds(30), jitter: .full)
        let equal = Backoff(base: .seconds(1), factor: 2, cap: .seconds(30), jitter: .equal)
        let one = habit("full jitter, 1 s")
        return [
            Demanded(one, full, isMet: true), Demanded(one, Backoff(factor: 2, jitter: .full), isMet: true),
            Demanded(habit("equal"), equal, isMet: true),
            Demanded(habit("decorrelated"), Backoff(jitter: .decorrelated), isMet: true),
            Demanded(habit("Google"), Backoff(factor: 2), isMet: true),
            Demanded(habit("Fibonacci"), Backoff(jitter: .none), isMet: true),
            Demanded(.fixed, Backoff(base: .seconds(2), factor: 1, jitter: .none), isMet: true),
            Demanded(habit("equal"), full, isMet: false),
            Demanded(habit("equal"), Backoff(jitter: .full), isMet: false),
            Demanded(one, equal, isMet: false), Demanded(habit("exponential"), Backoff(jitter: .full), isMet: false),
            Demanded(one, Backoff(jitter: .none), isMet: false),
            Demanded(.uncapped, Backoff(cap: .seconds(4)), isMet: false),
        ]
            + RetryHabit.flat.flatMap { habit in
                [Backoff(factor: 2), Backoff(cap: .seconds(30)), Backoff(jitter: .full)].map {
                    Demanded(habit, $0, isMet: false)
                }
            }
    }()

    @Test(arguments: demanded)
    func `what is demanded is failed when it is not met, and else hardly ever`(demanded: Demanded) {
        var failed = 0
        let count = Self.clients / 25
        Self.clients(demanded.habit, count, shapes: [.fours, .fives]) {
            if WaitsAlone(rows: $0, judged: 1).backoff(demanded.demand) == .fail { failed += 1 }
        }
        #expect(demanded.isMet ? failed * 100 <= count * 2 : failed * 10 >= count * 9, "\(failed) of \(count)")
    }

    @Test func `a row that grows for twenty waits has no cap`() {
        var chance = Story()
        let rows = [(0..<20).map { _ in 0.0 }.indices.map { RetryHabit.uncapped.wait($0, nil, &chance) }]
        #expect(WaitsAlone(rows: rows, judged: 1).growth == .fail)
    }
}
