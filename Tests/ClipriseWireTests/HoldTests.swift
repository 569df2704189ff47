import Testing

@testable import ClipriseWire

@Suite struct HoldTests {
    private func cursor(_ steps: ResponsePlan.Step..., length: Int? = nil) -> PlanCursor {
        PlanCursor(.steps(announcedLength: length, steps))
    }

    @Test func `a hold lasts until it is released`() {
        var cursor = cursor(.send([1]), .hold, .send([2]))
        #expect(cursor.next(at: .start, capacity: 9) == .send([1]))
        #expect(cursor.next(at: .start, capacity: 9) == .hold)
        #expect(cursor.next(at: .seconds(1_000_000), capacity: 9) == .hold)
        cursor.release()
        #expect(cursor.next(at: .seconds(1_000_000), capacity: 9) == .send([2]))
        #expect(cursor.next(at: .seconds(1_000_000), capacity: 9) == .finish)
    }

    @Test func `a hold before the first bytes holds the head`() {
        var cursor = cursor(.hold, .pause(.seconds(2)), .hold, .send([7]))
        #expect(cursor.nextBeforeHead(at: .start) == .hold)
        cursor.release()
        #expect(cursor.nextBeforeHead(at: .seconds(5)) == .wait(until: .seconds(7)))
        #expect(cursor.nextBeforeHead(at: .seconds(7)) == .hold)
        cursor.release()
        #expect(cursor.nextBeforeHead(at: .seconds(7)) == nil)
        #expect(cursor.next(at: .seconds(7), capacity: 9) == .send([7]))
    }

    @Test func `releases that come early are counted`() {
        var cursor = cursor(.send([1]), .hold, .send([2]), .hold, .send([3]), .hold, .send([4]))
        cursor.release()
        cursor.release()
        #expect(cursor.next(at: .start, capacity: 9) == .send([1]))
        #expect(cursor.next(at: .start, capacity: 9) == .send([2]))
        #expect(cursor.next(at: .start, capacity: 9) == .send([3]))
        #expect(cursor.next(at: .start, capacity: 9) == .hold)
    }

    @Test func `one release lets one hold pass`() {
        var cursor = cursor(.hold, .hold, .send([1]))
        #expect(cursor.nextBeforeHead(at: .start) == .hold)
        cursor.release()
        #expect(cursor.nextBeforeHead(at: .start) == .hold)
        cursor.release()
        #expect(cursor.nextBeforeHead(at: .start) == nil)
    }

    @Test func `steps are added at the end, in order`() {
        var cursor = cursor(.send([]), .hold)
        cursor.release(adding: [.send([1, 2]), .hold])
        cursor.release(adding: [.send([3]), .hold])
        #expect(cursor.unsentBytes == 3)
        #expect(cursor.nextBeforeHead(at: .start) == nil)
        #expect(cursor.next(at: .start, capacity: 9) == .send([1, 2]))
        #expect(cursor.next(at: .start, capacity: 9) == .send([3]))
        #expect(cursor.next(at: .start, capacity: 9) == .hold)
        #expect(cursor.mayGrow)
        cursor.release()
        #expect(cursor.next(at: .start, capacity: 9) == .finish)
        #expect(!cursor.mayGrow)
    }

    @Test func `a step that was begun goes on when steps are added`() {
        var cursor = PlanCursor(
            .steps(announcedLength: nil, Array(repeating: .send([0]), count: 40) + [.send([1, 2, 3]), .hold]))
        for _ in 0..<40 { #expect(cursor.next(at: .start, capacity: 2) == .send([0])) }
        #expect(cursor.next(at: .start, capacity: 2) == .send([1, 2]))
        cursor.release(adding: [.send([4])])
        #expect(cursor.next(at: .start, capacity: 2) == .send([3]))
        #expect(cursor.next(at: .start, capacity: 2) == .send([4]))
    }

    @Test func `an endless stream keeps no finished steps`() {
        var cursor = cursor(.send([]), .hold)
        for _ in 0..<10_000 {
            cursor.release(adding: [.send([1]), .hold])
            #expect(cursor.next(at: .start, capacity: 9) == .send([1]))
            #expect(cursor.next(at: .start, capacity: 9) == .hold)
        }
        #expect(cursor.storedStepCount < 40)
        #expect(cursor.unsentBytes == 0 && cursor.remainingStepCount == 1)
    }

    @Test func `what was released before there was a body is taken over`() {
        var early = PlanCursor()
        early.release()
        early.release(adding: [.send([9])])
        var cursor = cursor(.hold, .send([1]), .hold)
        cursor.adopt(early)
        #expect(cursor.nextBeforeHead(at: .start) == nil)
        #expect(cursor.next(at: .start, capacity: 9) == .send([1]))
        #expect(cursor.next(at: .start, capacity: 9) == .send([9]))
        #expect(cursor.next(at: .start, capacity: 9) == .finish)
    }

    @Test func `with the last announced byte a body is over`() {
        var held = cursor(.send([1, 2, 3]), .hold, length: 2)
        #expect(held.next(at: .start, capacity: 9) == .send([1, 2]))
        #expect(held.next(at: .start, capacity: 9) == .finish)
        var broken = cursor(.send([1, 2]), .pause(.seconds(1)), .abort(.reset), length: 2)
        #expect(broken.next(at: .start, capacity: 9) == .send([1, 2]))
        #expect(broken.next(at: .start, capacity: 9) == .abort(.reset))
    }
}
