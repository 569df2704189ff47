package import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseReport
package import ClipriseScenario
internal import ClipriseWire

/// Cuts a failing run to the fewest faults and requests that still fail.
package struct Shrink: Sendable {
    /// What makes a run fail.
    package enum Failure: Sendable, Hashable {
        /// An expectation of the scenario is not met.
        case expectation
        /// The money of an account does not add up.
        case audit
    }

    package struct Outcome: Sendable {
        package var scenario: Scenario
        package var exchanges: [Bundle.Exchange]
        /// What fails in what is left.
        package var failing: [String]
        /// What failed in the whole run, and does not fail any more.
        package var letGo: [String]
        /// Whether the run was recorded with another catalogue.
        package var isOtherCatalogue: Bool
        package var faultsBefore: Int
        package var faultsAfter: Int
        package var requestsBefore: Int
        /// Runs that were tried.
        package var runs: Int
        /// Whether the limit of tries ended the search.
        package var isCutShort: Bool
    }

    /// The most runs that are tried unless said otherwise.
    package static let usualTries = 5_000

    private let bundle: Bundle
    private let catalog: Catalog
    private let scenario: Scenario

    /// - Throws: `ScenarioErrors`; `ShrinkError` for a bundle without a scenario.
    package init(_ bundle: Bundle, catalog: Catalog) throws {
        guard let source = bundle.header.scenarios.first else { throw ShrinkError.noScenario }
        self.bundle = bundle
        self.catalog = catalog
        scenario = try bundle.header.scenario(source)
    }

    /// Searches.
    ///
    /// - Parameters:
    ///   - name: The failure to keep to, by its title or the beginning of it; nil for the one that costs most.
    ///   - tries: The most runs.
    ///   - progress: Called after each run with how many there were.
    /// - Throws: `ShrinkError` when the whole run does not fail.
    package func run(
        keeping name: String? = nil, tries: Int = usualTries, progress: ((Int) -> Void)? = nil
    ) throws -> Outcome {
        var rest = tries
        var runs = 0
        let all = try failing(scenario, bundle.exchanges)
        let wanted = try Self.choose(name, of: all)
        func stillFails(_ scenario: Scenario, _ exchanges: [Bundle.Exchange]) throws -> Bool {
            runs += 1
            progress?(runs)
            return try failing(scenario, exchanges).contains(wanted)
        }
        var exchanges = bundle.exchanges
        exchanges = try fewerAccounts(exchanges, &rest) { try stillFails(scenario, $0) }
        exchanges = try DeltaDebugging.minimise(exchanges, tries: &rest) { try stillFails(scenario, $0) }
        var small = try ScenarioCuts.minimise(scenario, tries: &rest) { try stillFails($0, exchanges) }
        // With fewer faults, fewer requests may do.
        exchanges = try DeltaDebugging.minimise(exchanges, tries: &rest) { try stillFails(small, $0) }
        small.name = "\(scenario.name)-shrunk"
        small.accounts = usedAccounts(exchanges)
        small.seed = scenario.seed ?? bundle.header.settings.seed
        let left = try failing(small, exchanges)
        return Outcome(
            scenario: small, exchanges: exchanges, failing: left, letGo: all.filter { !left.contains($0) },
            isOtherCatalogue: bundle.header.catalogue != catalog.contentHash,
            faultsBefore: ScenarioCuts.faultCount(scenario), faultsAfter: ScenarioCuts.faultCount(small),
            requestsBefore: bundle.exchanges.count, runs: runs, isCutShort: rest <= 0)
    }

    /// What costs a client's owner most, first.
    private static let gravest = ["money audit", "no_double_charge", "no_blind_resend", "key_not_leaked"]

    private static func choose(_ name: String?, of failing: [String]) throws(ShrinkError) -> String {
        guard let first = failing.first else { throw .nothingFails }
        guard let name else {
            return gravest.lazy.compactMap { word in failing.first { $0.hasPrefix(word) } }.first ?? first
        }
        guard let found = failing.first(where: { $0 == name }) ?? failing.first(where: { $0.hasPrefix(name) }) else {
            throw .otherFails(name, failing: failing)
        }
        return found
    }

    private func fewerAccounts(
        _ exchanges: [Bundle.Exchange], _ left: inout Int, _ fails: ([Bundle.Exchange]) throws -> Bool
    ) throws -> [Bundle.Exchange] {
        var keys: [[UInt8]] = []
        var known: Set<[UInt8]> = []
        for exchange in exchanges where known.insert(exchange.key).inserted { keys.append(exchange.key) }
        guard keys.count > 1 else { return exchanges }
        // One account is nearly always enough: each is tried by itself first.
        for key in keys.prefix(min(left / 2, 2_000)) {
            left -= 1
            let own = exchanges.filter { $0.key == key }
            if try fails(own) { return own }
        }
        let kept = Set(
            try DeltaDebugging.minimise(keys, tries: &left) { keys in
                let kept = Set(keys)
                return try fails(exchanges.filter { kept.contains($0.key) })
            })
        return exchanges.filter { kept.contains($0.key) }
    }

    private func usedAccounts(_ exchanges: [Bundle.Exchange]) -> [AccountRule] {
        let used = Set(exchanges.map(\.key))
        return bundle.header.accounts.filter { used.contains($0.key) }.map { account in
            AccountRule(key: String(decoding: account.key, as: UTF8.self), credits: account.credits)
        }
    }

    // MARK: One run

    /// The names of what fails when these requests meet this scenario.
    package func failing(_ scenario: Scenario, _ exchanges: [Bundle.Exchange]) throws -> [String] {
        var small = bundle
        let used = Set(exchanges.map(\.key))
        small.header.accounts.removeAll { !used.contains($0.key) }
        var world = try Replay.world(small, catalog: catalog, scenarios: [scenario])
        var names = TaskNames()
        for exchange in exchanges {
            let request = names.renamed(exchange)
            let decided = world.decide(request, at: exchange.at, isTurnedAway: exchange.isTurnedAway)
            guard let decided else { continue }
            let plan = try world.plan(of: decided, for: request, at: exchange.at)
            names.learn(from: exchange, plan)
            if decided.decision.isTracked, let account = decided.account, let sequence = decided.decision.sequence {
                let played = Playback(
                    plan, from: exchange.at.nanoseconds, limit: .max, patience: nil, keepsBytes: false)
                world.accounts[account].exchangeEnded(sequence, played.outcome, at: world.time(exchange.at))
            }
        }
        // As at the end of a simulated run.
        if !bundle.header.keepsClocks { world.settleAll() }
        let models = catalog.models.ids
        let views = world.accounts.map { $0.journalView(models: models) }
        let report = Grade.report(of: views, expectations: scenario.expectations)
        // What is always demanded fails in a cut run by the cut: the requests that would have fetched a file are gone.
        let isAsked = report.verdicts.contains(where: \.isExpected)
        let asked = report.verdicts.filter { isAsked ? $0.isExpected : $0.isDemanded }
        var failing = asked.filter { $0.outcome == .fail }.map(\.title)
        if !report.breaches.isEmpty { failing.append("money audit") }
        return failing
    }
}

/// Why there is nothing to cut.
package enum ShrinkError: Error, Sendable, Hashable, CustomStringConvertible {
    case noScenario
    case nothingFails
    case otherFails(String, failing: [String])

    package var description: String {
        switch self {
        case .noScenario: "the bundle has no scenario, so that nothing is expected of its run"
        case .nothingFails: "nothing fails in this run: no expectation of its scenario, and no money audit"
        case .otherFails(let name, let failing):
            "\"\(name)\" does not fail in this run; what does: \(failing.joined(separator: ", "))"
        }
    }
}

/// Puts the ids of a run in the place of those that were recorded, so that polls still ask for the task of their
/// generate when generates before it are left out.
struct TaskNames {
    private var newByOld: [[UInt8]: [UInt8]] = [:]

    mutating func learn(from exchange: Bundle.Exchange, _ plan: ResponsePlan) {
        guard let old = exchange.answer.bytes.flatMap(Self.taskID), let new = Self.taskID(AnswerBytes.of(plan)) else {
            return
        }
        newByOld[old] = new
    }

    func renamed(_ exchange: Bundle.Exchange) -> Request {
        var request = exchange.request
        let mark = Array("taskId=".utf8)
        guard let start = Self.end(of: mark, in: request.target), request.target.count >= start + 32,
            let new = newByOld[Array(request.target[start..<(start + 32)])]
        else { return request }
        request.target.replaceSubrange(start..<(start + 32), with: new)
        return request
    }

    /// The 32 digits behind `"taskId":"`.
    private static func taskID(_ bytes: [UInt8]) -> [UInt8]? {
        guard let start = end(of: Array(#""taskId":""#.utf8), in: bytes), bytes.count >= start + 32 else { return nil }
        return Array(bytes[start..<(start + 32)])
    }

    private static func end(of mark: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= mark.count else { return nil }
        for start in 0...(bytes.count - mark.count) where bytes[start] == mark[0] {
            if bytes[start..<(start + mark.count)].elementsEqual(mark) { return start + mark.count }
        }
        return nil
    }
}
