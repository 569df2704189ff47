import ClipriseReport
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseJournal

@Suite struct JournalLinesTests {
    /// A view that has every kind of event, and every member of an exchange at least once.
    static var everything: JournalView {
        var story = Story()
        let task = story.accepted(story.newBody()) {
            $0.leaks = [.target, .field]
            $0.hint = "line \"one\"\nline two, ünïcode 🙂"
            $0.rule = 1
            $0.fault = .latency
            $0.faultPhase = .after
            $0.bodyHash = .max
            $0.meaning = .max - 1
            $0.job = "a \"job\""
            $0.warnings = [
                BodyWarning(key: "input.promt", problem: "is not in the catalogue", from: "assumed"),
                BodyWarning(key: "a \"key\"", problem: "", from: ""),
            ]
        }
        story.limited(7, retryAfter: TimeSpan(nanoseconds: -1), isDate: true)
        story.refused(8, status: 0, fate: .notSent) {
            $0.outcome = .aborted
            $0.model = 99
            $0.rule = 12
        }
        story.poll(task)
        story.exchange(
            {
                $0.method = .extended("BREW")
                $0.clause = .http1
                $0.status = 404
            }, .other)
        story.moveClock(.seconds(60))
        story.settle(task)
        story.note(.callback(CallbackEvent(task: task, attempt: 1, status: 500, fault: .fail)))
        story.note(.callback(CallbackEvent(task: task, attempt: 2, error: "refused")))
        for kind in [MoneyEvent.Kind.topUp, .adjustment, .drain] {
            story.note(.money(MoneyEvent(kind: kind, credits: kind == .topUp ? 5 : -5)))
        }
        story.download(task)
        story.poll(task) { $0.asksForFile = true }
        story.file(task, 5..<9, of: 100) { $0.file?.isSound = false }
        story.note(.exchange(ExchangeEvent(operation: .status, status: 300, clause: .sta3, task: 9)))
        story.label = "a \u{1B} label"
        story.endless = [9, 2]
        var view = story.view
        view.rules = ["lost", "slow", "lost"]
        (view.ruleActs, view.ruleDraws) = ([1, 0, 3], [0, 7, 0])
        view.seed = .max
        view.scenarioHash = .max - 1
        view.isClockVirtual = true
        view.chargesOnAccept = true
        view.contents = [
            3: ExchangeContent(
                target: "/app?apiKey=REDACTED",
                request: .init(
                    fields: [.init("Host", "h"), .init("X-\u{7}", "\"a\"")],
                    body: .init(size: 9, bytes: Array("{\"é\": 1}\u{0}".utf8))),
                response: .init(body: .init(size: 99_999, bytes: [0xFF, 0xFE], isCut: true))),
            4: ExchangeContent(
                target: "", request: .init(body: .init(size: 0, bytes: [])), response: .init(body: .init(size: 4))),
            6: ExchangeContent(target: "*", request: .init()),
        ]
        view.taskIDs = [task: TaskID(high: 1, low: .max), 9: TaskID(high: .max, low: 0)]
        return view
    }

    @Test func `what is written reads back equal`() throws {
        var second = Client().play()
        second.account = "other…"
        second.evicted = 3
        second.cleared = 2
        for index in second.events.indices { second.events[index].sequence += 3 }
        let empty = JournalView(account: "", events: [])
        let views = [Self.everything, second, empty]
        #expect(try JournalLines.read(JournalLines.write(views)) == views)
    }

    @Test func `each line is one object, the first says whose journal it is`() {
        let lines = String(decoding: JournalLines.write([Self.everything]), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 1 + Self.everything.events.count)
        #expect(
            lines[0].hasPrefix(
                #"{"kind":"account","schema":"cliprise-mock/journal-v1","account":"test…c7c7","seed":"18446744073709551615","#
            ))
        #expect(
            lines[1].hasPrefix(
                #"{"kind":"money","sequence":1,"atNanoseconds":0,"realTimeNanoseconds":1764000000000000000,"#))
        #expect(lines[2].contains(#""model":"veo-3-fast","task":1,"taskId":"0000000000000001ffffffffffffffff""#))
        #expect(lines[2].contains(#""rule":"slow""#))
        #expect(lines[4].contains(#""model":99"#) && lines[4].contains(#""rule":12"#))
    }

    static let header = #"""
        {"kind":"account","schema":"cliprise-mock/journal-v1","account":"a","seed":"1","scenario":"",\#
        "scenarioHash":"0000000000000000","clock":"real","charge":"on_success","events":1,"evicted":0,\#
        "money":{"paidIn":1,"captured":0,"held":0,"available":1},"models":["flux-2"],"rules":[],"ruleActs":[]}

        """#
    static let event =
        #"{"kind":"money","sequence":1,"atNanoseconds":0,"realTimeNanoseconds":0,"movement":"opening","credits":1}"#

    static let callback =
        #"{"kind":"callback","sequence":1,"atNanoseconds":0,"realTimeNanoseconds":0,"task":1,"attempt":1,"fault":"drop"}"#

    @Test(arguments: FaultWord.allCases)
    func `a fault reads back by its word`(word: FaultWord) throws {
        let views = try JournalLines.read(
            Array((Self.header + Self.callback.replacing("drop", with: word.rawValue)).utf8))
        guard case .callback(let event)? = views.first?.events.first?.kind else {
            Issue.record("no callback")
            return
        }
        #expect(event.fault == word)
    }

    /// A text, and where and how it is refused.
    static let wrong: [(text: String, place: String, message: String)] = [
        ("", "1:1", "header"),
        (event, "1:1", "before the header"),
        (header, "2:1", "has 0 events, its header says 1"),
        (header + event + "\n" + event, "3:28", "expected more than 1"),
        (header + "\n", "2:1", "has 0 events, its header says 1"),
        (header + "\n" + event, "2:1", "empty line"),
        ("\n" + header + event, "1:1", "empty line"), ("\u{FEFF}", "1:1", "header"),
        (header + "[1]", "2:1", "one JSON object"),
        (header + event.dropLast(), "2:104", "the text"),
        (header + event.replacing("credits", with: "credit"), "2:102", "did you mean credits?"),
        (header + event.replacing("opening", with: "openning"), "2:83", "did you mean opening?"),
        (header + callback.replacing("drop", with: "dorp"), "2:104", "did you mean drop?"),
        (header + callback.replacing("drop", with: "earthquake"), "2:104", "known: status, empty, latency"),
        (header + event.replacing(#""credits":1"#, with: #""credits":"1""#), "2:103", "expected a whole number"),
        (header + event.replacing(#""credits":1"#, with: #""credits":1.5"#), "2:103", "expected a whole number"),
        (header + event.replacing(#","credits":1"#, with: ""), "2:1", "credits is missing"),
        (header + event.replacing(#""credits":1"#, with: #""credits":1,"credits":2"#), "2:115", "stands twice"),
        (header + event.replacing("money", with: "monny"), "2:9", "did you mean money?"),
        (header.replacing("journal-v1", with: "journal-v9") + event, "1:28", "did you mean cliprise-mock/journal-v1?"),
        (header.replacing(#""seed":"1""#, with: #""seed":"x""#) + event, "1:76", "whole number as text"),
        (header.replacing(#""held":0,"#, with: "") + event, "1:196", "held is missing"),
        (header.replacing(#"["flux-2"]"#, with: #"["flux-2",7]"#) + event, "1:264", "models[1]: expected text"),
    ]

    @Test(arguments: ["", "\n", "\n\n", "\r\n \n\t"], ["", "\u{FEFF}"])
    func `what editors add at both ends is passed over`(end: String, mark: String) throws {
        let text = Self.header + Self.event
        let plain = try JournalLines.read(Array(text.utf8))
        #expect(try JournalLines.read(Array((mark + text + end).utf8)) == plain)
        #expect(plain.map(\.events.count) == [1])
    }

    @Test(arguments: wrong)
    func `what is wrong is reported with its place`(text: String, place: String, message: String) throws {
        let error = try #require(throws: JournalLinesError.self) { try JournalLines.read(Array(text.utf8)) }
        #expect("\(error.line):\(error.column)" == place, "\(error)")
        #expect(error.message.contains(message), "\(error)")
    }

    @Test func `a judge reads the same without what exchanges said`() throws {
        var view = Self.everything
        let lines = JournalLines.write([view])
        view.contents = [:]
        #expect(try JournalLines.read(lines, hasContents: false) == [view])
    }

    @Test func `a journal from before warnings reads as one without any`() throws {
        var view = Self.everything
        let lines = String(decoding: JournalLines.write([view]), as: UTF8.self)
        let older = lines.replacing(/,"warnings":\[[^\]]*\]/, with: "")
        #expect(older != lines)
        guard case .exchange(var exchange) = view.events[1].kind else {
            Issue.record("not there")
            return
        }
        exchange.warnings = []
        view.events[1].kind = .exchange(exchange)
        #expect(try JournalLines.read(Array(older.utf8)) == [view])
    }

    /// An exchange with what it said, and how that is refused.
    static let saidWrongly: [(said: String, message: String)] = [
        (#""response":{"fields":[],"bodyBytes":0}"#, "stands without request"),
        (#""request":{"fields":[],"bodyBytes":0}"#, "target is missing"),
        (#""request":{"target":"/","fields":[]}"#, "bodyBytes is missing"),
        (#""request":{"target":"/","fields":[{"name":"a"}],"bodyBytes":0}"#, "value is missing"),
        (#""request":{"target":"/","fields":[7],"bodyBytes":0}"#, "fields[0]: expected an object"),
        (#""request":{"target":"/","fields":[],"bodyBytes":1,"body":"a","bodyBase64":"YQ=="}"#, "stands beside body"),
        (#""request":{"target":"/","fields":[],"bodyBytes":1,"bodyBase64":"?"}"#, "expected base64"),
        (#""request":{"target":"/","fields":[],"bodyBytes":1,"boddy":"a"}"#, "did you mean body?"),
    ]

    @Test(arguments: saidWrongly)
    func `what an exchange said is read as strictly as the rest`(said: String, message: String) throws {
        let event =
            #"{"kind":"exchange","sequence":1,"atNanoseconds":0,"realTimeNanoseconds":0,"operation":"status","#
            + #""method":"GET","status":300,"attempt":1,"held":0,"shape":"object","bytes":1,"outcome":"completed","#
            + said + "}"
        let error = try #require(throws: JournalLinesError.self) {
            try JournalLines.read(Array((Self.header + event).utf8))
        }
        #expect(error.message.contains(message), "\(error)")
    }

    @Test func `an unknown model is reported with the nearest one`() throws {
        let settled =
            #"{"kind":"settled","sequence":1,"atNanoseconds":0,"realTimeNanoseconds":0,"task":1,"#
            + #""model":"flux-3","succeeded":true,"captured":1,"released":0}"#
        let text = Self.header + settled
        let error = try #require(throws: JournalLinesError.self) { try JournalLines.read(Array(text.utf8)) }
        #expect(error.message == #"model: the header has no "flux-3", did you mean flux-2?"#)
    }
}
