import ClipriseEngine
import ClipriseJSON
import ClipriseWire
import Testing

@testable import ClipriseAdmin

@Suite struct AdminAnswerTests {
    static let account = Account(key: Array(#"a"b\c"#.utf8), credits: 100, seed: 1, at: .milliseconds(1_500))

    @Test func `an account is written with its key escaped`() {
        let answer = AdminAnswer.account(AccountDetail(Self.account), isNew: false).plan
        #expect(answer.status == 200)
        #expect(
            Self.text(answer) == #"{"key":"a\"b\\c","credits":100,"held":0,"available":100,"captured":0,"paidIn":100,"#
                + #""tasks":{"total":0,"processing":0,"succeeded":0,"failed":0},"#
                + #""clock":{"mode":"real","now":1.500000,"tickPerPoll":0.000000,"delays":"hold"},"#
                + #""scenario":{"name":"","hash":"0000000000000000"},"seed":1,"revoked":false,"#
                + #""events":{"total":1,"kept":1,"evicted":0}}"# + "\n")
    }

    @Test func `a new account is 201`() {
        #expect(AdminAnswer.account(AccountDetail(Self.account), isNew: true).plan.status == 201)
    }

    @Test func `instants are seconds to the microsecond`() {
        let ledger = LedgerView(Self.account, ListPage(start: 0, limit: 10))
        #expect(
            Self.text(AdminAnswer.ledger(ledger).plan)
                == #"{"key":"a\"b\\c","total":1,"entries":[{"entry":0,"kind":"opening","credits":100,"change":100,"#
                + #""at":1.500000}]}"# + "\n")
        let health = AdminAnswer.health(version: "1", uptime: TimeSpan(nanoseconds: 61_000_042_999), accounts: 2)
        #expect(
            Self.text(health.plan) == #"{"status":"ok","version":"1","uptimeSeconds":61.000042,"accounts":2}"# + "\n")
    }

    @Test(
        arguments: [
            (0, 2, 0, 2), (1, 1, 1, 1), (2, 100, 2, 3), (4, 5, 4, 1), (5, 5, 5, 0), (99, 5, 5, 0),
            (Int(Int32.max), 100_000, 5, 0),
        ])
    func `a ledger comes in pages`(start: Int, limit: Int, first: Int, count: Int) {
        var account = Account(key: [0x6B], credits: 1, seed: 1, at: .start)
        for amount in 1...4 { _ = account.topUp(Int64(amount), at: .start) }
        let view = LedgerView(account, ListPage(start: start, limit: limit))
        #expect(view.total == 5)
        #expect(view.start == first)
        #expect(view.entries.count == count)
        if count > 0 { #expect(view.entries[0].entry == account.ledger.entries[first]) }
    }

    @Test func `a list of accounts and a reset are JSON`() throws {
        let list = AdminAnswer.accounts([AccountView(Self.account), AccountView(Self.account)], total: 3).plan
        #expect(try Self.read(list) { $0[key: "accounts"]?.elements.count } == 2)
        #expect(try Self.read(list) { $0[key: "total"]?.integer } == 3)
        let reset = AdminAnswer.cleared(Cleared(accounts: 3, tasks: 7)).plan
        #expect(Self.text(reset) == #"{"cleared":{"accounts":3,"tasks":7}}"# + "\n")
    }

    @Test func `no answer may be kept by a cache`() {
        for answer in [AdminAnswer.accounts([], total: 0), .cleared(Cleared())] {
            #expect(answer.plan.fields == [ResponsePlan.Field("Cache-Control", "no-store")])
            #expect(answer.plan.contentType == .json)
        }
    }

    static func text(_ plan: ResponsePlan) -> String {
        guard case .plain(let body) = plan.body else { return "" }
        return String(decoding: body, as: UTF8.self)
    }

    static func read<Value>(_ plan: ResponsePlan, _ body: (JSONValue) -> Value) throws -> Value {
        try withJSON(Array(text(plan).utf8)) { body($0) }.get()
    }
}
