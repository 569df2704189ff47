import ClipriseJournal
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct FaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var fault: String
        /// Of the answer to a generate; 0 for none.
        var status: Int
        /// Whether the task is made and its price held.
        var isMade: Bool
        var fate: Fate
        /// What happens before, between and after the bytes; bytes are left out.
        var happenings: [ResponsePlan.Step] = []
        var testDescription: String { fault }
    }

    /// The table of the product page: what a generate meets, whether it costs, and what the client can know.
    static let cases = [
        Case(fault: "{status: 503}", status: 503, isMade: false, fate: .refused),
        Case(fault: "{status: 503}, phase: after", status: 503, isMade: true, fate: .answerLost),
        Case(fault: "empty", status: 200, isMade: false, fate: .refused),
        Case(fault: "empty, phase: after", status: 200, isMade: true, fate: .answerLost),
        Case(fault: "close", status: 0, isMade: false, fate: .notSent, happenings: [.abort(.close)]),
        Case(fault: "close, phase: after", status: 0, isMade: true, fate: .answerLost, happenings: [.abort(.close)]),
        Case(fault: "close, phase: body", status: 200, isMade: true, fate: .answerLost, happenings: [.abort(.close)]),
        Case(fault: "reset", status: 0, isMade: false, fate: .notSent, happenings: [.abort(.reset)]),
        Case(fault: "reset, phase: after", status: 0, isMade: true, fate: .answerLost, happenings: [.abort(.reset)]),
        Case(fault: "reset, phase: body", status: 200, isMade: true, fate: .answerLost, happenings: [.abort(.reset)]),
        Case(
            fault: "{hang: {limit: 30s}}", status: 0, isMade: false, fate: .notSent,
            happenings: [.pause(.seconds(30)), .abort(.close)]),
        Case(
            fault: "{hang: {limit: 30s}}, phase: after", status: 0, isMade: true, fate: .answerLost,
            happenings: [.pause(.seconds(30)), .abort(.close)]),
        Case(
            fault: "{hang: {limit: 30s}}, phase: body", status: 200, isMade: true, fate: .answerLost,
            happenings: [.pause(.seconds(30)), .abort(.close)]),
        Case(fault: "{latency: 2s}", status: 200, isMade: true, fate: .accepted, happenings: [.pause(.seconds(2))]),
        Case(
            fault: "{latency: 2s}, phase: body", status: 200, isMade: true, fate: .accepted,
            happenings: [.pause(.seconds(2))]),
        Case(fault: "{truncate: 5}", status: 200, isMade: true, fate: .answerLost, happenings: [.abort(.close)]),
        Case(fault: "{truncate: {at: 5, honest: true}}", status: 200, isMade: true, fate: .answerLost),
        Case(fault: "{corrupt: json}", status: 200, isMade: true, fate: .answerLost),
        Case(fault: "{corrupt: utf8}", status: 200, isMade: true, fate: .answerLost),
        Case(fault: "{corrupt: zip}", status: 200, isMade: true, fate: .answerLost),
        Case(fault: "{corrupt: type}", status: 200, isMade: true, fate: .accepted),
        Case(fault: "{corrupt: header}", status: 200, isMade: true, fate: .accepted),
        Case(fault: "{shape: object}", status: 200, isMade: true, fate: .accepted),
        Case(fault: "{rate_limit: {limit: 0, window: 1s}}", status: 429, isMade: false, fate: .refused),
        Case(fault: "{running_limit: {limit: 0}}", status: 429, isMade: false, fate: .refused),
        Case(fault: "stuck", status: 200, isMade: true, fate: .accepted),
    ]

    @Test(arguments: cases)
    func `a fault strikes in its phase, and only what was done costs`(_ testCase: Case) throws {
        var bench = try Bench("rules:\n  - {fault: \(testCase.fault)}\n")
        let decision = bench.generate()
        #expect((decision.plan.endsBeforeHead ? 0 : decision.plan.status) == testCase.status)
        #expect(bench.account.taskCount == (testCase.isMade ? 1 : 0))
        // The price of qwen-image-2 (reference, "Credits").
        #expect(bench.account.ledger.held == (testCase.isMade ? 12 : 0))
        let happenings = decision.steps.filter { if case .send = $0 { false } else { true } }
        #expect(happenings == testCase.happenings)
        let event = try #require(bench.exchanges.first)
        #expect(event.fate == testCase.fate)
        #expect(event.fault != nil && event.rule == 0)
    }

    @Test func `a body is cut at its half, its full length announced`() throws {
        var bench = try Bench("rules:\n  - {fault: close, phase: body}\n")
        let plan = bench.generate().plan
        // [{"code":200,"taskId":"<32 digits>"}] has 58 bytes.
        #expect(plan.bytes.count == 29)
        guard case .steps(let announced, _) = plan.body else {
            Issue.record("no steps")
            return
        }
        #expect(announced == 58)
    }

    static let truncations: [(fault: String, sent: Int, announced: Int?)] = [
        ("{truncate: 0}", 0, 58), ("{truncate: 5}", 5, 58), ("{truncate: {at: 50%}}", 29, 58),
        ("{truncate: 57}", 57, 58), ("{truncate: 58}", 58, nil), ("{truncate: 900}", 58, nil),
        ("{truncate: {at: 5, honest: true}}", 5, nil),
    ]

    @Test(arguments: truncations)
    func `a truncation sends its number of bytes and no more`(fault: String, sent: Int, announced: Int?) throws {
        var bench = try Bench("rules:\n  - {fault: \(fault)}\n")
        let plan = bench.generate().plan
        #expect(plan.bytes.count == sent)
        let length: Int? = if case .steps(let length, _) = plan.body { length } else { nil }
        #expect(length == announced)
    }

    static let shapes: [(fault: String, first: Character)] = [
        ("{shape: object}", "{"), ("{shape: array}", "["), ("{latency: 1ms}", "["),
    ]

    @Test(arguments: shapes)
    func `a generate's answer comes in the shape that is asked for`(fault: String, first: Character) throws {
        var bench = try Bench("rules:\n  - {fault: \(fault)}\n")
        #expect(bench.generate().text.first == first)
    }

    static let retryAfters: [(text: String, fields: [String], seconds: Int64?)] = [
        ("2s", ["Retry-After: 2"], 2), ("1500ms", ["Retry-After: 2"], 2),
        // The host's clock stands at 2023-11-14T22:13:20Z.
        (
            "{date: 10s}",
            ["Date: Tue, 14 Nov 2023 22:13:20 GMT", "Retry-After: Tue, 14 Nov 2023 22:13:30 GMT"], 10
        ),
        ("{text: soon}", ["Retry-After: soon"], nil), ("{text: \"0\"}", ["Retry-After: 0"], 0),
    ]

    @Test(arguments: retryAfters)
    func `Retry-After is sent in seconds, as a date, or as it was written`(
        text: String, fields: [String], seconds: Int64?
    ) throws {
        var bench = try Bench("rules:\n  - {fault: {status: 503, retry_after: \(text)}}\n")
        #expect(bench.generate().plan.fields.map { "\($0.name): \($0.value)" } == fields)
        #expect(bench.exchanges.first?.retryAfter == seconds.map { .seconds($0) })
    }

    static let dates: [(seconds: Int64, text: String)] = [
        // RFC 9110 §5.6.7 prints the first; the others by the calendar.
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
        (AccountClock.virtualEpoch, "Thu, 01 Jan 2026 00:00:00 GMT"), (-5, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ]

    @Test(arguments: dates)
    func `an HTTP date is written as the RFC does`(seconds: Int64, text: String) {
        #expect(HTTPDate.text(seconds) == text)
    }

    @Test func `a corrupt zip has other sums and is otherwise the same`() {
        let zip: [UInt8] =
            [0x50, 0x4B, 3, 4] + Array(repeating: 7, count: 30) + [0x50, 0x4B, 1, 2] + Array(repeating: 9, count: 50)
        let fault = Treatment(fault: Fault(.corrupt(.zip)), chance: 0, wait: nil, calendar: 0)
        let bytes = fault.applied(to: ResponsePlan(status: 200, contentType: .zip, body: .plain(zip))).bytes
        let changed = zip.indices.filter { zip[$0] != bytes[$0] }
        // APPNOTE: the CRC-32 stands at 14 of a local header and at 16 of a central one.
        #expect(changed == [14, 34 + 16])
    }

    /// One bit within a picture, or within the id of an answer, is nothing that a client can see.
    @Test(arguments: Corruption.allCases.prefix(3), [ResponsePlan.ContentType.json, .jpeg, .mp4])
    func `whoever looks at a corrupt body sees it`(corruption: Corruption, type: ResponsePlan.ContentType) throws {
        let picture: [UInt8] = [0xFF, 0xD8, 0xFF, 0x22, 0x22, 0xFF, 0xD9]
        let body = type == .json ? Array(#"{"taskId":"00"}"#.utf8) : picture
        let fault = Treatment(fault: Fault(.corrupt(corruption)), chance: 0, wait: nil, calendar: 0)
        let bytes = fault.applied(to: ResponsePlan(status: 200, contentType: type, body: .plain(body))).bytes
        let isBrokenJSON = bytes.last != body.last || bytes.contains(0xFF)
        #expect(bytes.first != body.first || (type == .json && isBrokenJSON))
    }

    @Test func `credits are drained and the generate is short of them`() throws {
        var bench = try Bench("rules:\n  - {when: {count: 2}, fault: {drain: 5}}\n")
        _ = bench.generate(prompt: "a")
        #expect(bench.generate(prompt: "b").text.contains("insufficient_credits"))
        #expect(bench.account.ledger.available == 5)
        #expect(bench.account.ledger.breach == nil)
    }

    @Test func `a revoked key is refused from then on, on both routes`() throws {
        var bench = try Bench("rules:\n  - {when: {operation: status, count: 2}, fault: revoke}\n")
        let id = bench.task()
        #expect(try bench.status(id).plan.status == 300)
        #expect(try bench.status(id).text == #"{"msg":"invalid_api_key"}"#)
        #expect(try bench.status(id).text == #"{"msg":"invalid_api_key"}"#)
        #expect(bench.generate().text == #"{"msg":"invalid_api_key"}"#)
    }
}
