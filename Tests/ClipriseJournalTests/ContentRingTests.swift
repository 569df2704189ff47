import ClipriseWire
import Testing

@testable import ClipriseJournal

/// What exchanges said, as a journal keeps it.
@Suite struct ContentRingTests {
    static let mask = SecretMask(key: Array("sk-live-key".utf8))

    static func request(_ body: String = "", type: String = "application/json") -> Request {
        Request(
            method: .post, target: Array("/app/cliprise/generate?apiKey=other".utf8),
            fields: HeaderFields([
                ("Host", "business.api.cliprise.app"), ("Authorization", "Bearer sk-live-key"), ("Content-Type", type),
            ]), body: Array(body.utf8))
    }

    static func answer(_ body: String, _ type: ResponsePlan.ContentType = .json) -> ResponsePlan {
        ResponsePlan(
            status: 200, contentType: type, fields: [.init("Retry-After", "2")], body: .plain(Array(body.utf8)))
    }

    /// A journal with one exchange, and what is kept of it.
    static func kept(_ policy: BodyPolicy, _ request: Request, _ answer: ResponsePlan?) -> ExchangeContent? {
        var journal = Journal(limit: 10, bodies: policy)
        let number = journal.note(at: .start, realTime: 0, .clock(by: .zero))
        journal.keep(number, request, answer)
        return journal.content(number, mask)
    }

    @Test func `an exchange is kept with its target, its fields and both bodies, and without secrets`() {
        let content = Self.kept(
            .json, Self.request(#"{"prompt":"sk-live-key"}"#), Self.answer(#"[{"taskId":"sk-live-key"}]"#))
        #expect(
            content
                == ExchangeContent(
                    target: "/app/cliprise/generate?apiKey=REDACTED",
                    request: .init(
                        fields: [
                            .init("Host", "business.api.cliprise.app"), .init("Authorization", "Bearer REDACTED"),
                            .init("Content-Type", "application/json"),
                        ], body: .init(size: 24, bytes: Array(#"{"prompt":"REDACTED"}"#.utf8))),
                    response: .init(
                        fields: [
                            .init("Content-Type", "application/json; charset=utf-8"), .init("Retry-After", "2"),
                        ], body: .init(size: 26, bytes: Array(#"[{"taskId":"REDACTED"}]"#.utf8)))))
    }

    /// A request's body and type, an answer's body and type, and which of both are kept by the policies json and all.
    static let policies: [(String, String, String, ResponsePlan.ContentType, json: [Bool], all: [Bool])] = [
        ("{}", "text/plain", "[]", .json, [true, true], [true, true]),
        (" \r\n\t[1]", "", "x", .text, [true, false], [true, true]),
        ("no JSON at all", "application/json", "<html>", .html, [true, false], [true, true]),
        ("a=b", "application/x-www-form-urlencoded", "{}", .custom("x/y"), [false, true], [true, true]),
        ("a=b", "application/x-www-form-urlencoded", "", .json, [false, false], [true, false]),
    ]

    @Test(arguments: policies.indices)
    func `JSON alone is kept, or all`(index: Int) {
        let one = Self.policies[index]
        for (policy, expected) in [(BodyPolicy.json, one.json), (.all, one.all)] {
            let content = Self.kept(policy, Self.request(one.0, type: one.1), Self.answer(one.2, one.3))
            #expect([content?.request.body.bytes != nil, content?.response?.body.bytes != nil] == expected)
            #expect(content?.request.body.size == one.0.utf8.count)
            #expect(content?.response?.body.size == one.2.utf8.count)
        }
    }

    /// What an answer of each kind says: a short one, one that is none any more, one with a field, and one of no status of
    /// the contract.
    static let answers: [ResponsePlan] =
        [0, 1, 511, 512, 513, 5_000].map { size in
            ResponsePlan(
                status: 300, contentType: .json,
                body: .plain(Array(("[" + String(repeating: " ", count: 5_000)).utf8.prefix(size))))
        } + [answer("{}"), ResponsePlan(status: 999, contentType: .json, body: .plain(Array("{}".utf8)))]

    @Test(arguments: answers)
    func `an answer is kept whole, whether it is short or not, at once or later, among others`(plan: ResponsePlan)
        throws
    {
        guard case .plain(let body) = plan.body else { return #expect(Bool(false), "every answer here is plain") }
        var journal = Journal(limit: 10, bodies: .json)
        var numbers: [Int] = []
        for _ in 0..<3 { numbers.append(journal.note(at: .start, realTime: 0, .clock(by: .zero))) }
        journal.keep(numbers[0], Self.request(#"{"first":1}"#), plan)
        journal.keep(numbers[1], Self.request(#"{"second":2}"#), nil)
        journal.keep(numbers[2], Self.request(#"{"third":3}"#), Self.answer("[3]"))
        journal.keep(answer: plan, of: numbers[1], hasFile: false)
        // An exchange has one answer.
        journal.keep(answer: Self.answer("[4]"), of: numbers[0], hasFile: false)
        let contents = try numbers.map { try #require(journal.content($0, Self.mask)) }
        #expect(contents.map(\.request.body.text) == [#"{"first":1}"#, #"{"second":2}"#, #"{"third":3}"#])
        for content in contents[..<2] {
            #expect(content.response?.body == .init(size: body.count, bytes: body.isEmpty ? nil : body))
            #expect(content.response?.first("content-type") == "application/json; charset=utf-8")
            #expect(content.response?.first("retry-after") == plan.fields.first?.value)
        }
        #expect(contents[2].response?.body.text == "[3]")
    }

    @Test func `none keeps nothing, nor does a journal without events`() {
        #expect(Self.kept(.none, Self.request("{}"), Self.answer("{}")) == nil)
        #expect(!Journal(limit: 0, bodies: .all).contents.isKept)
        #expect(!Journal(limit: 9).contents.isKept)
    }

    @Test func `of an exchange at most 64 KiB are kept, cut between characters and with no part of a key at the cut`()
        throws
    {
        let long = "{" + String(repeating: "é", count: 1 << 16)
        let many = HeaderFields((0..<1_000).map { ("X-Field-\($0)", String(repeating: "v", count: 100)) })
        var request = Self.request(long)
        request.fields = many
        request.target = Array(repeating: UInt8(ascii: "/"), count: 5_000)
        let content = try #require(Self.kept(.json, request, Self.answer(long)))
        #expect(content.request.body.isCut && content.response?.body.isCut == true)
        #expect(content.request.body.size == 1 + 1 << 17)
        #expect(content.request.body.text.map(\.utf8.count) == (32 << 10) - 1)
        #expect(content.response?.body.text.map(\.utf8.count) == (16 << 10) - 1)
        let head = content.request.fields.reduce(content.target.utf8.count) {
            $0 + $1.name.utf8.count + $1.value.utf8.count
        }
        #expect(content.request.fields.count > 50 && head <= 12 << 10)
        let atCut = "{" + String(repeating: "x", count: (32 << 10) - 6) + "sk-live-key"
        let cut = try #require(Self.kept(.json, Self.request(atCut), nil)?.request.body.text)
        #expect(cut.hasSuffix("xREDACTED"))
    }

    @Test func `all keeps a megabyte whole`() {
        let body = String(repeating: "x", count: 1 << 20)
        let content = Self.kept(.all, Self.request(body), Self.answer(body, .text))
        #expect(content?.request.body.isCut == false && content?.response?.body.isCut == false)
        #expect(content?.request.body.bytes?.count == 1 << 20)
    }

    @Test func `an answer in steps is kept as what is sent of it, one that is cut before its head not at all`() {
        var plan = Self.answer("")
        plan.body = .steps(
            announcedLength: 99,
            [
                .pause(.seconds(1)), .send(Array("{\"a\"".utf8)), .hold,
                .drip(Array(":1".utf8), pieceSize: 1, .bytesPerSecond(1)), .abort(.reset),
            ])
        #expect(Self.kept(.json, Self.request("{}"), plan)?.response?.body.text == #"{"a":1"#)
        let none = Self.kept(.json, Self.request("{}"), nil)
        #expect(none != nil && none?.response == nil)
    }

    @Test func `a file comes later, with its fields and without its bytes`() {
        var journal = Journal(limit: 10, bodies: .all)
        let number = journal.note(at: .start, realTime: 0, .clock(by: .zero))
        journal.keep(number, Self.request(), nil)
        journal.keep(answer: Self.answer("PNG", .png), of: number, hasFile: true)
        journal.keep(answer: Self.answer("later", .png), of: number, hasFile: true)
        journal.keep(answer: Self.answer("PNG", .png), of: number + 1, hasFile: true)
        let response = journal.content(number, Self.mask)?.response
        #expect(response?.first("content-type") == "image/png")
        #expect(response?.body == .init(size: 3))
    }

    @Test func `the oldest go first, and the memory stays within its bound`() {
        var journal = Journal(limit: 100_000, bodies: .json)
        let body = "{" + String(repeating: "x", count: 10_000)
        for _ in 0..<20_000 {
            let number = journal.note(at: .start, realTime: 0, .clock(by: .zero))
            journal.keep(number, Self.request(body), nil)
        }
        #expect(journal.contents.bytes <= ContentRing.budget && journal.contents.bytes > ContentRing.budget / 2)
        #expect(journal.content(1, Self.mask) == nil)
        #expect(journal.content(20_000, Self.mask)?.request.body.size == 10_001)
        #expect(journal.event(1) != nil)
        journal.shrinkContents(to: 1 << 20)
        #expect(journal.contents.bytes <= 1 << 20)
    }

    @Test func `what was said leaves with its event`() {
        var journal = Journal(limit: 600, bodies: .json)
        for _ in 0..<3_000 {
            let number = journal.note(at: .start, realTime: 0, .clock(by: .zero))
            journal.keep(number, Self.request("{}"), nil)
        }
        #expect(journal.content(2_400, Self.mask) == nil && journal.content(2_401, Self.mask) != nil)
        let memory = journal.contents.bytes
        #expect(memory < 1_300 * 800)
        journal.clear()
        #expect(journal.contents.isEmpty && journal.contents.bytes == 0)
        #expect(journal.content(3_000, Self.mask) == nil)
    }
}
