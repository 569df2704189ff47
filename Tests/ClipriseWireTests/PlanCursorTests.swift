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
}
