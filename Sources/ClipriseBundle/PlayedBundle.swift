package import ClipriseCatalog
internal import ClipriseEngine
package import ClipriseJournal
package import ClipriseReport
package import ClipriseScenario
internal import ClipriseWire

/// The requests of a bundle, or some of them, played once more, and what is said of them.
package struct PlayedBundle: Sendable {
    /// What stands for books that do not add up among the titles of what fails.
    static let audit = "money audit"

    package let report: Report
    /// In the order of the report's accounts.
    package let views: [JournalView]
    /// The requests that were played, by their positions in the bundle.
    let kept: [Int]
    /// The exchange of each request in the journal of its account; nil for one that reached none.
    let events: [Int: ExchangeEvent]
    /// Positions in the bundle by account and sequence number.
    private let requests: [Place: Int]
    private let accounts: [Int: Int]
    private let keys: [[UInt8]]
    /// The answers of those that were played.
    private let answers: [Int: [UInt8]]
    private let expectations: [Expectation]

    private struct Place: Hashable {
        var account: Int
        var sequence: Int
    }

    /// - Parameters:
    ///   - kept: Positions of the requests that are played, in order; nil for all.
    ///   - scenario: Nil for the bundle's own.
    package init(_ bundle: Bundle, _ scenario: Scenario? = nil, catalog: Catalog, _ kept: [Int]? = nil) throws {
        let kept = kept ?? Array(bundle.exchanges.indices)
        let scenarios = try scenario.map { [$0] } ?? bundle.header.scenarios.map { try bundle.header.scenario($0) }
        var small = bundle
        let used = Set(kept.map { bundle.exchanges[$0].key })
        small.header.accounts.removeAll { !used.contains($0.key) }
        var world = try Replay.world(small, catalog: catalog, scenarios: scenarios)
        var names = TaskNames()
        var requests: [Place: Int] = [:]
        var answers: [Int: [UInt8]] = [:]
        // Those that are still to come, the next one last; few exchanges are under way at once.
        var ends: [End] = []
        func close(upTo instant: Int64) {
            while let end = ends.last, end.at.nanoseconds <= instant {
                ends.removeLast()
                world.accounts[end.account].exchangeEnded(end.sequence, end.outcome, at: world.time(end.at))
            }
        }
        for index in kept {
            let exchange = bundle.exchanges[index]
            close(upTo: exchange.at.nanoseconds)
            if let byHand = bundle.firstChangeByHand, exchange.line > byHand { break }
            let request = names.renamed(exchange)
            let decided = world.decide(request, at: exchange.at, isRejected: exchange.isRejected)
            guard let decided else { continue }
            let plan = try world.plan(of: decided, for: request, at: exchange.at)
            let answer = AnswerBytes.of(plan)
            names.learn(from: exchange, answer)
            answers[index] = answer
            guard let account = decided.account, let sequence = decided.decision.sequence else { continue }
            requests[Place(account: account, sequence: sequence)] = index
            guard decided.decision.isTracked else { continue }
            let ended = Self.end(of: plan, answer, exchange)
            let end = End(
                at: max(exchange.at, ended.at), account: account, sequence: sequence, outcome: ended.outcome)
            // Of those at one instant the first stays the next.
            let later = ends.lastIndex { $0.at > end.at }.map { $0 + 1 } ?? 0
            ends.insert(end, at: later)
        }
        close(upTo: .max)
        // As at the end of a simulated run.
        if !bundle.header.keepsClocks { world.settleAll() }
        let models = catalog.models.ids
        views = world.accounts.map { $0.journalView(models: models) }
        keys = world.accounts.map(\.key)
        expectations = scenarios.first?.expectations ?? []
        let played = views
        report = Grade.report(
            of: scenarios.count < 2
                ? [.init(views: played, expectations: expectations, scenarioFile: scenarios.first?.file)]
                : scenarios.map { one in
                    .init(
                        views: played.filter { $0.scenarioHash == one.hash }, expectations: one.expectations,
                        scenarioFile: one.file)
                })
        var events: [Int: ExchangeEvent] = [:]
        for (account, view) in views.enumerated() {
            for event in view.events {
                guard case .exchange(let exchange) = event.kind,
                    let index = requests[Place(account: account, sequence: event.sequence)]
                else { continue }
                events[index] = exchange
            }
        }
        (self.kept, self.requests, self.events, self.answers) = (kept, requests, events, answers)
        accounts = Dictionary(uniqueKeysWithValues: requests.map { ($0.value, $0.key.account) })
    }

    private struct End {
        var at: Instant
        var account: Int
        var sequence: Int
        var outcome: ExchangeEvent.Outcome
    }

    /// How an exchange ends: as it was noted, where it is answered as it was.
    private static func end(of plan: ResponsePlan, _ answer: [UInt8], _ exchange: Bundle.Exchange) -> Bundle.Ended {
        if let noted = exchange.ended, answer.count == exchange.answer.count,
            exchange.answer.bytes.map({ $0.prefix(8) == answer.prefix(8) }) ?? true
        {
            return noted
        }
        // A client that left once would leave again.
        let left = exchange.ended.flatMap { $0.outcome == .clientLeft ? $0.at.nanoseconds : nil }
        let played = Playback(
            plan, from: exchange.at.nanoseconds, limit: left ?? .max, patience: nil, keepsBytes: false)
        // What nobody ends, such as a hang without a limit, is over when its client says so: nobody noted when.
        let isEndless = played.at == .max
        return Bundle.Ended(at: isEndless ? exchange.at : Instant(nanoseconds: played.at), played.outcome)
    }

    var failing: [String] {
        report.verdicts.filter { $0.outcome == .fail }.map(\.title) + (report.breaches.isEmpty ? [] : [Self.audit])
    }

    /// The titles of what fails and is asked for: by the scenario, or always where it asks for nothing.
    var asked: [String] {
        // What is always demanded fails in a cut run by the cut: the requests that would have fetched a file are cut off.
        let isAsked = report.verdicts.contains(where: \.isExpected)
        let asked = report.verdicts.filter { isAsked ? $0.isExpected : $0.isDemanded }
        return asked.filter { $0.outcome == .fail }.map(\.title) + (report.breaches.isEmpty ? [] : [Self.audit])
    }

    func fails(_ title: String) -> Bool {
        title == Self.audit ? !report.breaches.isEmpty : report.verdicts.contains { $0.isFailure(title) }
    }

    func seen(of title: String) -> String {
        report.verdicts.first { $0.isFailure(title) }?.seen ?? ""
    }

    /// What a scenario expects of which this is the title; nil for the audit, which nothing asks for.
    func expectation(of title: String) -> Expectation? {
        guard let index = report.verdicts.firstIndex(where: { $0.isFailure(title) }) else { return nil }
        if expectations.indices.contains(index) { return expectations[index] }
        let word = report.verdicts[index].name
        return ClientProperty.all.first { $0.word == word }.map { Expectation(.property($0)) }
    }

    /// The keys of the accounts that fail by themselves.
    func keysFailing(_ title: String) -> [[UInt8]] {
        keys.indices.filter { accountFails($0, title) }.map { keys[$0] }
    }

    private func accountFails(_ account: Int, _ title: String) -> Bool {
        report.accounts[account].verdicts.contains { $0.isFailure(title) }
    }

    /// The requests that prove a failure, by their positions in the bundle.
    func proof(of title: String) -> Set<Int> {
        func places(_ evidence: [Verdict.Evidence], of account: Int) -> [Int] {
            evidence.flatMap(\.every).compactMap { requests[Place(account: account, sequence: $0)] }
        }
        let alone = report.accounts.enumerated().flatMap { account, own in
            places(own.verdicts.filter { $0.isFailure(title) }.flatMap(\.evidence), of: account)
        }
        guard alone.isEmpty, let merged = report.verdicts.first(where: { $0.isFailure(title) }) else {
            return Set(alone)
        }
        // Only all accounts together show it.
        return Set(
            report.accounts.enumerated().flatMap { account, own in
                places(merged.evidence.filter { $0.account == own.name }, of: account)
            })
    }

    /// The account that a request was of, as a position in the report.
    func account(of request: Int) -> Int? { accounts[request] }

    /// These requests with their answers and a scenario, as a bundle.
    func bundle(of whole: Bundle, _ scenario: Scenario) throws -> [UInt8] {
        var header = whole.header
        let used = Set(kept.map { whole.exchanges[$0].key })
        header.accounts.removeAll { !used.contains($0.key) }
        header.scenarios = [Bundle.Source(name: "\(scenario.name).yaml", text: Array(scenario.text.utf8))]
        header.origin = nil
        var writer = BundleWriter(header)
        var names = TaskNames()
        for index in kept {
            guard let answer = answers[index] else { continue }
            let exchange = whole.exchanges[index]
            writer.note(
                key: exchange.key, request: names.renamed(exchange), at: exchange.at, answerBytes: answer,
                isRejected: exchange.isRejected)
            names.learn(from: exchange, answer)
        }
        writer.end()
        return writer.take()
    }
}

extension Verdict {
    fileprivate func isFailure(_ title: String) -> Bool { self.title == title && outcome == .fail }
}
