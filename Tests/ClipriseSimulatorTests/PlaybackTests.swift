import ClipriseJournal
import ClipriseWire
import Testing

@testable import ClipriseBundle
@testable import ClipriseSimulator

@Suite struct PlaybackTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var body: ResponsePlan.Body
        /// Seconds until the client gives up.
        var patience: Int64 = 30
        var isStream = false
        var isComplete: Bool
        var hasHead: Bool
        /// Seconds.
        var at: Int64
        var byteCount: Int
        var outcome: ExchangeEvent.Outcome
    }

    static let cases = [
        Case(
            testDescription: "a plain body is there at once", body: .plain([1, 2, 3]), isComplete: true, hasHead: true,
            at: 0, byteCount: 3, outcome: .completed),
        Case(
            testDescription: "a late answer takes its time",
            body: .steps(announcedLength: 1, [.pause(.seconds(5)), .send([1])]), isComplete: true, hasHead: true, at: 5,
            byteCount: 1, outcome: .completed),
        Case(
            testDescription: "a client gives up a late answer",
            body: .steps(announcedLength: 1, [.pause(.seconds(31)), .send([1])]), isComplete: false, hasHead: false,
            at: 30, byteCount: 0, outcome: .clientLeft),
        Case(
            testDescription: "a connection that ends before the head",
            body: .steps(announcedLength: 1, [.pause(.seconds(1)), .abort(.reset)]), isComplete: false, hasHead: false,
            at: 1, byteCount: 0, outcome: .aborted),
        Case(
            testDescription: "a connection that ends inside the body",
            body: .steps(announcedLength: 4, [.send([1, 2]), .abort(.close)]), isComplete: false, hasHead: true, at: 0,
            byteCount: 2, outcome: .aborted),
        Case(
            testDescription: "fewer bytes than announced", body: .steps(announcedLength: 4, [.send([1, 2])]),
            isComplete: false, hasHead: true, at: 0, byteCount: 2, outcome: .aborted),
        Case(
            testDescription: "an abort behind all bytes is not seen",
            body: .steps(announcedLength: 2, [.send([1, 2]), .abort(.close)]), isComplete: true, hasHead: true, at: 0,
            byteCount: 2, outcome: .completed),
        Case(
            testDescription: "a whole answer must come within the patience",
            body: .steps(
                announcedLength: 3, [.send([1]), .pause(.seconds(20)), .send([2]), .pause(.seconds(20)), .send([3])]),
            isComplete: false, hasHead: true, at: 30, byteCount: 2, outcome: .clientLeft),
        Case(
            testDescription: "a stream may take longer, piece by piece",
            body: .steps(
                announcedLength: 3, [.send([1]), .pause(.seconds(20)), .send([2]), .pause(.seconds(20)), .send([3])]),
            isStream: true, isComplete: true, hasHead: true, at: 40, byteCount: 3, outcome: .completed),
        Case(
            testDescription: "a throttled body ends when its last byte may come",
            body: .throttled([UInt8](repeating: 7, count: 100), bytesPerSecond: 10), isComplete: true, hasHead: true,
            at: 10, byteCount: 100, outcome: .completed),
    ]

    @Test(arguments: cases)
    func `an answer is lived through as its plan says`(test: Case) {
        let second: Int64 = 1_000_000_000
        let played = Playback(
            ResponsePlan(status: 200, body: test.body), from: 0, limit: test.patience * second,
            patience: test.isStream ? test.patience * second : nil, keepsBytes: true)
        #expect(played.isComplete == test.isComplete)
        #expect(played.hasHead == test.hasHead)
        #expect(played.at == test.at * second)
        #expect(played.byteCount == test.byteCount)
        #expect(played.bytes.count == test.byteCount)
        #expect(played.outcome == test.outcome)
    }
}
