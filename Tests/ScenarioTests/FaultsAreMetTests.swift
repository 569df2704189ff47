import ClipriseCatalog
import ClipriseClient
import ClipriseJournal
import ClipriseReport
import ClipriseScenario
import ClipriseSimulator
import ClipriseWire
import Testing

/// A scenario shows what its `about` says to a user with one job, and to one with three.
@Suite struct FaultsAreMetTests {
    /// The jobs that a user would give: what the scenario's text names, else pictures.
    static func jobs(_ name: String, _ count: Int) -> [MatrixJob] {
        switch name {
        case "corrupt-zip": (0..<count).map { MatrixJob.poster("A poster, number \($0)") }
        case "slow-videos": (0..<count).map { MatrixJob.video("A corgi, number \($0)") }
        case "snapshot": (0..<count).map { _ in MatrixJob.snapshot }
        default: (0..<count).map { MatrixJob.picture("A pier, number \($0)") }
        }
    }

    static func play(_ name: String, _ count: Int) async throws -> JournalView {
        let view = try await withJobFolder { folder in
            try await Simulation.run(.named(name), rendersFiles: MatrixRow.table[name]?.needsFiles ?? false) {
                service in
                let client = try service.client(key: "test-key")
                for (index, job) in jobs(name, count).enumerated() {
                    _ = await job.play(client, path: "\(folder)/\(index)")
                }
                try await service.sleep(for: .seconds(3_600))
                return service.journal("test-key")
            }
        }
        return try #require(view)
    }

    /// What the text of a scenario promises, when it is more than its rules; each from the text, not from runs.
    static let promises: [String: @Sendable (JournalView, Int) -> Bool] = [
        // Nothing goes wrong.
        "quiet-day": { view, _ in view.events.allSatisfy { $0.exchange?.fault == nil } },
        // The edition is in every answer.
        "later": { view, _ in statuses(view, after: 0).contains { $0.shape == .array } },
        "snapshot": { view, _ in view.events.contains { $0.exchange?.clause == .pro2 } },
        // Taken at once, and given back for the first, which fails.
        "charge-on-accept": { view, count in
            view.chargesOnAccept && settled(view).count { !$0.succeeded } == 1
                && (view.money.captured > 0) == (count > 1)
        },
        "failed-moderation": { view, _ in settled(view).contains { !$0.succeeded } },
        "lost-task": { view, _ in view.events.contains { $0.exchange?.clause == .sta2 } },
        "stuck-task": { view, count in settled(view).count == count - 1 },
        "slow-videos": { view, count in statuses(view, after: 60).count >= count },
        // Who comes in time meets nothing but the limit itself, and the file is there for no longer.
        "expired-link": { view, count in settled(view).count == count },
        // A generate of the reference client takes a new connection: what is lost are the first polls.
        "lost-reply-reused": { view, count in
            let faulty = view.events.compactMap(\.exchange).filter { $0.fault != nil }
            return faulty.count == count && faulty.allSatisfy { $0.operation == .status }
        },
        // Others have used up both when the first generate comes.
        "upstream-limits": { view, count in settled(view).count == count && view.ruleActs == [1, 1] },
        "flapping-status": { view, _ in
            let states = statuses(view, after: 0).map(\.clause)
            return states.firstIndex(of: .sta4).map { states[$0...].contains(.sta3) } ?? false
        },
    ]

    /// The status answers from so many seconds after the start.
    static func statuses(_ view: JournalView, after seconds: Int64) -> [ExchangeEvent] {
        view.events.filter { $0.at >= .start.advanced(by: .seconds(seconds)) }.compactMap(\.exchange)
            .filter { $0.operation != .generate }
    }

    static func settled(_ view: JournalView) -> [SettledEvent] {
        view.events.compactMap { if case .settled(let event) = $0.kind { event } else { nil } }
    }

    @Test func `a hundred and thirty jobs of one account meet both limits, and lose nothing by them`() throws {
        var settings = FleetSettings(
            catalog: try Catalog.builtIn(), scenario: try ScenarioLibrary.load(named: "upstream-limits"))
        settings.clients = 130
        settings.sharesAccount = true
        let run = try FleetRun.judge(settings, policy: RetryPolicy(name: "patient", maxAttempts: 100))
        #expect(run.result.done == 130)
        #expect(run.views[0].rules == ["hundred-running", "twenty-in-ten-seconds"])
        #expect(run.views[0].ruleActs.allSatisfy { $0 > 0 }, "\(run.views[0].ruleActs)")
        #expect(run.result.money.wasted == 0)
    }

    @Test(arguments: ScenarioLibrary.names, [1, 3])
    func `a scenario shows what it says to a client with few jobs`(name: String, count: Int) async throws {
        let view = try await Self.play(name, count)
        let acts = zip(view.rules, view.ruleActs).map { "\($0) \($1)" }
        if let promise = Self.promises[name] { #expect(promise(view, count), "\(name) with \(count): \(acts)") }
        guard !view.rules.isEmpty else {
            #expect(Self.promises[name] != nil, "\(name) has no rule, and nothing says what it shows")
            return
        }
        #expect(view.events.contains { $0.exchange?.fault != nil })
        // Chaos is drawn: what is left to chance was met, whatever came of it.
        let isMet = zip(view.ruleActs, view.ruleDraws).map { $0 > 0 || $1 > 0 }
        #expect(!isMet.contains(false), "\(acts)")
    }
}

extension JournalEvent {
    fileprivate var exchange: ExchangeEvent? {
        if case .exchange(let event) = kind { event } else { nil }
    }
}
