import ClipriseWire
import MicroHTTPD
import RawSocket
import Testing

/// Heads as a plan wants them, the spoilt ones too.
@Suite(.ownThreads) struct HeadTests {
    @Test(arguments: [
        "application/octet-stream", "nonsense", ";;;", "text/html; charset=\"", "тип/данные", "\u{1}\u{7F}/\u{B}",
        "*/*",
        String(repeating: "x", count: 2_000),
    ])
    func `a content type may be any text`(text: String) throws {
        let served = try Served([
            "/": ResponsePlan(status: 200, contentType: .custom(text), body: .plain([65])), "/next": .text("next"),
        ])
        let client = try served.connect()
        #expect(
            try client.get("/")?.head == "HTTP/1.1 200 OK\r\n\(Served.date)Content-Type: \(text)\r\nContent-Length: 1")
        #expect(try client.get("/next")?.body == "next")
    }

    @Test func `fields are sent as given, repeated ones and odd ones too`() throws {
        let fields: [ResponsePlan.Field] = [
            .init("Set-Cookie", "a=1"), .init("Retry-After", "soon"), .init("Set-Cookie", "b=2"),
            .init("Content-Type", "text/html"), .init("X-Odd", "\u{1}\u{8}\u{7F}é"), .init("retry-after", "-1"),
        ]
        let served = try Served([
            "/": ResponsePlan(status: 503, contentType: .json, fields: fields), "/next": .text("next"),
        ])
        let client = try served.connect()
        #expect(
            try client.get("/")?.head
                == "HTTP/1.1 503 Service Unavailable\r\n\(Served.date)Content-Type: application/json; charset=utf-8\r\n"
                + "Set-Cookie: a=1\r\nRetry-After: soon\r\nSet-Cookie: b=2\r\nContent-Type: text/html\r\n"
                + "X-Odd: \u{1}\u{8}\u{7F}é\r\nretry-after: -1\r\nContent-Length: 0")
        #expect(try client.get("/next")?.body == "next")
    }

    @Test func `a field that would break the head is left out`() throws {
        let fields: [ResponsePlan.Field] = [
            .init("X-Break", "a\r\nX-More: b"), .init("X-Empty", ""), .init("X-Good", "1"),
        ]
        let served = try Served(["/": ResponsePlan(status: 200, contentType: .custom(""), fields: fields)])
        let client = try served.connect()
        #expect(try client.get("/")?.head == "HTTP/1.1 200 OK\r\n\(Served.date)X-Good: 1\r\nContent-Length: 0")
    }

    @Test(arguments: [(418, "Non-Standard Status"), (520, "Non-Standard Status"), (429, "Too Many Requests")])
    func `a status has the reason that the library knows`(status: Int, reason: String) throws {
        let served = try Served(["/": ResponsePlan(status: status, body: .plain([65]))])
        let client = try served.connect()
        #expect(try client.get("/")?.head == "HTTP/1.1 \(status) \(reason)\r\n\(Served.date)Content-Length: 1")
    }
}
