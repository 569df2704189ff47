import ClipriseEngine
import ClipriseJSON
import ClipriseWire
import Testing

@testable import ClipriseAdmin
@testable import ClipriseScenario

@Suite struct AdminCommandTests {
    static let id = "00000000000000ab00000000000000cd"
    static let task = TaskID(high: 0xAB, low: 0xCD)
    static let key = Array("k".utf8)
    static let limited = {
        var query = EventQuery()
        query.filter.onlyExchanges = true
        query.filter.status = 429
        return query
    }()

    struct Reading: Sendable, CustomTestStringConvertible {
        var line: String
        var body = ""
        var command: AdminCommand

        var testDescription: String { "\(line) \(body)" }
    }

    static let readings = [
        Reading(line: "GET /__admin/health", command: .health),
        Reading(line: "HEAD /__admin/health", command: .health),
        Reading(line: "GET /__admin/health?", command: .health),
        Reading(line: "GET http://127.0.0.1:8080/__admin/health", command: .health),
        Reading(
            line: "GET /__admin/accounts", command: .account(.list(ListPage(start: 0, limit: 10_000), search: nil))),
        Reading(
            line: "GET /__admin/accounts/", command: .account(.list(ListPage(start: 0, limit: 10_000), search: nil))),
        Reading(line: "POST /__admin/accounts", command: .account(.create(key: nil, label: nil, credits: 10_000, nil))),
        Reading(
            line: "POST /__admin/accounts", body: "{}",
            command: .account(.create(key: nil, label: nil, credits: 10_000, nil))),
        Reading(
            line: "POST /__admin/accounts", body: #"{"key":null}"#,
            command: .account(.create(key: nil, label: nil, credits: 10_000, nil))),
        Reading(
            line: "POST /__admin/accounts", body: #"{"key":"a/b","credits":0}"#,
            command: .account(.create(key: Array("a/b".utf8), label: nil, credits: 0, nil))),
        Reading(
            line: "POST /__admin/accounts", body: #"{"credits":1000000000000}"#,
            command: .account(.create(key: nil, label: nil, credits: 1_000_000_000_000, nil))),
        Reading(line: "GET /__admin/accounts/test-key", command: .account(.show(key: Array("test-key".utf8)))),
        Reading(line: "GET /__admin/accounts/a%2Fb%25+c", command: .account(.show(key: Array("a/b%+c".utf8)))),
        Reading(line: "GET /__admin/accounts/%zz%4", command: .account(.show(key: Array("%zz%4".utf8)))),
        Reading(
            line: "POST /__admin/accounts/k/credits", body: #"{"amount":5}"#,
            command: .account(.addCredits(key: Array("k".utf8), amount: 5))),
        Reading(
            line: "POST /__admin/accounts/k/credits", body: #"{"amount":-5}"#,
            command: .account(.addCredits(key: Array("k".utf8), amount: -5))),
        Reading(
            line: "GET /__admin/accounts/k/ledger",
            command: .account(.ledger(key: Array("k".utf8), ListPage(start: 0, limit: 1_000)))),
        Reading(
            line: "GET /__admin/accounts/k/ledger?limit=5&start=10",
            command: .account(.ledger(key: Array("k".utf8), ListPage(start: 10, limit: 5)))),
        Reading(line: "GET /__admin/tasks/\(id)", command: .task(id: task, .show)),
        Reading(
            line: "POST /__admin/tasks/\(id)", body: #"{"state":"success"}"#,
            command: .task(id: task, .end(.succeeded))),
        Reading(
            line: "POST /__admin/tasks/\(id)", body: #"{"state":"failed","failMsg":"no"}"#,
            command: .task(id: task, .end(.failed(message: "no")))),
        Reading(line: "POST /__admin/reset", command: .state(.reset(.all, account: nil))),
        Reading(
            line: "POST /__admin/reset?scope=tasks&account=a%20b",
            command: .state(.reset(.tasks, account: Array("a b".utf8)))),
        Reading(line: "GET /__admin", command: .redirectToPage),
        Reading(line: "GET /__admin/", command: .page(.html)),
        Reading(line: "GET /__admin/app.js", command: .page(.script)),
        Reading(line: "GET /__admin/openapi.json", command: .openAPI),
        Reading(line: "GET /__admin/models/veo-3", command: .model(id: "veo-3")),
        Reading(line: "GET /__admin/accounts/k/clock", command: .clock(key: key, .show)),
        Reading(
            line: "POST /__admin/accounts/k/clock", body: #"{"advance":"1.5s"}"#,
            command: .clock(key: key, .advance(by: .milliseconds(1_500)))),
        Reading(
            line: "POST /__admin/accounts/k/clock", body: #"{"run":"until-idle"}"#,
            command: .clock(key: key, .runUntilIdle)),
        Reading(
            line: "POST /__admin/accounts/k/clock", body: #"{"freeze":true}"#, command: .clock(key: key, .freeze)),
        Reading(
            line: "POST /__admin/accounts/k/clock", body: #"{"freeze":false}"#,
            command: .clock(key: key, .unfreeze)),
        Reading(
            line: "POST /__admin/accounts/k/clock", body: #"{"mode":"virtual","tickPerPoll":"2s","delays":"pass"}"#,
            command: .clock(key: key, .becomeVirtual(tickPerPoll: .seconds(2), delays: .pass))),
        Reading(
            line: "GET /__admin/accounts/k/tasks?start=5",
            command: .account(.tasks(key: key, ListPage(start: 5, limit: 1_000)))),
        Reading(
            line: "DELETE /__admin/rules/7?account=k", command: .rule(.remove(id: 7, account: key))),
        Reading(
            line: "POST /__admin/rules/fire", body: #"{"account":"k","fault":"close","phase":"after"}"#,
            command: .rule(
                .add(
                    Rule(
                        name: "fired", act: .fault(Fault(.close, phase: .after)), times: 1,
                        place: Place(line: 1, column: 1)), account: key, .first))),
        Reading(
            line: "GET /__admin/requests/stream?account=k&after=3", command: .journal(.stream(account: key, .after(3)))),
        Reading(
            line: "GET /__admin/requests/wait?status=429&count=2&timeout=500ms",
            command: .journal(.wait(limited, count: 2, timeout: .milliseconds(500)))),

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
        Rejection(line: "POST /__admin", status: 405, says: "GET"),
        Rejection(line: "GET /__admin/accounts/k/clokc", status: 404, says: "Did you mean /__admin/accounts/k/clock?"),
        Rejection(line: "GET /__admin/requests/steam", status: 404, says: "Did you mean /__admin/requests/stream?"),
        Rejection(line: "PUT /__admin/rules/fire", status: 405, says: "POST"),
        Rejection(line: "GET /__admin/requests?statsu=429", status: 400, says: "did you mean \"status\"?"),
        Rejection(line: "GET /__admin/requests?operation=pol", status: 400, says: "generate, status, download"),
        Rejection(line: "GET /__admin/requests?clause=GEN-111", status: 400, says: "Did you mean \"GEN-11\"?"),
        Rejection(line: "GET /__admin/requests?task=0", status: 400, says: "from 1"),
        Rejection(line: "GET /__admin/requests/wait?timeout=61s", status: 400, says: "at most 60s"),
        Rejection(line: "GET /__admin/requests/wait?count=0", status: 400, says: "from 1 to 10000"),
        Rejection(line: "POST /__admin/reset?scope=task", status: 400, says: "Did you mean \"tasks\"?"),
        Rejection(line: "DELETE /__admin/rules/0", status: 400, says: "?account=KEY"),
        Rejection(line: "DELETE /__admin/rules/x?account=k", status: 404, says: "whole number"),
        Rejection(line: "POST /__admin/rules", body: "{}", status: 400, says: "\"rule\" is a rule"),
        Rejection(
            line: "POST /__admin/rules", body: "{\"rule\":\n {\"fualt\": \"close\"}}", status: 400,
            says: "2:3: unknown key \"fualt\"; did you mean \"fault\"?"),
        Rejection(
            line: "POST /__admin/rules/fire", body: #"{"fault":"clsoe"}"#, status: 400, says: #"did you mean "close"?"#),
        Rejection(
            line: "PUT /__admin/accounts/k/scenario", body: #"{"scenario":{"rules":[]}}"#, status: 400, says: "schema"),
        Rejection(line: "PUT /__admin/accounts/k/scenario", body: "{}", status: 400, says: "either"),
        Rejection(line: "POST /__admin/accounts/k/clock", body: "{}", status: 400, says: "exactly one"),
        Rejection(
            line: "POST /__admin/accounts/k/clock", body: #"{"advance":"1s","freeze":true}"#, status: 400,
            says: "exactly one"),
        Rejection(
            line: "POST /__admin/accounts/k/clock", body: #"{"advance":5}"#, status: 400, says: "length of time"),
        Rejection(
            line: "POST /__admin/accounts/k/clock", body: #"{"advance":"8761h"}"#, status: 400, says: "8760h"),
        Rejection(
            line: "POST /__admin/accounts/k/clock", body: #"{"mode":"real","delays":"hold"}"#, status: 400,
            says: "virtual"),
        Rejection(
            line: "POST /__admin/accounts/k/clock", body: #"{"mode":"virtul"}"#, status: 400,
            says: #"Did you mean "virtual"?"#),
        Rejection(line: "GET /__admin/acounts", status: 404, says: "Did you mean /__admin/accounts?"),
        Rejection(line: "GET /__admin/zzzzzzzzzzzz", status: 404, says: "health, ready"),
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
            line: "POST /__admin/accounts", body: #"{"credits":99999999999999999999}"#, status: 400,
            says: "whole number"),
        Rejection(line: "GET /__admin/health?now=1", status: 400, says: "takes no query"),
        Rejection(line: "POST /__admin/verify?acount=k", body: #"{"expect":[]}"#, status: 400, says: "acount"),
        Rejection(line: "POST /__admin/reset?scop=all", status: 400, says: #"did you mean "scope"?"#),
        Rejection(line: "GET /__admin/requests?fault=closee", status: 400, says: #"Did you mean "close"?"#),
        Rejection(
            line: "POST /__admin/accounts", body: #"{"credits":5,"# + "\n" + #" "credits":6}"#, status: 400,
            says: #""credits" stands twice; the second value is at 2:12."#),
        Rejection(
            line: "POST /__admin/verify",
            body: #"{"expect":["no_double_charge",{"polls":"never"},{"requsts":{"exactly":4}}]}"#, status: 400,
            says: #"expect[2]: unknown key "requsts"; did you mean "requests"?"#),
        Rejection(
            line: "POST /__admin/verify", body: #"{"expect":["no_double_chrge"]}"#, status: 400, says: "expect[0]: "),
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
    func `what cannot be done is reported as a problem in JSON`(rejection: Rejection) throws {
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
        #expect(!told.detail.hasSuffix("?.") && !told.detail.hasSuffix(".."), "\(told.detail)")
    }

    @Test(arguments: FaultWord.allCases)
    func `every word by which an event names a fault can be asked for`(word: FaultWord) throws {
        let command = try AdminCommand(
            Self.request("GET /__admin/requests/wait?fault=\(word)&count=1&timeout=500ms", ""))
        var query = EventQuery()
        (query.filter.onlyExchanges, query.filter.fault) = (true, .word(word))
        #expect(command == .journal(.wait(query, count: 1, timeout: .milliseconds(500))))
    }

    @Test func `a wrong method gets the right ones`() {
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
