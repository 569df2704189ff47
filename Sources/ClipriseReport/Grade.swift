public import ClipriseJournal
public import ClipriseScenario
internal import ClipriseWire

/// Judges journals.
public enum Grade {
    /// The report of a run.
    ///
    /// Every account must meet every expectation by itself; an account that no request used is passed over, unless none
    /// was used at all. Properties that no expectation names are judged with their usual numbers: they decide the letter,
    /// but whether the run failed only when there are no expectations, or when they are costly.
    ///
    /// - Parameters:
    ///   - views: One for each account, in the order of the report.
    ///   - expectations: As the scenario has them.
    ///   - scenarioFile: The file that `Expectation.place` speaks of.
    public static func report(
        of views: [JournalView], expectations: [Expectation] = [], scenarioFile: String? = nil
    ) -> Report {
        let views = views.map(\.named)
        let all = views.map(AccountFacts.init)
        let used = all.filter(\.isUsed)
        let judged = used.isEmpty ? all : used
        let lines = ReportLine.lines(expectations)
        let perLine = lines.map { line in judged.map { line.judge($0, of: judged.count) } }
        let verdicts = zip(lines, perLine).map { line, judgements in line.merge(judgements, judged) }
        var next = 0
        let accounts = all.map { facts in
            let isJudged = facts.isUsed || used.isEmpty
            defer { if isJudged { next += 1 } }
            let own =
                isJudged
                ? zip(lines, perLine).map { line, judgements in line.verdict(judgements[next], facts.view) } : []
            return account(facts, own)
        }
        let (letter, reason) = letter(verdicts, accounts, isExpected: !expectations.isEmpty)
        return Report(
            accounts: accounts, verdicts: verdicts, letter: letter, letterReason: reason,
            counts: accounts.reduce(into: Report.Counts()) { $0.add($1.counts) },
            calls: sum(accounts.map(\.calls)), refusals: Refusal.merge(accounts.flatMap(\.refusals)),
            doubts: Doubt.merge(accounts.flatMap(\.doubts)),
            retries: retryHabits(judged), polling: pollHabit(judged),
            idleRules: idleRules(views), undrawnRules: undrawnRules(views), scenarioFile: scenarioFile)
    }

    private static func account(_ facts: AccountFacts, _ verdicts: [Verdict]) -> Report.Account {
        Report.Account(
            name: facts.view.account, label: facts.view.label, verdicts: verdicts, counts: Report.Counts(facts),
            calls: ClientCall.Kind.allCases.map { facts.summary(of: $0) }, refusals: Refusal.all(facts),
            doubts: Doubt.all(facts),
            audit: MoneyAudit.check(facts.view), spending: facts.spending,
            retries: retryHabits([facts]), polling: pollHabit([facts]), evicted: facts.view.evicted,
            lost: facts.view.lost, seed: facts.view.seed, scenarioName: facts.view.scenarioName,
            scenarioHash: facts.view.scenarioHash)
    }

    private static func retryHabits(_ all: [AccountFacts]) -> [WaitHabit] {
        let waits = all.flatMap(\.errorWaits)
        return ClientCall.Kind.allCases.map { kind in WaitHabit(kind, waits.filter { $0.kind == kind }) }
    }

    private static func pollHabit(_ all: [AccountFacts]) -> WaitHabit { WaitHabit(.polling, all.flatMap(\.pollWaits)) }

    /// The letter, and why there is none or not a better one.
    ///
    /// - Parameter isExpected: Whether a scenario says what is demanded; else all properties are.
    static func letter(_ verdicts: [Verdict], _ accounts: [Report.Account], isExpected: Bool) -> (
        Report.Letter?, String?
    ) {
        let lost = accounts.reduce(0) { $0 + $1.lost }
        let reason = lost == 0 ? nil : "\(NumberText.count(lost, "event")) \(lost == 1 ? "is" : "are") no longer kept"
        if accounts.contains(where: { !$0.audit.breaches.isEmpty }) { return (.f, reason) }
        let properties = verdicts.filter { $0.isProperty && $0.outcome != .notExercised }
        let failed = Set(properties.filter { $0.outcome == .fail }.map(\.name))
        if !failed.isDisjoint(with: Verdict.costlyNames) { return (.f, reason) }
        if let reason { return (nil, "no letter, for \(reason)") }
        let generates = accounts.reduce(0) { $0 + $1.counts.generates }
        if generates > 0, accounts.allSatisfy({ $0.counts.tasks == 0 }) {
            return (nil, "no letter, for \(Report.noneAccepted(generates))")
        }
        guard !properties.isEmpty else { return (nil, "no letter, for no property was exercised") }
        let letter: Report.Letter =
            switch failed.count {
            case 0: .a
            case 1: .b
            case 2: .c
            case 3: .d
            default: .e
            }
        let isCapped = isExpected && verdicts.contains { $0.isDemanded && $0.outcome == .fail }
        return isCapped && letter < .c ? (.c, "C at best, for something that was expected failed") : (letter, nil)
    }

    private static func sum(_ summaries: [[Report.CallSummary]]) -> [Report.CallSummary] {
        ClientCall.Kind.allCases.map { kind in
            summaries.reduce(into: Report.CallSummary(kind: kind.rawValue)) { sum, account in
                for summary in account where summary.kind == kind.rawValue {
                    sum.calls += summary.calls
                    sum.attempts += summary.attempts
                    sum.retries += summary.retries
                    sum.mostAttempts = max(sum.mostAttempts, summary.mostAttempts)
                }
            }
        }
    }

    /// Rules that acted in no account although no chance decided, in the order of their first being named.
    private static func idleRules(_ views: [JournalView]) -> [String] {
        zip(counts(views, of: \.ruleActs), counts(views, of: \.ruleDraws)).compactMap { act, draw in
            act.count == 0 && draw.count == 0 ? act.name : nil
        }
    }

    /// Rules of chance that were drawn for, and acted in no account.
    private static func undrawnRules(_ views: [JournalView]) -> [Report.UndrawnRule] {
        zip(counts(views, of: \.ruleActs), counts(views, of: \.ruleDraws)).compactMap { act, draw in
            act.count == 0 && draw.count > 0 ? Report.UndrawnRule(name: act.name, draws: draw.count) : nil
        }
    }

    /// What each rule did in all accounts together, in the order of their first being named.
    private static func counts(
        _ views: [JournalView], of list: KeyPath<JournalView, [Int]>
    ) -> [(name: String, count: Int)] {
        var (counts, places): ([(name: String, count: Int)], [String: Int]) = ([], [:])
        for view in views {
            let numbers = view[keyPath: list]
            for (position, name) in view.rules.enumerated() {
                let place = places[name] ?? counts.count
                if place == counts.count { counts.append((name, 0)) }
                places[name] = place
                counts[place].count += numbers.indices.contains(position) ? numbers[position] : 0
            }
        }
        return counts
    }
}

extension AccountFacts {
    fileprivate func summary(of kind: ClientCall.Kind) -> Report.CallSummary {
        var summary = Report.CallSummary(kind: kind.rawValue)
        for call in calls.all where call.kind == kind {
            summary.calls += 1
            summary.attempts += call.attempts.count
            summary.mostAttempts = max(summary.mostAttempts, call.attempts.count)
            for (one, _) in zip(call.attempts, call.attempts.dropFirst()) where attempts[one].answer.isError {
                summary.retries += 1
            }
        }
        return summary
    }
}

extension Report.Counts {
    fileprivate init(_ facts: AccountFacts) {
        for event in facts.view.events {
            switch event.kind {
            case .exchange(let exchange): add(exchange)
            case .callback: callbacks += 1
            case .settled(let settled): if settled.succeeded { succeeded += 1 } else { failed += 1 }
            case .money, .clock: break
            }
        }
        captured = facts.view.money.captured
        held = facts.view.money.held
    }

    private mutating func add(_ exchange: ExchangeEvent) {
        requests += 1
        switch exchange.operation {
        case .generate: generates += 1
        case .status: polls += 1
        case .download: downloads += 1
        case .admin, .other: break
        }
        if !exchange.warnings.isEmpty { warned += 1 }
        if exchange.fault != nil { faults += 1 }
        if exchange.outcome == .inFlight { inFlight += 1 }
        if exchange.fate == .accepted || exchange.fate == .answerLost { tasks += 1 }
    }

    fileprivate mutating func add(_ other: Self) {
        requests += other.requests
        generates += other.generates
        warned += other.warned
        polls += other.polls
        downloads += other.downloads
        callbacks += other.callbacks
        faults += other.faults
        inFlight += other.inFlight
        tasks += other.tasks
        succeeded += other.succeeded
        failed += other.failed
        captured += other.captured
        held += other.held
    }
}
