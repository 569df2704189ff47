import ClipriseEngine
import ClipriseForm
import ClipriseJSON
import ClipriseScenario
import ClipriseWire
import Foundation
import Testing

@testable import ClipriseAdmin
@testable import ClipriseJournal

@Suite struct EventTests {
    /// Positions 0 and 1 are the models m and n, and the rules r and s.
    static let account = {
        var account = Account(key: Array("sk-live-key".utf8), credits: 1, seed: 1, at: .start)
        _ = account.addRule(Rule(name: "r", act: .fault(Fault(.close))), first: false)
        _ = account.addRule(Rule(name: "s", act: .fault(Fault(.close))), first: false)
        return account
    }()
    static let names = EventNames(account, models: ["m", "n"])

    static let lost = JournalEvent(
        sequence: 7, at: .milliseconds(2_500), realTime: 1_767_225_600_123_000_000,
        kind: .exchange(
            ExchangeEvent(
                operation: .generate, method: .post, status: 0, clause: nil, model: 1, task: 2, attempt: 3,
                bodyHash: 0xAB, fate: .answerLost, rule: 1, fault: .close, faultPhase: .after, held: 5,
                retryAfter: .seconds(2), shape: .object, bytes: 10, leaks: [.field], hint: "so",
                warnings: [BodyWarning(key: "input.a", problem: "is \"odd\"", from: "upstream")], outcome: .aborted,
                endedAt: .seconds(3), endedRealTime: 1_767_225_601_000_000_000)))
    static let refused = JournalEvent(
        sequence: 8, at: .start, realTime: 0,
        kind: .exchange(ExchangeEvent(operation: .status, status: 400, clause: .sta2, outcome: .completed)))
    static let settled = JournalEvent(
        sequence: 9, at: .start, realTime: 0,
        kind: .settled(SettledEvent(task: 2, model: 1, succeeded: true, captured: 5, released: 0)))
    static let callback = JournalEvent(
        sequence: 10, at: .start, realTime: 0, kind: .callback(CallbackEvent(task: 2, attempt: 1, error: "refused")))
    static let money = JournalEvent(
        sequence: 11, at: .start, realTime: 0, kind: .money(MoneyEvent(kind: .topUp, credits: 4)))
    static let clock = JournalEvent(sequence: 12, at: .seconds(9), realTime: 0, kind: .clock(by: .seconds(4)))
    static let part = JournalEvent(
        sequence: 13, at: .start, realTime: 0,
        kind: .exchange(
            ExchangeEvent(
                operation: .download, status: 206, clause: nil, meaning: 0xCD, job: "a job", retryAfterIsDate: true,
                bytes: 4, file: FilePart(entity: 0xEF, start: 5, size: 9, isSound: true), asksForFile: true,
                outcome: .completed)))
    static let all = [lost, refused, settled, callback, money, clock]

    @Test func `an exchange is written with its names, and its times as seconds and dates`() {
        let id = Self.account.id(of: 1)
        #expect(
            Self.text(Self.lost)
                == #"{"sequence":7,"account":"sk-l…5e36","accountId":3,"at":2.500000,"realTime":"2026-01-01T00:00:00.123Z","#
                + #""kind":"exchange","operation":"generate","method":"POST","status":0,"model":"n","task":2,"#
                + #""taskId":"\#(id)","attempt":3,"bodyHash":"00000000000000ab","fate":"accepted_answer_lost","#
                + #""rule":"s","fault":"close","faultPhase":"after","held":5,"retryAfter":2.000000,"#
                + #""shape":"object","bytes":10,"leaks":["field"],"hint":"so","#
                + #""warnings":[{"key":"input.a","problem":"is \"odd\"","from":"upstream"}],"outcome":"aborted","#
                + #""endedAt":3.000000,"endedRealTime":"2026-01-01T00:00:01.000Z"}"#)
    }

    @Test func `what files report of a part of a file and of a job, the view reports too`() {
        #expect(
            Self.text(Self.part).hasSuffix(
                #""operation":"download","method":"GET","status":206,"attempt":1,"meaning":"00000000000000cd","#
                    + #""job":"a job","retryAfterIsDate":true,"shape":"none","bytes":4,"#
                    + #""file":{"entity":"00000000000000ef","start":5,"size":9,"sound":true},"asksForFile":true,"#
                    + #""outcome":"completed"}"#))
    }

    /// The members of a line of a journal, and of its view.
    static func members(_ kind: JournalLine.Kind) -> (line: [String], view: [String]) {
        let line = RecordDescription(of: JournalLine(kind)).members.map(\.key)
        let view = RecordDescription(of: EventRecord(line: JournalLine(kind)), isView: true).members.map(\.key)
        return (line, view)
    }

    @Test(arguments: JournalLine.Kind.allCases)
    func `a view has the members of a line, and whose it is`(kind: JournalLine.Kind) {
        let (line, view) = Self.members(kind)
        let plain = line.map { $0.replacing("Nanoseconds", with: "") }
        #expect(Set(view) == Set(plain).union(["account", "label", "accountId"]))
    }

    @Test func `the OpenAPI document names every member, and it or the article says what it is`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let article = try String(
            contentsOf: root.deletingLastPathComponent().appending(
                path: "Sources/cliprise-mock/cliprise-mock.docc/TheJournal.md"), encoding: .utf8)
        let document = String(decoding: OpenAPI.document(version: "1"), as: UTF8.self)
        for kind in JournalLine.Kind.allCases {
            let (line, view) = Self.members(kind)
            for (member, inView) in zip(line, line.map { $0.replacing("Nanoseconds", with: "") }) {
                let isDescribed = document.contains(#""\#(inView)":{"description":"#)
                #expect(isDescribed || article.contains("`\(member)`"), "\(member)")
            }
            for member in view { #expect(document.contains("\"\(member)\":{"), "\(member)") }
        }
    }

    @Test(arguments: all)
    func `every event is JSON, names its account by position, and shows no key`(event: JournalEvent) throws {
        let text = Self.text(event)
        #expect(!text.contains("sk-live-key"))
        try withJSON(Array(text.utf8)) { json in
            #expect(json[key: "kind"]?.string != nil)
            #expect(json[key: "accountId"]?.integer == 3)
        }.get()
    }

    static let marks: [(text: String, mark: EventMark?)] = [
        ("5-0-2", EventMark(realTime: 5, account: 0, sequence: 2)), ("", nil), ("0-2", nil), ("5-0-2-1", nil),
        ("5--2", nil), ("5-0-x", nil), ("-5-0-2", nil), ("5-0-99999999999999999999", nil),
    ]

    @Test(arguments: marks.indices)
    func `the id of an event in a stream is read as it is written, and nothing else is`(index: Int) {
        let (text, mark) = Self.marks[index]
        #expect(EventMark(text: text) == mark)
        if let mark { #expect(mark.text == text) }
    }

    static let filters: [(name: String, change: @Sendable (inout EventFilter) -> Void, sequences: [Int])] = [
        ("nothing", { _ in }, [7, 8, 9, 10, 11, 12]),
        ("only exchanges", { $0.onlyExchanges = true }, [7, 8]),
        ("operation", { $0.operation = .status }, [8]),
        ("status", { $0.status = 400 }, [8]),
        ("status 0", { $0.status = 0 }, [7]),
        ("clause", { $0.clause = .sta2 }, [8]),
        ("fault", { $0.fault = .word(.close) }, [7]),
        ("any fault", { $0.fault = .any }, [7]),
        ("other fault", { $0.fault = .word(.reset) }, []),
        ("rule", { $0.rule = "s" }, [7]),
        ("other rule", { $0.rule = "r" }, []),
        ("model", { $0.model = "n" }, [7, 9]),
        ("other model", { $0.model = "m" }, []),
        ("task", { $0.task = .ordinal(2) }, [7, 9, 10]),
        ("task by id", { $0.task = .id(account.id(of: 1)) }, [7, 9, 10]),
        ("other task", { $0.task = .id(account.id(of: 0)) }, []),
        ("two at once", { ($0.status, $0.model) = (400, "n") }, []),
    ]

    @Test(arguments: filters.indices)
    func `a filter takes what it names`(index: Int) {
        var filter = EventFilter()
        Self.filters[index].change(&filter)
        let found = Self.all.filter { filter.matches($0, Self.names) }.map(\.sequence)
        #expect(found == Self.filters[index].sequences, "\(Self.filters[index].name)")
    }

    static func text(_ event: JournalEvent) -> String {
        var writer = JSONWriter()
        EventView(event, names, key: account.key, account: 3).write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
