import ClipriseLocks
import ClipriseWire
import MicroHTTPD
import RawSocket
import Testing

@Suite(.ownThreads) struct AnswerTests {
    @Test func `a plain answer is these bytes and no others`() throws {
        let served = try Served([
            "/": ResponsePlan(
                status: 300, contentType: .json, fields: [.init("X-A", "1"), .init("x-a", "2")],
                body: .plain(Array("{}".utf8)))
        ])
        let client = try served.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let (text, end) = client.readToEnd()
        #expect(
            text == "HTTP/1.1 300 Multiple Choices\r\nConnection: close\r\n\(Served.date)"
                + "Content-Type: application/json; charset=utf-8\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\n{}")
        #expect(end == .closed)
    }

    @Test func `an empty answer has a length of zero and no type`() throws {
        let served = try Served(["/": ResponsePlan(status: 400)])
        let client = try served.connect()
        #expect(try client.get("/")?.head == "HTTP/1.1 400 Bad Request\r\n\(Served.date)Content-Length: 0")
    }

    static let headPlans: [(String, ResponsePlan, String)] = [
        ("plain", .text("hello"), "5"),
        ("sized steps", .steps(7, .send("ab"), .abort(.reset)), "7"),
        ("chunked steps", .steps(nil, .send("abc"), .pause(.seconds(600)), .send("d")), "4"),
        ("large", .text(String(repeating: "x", count: 100_000)), "100000"),
    ]

    @Test(arguments: headPlans)
    func `a HEAD gets the length and no body`(name: String, plan: ResponsePlan, length: String) throws {
        let served = try Served(["/": plan, "/next": .text("ok")])
        let client = try served.connect()
        try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.readResponse(isToHead: true)?.field("Content-Length") == length)
        #expect(try client.get("/next")?.body == "ok")
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 4 << 20, 4 << 20 + 1, 9_000_000])
    func `a body of any size arrives whole and the connection stays`(size: Int) throws {
        let text = String(repeating: "abcdefg", count: size / 7 + 1).prefix(size)
        let served = try Served(["/": .text(String(text)), "/next": .text("ok")])
        let client = try served.connect()
        let response = try #require(try client.get("/"))
        #expect(response.body == text && response.isComplete)
        #expect(response.field("Content-Length") == "\(size)")
        #expect(try client.get("/next")?.body == "ok")
    }

    @Test func `a body arrives whole whether it is sent in one piece with its head or beside it`() throws {
        let text = String(repeating: "abcdefg", count: 400)
        // Up to 2,048 bytes with its head it is copied behind it.
        let sizes = Array(1_850...2_100)
        let served = try Served(
            Dictionary(uniqueKeysWithValues: sizes.map { ("/\($0)", ResponsePlan.text(String(text.prefix($0)))) }))
        let client = try served.connect()
        for size in sizes {
            let response = try #require(try client.get("/\(size)"))
            #expect(response.body == text.prefix(size) && response.isComplete)
        }
    }

    @Test func `an answer is the same each time, and none is taken for another`() throws {
        // The same bytes in the same memory with another status, another type and a field, among many that are alike.
        let body = ResponsePlan.Body.plain(Array("same".utf8))
        var plans = [
            "/json": ResponsePlan(status: 200, contentType: .json, body: body),
            "/text": ResponsePlan(status: 404, contentType: .text, body: body),
            "/none": ResponsePlan(status: 300, body: body),
            "/field": ResponsePlan(status: 200, contentType: .json, fields: [.init("X", "1")], body: body),
        ]
        for number in 0..<40 { plans["/\(number)"] = .text("body \(number)") }
        let served = try Served(plans)
        let client = try served.connect()
        for round in 0..<4 {
            for target in plans.keys.sorted() + ["/json", "/text", "/none", "/field"] {
                let plan = try #require(plans[target])
                let response = try #require(try client.get(target))
                #expect(response.status == plan.status && response.isComplete, "\(target) in round \(round)")
                #expect(plan.body == .plain(Array(response.body.utf8)))
                #expect(response.field("Content-Type") == plan.contentType?.text)
                #expect(response.field("X") == (plan.fields.isEmpty ? nil : "1"))
            }
        }
    }

    @Test func `steps of the announced length are one body`() throws {
        let served = try Served(["/": .steps(5, .send("ab"), .send([]), .send("cde")), "/next": .text("ok")])
        let client = try served.connect()
        #expect(try client.get("/")?.body == "abcde")
        #expect(try client.get("/next")?.body == "ok")
    }

    @Test func `fewer bytes than announced end with a close`() throws {
        let served = try Served(["/": .steps(100, .send("0123456789"))])
        let client = try served.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let (text, end) = client.readToEnd()
        #expect(text == "HTTP/1.1 200 OK\r\n\(Served.date)Content-Length: 100\r\n\r\n0123456789")
        #expect(end == .closed)
    }

    @Test func `an answer without a length is chunked`() throws {
        let served = try Served(["/": .steps(nil, .send("ab"), .send("cde")), "/next": .text("ok")])
        let client = try served.connect()
        let response = try #require(try client.get("/"))
        #expect(response.field("Transfer-Encoding") == "chunked")
        #expect(response.body == "abcde" && response.isComplete)
        #expect(try client.get("/next")?.body == "ok")
    }

    @Test func `five requests at once are answered in order, though the second waits`() throws {
        let served = try Served([
            "/1": .text("one"), "/2": .steps(3, .pause(.milliseconds(30)), .send("two")), "/3": .text("three"),
            "/4": .steps(nil, .send("fo"), .pause(.milliseconds(5)), .send("ur")), "/5": .text("five"),
        ])
        let client = try served.connect()
        try client.send(
            "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nPOST /3 HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"
                + "GET /4 HTTP/1.1\r\n\r\nGET /5 HTTP/1.1\r\n\r\n")
        var bodies: [String?] = []
        for _ in 1...5 { bodies.append(client.readResponse()?.body) }
        #expect(bodies == ["one", "two", "three", "four", "five"])
    }

    @Test func `a status from outside the usual ones is sent`() throws {
        let served = try Served(["/": ResponsePlan(status: 299), "/x": ResponsePlan(status: 999)])
        let client = try served.connect()
        #expect(try client.get("/")?.status == 299)
        #expect(try client.get("/x")?.status == 999)
    }

    /// An answer's memory is used again for another connection: not before it was sent.
    @Test func `an answer that waits for its client to read keeps its bytes while others get theirs`() throws {
        let slowOnes = Locked(0)
        // Made anew each time: what is the same memory is sent from where it lies.
        let listener = try Listener { request, _ in
            let isSlow = request.target == Array("/slow".utf8)
            if isSlow { slowOnes.withLock { $0 += 1 } }
            return .text(String(repeating: isSlow ? "s" : "q", count: 1_000))
        }
        let client = try RawSocket(port: listener.port, receiveBuffer: 4_096, timeout: 60)
        try client.send(String(repeating: "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n", count: 3_000))
        let other = try RawSocket(port: listener.port, timeout: 60)
        for _ in 0..<500 { #expect(try other.get("/quick")?.body == String(repeating: "q", count: 1_000)) }
        #expect(slowOnes.withLock { $0 } < 3_000, "the client must be too slow for all of its answers")
        for _ in 0..<3_000 { try #require(client.readResponse()?.body == String(repeating: "s", count: 1_000)) }
    }
}
