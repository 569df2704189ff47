import ClipriseWire
import MicroHTTPD
import RawSocket
import Testing

@Suite(.ownThreads) struct FaultTests {
    static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `a pause before the head comes before the status line`() throws {
        let served = try Served(["/": .steps(2, .pause(.milliseconds(50)), .send("ok")), "/next": .text("next")])
        let client = try served.connect()
        let clock = ContinuousClock()
        let start = clock.now
        try client.send(Self.request)
        #expect(client.read(1).bytes == Array("H".utf8))
        #expect(clock.now - start >= .milliseconds(50))
        #expect(client.readResponse()?.body == "ok")
        #expect(try client.get("/next")?.body == "next")
    }

    static let prompt: [(String, ResponsePlan)] = [
        ("a body and a pause", .steps(4, .send("ab"), .pause(.seconds(600)), .send("cd"))),
        ("a head and a pause", .steps(4, .send([]), .pause(.seconds(600)), .send("abcd"))),
        ("a chunk and a pause", .steps(nil, .send("ab"), .pause(.seconds(600)))),
        ("a head and a reset", .steps(4, .send([]), .abort(.reset))),
    ]

    @Test(arguments: prompt)
    func `nothing is held back that stands before a pause or an abort`(name: String, plan: ResponsePlan) throws {
        let served = try Served(["/": plan])
        let clock = ContinuousClock()
        // A corked socket holds each answer for 200 ms, a busy machine only some: so the fastest of several counts.
        let fastest = try (0..<8).map { _ in
            let client = try served.connect()
            let start = clock.now
            try client.send(Self.request)
            let isBody = client.read(through: "\r\n\r\n") != nil && name.contains("pause") && !name.contains("head")
            if isBody { #expect(client.read(through: "ab") != nil) }
            return clock.now - start
        }.min()
        #expect(try #require(fastest) < .milliseconds(150))
    }

    @Test func `an empty first send lets out the head alone`() throws {
        let served = try Served(["/": .steps(4, .send([]), .pause(.seconds(600)), .send("abcd"))])
        let client = try served.connect(timeout: 1)
        try client.send(Self.request)
        #expect(client.read(through: "\r\n\r\n") == "HTTP/1.1 200 OK\r\n\(Served.date)Content-Length: 4\r\n\r\n")
        #expect(client.read(1).end == .timedOut)
    }

    @Test(arguments: [ResponsePlan.Abort.close, .reset])
    func `an abort before the head sends nothing at all`(kind: ResponsePlan.Abort) throws {
        let served = try Served([
            "/": .steps(nil, .abort(kind)), "/late": .steps(nil, .pause(.milliseconds(20)), .abort(kind)),
        ])
        for target in ["/", "/late"] {
            let client = try served.connect()
            try client.send("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
            let (text, end) = client.readToEnd()
            #expect(text == "")
            #expect(end == (kind == .close ? .closed : .reset))
        }
    }

    @Test(arguments: [ResponsePlan.Abort.close, .reset], [1, 5, 70_000])
    func `an abort in the body comes behind the exact byte`(kind: ResponsePlan.Abort, count: Int) throws {
        let bytes = [UInt8](repeating: 65, count: count)
        let served = try Served(["/": .steps(100_000, .send(bytes), .abort(kind))])
        let client = try served.connect()
        try client.send(Self.request)
        #expect(client.read(through: "\r\n\r\n") == "HTTP/1.1 200 OK\r\n\(Served.date)Content-Length: 100000\r\n\r\n")
        #expect(client.read(count).bytes == bytes)
        let rest = client.read(1)
        #expect(rest.bytes == [] && rest.end == (kind == .close ? .closed : .reset))
    }

    @Test func `a reset waits until a slow reader has what stands before it`() throws {
        let bytes = [UInt8](repeating: 65, count: 8_000_000)
        let served = try Served(["/": .steps(9_000_000, .send(bytes), .abort(.reset))])
        let client = try served.connect(receiveBuffer: 65_536)
        try client.send(Self.request)
        #expect(client.read(through: "\r\n\r\n") != nil)
        #expect(client.read(8_000_000).bytes.count == 8_000_000)
        #expect(client.read(1).end == .reset)
    }

    @Test(arguments: [ResponsePlan.Abort.close, .reset])
    func `an abort breaks a chunked body without its last chunk`(kind: ResponsePlan.Abort) throws {
        let served = try Served(["/": .steps(nil, .send("abc"), .abort(kind))])
        let client = try served.connect()
        try client.send(Self.request)
        #expect(client.read(through: "\r\n\r\n") != nil)
        let (text, end) = client.readToEnd()
        #expect(text == "3\r\nabc\r\n")
        #expect(end == (kind == .close ? .closed : .reset))
    }

    @Test(arguments: [ResponsePlan.Abort.close, .reset])
    func `an abort behind the last announced byte ends the connection`(kind: ResponsePlan.Abort) throws {
        let served = try Served(["/": .steps(2, .send("ab"), .abort(kind))])
        let client = try served.connect()
        try client.send(Self.request)
        #expect(client.readResponse()?.body == "ab")
        #expect(client.read(1).end == (kind == .close ? .closed : .reset))
    }

    @Test func `a close comes as a FIN although the client has sent more`() throws {
        let served = try Served(["/": .steps(9, .pause(.milliseconds(50)), .send("abc"), .abort(.close))])
        let client = try served.connect()
        try client.send(Self.request)
        try client.send([UInt8](repeating: 65, count: 300_000))
        #expect(client.read(through: "\r\n\r\nabc") != nil)
        #expect(client.read(1).end == .closed)
    }

    @Test func `one client's fault is no other client's`() throws {
        let served = try Served([
            "/": .steps(nil, .pause(.seconds(600))), "/r": .steps(nil, .abort(.reset)), "/ok": .text("ok"),
        ])
        let hung = try served.connect()
        try hung.send(Self.request)
        let broken = try served.connect()
        try broken.send("GET /r HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(broken.readToEnd().end == .reset)
        let client = try served.connect()
        #expect(try client.get("/ok")?.body == "ok")
    }

    @Test(arguments: [
        ResponsePlan.steps(nil, .pause(.seconds(600))), .steps(3, .send("a"), .pause(.seconds(600))),
        .steps(3, .send([]), .pause(.milliseconds(40)), .send("a"), .pause(.milliseconds(80)), .pause(.seconds(600))),
    ])
    func `a wait that is longer than the longest ends with a FIN`(plan: ResponsePlan) throws {
        let served = try Served(["/": plan]) { $0.longestWait = .milliseconds(100) }
        let client = try served.connect()
        try client.send(Self.request)
        #expect(client.readToEnd().end == .closed)
        let end = served.wait { $0.ends.first }
        #expect(end?.outcome == .timedOut)
    }

    struct Told: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var plan: ResponsePlan
        var outcome: ExchangeEnd.Outcome
        var bytes: Int
    }

    static let told = [
        Told(testDescription: "plain", plan: .text("hello"), outcome: .completed, bytes: 5),
        Told(testDescription: "empty", plan: ResponsePlan(status: 204), outcome: .completed, bytes: 0),
        Told(testDescription: "chunked", plan: .steps(nil, .send("ab"), .send("c")), outcome: .completed, bytes: 3),
        Told(testDescription: "short", plan: .steps(10, .send("ab")), outcome: .completed, bytes: 2),
        Told(
            testDescription: "closed", plan: .steps(9, .send("ab"), .abort(.close)), outcome: .abortedByPlan, bytes: 2),
        Told(
            testDescription: "reset", plan: .steps(nil, .send("ab"), .abort(.reset)), outcome: .abortedByPlan, bytes: 2),
        Told(testDescription: "refused to talk", plan: .steps(nil, .abort(.close)), outcome: .abortedByPlan, bytes: 0),
    ]

    @Test(arguments: told)
    func `the observer is told how an exchange ended`(told: Told) throws {
        let served = try Served(["/": told.plan])
        let client = try served.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        _ = client.readToEnd()
        let end = try #require(served.wait { $0.ends.first })
        #expect(end.outcome == told.outcome)
        #expect(end.bodyBytesSent == told.bytes)
    }
}
