import ClipriseWire
import MicroHTTPD
import RawSocket
import Testing

/// Bodies that are cut, at which byte and how.
@Suite(.ownThreads) struct CutTests {
    struct Cut: Sendable, CustomTestStringConvertible {
        var size: Int
        var at: Int
        var testDescription: String { "\(at) of \(size) bytes" }
    }

    static let cuts = [23, 300_000].flatMap { size in
        [0, 1, 5, size / 2, size - 1].map { Cut(size: size, at: $0) }
    }

    private func body(_ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    @Test(arguments: cuts, [ResponsePlan.Abort.close, .reset])
    func `a truncated body ends behind exactly this byte, whatever was announced`(
        cut: Cut, kind: ResponsePlan.Abort
    ) throws {
        let bytes = body(cut.size)
        let served = try Served(["/": .steps(cut.size, .send(Array(bytes[..<cut.at])), .abort(kind))])
        let client = try served.connect()
        try client.send(FaultTests.request)
        #expect(
            client.read(through: "\r\n\r\n") == "HTTP/1.1 200 OK\r\n\(Served.date)Content-Length: \(cut.size)\r\n\r\n")
        let (got, end) = client.read(cut.size)
        #expect(got.count == cut.at && got.elementsEqual(bytes[..<cut.at]))
        #expect(end == (kind == .close ? .closed : .reset))
        let told = try #require(served.wait { $0.ends.first })
        #expect(told.outcome == .abortedByPlan && told.bodyBytesSent == cut.at)
    }

    @Test(arguments: cuts)
    func `a body that is honestly shorter leaves the connection in order`(cut: Cut) throws {
        let bytes = body(cut.size)
        let served = try Served(["/": .steps(cut.at, .send(bytes)), "/next": .text("next")])
        let client = try served.connect()
        try client.send(FaultTests.request)
        #expect(
            client.read(through: "\r\n\r\n") == "HTTP/1.1 200 OK\r\n\(Served.date)Content-Length: \(cut.at)\r\n\r\n")
        #expect(client.read(cut.at).bytes.elementsEqual(bytes[..<cut.at]))
        #expect(try client.get("/next")?.body == "next")
    }

    @Test(arguments: [ResponsePlan.Abort.close, .reset])
    func `a hang sends its head, then nothing, and ends at its limit`(kind: ResponsePlan.Abort) throws {
        let served = try Served(["/": .steps(4, .send([]), .pause(.milliseconds(80)), .abort(kind))])
        let client = try served.connect()
        let clock = ContinuousClock()
        let start = clock.now
        try client.send(FaultTests.request)
        #expect(client.read(through: "\r\n\r\n") == "HTTP/1.1 200 OK\r\n\(Served.date)Content-Length: 4\r\n\r\n")
        let (bytes, end) = client.read(1)
        #expect(bytes.isEmpty && end == (kind == .close ? .closed : .reset))
        #expect(clock.now - start >= .milliseconds(80))
    }

    @Test func `a throttled body arrives whole, not before its time, and the connection stays`() throws {
        let bytes = body(3_000)
        let plan = ResponsePlan(status: 200, body: .throttled(bytes, bytesPerSecond: 10_000))
        let served = try Served(["/": plan, "/next": .text("next")])
        let client = try served.connect()
        let clock = ContinuousClock()
        let start = clock.now
        try client.send(FaultTests.request)
        #expect(client.read(through: "\r\n\r\n") == "HTTP/1.1 200 OK\r\n\(Served.date)Content-Length: 3000\r\n\r\n")
        #expect(client.read(1_500).bytes.elementsEqual(bytes[..<1_500]))
        #expect(clock.now - start >= .milliseconds(150))
        #expect(client.read(1_500).bytes.elementsEqual(bytes[1_500...]))
        #expect(clock.now - start >= .milliseconds(300))
        #expect(try client.get("/next")?.body == "next")
    }

    @Test func `a slice is one chunk`() throws {
        let served = try Served(["/": .steps(nil, .sliced([65, 66, 67, 68, 69], size: 2, every: .milliseconds(5)))])
        let client = try served.connect()
        try client.send(FaultTests.request)
        #expect(client.read(through: "\r\n\r\n") != nil)
        #expect(client.read(through: "0\r\n\r\n") == "2\r\nAB\r\n2\r\nCD\r\n1\r\nE\r\n0\r\n\r\n")
    }
}
