import ClipriseWire
import MicroHTTPD
import RawSocket
import Testing

/// Every answer says when it was made (RFC 9110 §6.6.1).
@Suite(.ownThreads) struct DateTests {
    static let day = "Thu, 01 Jan 2026 "

    static func plan(_ date: Int64?, _ body: ResponsePlan.Body, _ fields: [ResponsePlan.Field] = []) -> ResponsePlan {
        var plan = ResponsePlan(status: 200, fields: fields, body: body)
        plan.date = date
        return plan
    }

    /// 2026-01-01T00:00:00Z, in seconds since 1970.
    static let newYear: Int64 = 1_767_225_600

    @Test func `an answer that comes again and again has the date of its own time, each time`() throws {
        // The same bytes in the same memory: the listener keeps such an answer ready.
        let body = ResponsePlan.Body.plain(Array("same".utf8))
        let served = try Served([
            "/a": Self.plan(Self.newYear, body), "/b": Self.plan(Self.newYear + 3_661, body),
            "/none": Self.plan(nil, body),
            "/steps": Self.plan(Self.newYear, .steps(announcedLength: nil, [.send([65])])),
        ])
        let client = try served.connect()
        for round in 0..<30 {
            for (target, date) in [
                ("/a", Self.day + "00:00:00 GMT"), ("/b", Self.day + "01:01:01 GMT"),
                ("/none", "Sun, 06 Nov 1994 08:49:37 GMT"), ("/steps", Self.day + "00:00:00 GMT"),
            ] {
                let answer = try #require(try client.get(target))
                #expect(answer.field("Date") == date, "\(target) in round \(round)")
                #expect(answer.head.lowercased().split(separator: "\r\n").count { $0.hasPrefix("date:") } == 1)
            }
        }
    }

    @Test func `a date among the fields goes before that of the time, and is the only one`() throws {
        let served = try Served(["/": Self.plan(Self.newYear, .plain([]), [.init("dAtE", "yesterday")])])
        let client = try served.connect()
        #expect(try client.get("/")?.head == "HTTP/1.1 200 OK\r\ndAtE: yesterday\r\nContent-Length: 0")
    }

    /// What the listener, and what the library behind it refuses.
    static let refused = [
        "GET / HTTP/3.0\r\n\r\n", "GET / HTTP/1.1\r\nbad line\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfff00\r\n"
            + String(repeating: "x", count: 0xFFF00) + "\r\n400\r\n" + String(repeating: "x", count: 0x400) + "\r\n",
        "GET /\(String(repeating: "x", count: 20_000)) HTTP/1.1\r\nHost: a\r\n\r\n",
    ]

    @Test(arguments: refused)
    func `a refusal says when, too`(request: String) throws {
        let served = try Served()
        let client = try served.connect()
        try client.send(request)
        let answer = try #require(client.readResponse())
        #expect(answer.status >= 400)
        #expect(answer.field("Date") == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}
