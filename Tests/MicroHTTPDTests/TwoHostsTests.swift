import ClipriseWire
import MicroHTTPD
import RawSocket
import Testing

/// The same plan in process, where time is a number, and over a socket.
@Suite(.ownThreads) struct TwoHostsTests {
    /// What a client has of an answer.
    struct Outcome: Hashable {
        enum End: Hashable { case complete, closed, reset }
        var hasHead: Bool
        var body: String
        var end: End
    }

    struct Sample: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var body: ResponsePlan.Body
    }

    static func inProcess(_ body: ResponsePlan.Body) -> Outcome {
        var cursor = PlanCursor(body)
        var now = Instant.start
        var bytes: [UInt8] = []
        var hasHead = false
        while true {
            let action: PlanCursor.Action
            if hasHead {
                action = cursor.next(at: now, capacity: 4_000)
            } else if let before = cursor.nextBeforeHead(at: now) {
                action = before
            } else {
                hasHead = true
                continue
            }
            switch action {
            case .send(let piece): bytes += piece
            case .wait(let due): now = due
            case .hold: cursor.release()
            case .finish:
                var end = Outcome.End.complete
                if case .steps(let length?, _) = body, bytes.count < length { end = .closed }
                return Outcome(hasHead: true, body: String(decoding: bytes, as: UTF8.self), end: end)
            case .abort(let kind):
                let end = kind == .close ? Outcome.End.closed : .reset
                return Outcome(hasHead: hasHead, body: String(decoding: bytes, as: UTF8.self), end: end)
            }
        }
    }

    /// - Parameter staysOpen: Whether to show that the connection is in order by asking for more, rather than to wait
    ///   for its end.
    static func overSocket(_ body: ResponsePlan.Body, staysOpen: Bool) throws -> Outcome {
        let listener = try Listener { request, exchange in
            if request.target == Array("/next".utf8) { return .text("next") }
            if case .steps(_, let steps) = body {
                for _ in steps where steps.contains(.hold) { exchange.release() }
            }
            return ResponsePlan(status: 200, body: body)
        }
        let client = try RawSocket(port: listener.port)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let response = client.readResponse()
        let end: Outcome.End
        if staysOpen {
            #expect(try client.get("/next")?.body == "next" && response?.isComplete == true)
            end = .complete
        } else {
            switch client.read(1).end {
            case .closed: end = .closed
            case .reset: end = .reset
            case .timedOut, nil: end = .complete
            }
        }
        return Outcome(hasHead: response != nil, body: response?.body ?? "", end: end)
    }

    static let chosen = [
        Sample(testDescription: "plain", body: .plain(Array("hello".utf8))),
        Sample(testDescription: "nothing at all", body: .steps(announcedLength: nil, [])),
        Sample(testDescription: "hold, then RST", body: .steps(announcedLength: 9, [.hold, .abort(.reset)])),
        Sample(
            testDescription: "head, hold, FIN", body: .steps(announcedLength: 9, [.send([]), .hold, .abort(.close)])),
        Sample(
            testDescription: "RST in a drip",
            body: .steps(
                announcedLength: 9, [.sliced([65, 66, 67], size: 2, every: .milliseconds(1)), .abort(.reset)])),
        Sample(
            testDescription: "RST behind what was announced",
            body: .steps(announcedLength: 2, [.send("abc"), .hold, .abort(.reset)])),
    ]

    @Test(arguments: chosen)
    func `a chosen plan is cut at the same byte in both`(sample: Sample) throws {
        let inProcess = Self.inProcess(sample.body)
        #expect(try Self.overSocket(sample.body, staysOpen: inProcess.end == .complete) == inProcess)
    }

    @Test(arguments: 1...80)
    func `a plan of any steps is cut at the same byte in both`(seed: UInt64) throws {
        var chance = Chance(state: seed)
        let body = chance.body()
        let inProcess = Self.inProcess(body)
        let overSocket = try Self.overSocket(body, staysOpen: inProcess.end == .complete)
        #expect(overSocket.hasHead == inProcess.hasHead)
        #expect(overSocket.body.utf8.count == inProcess.body.utf8.count)
        #expect(overSocket.body == inProcess.body)
        #expect(overSocket.end == inProcess.end)
    }

    /// A sequence of numbers that looks like chance and is always the same (SplitMix64).
    private struct Chance {
        var state: UInt64

        mutating func pick<Element>(_ elements: [Element]) -> Element {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return elements[Int((mixed ^ (mixed >> 31)) % UInt64(elements.count))]
        }

        mutating func bytes() -> [UInt8] {
            let size = pick([0, 1, 7, 300, 5_000, 70_000])
            return (0..<size).map { 0x41 &+ UInt8(truncatingIfNeeded: ($0 &+ size) % 26) }
        }

        mutating func body() -> ResponsePlan.Body {
            var steps: [ResponsePlan.Step] = []
            var total = 0
            for _ in 0..<pick([1, 2, 3, 5, 8]) {
                let bytes = bytes()
                switch pick([0, 0, 0, 1, 2, 3, 4, 5]) {
                case 0:
                    steps.append(.send(bytes))
                    total += bytes.count
                case 1: steps.append(.pause(.milliseconds(pick([0, 1, 3]))))
                case 2: steps.append(.hold)
                case 3:
                    steps.append(.sliced(bytes, size: bytes.count / 3 + 1, every: .milliseconds(2)))
                    total += bytes.count
                case 4:
                    steps.append(.throttled(bytes, bytesPerSecond: 10_000_000))
                    total += bytes.count
                default:
                    // Most plans are not to end in their first step.
                    if pick([false, false, true]) { steps.append(.abort(pick([.close, .reset]))) }
                }
            }
            if pick([false, true]) { steps.append(.abort(pick([.close, .reset]))) }
            let announced: Int? = pick([nil, nil, total, total, total + 5, total / 2, 0])
            return .steps(announcedLength: announced, steps)
        }
    }
}
