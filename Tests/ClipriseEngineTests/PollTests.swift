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

    @Test func `a poll with a key that is refused does not shorten a life`() throws {
        var bench = try Bench("tasks: [{life: {polls: 2}}]\n")
        let id = bench.task()
        bench.account.setRevoked(true)
        for _ in 0..<3 { #expect(try bench.status(id).event.clause == .sta1) }
        bench.account.setRevoked(false)
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
