package import ClipriseCatalog
internal import ClipriseEngine
package import ClipriseScenario

/// Cuts a failing run to the fewest faults and requests that still fail for the same reason.
///
/// What proves the failure in the cut run must have proved it in the whole one. Where waits, orders or missing requests
/// are judged, only whole jobs are left out, never a request from inside of one, and each request that is left is
/// answered as it was: so no wait is seen that no client chose.
package struct Shrink: Sendable {
    package struct Outcome: Sendable {
        /// Expects of the client what it failed, and nothing else.
        package var scenario: Scenario
        package var exchanges: [Bundle.Exchange]
        /// What fails in what is left, the failure that was kept to first.
        package var failing: [String]
        /// What was seen of that failure in what is left.
        package var seen: String
        /// What failed in the whole run, and does not fail any more.
        package var letGo: [String]
        /// Whether the run was recorded with another catalogue.
        package var isOtherCatalogue: Bool
        package var faultsBefore: Int
        package var faultsAfter: Int
        package var requestsBefore: Int
        package var runs: Int
        /// Whether the limit of tries ended the search.
        package var isCutShort: Bool
        /// With how many clients the command that made the run fails so again under the scenario; nil when it does not, or
        /// nobody can tell.
        package var clients: Int?
        /// What is left as a bundle of its own.
        package var bundle: [UInt8]
    }

    /// Makes the recorded run once more.
    package struct Again {
        /// How many clients the recorded run had.
        package var clients: Int
        /// Whether this fails, by its title, under another scenario and with so many clients.
        package var fails: (_ scenario: Scenario, _ clients: Int, _ title: String) throws -> Bool

        package init(
            clients: Int, fails: @escaping (_ scenario: Scenario, _ clients: Int, _ title: String) throws -> Bool
        ) {
            self.clients = clients
            self.fails = fails
        }
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
    ///   - again: Nil when the run cannot be made again.
    ///   - progress: Called after each run with how many there were.
    /// - Throws: `ShrinkError` when the whole run does not fail.
    package func run(
        keeping name: String? = nil, tries: Int = usualTries, again: Again? = nil, progress: ((Int) -> Void)? = nil
    ) throws -> Outcome {
        var rest = tries
        var runs = 0
        let all = bundle.exchanges
        let whole = try played(scenario, Array(all.indices))
        let title = try Self.choose(name, asked: whole.asked, of: whole.failing)
        let reason = FailingReason(title, in: whole, requests: all.count)
        var base = scenario
        base.expectations = whole.expectation(of: title).map { [$0] } ?? scenario.expectations
        let names = Set(base.expectations.flatMap(\.ruleNames))
        func stillFails(_ scenario: Scenario, _ kept: [Int]) throws -> Bool {
            // A rule that is spoken of must be there, or the scenario could not be read.
            guard names.isSubset(of: scenario.rules.map(\.name) + scenario.tasks.compactMap(\.name)) else {
                return false
            }
            runs += 1
            progress?(runs)
            return reason.holds(in: try played(scenario, kept))
        }
        func fewer(_ kept: [Int], in scenario: Scenario) throws -> [Int] {
            let jobs = try DeltaDebugging.minimise(reason.units(of: kept), tries: &rest) { units in
                try stillFails(scenario, units.flatMap(\.self).sorted())
            }
            let kept = jobs.flatMap(\.self).sorted()
            if reason.isSeenEarly { return try beginning(of: kept, &rest) { try stillFails(scenario, $0) } }
            guard !reason.keepsWholeJobs else { return kept }
            return try DeltaDebugging.minimise(kept, tries: &rest) { try stillFails(scenario, $0) }
        }
        var kept = try fewerAccounts(whole, title, &rest) { try stillFails(base, $0) }
        kept = try fewer(kept, in: base)
        base.accounts = usedAccounts(kept)
        base.seed = scenario.seed ?? bundle.header.settings.seed
        // Who can make the run again, wants the scenario to do it: what it needs for that stays.
        let clients = try again.flatMap { try fewestClients(base, title, $0) }
        var small = try ScenarioCuts.minimise(base, tries: &rest) { candidate in
            guard try stillFails(candidate, kept) else { return false }
            guard let clients, let again else { return true }
            return try again.fails(candidate, clients, title)
        }
        // With fewer faults, fewer requests may do.
        kept = try fewer(kept, in: small)
        small.name = "\(scenario.name)-shrunk"
        var asked = small
        asked.expectations += scenario.expectations.filter { !small.expectations.contains($0) }
        let left = try played(asked, kept)
        let others = left.asked.filter { $0 != title && whole.asked.contains($0) }
        return Outcome(
            scenario: small, exchanges: kept.map { all[$0] }, failing: [title] + others, seen: left.seen(of: title),
            letGo: whole.asked.filter { $0 != title && !others.contains($0) },
            isOtherCatalogue: bundle.header.catalogue != catalog.contentHash,
            faultsBefore: ScenarioCuts.faultCount(scenario), faultsAfter: ScenarioCuts.faultCount(small),
            requestsBefore: all.count, runs: runs, isCutShort: rest <= 0, clients: clients,
            bundle: try left.bundle(of: bundle, small))
    }

    /// What costs a client's owner most, first.
    private static let gravest = [PlayedBundle.audit] + ClientProperty.costlyWords

    /// - Parameters:
    ///   - asked: What fails of what the scenario asks for; goes before the rest.
    ///   - failing: All that fails.
    private static func choose(
        _ name: String?, asked: [String], of failing: [String]
    ) throws(ShrinkError) -> String {
        guard !failing.isEmpty else { throw .nothingFails }
        guard let name else {
            let titles = asked.isEmpty ? failing : asked
            return gravest.lazy.compactMap { word in titles.first { $0.hasPrefix(word) } }.first ?? titles[0]
        }
        guard let found = failing.first(where: { $0 == name }) ?? failing.first(where: { $0.hasPrefix(name) }) else {
            throw .otherFails(name, failing: failing)
        }
        return found
    }

    private func fewerAccounts(
        _ whole: PlayedBundle, _ title: String, _ left: inout Int, _ fails: ([Int]) throws -> Bool
    ) throws -> [Int] {
        var keys: [[UInt8]] = []
        var ofKey: [[UInt8]: [Int]] = [:]
        for (index, exchange) in bundle.exchanges.enumerated() {
            if ofKey[exchange.key] == nil { keys.append(exchange.key) }
            ofKey[exchange.key, default: []].append(index)
        }
        guard keys.count > 1 else { return Array(bundle.exchanges.indices) }
        // One account is nearly always enough: each is tried by itself first, those that fail alone before the others.
        let suspects = Set(whole.keysFailing(title))
        let inTurn = keys.filter(suspects.contains) + keys.filter { !suspects.contains($0) }
        for key in inTurn.prefix(min(left / 2, 2_000)) {
            left -= 1
            let own = ofKey[key] ?? []
            if try fails(own) { return own }
        }
        let kept = try DeltaDebugging.minimise(keys, tries: &left) { keys in
            try fails(keys.flatMap { ofKey[$0] ?? [] }.sorted())
        }
        return kept.flatMap { ofKey[$0] ?? [] }.sorted()
    }

    /// The shortest beginning of a run that still fails, as far as halving finds it.
    private func beginning(of kept: [Int], _ left: inout Int, _ fails: ([Int]) throws -> Bool) rethrows -> [Int] {
        var (low, high) = (0, kept.count)
        while high - low > 1, left > 0 {
            let middle = (low + high) / 2
            left -= 1
            if try fails(Array(kept[..<middle])) { high = middle } else { low = middle }
        }
        return Array(kept[..<high])
    }

    /// The fewest clients, of some numbers of them, with which the command fails so again; nil when it does not.
    private func fewestClients(_ scenario: Scenario, _ title: String, _ again: Again) throws -> Int? {
        let numbers = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000].filter { $0 < again.clients } + [again.clients]
        for clients in numbers where try again.fails(scenario, clients, title) { return clients }
        return nil
    }

    private func usedAccounts(_ kept: [Int]) -> [AccountRule] {
        let used = Set(kept.map { bundle.exchanges[$0].key })
        return bundle.header.accounts.filter { used.contains($0.key) }.map { account in
            AccountRule(key: String(decoding: account.key, as: UTF8.self), credits: account.credits)
        }
    }

    // MARK: One run

    private func played(_ scenario: Scenario, _ kept: [Int]) throws -> PlayedBundle {
        try PlayedBundle(bundle, scenario, catalog: catalog, kept)
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
