internal import ClipriseBundle
internal import ClipriseClient
internal import ClipriseEngine
package import ClipriseJournal
package import ClipriseReport
package import ClipriseScenario
internal import ClipriseWire

/// Searches schedules of faults for the one that costs a client most.
///
/// Each round adds up to four faults to a scenario and runs the client against it. A schedule that shows something new in
/// the journal is kept and changed further; of those that fail, the dearest is cut to what it needs. All chance follows
/// from a seed, and rounds are judged in batches whose order does not depend on the machine.
package struct Hunt: Sendable {
    /// What came of one run of the client.
    package struct Trial: Sendable {
        package var report: Report
        package var views: [JournalView]
        /// Charged twice, where the host knows it better than the journal shows; else 0.
        package var doubleCharged: Int64

        package init(report: Report, views: [JournalView], doubleCharged: Int64 = 0) {
            self.report = report
            self.views = views
            self.doubleCharged = doubleCharged
        }

        /// Whether credits or the key were lost through the client.
        ///
        /// What else a scenario expects was meant for its own
        /// faults, not for those that a hunt adds.
        package var isFailure: Bool { !failing.isEmpty }
        package var cost: Int64 { max(doubleCharged, report.spending.lost) }

        /// What is wrong, the gravest first.
        package var failing: [String] {
            var titles = ClientProperty.costlyWords.flatMap { name in
                report.verdicts.filter { $0.name == name && $0.outcome == .fail }.map(\.title)
            }
            if !report.breaches.isEmpty { titles.insert("money audit", at: 0) }
            if doubleCharged > 0, titles.isEmpty { titles = ["charged twice"] }
            return titles
        }

    }

    package struct Finding: Sendable {
        /// The least scenario that was found to fail in the same way.
        package var scenario: Scenario
        package var trial: Trial
        /// Faults that were added, before and after the cutting.
        package var faultsBefore: Int
        package var faultsAfter: Int
        /// 1-based; 0 for a client that fails without any fault.
        package var round: Int
    }

    package struct Outcome: Sendable {
        package var rounds: Int
        /// Different things that the journal showed.
        package var coverage: Int
        package var failures: Int
        /// The dearest; nil when nothing failed.
        package var finding: Finding?
        /// The run without any fault.
        package var base: Trial
    }

    package static let roundRange = 1...10_000_000
    /// The most faults of one schedule.
    static let strikeLimit = 4
    /// The most runs for the cutting of what was found.
    static let cutTries = 200

    private let scenario: Scenario
    private let kinds: [SearchedFault]
    /// The keys of clients that a fault may be for alone.
    private let accounts: [String]
    private var generator: SplitMix64
    private var corpus: [[Strike]] = []
    private var seen: Set<UInt64> = []
    private var tried: Set<[Strike]> = []
    /// The kinds that were not tried alone yet, the last first.
    private var singles: [Int]

    /// - Parameters:
    ///   - scenario: What the client meets beside the faults.
    ///   - kinds: Faults that may be added.
    ///   - accounts: Keys of clients, where there are several.
    package init(_ scenario: Scenario, kinds: [SearchedFault], accounts: [String] = [], seed: UInt64) {
        self.scenario = scenario
        self.kinds = kinds
        self.accounts = accounts
        generator = SplitMix64(seed: Draw.mix(seed, 0x6875_6E74))
        singles = Array(kinds.indices.reversed())
    }

    /// One fault of a schedule.
    struct Strike: Sendable, Hashable {
        var kind: Int
        /// The first request of its operation that it meets, 1-based, and how many in a row.
        var number: Int
        var length: Int
        /// The position of the one client that meets it; nil for all.
        var account: Int?
    }

    /// Searches.
    ///
    /// - Parameters:
    ///   - batch: How many rounds are judged together; `run` may run them side by side.
    ///   - isOver: Asked with the number of rounds so far.
    ///   - run: Runs the client against each scenario.
    package mutating func search(
        batch: Int, isOver: (Int) -> Bool, run: ([Scenario]) throws -> [Trial]
    ) throws -> Outcome {
        guard let base = try run([scenario]).first else { preconditionFailure("each scenario is run") }
        _ = learn(base, [])
        var rounds = 0
        var failures = base.isFailure ? 1 : 0
        var best: (strikes: [Strike], trial: Trial, round: Int)? = base.isFailure ? ([], base, 0) : nil
        while !isOver(rounds) {
            let schedules = (0..<batch).map { _ in next() }
            let trials = try run(schedules.map(scenario(of:)))
            for (strikes, trial) in zip(schedules, trials) {
                rounds += 1
                _ = learn(trial, strikes)
                guard trial.isFailure else { continue }
                failures += 1
                if let known = best, !isGraver(trial, strikes, than: known) { continue }
                best = (strikes, trial, rounds)
            }
        }
        var outcome = Outcome(rounds: rounds, coverage: seen.count, failures: failures, finding: nil, base: base)
        if let best { outcome.finding = try cut(best.strikes, best.trial, round: best.round, run) }
        return outcome
    }

    private func isGraver(
        _ trial: Trial, _ strikes: [Strike], than other: (strikes: [Strike], trial: Trial, round: Int)
    ) -> Bool {
        (-trial.cost, strikes.count) < (-other.trial.cost, other.strikes.count)
    }

    /// Cuts what was found to the faults without which it does not fail in the same way.
    private func cut(
        _ strikes: [Strike], _ trial: Trial, round: Int, _ run: ([Scenario]) throws -> [Trial]
    ) throws -> Finding {
        let wanted = trial.failing.first
        var last = trial
        var tries = Self.cutTries
        let kept = try DeltaDebugging.minimise(strikes, tries: &tries) { candidate in
            guard let found = try run([scenario(of: candidate)]).first, found.failing.first == wanted,
                (found.cost > 0) == (trial.cost > 0)
            else { return false }
            last = found
            return true
        }
        // What the scenario is like by itself stays: lives and outcomes are not what a client fails by.
        var small = scenario(of: kept)
        small.name = "\(scenario.name.isEmpty ? "no-scenario" : scenario.name)-hunted"
        small.about = "Found by a hunt: \(wanted ?? "it fails"), \(DecimalText.count(last.cost, "credit")) lost."
        return Finding(
            scenario: small, trial: last, faultsBefore: strikes.count, faultsAfter: kept.count, round: round)
    }

    // MARK: Schedules

    func scenario(of strikes: [Strike]) -> Scenario {
        var scenario = scenario
        scenario.rules =
            strikes.enumerated().map { index, strike in
                let kind = kinds[strike.kind]
                return Rule(
                    name: "hunted \(index + 1), \(kind.title)",
                    when: When(
                        operations: [kind.operation], account: strike.account.map { Glob(accounts[$0]) },
                        count: strike.number...(strike.number + strike.length - 1)),
                    act: .fault(kind.fault))
            } + scenario.rules
        return scenario
    }

    /// First each fault alone, then what chance makes of what was new.
    private mutating func next() -> [Strike] {
        if let single = singles.popLast() { return [Strike(kind: single, number: 1, length: 1, account: nil)] }
        for _ in 0..<20 {
            let strikes = below(4) == 0 || corpus.isEmpty ? fresh() : changed(corpus[below(corpus.count)])
            if tried.insert(strikes).inserted { return strikes }
        }
        return fresh()
    }

    private mutating func below(_ limit: Int) -> Int { Int(generator.next() % UInt64(limit)) }

    private mutating func strike() -> Strike {
        // Early requests matter most: half of all strikes meet the first or the second.
        let number = below(2) == 0 ? 1 + below(2) : 1 + below(10)
        let account = accounts.count > 1 && below(3) == 0 ? below(accounts.count) : nil
        return Strike(
            kind: below(kinds.count), number: number, length: below(4) == 0 ? 2 + below(2) : 1, account: account)
    }

    private mutating func fresh() -> [Strike] { (0...below(3)).map { _ in strike() } }

    private mutating func changed(_ strikes: [Strike]) -> [Strike] {
        var strikes = strikes
        for _ in 0...below(2) {
            let place = strikes.isEmpty ? 0 : below(strikes.count)
            switch below(6) {
            case 0 where strikes.count < Self.strikeLimit, 1 where strikes.isEmpty: strikes.append(strike())
            case 1 where strikes.count > 1: strikes.remove(at: place)
            case 2 where !strikes.isEmpty: strikes[place].kind = below(kinds.count)
            case 3 where !strikes.isEmpty: strikes[place].number = max(1, strikes[place].number + below(5) - 2)
            case 4 where !strikes.isEmpty && strikes.count < Self.strikeLimit:
                var again = strikes[place]
                again.number += again.length
                strikes.append(again)
            case 5 where strikes.count > 1: strikes.swapAt(place, below(strikes.count))
            default: strikes.append(strike())
            }
        }
        return Array(strikes.prefix(Self.strikeLimit))
    }

    // MARK: Coverage

    /// Whether a run showed what no run before it did.
    private mutating func learn(_ trial: Trial, _ strikes: [Strike]) -> Bool {
        var isNew = false
        for view in trial.views {
            var last: UInt64 = 0
            for event in view.events {
                let state = Self.state(of: event.kind)
                if seen.insert(state).inserted { isNew = true }
                if seen.insert(Draw.mix(last, state)).inserted { isNew = true }
                last = state
            }
        }
        if isNew, !strikes.isEmpty { corpus.append(strikes) }
        return isNew
    }

    /// What an event was like, without its instants and ids.
    private static func state(of kind: JournalEvent.Kind) -> UInt64 {
        switch kind {
        case .exchange(let exchange):
            var state = Draw.mix(1, exchange.operation.rawValue.utf8)
            state = Draw.mix(state, UInt64(exchange.status))
            state = Draw.mix(state, (exchange.fault?.rawValue ?? "").utf8)
            state = Draw.mix(state, (exchange.faultPhase?.rawValue ?? "").utf8)
            state = Draw.mix(state, exchange.outcome.rawValue.utf8)
            state = Draw.mix(state, (exchange.fate?.rawValue ?? "").utf8)
            state = Draw.mix(state, UInt64(min(4, exchange.attempt)))
            return Draw.mix(state, UInt64(min(3, exchange.task ?? 0)))
        case .settled(let settled): return Draw.mix(settled.succeeded ? 2 : 3, UInt64(min(3, settled.task)))
        case .callback: return 4
        case .money: return 5
        case .clock: return 6
        }
    }
}
