import ClipriseJournal
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct ClockTests {
    static let ticking = "clock: {mode: virtual, tick_per_poll: 2s}\ntasks:\n  - {life: {after: 5s}}\n"
    static let standing = "clock: {mode: virtual}\ntasks:\n  - {life: {after: 5s}}\n"

    @Test func `each status poll moves a ticking clock by its step, before it is answered`() throws {
        var bench = try Bench(Self.ticking)
        let id = bench.task()
        #expect(try (0..<3).map { _ in try bench.status(id).plan.status } == [300, 300, 200])
        #expect(bench.account.lastSeen == .seconds(6))
        // Downloads and generates do not.
        _ = try bench.status(id, download: true)
        _ = bench.generate(prompt: "b")
        #expect(bench.account.lastSeen == .seconds(6))
    }

    @Test func `the host's clock moves no virtual one`() throws {
        var bench = try Bench(Self.standing)
        let id = bench.task()
        bench.advance(.seconds(3_600))
        #expect(try bench.status(id).plan.status == 300)
        #expect(bench.account.lastSeen == .start)
    }

    @Test func `a clock that is moved by hand settles what fell due, at the instant it fell due`() throws {
        var bench = try Bench(Self.standing)
        let id = bench.task()
        bench.account.advance(to: .seconds(30), at: bench.time)
        #expect(try bench.status(id).plan.status == 200)
        let settled = bench.account.world.journal.events().first { if case .settled = $0.kind { true } else { false } }
        #expect(settled?.at == .seconds(5))
    }

    @Test func `a pause moves a passing clock, and the answer leaves at once`() throws {
        var bench = try Bench(Self.ticking + "rules:\n  - {when: {operation: generate}, fault: {latency: 7s}}\n")
        let plan = bench.generate().plan
        #expect(!plan.steps.contains(.pause(.seconds(7))))
        #expect(bench.account.lastSeen == .seconds(7))
    }

    @Test func `a pause on a clock that is held waits until the clock was moved past it`() throws {
        var bench = try Bench(Self.standing + "rules:\n  - {fault: {latency: 7s}}\n")
        let decision = bench.generate()
        #expect(decision.plan.steps.first == .hold)
        #expect(bench.account.nextDue == .seconds(5))
        bench.account.advance(to: .seconds(6), at: bench.time)
        #expect(bench.account.takeDues().releases == [])
        bench.account.advance(to: .seconds(7), at: bench.time)
        #expect(bench.account.takeDues().releases == [decision.sequence])
        #expect(bench.account.nextDue == nil)
    }

    @Test func `an answer has the date of a virtual clock, and leaves it to the sender on a real one`() throws {
        var bench = try Bench(Self.ticking)
        let id = bench.task()
        #expect(bench.generate(prompt: "b").plan.date == AccountClock.virtualEpoch)
        #expect(try bench.status(id).plan.date == AccountClock.virtualEpoch + 2)
        #expect(try bench.status(id).plan.date == AccountClock.virtualEpoch + 4)
        var real = try Bench("tasks:\n  - {life: {after: 5s}}\n")
        #expect(real.generate().plan.date == nil)
    }

    @Test(arguments: [("body", 0 as Int64), ("after", 7)])
    func `the date of an answer that waits is that of its head`(phase: String, seconds: Int64) throws {
        for start in [Self.standing, Self.ticking] {
            var bench = try Bench(start + "rules:\n  - {phase: \(phase), fault: {latency: 7s}}\n")
            #expect(bench.generate().plan.date == AccountClock.virtualEpoch + seconds)
        }
    }

    @Test func `a frozen clock stands where it stood, and a followed one goes on from there`() {
        var clock = AccountClock(.real, at: .start)
        #expect(clock.now(.seconds(5)) == .seconds(5))
        clock.freeze(at: .seconds(5))
        #expect(clock.now(.seconds(50)) == .seconds(5))
        clock.advance(to: .seconds(8))
        clock.follow(.seconds(60))
        #expect(clock.now(.seconds(61)) == .seconds(9))
    }

    @Test func `a real clock is not moved by hand`() throws {
        var bench = try Bench("")
        bench.account.advance(to: .seconds(30), at: bench.time)
        #expect(bench.account.lastSeen == .start)
    }

    @Test func `outages and quotas follow the account's own clock`() throws {
        var bench = try Bench(
            Self.ticking
                + "rules:\n  - {when: {operation: status}, during: {from: 3s, for: 3s}, fault: {status: 503}}\n")
        let id = bench.task()
        // At 2, 4, 6 and 8 s.
        #expect(try (0..<4).map { _ in try bench.status(id).plan.status } == [300, 503, 200, 200])
    }
}

extension ResponsePlan {
    fileprivate var steps: [Step] { if case .steps(_, let steps) = body { steps } else { [] } }
}
