import ClipriseWire
import Testing

@Suite struct PlanCursorTests {
    @Test func `a pause counts from the moment it is reached`() {
        var cursor = PlanCursor(.steps(announcedLength: 1, [.pause(.seconds(2)), .send([7])]))
        #expect(cursor.next(at: .seconds(10), capacity: 8) == .wait(until: .seconds(12)))
        #expect(cursor.next(at: .seconds(11), capacity: 8) == .wait(until: .seconds(12)))
        #expect(cursor.next(at: .seconds(12), capacity: 8) == .send([7]))
        #expect(cursor.next(at: .seconds(12), capacity: 8) == .finish)
    }

    @Test func `bytes are cut at the caller's capacity and none is lost`() {
        var cursor = PlanCursor(.plain([1, 2, 3, 4, 5]))
        #expect(cursor.next(at: .start, capacity: 2) == .send([1, 2]))
        #expect(cursor.next(at: .start, capacity: 2) == .send([3, 4]))
        #expect(cursor.next(at: .start, capacity: 2) == .send([5]))
        #expect(cursor.next(at: .start, capacity: 2) == .finish)
    }

    @Test func `an abort comes again however often one asks`() {
        var cursor = PlanCursor(.steps(announcedLength: 9, [.send([1]), .abort(.reset)]))
        #expect(cursor.next(at: .start, capacity: 2) == .send([1]))
        #expect(cursor.next(at: .start, capacity: 2) == .abort(.reset))
        #expect(cursor.next(at: .start, capacity: 2) == .abort(.reset))
    }

    @Test func `pauses and an abort before the first bytes happen before the head`() {
        var cursor = PlanCursor(.steps(announcedLength: 9, [.pause(.seconds(1)), .pause(.seconds(2)), .abort(.close)]))
        #expect(cursor.nextBeforeHead(at: .start) == .wait(until: .seconds(1)))
        #expect(cursor.nextBeforeHead(at: .seconds(1)) == .wait(until: .seconds(3)))
        #expect(cursor.nextBeforeHead(at: .seconds(2)) == .wait(until: .seconds(3)))
        #expect(cursor.nextBeforeHead(at: .seconds(3)) == .abort(.close))
    }

    @Test func `an empty send lets the head go first and is never handed out`() {
        var cursor = PlanCursor(.steps(announcedLength: 2, [.send([]), .abort(.reset)]))
        #expect(cursor.nextBeforeHead(at: .start) == nil)
        #expect(cursor.next(at: .start, capacity: 1) == .abort(.reset))
    }

    @Test func `an abort behind the last byte is still known`() {
        var cursor = PlanCursor(.steps(announcedLength: 1, [.send([1]), .pause(.seconds(1)), .abort(.reset)]))
        #expect(cursor.next(at: .start, capacity: 9) == .send([1]))
        #expect(cursor.remainingAbort == .reset)
        #expect(PlanCursor(.plain([1])).remainingAbort == nil)
    }
}
