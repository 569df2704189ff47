public import ClipriseJournal
public import ClipriseScenario

extension Grade {
    /// The accounts that follow one scenario, and what it expects of them.
    public struct Followers: Sendable {
        public var views: [JournalView]
        public var expectations: [Expectation]
        /// The file that `Expectation.place` speaks of; nil for none.
        public var scenarioFile: String?

        public init(views: [JournalView], expectations: [Expectation], scenarioFile: String?) {
            self.views = views
            self.expectations = expectations
            self.scenarioFile = scenarioFile
        }

        fileprivate var isUsed: Bool {
            views.contains { view in view.events.contains { if case .exchange = $0.kind { true } else { false } } }
        }
    }

    /// The report of a run whose accounts follow several scenarios: each is judged by what its own expects.
    ///
    /// A scenario none of whose accounts was used counts as not exercised, unless none was used at all.
    ///
    /// - Parameter scenarios: In the order of the report.
    public static func report(of scenarios: [Followers]) -> Report {
        guard scenarios.count > 1 else {
            let one = scenarios.first
            return report(
                of: one?.views ?? [], expectations: one?.expectations ?? [], scenarioFile: one?.scenarioFile)
        }
        let isAnyUsed = scenarios.contains(where: \.isUsed)
        let reports = scenarios.map { one -> Report in
            guard isAnyUsed, !one.isUsed else { return report(of: one.views, expectations: one.expectations) }
            // What it expects stands there as not exercised; its accounts' books are looked at nevertheless.
            var unused = report(of: [], expectations: one.expectations)
            unused.verdicts = one.expectations.isEmpty ? [] : unused.verdicts.filter(\.isDemanded)
            for index in unused.verdicts.indices {
                unused.verdicts[index].seen = "no request used an account of this scenario"
            }
            let books = report(of: one.views)
            unused.accounts = books.accounts
            for index in unused.accounts.indices { unused.accounts[index].verdicts = [] }
            unused.idleRules = books.idleRules
            return unused
        }
        // Counts, calls and waits are those of all accounts, whatever they follow.
        var merged = report(of: scenarios.flatMap(\.views))
        merged.accounts = reports.flatMap(\.accounts)
        merged.verdicts = []
        for (one, scenario) in zip(reports, scenarios) {
            for var verdict in one.verdicts {
                if verdict.place != nil { verdict.file = scenario.scenarioFile }
                let same = merged.verdicts.firstIndex { $0.isSame(as: verdict) }
                if let same { merged.verdicts[same].join(verdict) } else { merged.verdicts.append(verdict) }
            }
        }
        merged.verdicts = merged.verdicts.filter(\.isDemanded) + merged.verdicts.filter { !$0.isDemanded }
        (merged.letter, merged.letterReason) = letter(
            merged.verdicts, merged.accounts, isExpected: scenarios.contains { !$0.expectations.isEmpty })
        merged.idleRules = reports.reduce(into: []) { all, one in
            all += one.idleRules.filter { !all.contains($0) }
        }
        return merged
    }
}

extension Verdict {
    /// Whether two verdicts are on the same property with its usual numbers; what a file asks for stands by itself.
    fileprivate func isSame(as other: Verdict) -> Bool {
        place == nil && other.place == nil && title == other.title && isDemanded == other.isDemanded
    }

    /// Takes a verdict of other accounts in: one that failed speaks for both, else one that passed.
    fileprivate mutating func join(_ other: Verdict) {
        let isWorse = other.outcome == .fail && outcome != .fail
        let isFirstSeen = outcome == .notExercised && other.outcome == .pass
        var joined = isWorse || isFirstSeen ? other : self
        joined.samples = samples == nil && other.samples == nil ? nil : (samples ?? 0) + (other.samples ?? 0)
        joined.evidence = evidence + other.evidence
        self = joined
    }
}
