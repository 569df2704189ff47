import ClipriseEngine
import ClipriseJSON
import ClipriseWire
import Testing

@testable import ClipriseAdmin

@Suite struct AdminCommandTests {
    static let id = "00000000000000ab00000000000000cd"

    struct Reading: Sendable, CustomTestStringConvertible {
        var line: String
        var body = ""
        var command: AdminCommand

        var testDescription: String { "\(line) \(body)" }
    }

    static let readings = [
        Reading(line: "GET /__admin/health", command: .health),
        Reading(line: "HEAD /__admin/health", command: .health),
        Reading(line: "GET /__admin/health?now=1", command: .health),
        Reading(line: "GET http://127.0.0.1:8080/__admin/health", command: .health),
        Reading(line: "GET /__admin/accounts", command: .listAccounts),
        Reading(line: "GET /__admin/accounts/", command: .listAccounts),
        Reading(line: "POST /__admin/accounts", command: .createAccount(key: nil, credits: 10_000)),
        Reading(line: "POST /__admin/accounts", body: "{}", command: .createAccount(key: nil, credits: 10_000)),
        Reading(
            line: "POST /__admin/accounts", body: #"{"key":null}"#, command: .createAccount(key: nil, credits: 10_000)),
        Reading(
            line: "POST /__admin/accounts", body: #"{"key":"a/b","credits":0}"#,
            command: .createAccount(key: Array("a/b".utf8), credits: 0)),
        Reading(
            line: "POST /__admin/accounts", body: #"{"credits":1000000000000}"#,
            command: .createAccount(key: nil, credits: 1_000_000_000_000)),
        Reading(line: "GET /__admin/accounts/test-key", command: .showAccount(key: Array("test-key".utf8))),
        Reading(line: "GET /__admin/accounts/a%2Fb%25+c", command: .showAccount(key: Array("a/b%+c".utf8))),
        Reading(line: "GET /__admin/accounts/%zz%4", command: .showAccount(key: Array("%zz%4".utf8))),
        Reading(
            line: "POST /__admin/accounts/k/credits", body: #"{"amount":5}"#,
            command: .addCredits(key: Array("k".utf8), amount: 5)),
        Reading(
            line: "POST /__admin/accounts/k/credits", body: #"{"amount":-5}"#,
            command: .addCredits(key: Array("k".utf8), amount: -5)),
        Reading(
            line: "GET /__admin/accounts/k/ledger",
            command: .showLedger(key: Array("k".utf8), start: 0, limit: 1_000)),
        Reading(
            line: "GET /__admin/accounts/k/ledger?limit=5&start=10",
            command: .showLedger(key: Array("k".utf8), start: 10, limit: 5)),
        Reading(line: "GET /__admin/tasks/\(id)", command: .showTask(id: TaskID(high: 0xAB, low: 0xCD))),
        Reading(
            line: "POST /__admin/tasks/\(id)", body: #"{"state":"success"}"#,
            command: .endTask(id: TaskID(high: 0xAB, low: 0xCD), outcome: .succeeded)),
        Reading(
            line: "POST /__admin/tasks/\(id)", body: #"{"state":"failed","failMsg":"no"}"#,
            command: .endTask(id: TaskID(high: 0xAB, low: 0xCD), outcome: .failed(message: "no"))),
        Reading(line: "POST /__admin/reset", command: .reset),
    ]

    @Test(arguments: readings)
    func `a request is read as its command`(reading: Reading) throws {
        #expect(try AdminCommand(Self.request(reading.line, reading.body)) == reading.command)
    }

    struct Rejection: Sendable, CustomTestStringConvertible {
        var line: String
        var body = ""
        var status: Int
        /// What the detail says among other things.
        var says: String

        var testDescription: String { "\(line) \(body)" }
    }

    static let rejections = [
        Rejection(line: "GET /__admin", status: 404, says: "accounts"),
        Rejection(line: "GET /__admin/acounts", status: 404, says: "Did you mean /__admin/accounts?"),
        Rejection(line: "GET /__admin/zzzzzzzzzzzz", status: 404, says: "health, accounts"),
        Rejection(line: "GET /__admin/accounts/k/credits/more", status: 404, says: "accounts"),
        Rejection(line: "POST /__admin/health", status: 405, says: "GET"),
        Rejection(line: "GET /__admin/reset", status: 405, says: "POST"),
        Rejection(line: "DELETE /__admin/accounts", status: 405, says: "DELETE"),
        Rejection(line: "PUT /__admin/accounts/k", status: 405, says: "PUT"),
        Rejection(line: "GET /__admin/accounts/k/credits", status: 405, says: "POST"),
        Rejection(line: "POST /__admin/accounts/k/ledger", status: 405, says: "GET"),
        Rejection(line: "POST /__admin/accounts", body: "[]", status: 400, says: "object"),
        Rejection(line: "POST /__admin/accounts", body: "{\"key\":\n x}", status: 400, says: "2:2"),
        Rejection(line: "POST /__admin/accounts", body: #"{"kee":"a"}"#, status: 400, says: #"did you mean "key"?"#),
        Rejection(line: "POST /__admin/accounts", body: #"{"zzzzzzzz":1}"#, status: 400, says: "not known"),
        Rejection(line: "POST /__admin/accounts", body: #"{"key":5}"#, status: 400, says: "key"),
        Rejection(line: "POST /__admin/accounts", body: #"{"key":""}"#, status: 400, says: "256"),
        Rejection(line: "POST /__admin/accounts", body: #"{"key":"a b"}"#, status: 400, says: "spaces"),
        Rejection(line: "POST /__admin/accounts", body: #"{"key":"ä"}"#, status: 400, says: "ASCII"),
        Rejection(line: "POST /__admin/accounts", body: #"{"credits":-1}"#, status: 400, says: "from 0"),
        Rejection(line: "POST /__admin/accounts", body: #"{"credits":1.5}"#, status: 400, says: "whole"),
        Rejection(line: "POST /__admin/accounts", body: #"{"credits":1000000000001}"#, status: 400, says: "from 0"),
        Rejection(
            line: "POST /__admin/accounts", body: #"{"credits":99999999999999999999}"#, status: 400, says: "too large"),
        Rejection(line: "POST /__admin/accounts/k/credits", status: 400, says: "object"),
        Rejection(line: "POST /__admin/accounts/k/credits", body: "{}", status: 400, says: "amount"),
        Rejection(line: "POST /__admin/accounts/k/credits", body: #"{"amount":0}"#, status: 400, says: "other than 0"),
        Rejection(line: "POST /__admin/accounts/k/credits", body: #"{"amount":"5"}"#, status: 400, says: "whole"),
        Rejection(
            line: "POST /__admin/accounts/k/credits", body: #"{"amount":-9223372036854775808}"#, status: 400,
            says: "amount"),
        Rejection(line: "GET /__admin/accounts/k/ledger?start=-1", status: 400, says: "start"),
        Rejection(line: "GET /__admin/accounts/k/ledger?start=99999999999999999999", status: 400, says: "start"),
        Rejection(line: "GET /__admin/accounts/k/ledger?limit=0", status: 400, says: "from 1"),
        Rejection(line: "GET /__admin/accounts/k/ledger?limit=", status: 400, says: "limit"),
        Rejection(line: "GET /__admin/tasks/abc", status: 404, says: "32"),
        Rejection(line: "GET /__admin/tasks/\(id.uppercased())", status: 404, says: "lower-case"),
        Rejection(line: "POST /__admin/tasks/\(id)", body: "{}", status: 400, says: "state"),
        Rejection(line: "POST /__admin/tasks/\(id)", body: #"{"state":"done"}"#, status: 400, says: "success"),
        Rejection(
            line: "POST /__admin/tasks/\(id)", body: #"{"state":"failed","failMsg":5}"#, status: 400, says: "string"),
        Rejection(
            line: "POST /__admin/tasks/\(id)", body: #"{"state":"failed","failmsg":"x"}"#, status: 400,
            says: "did you mean"),
        Rejection(
            line: "POST /__admin/tasks/\(id)",
            body: #"{"state":"failed","failMsg":"\#(String(repeating: "x", count: 4_001))"}"#, status: 400,
            says: "4000"),
    ]

    @Test(arguments: rejections)
    func `what cannot be done is told as a problem in JSON`(rejection: Rejection) throws {
        let problem = #expect(throws: AdminProblem.self) {
            try AdminCommand(Self.request(rejection.line, rejection.body))
        }
        let plan = try #require(problem?.plan)
        #expect(plan.status == rejection.status)
        #expect(plan.contentType == .problemJSON)
        guard case .plain(let body) = plan.body else { return }
        let told = try withJSON(body) { json in
            (status: json[key: "status"]?.integer, detail: json[key: "detail"]?.string ?? "")
        }.get()
        #expect(told.status == Int64(rejection.status))
        #expect(told.detail.contains(rejection.says), "\(told.detail)")
    }

    @Test func `a wrong method is told the right ones`() {
        let problem = #expect(throws: AdminProblem.self) {
            try AdminCommand(Self.request("DELETE /__admin/accounts", ""))
        }
        #expect(problem?.fields == [ResponsePlan.Field("Allow", "GET, HEAD, POST")])
    }

    static func request(_ line: String, _ body: String) -> Request {
        let words = line.split(separator: " ")
        return Request(
            method: Request.Method(String(words[0])), target: Array(words[1].utf8),
            fields: HeaderFields([("Host", "127.0.0.1")]), body: Array(body.utf8))
    }
}
