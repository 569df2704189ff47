import ClipriseWire
import Testing

@Suite struct PaceTests {
    /// What a host on a perfect clock sends, and when.
    private func walk(_ body: ResponsePlan.Body, capacity: Int = .max) -> [(time: Instant, bytes: [UInt8])] {
        var cursor = PlanCursor(body)
        var now = Instant.start
        var sent: [(time: Instant, bytes: [UInt8])] = []
        #expect(cursor.nextBeforeHead(at: now) == nil)
        while true {
            switch cursor.next(at: now, capacity: capacity) {
            case .send(let bytes): sent.append((now, Array(bytes)))
            case .wait(let due): now = due
            case .finish: return sent
            case .hold, .abort:
                Issue.record("a drip neither holds nor aborts")
                return sent
            }
        }
    }

    struct Throttle: Sendable, CustomTestStringConvertible {
        var size: Int
        var rate: Int
        /// size / rate, rounded down.
        var nanoseconds: Int64
        var pieces: Int
        var testDescription: String { "\(size) bytes at \(rate) a second" }
    }

    static let throttles = [
        Throttle(size: 10_240, rate: 10_240, nanoseconds: 1_000_000_000, pieces: 20),
        Throttle(size: 2_000_000, rate: 10_240, nanoseconds: 195_312_500_000, pieces: 3_907),
        Throttle(size: 10, rate: 3, nanoseconds: 3_333_333_333, pieces: 10),
        Throttle(size: 100, rate: 21, nanoseconds: 4_761_904_761, pieces: 50),
        Throttle(size: 1, rate: 1, nanoseconds: 1_000_000_000, pieces: 1),
        Throttle(size: 1_000, rate: 1_000_000_000, nanoseconds: 1_000, pieces: 1),
        Throttle(size: 3, rate: .max, nanoseconds: 0, pieces: 1),
    ]

    @Test(arguments: throttles)
    func `a throttled body takes exactly its time, in at most twenty pieces a second`(throttle: Throttle) throws {
        let bytes = (0..<throttle.size).map { UInt8(truncatingIfNeeded: $0) }
        let sent = walk(.throttled(bytes, bytesPerSecond: throttle.rate))
        #expect(sent.flatMap(\.bytes) == bytes)
        #expect(sent.last?.time == Instant(nanoseconds: throttle.nanoseconds))
        #expect(sent.count == throttle.pieces)
        let rate = min(throttle.rate, 1 << 32)
        var count = 0
        for piece in sent {
            count += piece.bytes.count
            #expect(piece.time.nanoseconds == Int64(count) * 1_000_000_000 / Int64(rate), "the pace is even")
        }
    }

    @Test func `slices come one interval apart, the first at once`() {
        let sent = walk(.sliced([1, 2, 3, 4, 5], size: 2, every: .milliseconds(30)))
        #expect(sent.map(\.bytes) == [[1, 2], [3, 4], [5]])
        #expect(sent.map(\.time) == [.start, .milliseconds(30), .milliseconds(60)])
    }

    @Test(arguments: [5, 6, .max])
    func `a slice as large as the body is the body`(size: Int) {
        let sent = walk(.sliced([1, 2, 3, 4, 5], size: size, every: .seconds(1)))
        #expect(sent.map(\.bytes) == [[1, 2, 3, 4, 5]] && sent.map(\.time) == [.start])
    }

    @Test func `a piece beyond the caller's capacity comes in parts, all in its time`() {
        let sent = walk(.sliced([1, 2, 3, 4, 5, 6], size: 3, every: .seconds(1)), capacity: 2)
        #expect(sent.map(\.bytes) == [[1, 2], [3], [4, 5], [6]])
        #expect(sent.map(\.time) == [.start, .start, .seconds(1), .seconds(1)])
    }

    @Test func `an empty body has no pieces`() {
        #expect(walk(.throttled([], bytesPerSecond: 1)).isEmpty)
        #expect(walk(.sliced([], size: 1, every: .seconds(1))).isEmpty)
    }

    @Test func `a small delay is caught up`() {
        var cursor = PlanCursor(.throttled(Array(repeating: 0, count: 60), bytesPerSecond: 20))
        for ordinal in 1...60 {
            let due = Instant.milliseconds(50 * Int64(ordinal))
            #expect(cursor.next(at: due.advanced(by: .milliseconds(-50)), capacity: 9) == .wait(until: due))
            #expect(cursor.next(at: due.advanced(by: .milliseconds(7)), capacity: 9) == .send([0]))
        }
    }

    @Test func `a long delay is not followed by a burst`() {
        var cursor = PlanCursor(.sliced([1, 2, 3, 4], size: 1, every: .seconds(1)))
        #expect(cursor.next(at: .start, capacity: 9) == .send([1]))
        #expect(cursor.next(at: .seconds(60), capacity: 9) == .send([2]))
        #expect(cursor.next(at: .seconds(60), capacity: 9) == .wait(until: .seconds(61)))
        #expect(cursor.next(at: .seconds(61), capacity: 9) == .send([3]))
    }

    @Test func `a drip may be followed by an abort`() {
        var cursor = PlanCursor(
            .steps(announcedLength: 9, [.throttled([1, 2], bytesPerSecond: 1), .abort(.reset)]))
        #expect(cursor.largestPiece == 1)
        #expect(cursor.next(at: .start, capacity: 9) == .wait(until: .seconds(1)))
        #expect(cursor.next(at: .seconds(1), capacity: 9) == .send([1]))
        #expect(cursor.next(at: .seconds(1), capacity: 9) == .wait(until: .seconds(2)))
        #expect(cursor.next(at: .seconds(2), capacity: 9) == .send([2]))
        #expect(cursor.next(at: .seconds(2), capacity: 9) == .abort(.reset))
    }
}
