import ClipriseEngine
import ClipriseWire
import Testing

@Suite struct LedgerTests {
    @Test func `a hold sets credits aside and a capture takes them`() {
        var ledger = Ledger(opening: 100, at: .start)
        let isHeld = ledger.hold(30, task: 0, at: .seconds(1))
        #expect(isHeld)
        #expect((ledger.available, ledger.held, ledger.captured, ledger.balance) == (70, 30, 0, 100))
        ledger.capture(30, task: 0, at: .seconds(2))
        #expect((ledger.available, ledger.held, ledger.captured, ledger.balance) == (70, 0, 30, 70))
    }

    @Test func `a release gives back what was held`() {
        var ledger = Ledger(opening: 100, at: .start)
        _ = ledger.hold(30, task: 0, at: .start)
        ledger.release(30, task: 0, at: .start)
        #expect((ledger.available, ledger.held, ledger.captured) == (100, 0, 0))
    }

    @Test func `a hold beyond what can be spent does nothing`() {
        var ledger = Ledger(opening: 100, at: .start)
        _ = ledger.hold(60, task: 0, at: .start)
        let isHeld = ledger.hold(41, task: 1, at: .start)
        #expect(!isHeld)
        #expect((ledger.available, ledger.held, ledger.entries.count) == (40, 60, 2))
        let isLastHeld = ledger.hold(40, task: 1, at: .start)
        #expect(isLastHeld)
        #expect(ledger.available == 0)
    }

    @Test func `a top-up stops at the limit, held credits counted`() {
        var ledger = Ledger(opening: Ledger.limit - 10, at: .start)
        _ = ledger.hold(50, task: 0, at: .start)
        let isTooMuch = ledger.topUp(11, at: .start)
        #expect(!isTooMuch)
        let isHuge = ledger.topUp(.max, at: .start)
        #expect(!isHuge)
        #expect(ledger.entries.count == 2)
        let isDone = ledger.topUp(10, at: .start)
        #expect(isDone)
        #expect(ledger.balance == Ledger.limit)
    }

    @Test(arguments: [Int64.min, -101, -71, Ledger.limit, Int64.max])
    func `an adjustment that would leave the range does nothing`(credits: Int64) {
        var ledger = Ledger(opening: 100, at: .start)
        _ = ledger.hold(30, task: 0, at: .start)
        let isDone = ledger.adjust(by: credits, at: .start)
        #expect(!isDone)
        #expect((ledger.available, ledger.paidIn, ledger.entries.count) == (70, 100, 2))
    }

    @Test func `an adjustment takes all that can be spent and leaves what is held`() {
        var ledger = Ledger(opening: 100, at: .start)
        _ = ledger.hold(30, task: 0, at: .start)
        let isDone = ledger.adjust(by: -70, at: .start)
        #expect(isDone)
        #expect((ledger.available, ledger.held, ledger.balance, ledger.paidIn) == (0, 30, 30, 30))
    }

    @Test func `a task without a price has its entries too`() {
        var ledger = Ledger(opening: 0, at: .start)
        let isHeld = ledger.hold(0, task: 0, at: .start)
        #expect(isHeld)
        ledger.capture(0, task: 0, at: .start)
        #expect(ledger.entries.indices.map { ledger.entries[$0].kind } == [.opening, .hold, .capture])
    }

    @Test func `every movement has an entry with its task, instant and effect`() {
        var ledger = Ledger(opening: 100, at: .seconds(1))
        _ = ledger.hold(30, task: 0, at: .seconds(2))
        _ = ledger.hold(20, task: 1, at: .seconds(3))
        ledger.capture(30, task: 0, at: .seconds(4))
        ledger.release(20, task: 1, at: .seconds(5))
        _ = ledger.topUp(7, at: .seconds(6))
        _ = ledger.adjust(by: -3, at: .seconds(7))
        let entries = ledger.entries.indices.map { ledger.entries[$0] }
        #expect(entries.map(\.kind) == [.opening, .hold, .hold, .capture, .release, .topUp, .adjustment])
        #expect(entries.map(\.task) == [nil, 0, 1, 0, 1, nil, nil])
        #expect(entries.map(\.change) == [100, -30, -20, 0, 20, 7, -3])
        #expect(entries.map(\.at) == (1...7).map { Instant.seconds($0) })
        #expect(entries.reduce(0) { $0 + $1.change } == ledger.available)
        #expect(ledger.breach == nil)
    }
}
