import ClipriseCatalog
import ClipriseJournal
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseEngine

/// A poll is a poll, whatever `download` says, until it is answered with the file (STA-3).
@Suite struct PollTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let scenario: String
        /// `p` asks for the status, `d` for the file.
        let requests: String
        let statuses: [Int]
        /// `p` counts as a poll, `d` as a download.
        let counted: String

        init(_ name: String, _ scenario: String, _ requests: String, _ statuses: [Int], counted: String) {
            testDescription = name
            self.scenario = scenario
            self.requests = requests
            self.statuses = statuses
            self.counted = counted
        }
    }

    static let busy = "rules:\n  - {name: busy, when: {operation: status}, plan: [pass, {status: 503}, pass, pass]}\n"

    static let cases: [Case] = [
        Case("a life in polls", "tasks: [{life: {polls: 3}}]\n", "ddd", [300, 300, 200], counted: "ppd"),
        Case(
            "a life in polls of both kinds", "tasks: [{life: {polls: 3}}]\n", "pdpd", [300, 300, 200, 200],
            counted: "pppd"),
        Case(
            "a clock that polls move", "clock: {mode: virtual, tick_per_poll: 5s}\ntasks: [{life: {after: 15s}}]\n",
            "dddd", [300, 300, 200, 200], counted: "ppdd"),
        Case("rules for polls", "tasks: [{life: {polls: 3}}]\n" + busy, "dddd", [300, 503, 300, 200], counted: "pppd"),
        Case(
            "rules for downloads",
            "tasks: [{life: {polls: 2}}]\nrules:\n  - {name: cut, when: {operation: download}, "
                + "plan: [{status: 502}, pass]}\n", "dddd", [300, 502, 200, 200], counted: "pddd"),
        Case(
            "a task that flaps, asked for by its link", "tasks: [{life: {polls: 2}, outcome: {flap: 2}}]\n", "ppddd",
            [300, 200, 300, 300, 200], counted: "ppppd"),
        Case(
            "a task that flaps, asked for its file only", "tasks: [{life: {polls: 2}, outcome: {flap: 2}}]\n", "ddd",
            [300, 200, 200], counted: "pdd"),
        Case("a task that fails", "tasks: [{life: {polls: 2}, outcome: fail}]\n", "dd", [300, 400], counted: "pp"),
        Case(
            "a task that never ends", "tasks: [{life: {polls: 1}, outcome: stuck}]\n", "dd", [300, 300], counted: "pp"),
        Case(
            "a poll that a rule answers does not shorten a life", "tasks: [{life: {polls: 3}}]\n" + busy, "pppp",
            [300, 503, 300, 200], counted: "pppp"),
        Case(
            "a poll whose answer is lost after the work does",
            "tasks: [{life: {polls: 3}}]\nrules:\n  - {name: lost, when: {operation: status}, "
                + "plan: [pass, {fault: {status: 503}, phase: after}, pass]}\n",
            "ppp", [300, 503, 200], counted: "ppp"),
    ]

    @Test(arguments: cases)
    func `each request is what its answer makes it`(story: Case) throws {
        var bench = try Bench(story.scenario, seed: 5)
        let id = bench.task()
        let before = bench.exchanges.count
        let statuses = try story.requests.map { try bench.status(id, download: $0 == "d").plan.status }
        #expect(statuses == story.statuses)
        let events = bench.exchanges[before...]
        #expect(String(events.map { $0.operation == .download ? "d" : "p" }) == story.counted)
        let asking = zip(story.requests, story.counted).map { $0 == "d" && $1 == "p" }
        #expect(events.map(\.asksForFile) == asking)
        let task = bench.account.task(at: 0, at: .start)
        #expect(task.downloads == story.counted.count { $0 == "d" })
    }

    /// Scenarios, and with them the lack of one, under which the short way may be taken or must not be.
    static let scenarios =
        cases.map(\.scenario) + [
            "", "tasks: [{life: {after: 4s}}]\n", "profile: later\n", "profile: snapshot\n", "charge: on_accept\n",
            "rules:\n  - {when: {operation: status, count: 3}, fault: revoke}\n",
            "rules:\n  - {when: {operation: generate}, plan: [pass, {status: 503}]}\n",
            "tasks: [{outcome: {lost: {after: 3s}}}]\n", "tasks: [{life: {polls: 5}, outcome: {slow: 2}}]\n",
        ]

    /// What a host does that looks for leaked keys itself, as the server, and what one does that does not.
    @Test(arguments: scenarios)
    func `the short way of a plain poll leads where the long one does`(scenario: String) throws {
        var benches = [try Bench(scenario, seed: 5), try Bench(scenario, seed: 5)]
        for index in benches.indices {
            let tasks = [benches[index].task(), benches[index].task(prompt: "A boat")]
            let unknown = TaskID(high: 1, low: 2)
            for (turn, letter) in "ppdpupDpPdpxpppduUpdpp".enumerated() {
                let task = letter == "x" || letter == "u" ? unknown : tasks[turn % 3 == 0 ? 1 : 0]
                _ = try benches[index].status(
                    task, download: letter == "d" || letter == "u", looksForKey: index == 1)
                if letter.isUppercase { benches[index].advance(.seconds(1)) }
            }
        }
        let (long, short) = (benches[0].account, benches[1].account)
        #expect(long.world.journal.events() == short.world.journal.events())
        for sequence in 1...long.world.journal.total {
            #expect(
                long.world.journal.content(sequence, long.mask) == short.world.journal.content(sequence, short.mask))
        }
        #expect(long.ledger.available == short.ledger.available && long.ledger.held == short.ledger.held)
        #expect(long.tasks.count == short.tasks.count && long.lastSeen == short.lastSeen)
        for position in 0..<long.tasks.count {
            #expect(long.tasks[position].polls == short.tasks[position].polls)
            #expect(long.tasks[position].downloads == short.tasks[position].downloads)
        }
    }

    @Test(arguments: ["", "rules:\n  - {when: {operation: generate, count: 9}, fault: {status: 503}}\n"])
    func `a poll is answered in the same words with a rule for others as without one`(scenario: String) throws {
        var bench = try Bench(scenario, seed: 5)
        let id = bench.task()
        let decision = try bench.status(id, looksForKey: true)
        #expect(decision.plan.status == 300 && decision.text == #"{"status":"processing"}"#)
        #expect(decision.event.clause == .sta3 && decision.event.task == id && !decision.isTracked)
        #expect(decision.event.credits == bench.account.charge(at: 0).credits)
        #expect(decision.sequence == bench.account.world.journal.total && !decision.event.hasWords)
    }

    @Test func `a poll with a key that is refused does not shorten a life`() throws {
        var bench = try Bench("tasks: [{life: {polls: 2}}]\n")
        let id = bench.task()
        bench.account.world.isRevoked = true
        for _ in 0..<3 { #expect(try bench.status(id).event.clause == .sta1) }
        bench.account.world.isRevoked = false
        #expect(try [bench.status(id), bench.status(id)].map(\.plan.status) == [300, 200])
    }

    /// What is asked for and done to it, and what the journal says of the answer: status, body bytes and the part.
    struct FileCase: Sendable {
        let fields: [(name: String, value: String)]
        var method = Request.Method.get
        var fault: Fault?
        let status: Int
        let bytes: Int
        let part: (start: Int, isSound: Bool)?
        let shape: ExchangeEvent.Shape
    }

    static let fileCases: [FileCase] = [
        FileCase(fields: [], status: 200, bytes: 100, part: (0, true), shape: .file),
        FileCase(fields: [("Range", "bytes=90-")], status: 206, bytes: 10, part: (90, true), shape: .file),
        FileCase(fields: [("Range", "bytes=100-")], status: 416, bytes: 0, part: nil, shape: .none),
        FileCase(fields: [("If-None-Match", "*")], status: 304, bytes: 0, part: nil, shape: .none),
        FileCase(fields: [], method: .head, status: 200, bytes: 100, part: (0, false), shape: .file),
        FileCase(
            fields: [], fault: Fault(.truncate(Truncation(at: .fraction(0.3)))), status: 200, bytes: 30,
            part: (0, true), shape: .broken),
        FileCase(
            fields: [], fault: Fault(.reset, phase: .body), status: 200, bytes: 50, part: (0, true), shape: .broken),
        FileCase(fields: [], fault: Fault(.corrupt(.zip)), status: 200, bytes: 100, part: (0, false), shape: .broken),
        FileCase(fields: [], fault: Fault(.corrupt(.type)), status: 200, bytes: 100, part: (0, true), shape: .file),
        FileCase(fields: [], fault: Fault(.corrupt(.header)), status: 200, bytes: 100, part: (0, true), shape: .file),
        FileCase(
            fields: [], fault: Fault(.status(StatusFault(code: 503)), phase: .after), status: 503, bytes: 0, part: nil,
            shape: .none),
        FileCase(fields: [], fault: Fault(.close, phase: .after), status: 0, bytes: 0, part: nil, shape: .none),
    ]

    @Test(arguments: fileCases.indices)
    func `status, bytes and part of a file answer are noted when they are decided`(index: Int) throws {
        let story = Self.fileCases[index]
        var bench = try Bench("tasks: [{life: immediate}]\n")
        let id = bench.task()
        var decision = try bench.status(id, download: true)
        let sequence = try #require(decision.sequence)
        let whole = FileAnswer.plan(
            [UInt8](0..<100), contentType: .png, fileName: "a.png", entityTag: "tag",
            for: Request(method: story.method, target: [0x2F], fields: HeaderFields(story.fields)))
        decision.treatment = story.fault.map { Treatment(fault: $0, chance: 1, calendar: 0) }
        _ = bench.account.fileAnswer(whole, of: decision, sequence, at: bench.time)
        let event = try #require(bench.exchanges.last)
        #expect((event.status, event.shape) == (story.status, story.shape))
        if story.fault != Fault(.status(StatusFault(code: 503)), phase: .after) { #expect(event.bytes == story.bytes) }
        #expect(event.file?.start == story.part?.start)
        // The request of this exchange was a GET: that HEAD has no sound bytes is the journal's to know.
        if story.method == .get { #expect(event.file?.isSound == story.part?.isSound) }
        if let file = event.file { #expect(file.size == 100 && file.entity != 0) }
    }

    @Test func `a job that the client names is noted, and no longer than a line`() throws {
        var bench = try Bench("")
        _ = bench.generate(fields: [("X-Cliprise-Mock-Job", String(repeating: "x", count: 500))])
        #expect(bench.exchanges.last?.job?.count == 128)
        _ = bench.generate()
        #expect(bench.exchanges.last?.job == nil)
        #expect(Set(bench.exchanges.map(\.meaning)).count == 1 && bench.exchanges[0].meaning != 0)
    }

    @Test func `tasks that never end are told`() throws {
        var bench = try Bench("tasks: [{ordinal: 2, outcome: stuck}]\n")
        _ = bench.task(prompt: "a")
        _ = bench.task(prompt: "b")
        #expect(bench.account.journalView(models: []).endless == [2])
    }
}
