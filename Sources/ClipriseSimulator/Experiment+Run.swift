package import ClipriseClient
internal import ClipriseWire

/// One of several parts of an experiment that are run apart, 1-based.
package struct Shard: Sendable, Hashable {
    package var number: Int
    package var count: Int

    package static let limit = 10_000

    package init(number: Int, count: Int) {
        self.number = number
        self.count = count
    }

    /// Reads `2/8`.
    package init(_ text: String) throws(FleetError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { DecimalText.whole($0) as Int? }
        guard parts.count == 2, let number = parts[0], let count = parts[1], (1...Self.limit).contains(count),
            (1...count).contains(number)
        else { throw .badShard(text) }
        self.init(number: number, count: count)
    }

    package var text: String { "\(number)/\(count)" }

    func has(_ index: Int) -> Bool { index % count == number - 1 }
}

extension Experiment {
    /// What to run beside the settings of a fleet.
    package struct Plan: Sendable {
        package var seeds: Int
        /// The most that outages and lives are stretched or shrunk from world to world.
        package var factor: Double
        package var goals: [Goal]
        /// Policies to compare, or the one that a grid varies.
        package var policies: [RetryPolicy]
        package var axes: [SweepAxis]
        package var arrival: String
        package var version: String

        package init(
            seeds: Int, factor: Double = 1, goals: [Goal] = [.p95, .waste], policies: [RetryPolicy],
            axes: [SweepAxis] = [], arrival: String = "burst", version: String = ""
        ) {
            self.seeds = seeds
            self.factor = factor
            self.goals = goals
            self.policies = policies
            self.axes = axes
            self.arrival = arrival
            self.version = version
        }
    }

    /// Runs all trials, or those of one shard, on all cores; nothing depends on who ends first.
    ///
    /// - Parameter progress: Called from any thread with the part that is done, 0 to 1.
    package static func run(
        _ settings: FleetSettings, _ plan: Plan, shard: Shard? = nil, progress: (@Sendable (Double) -> Void)? = nil
    ) throws(FleetError) -> Experiment {
        guard seedRange.contains(plan.seeds) else {
            throw .badCount("seeds", value: plan.seeds, range: seedRange)
        }
        guard plan.axes.isEmpty || plan.seeds >= 4 else {
            throw .badCount("seeds", value: plan.seeds, range: 4...seedRange.upperBound)
        }
        guard Variation.factors.contains(plan.factor) else { throw .badFactor(FigureText.short(plan.factor)) }
        try Comparison.check(plan.policies)
        let policies = try Self.policies(plan)
        let head = head(settings, plan, policies)
        guard head.trialCount <= trialLimit else { throw .tooManyTrials(head.trialCount, limit: trialLimit) }
        let wanted = (0..<head.trialCount).filter { shard?.has($0) ?? true }
        let variation = Variation(factor: plan.factor)
        let done = try Parallel.map(wanted.count, progress: progress) { (place, progress) throws(FleetError) in
            let (world, setting) = wanted[place].quotientAndRemainder(dividingBy: policies.count)
            let settings = variation.world(settings, index: world, seed: head.firstSeed &+ UInt64(world))
            return Trial(
                try FleetRun.run(settings, policy: policies[setting], progress: progress), goals: plan.goals)
        }
        var trials = [Trial?](repeating: nil, count: head.trialCount)
        for (index, trial) in zip(wanted, done) { trials[index] = trial }
        return Experiment(head: head, trials: trials)
    }

    /// For a grid, the policy as it is goes first.
    private static func policies(_ plan: Plan) throws(FleetError) -> [RetryPolicy] {
        guard !plan.axes.isEmpty, let policy = plan.policies.first else { return plan.policies }
        try SweepAxis.check(plan.axes, of: policy)
        return [policy] + (try Sweep.grid(plan.axes)).map { Sweep.policy(policy, plan.axes, $0) }
    }

    private static func head(_ settings: FleetSettings, _ plan: Plan, _ policies: [RetryPolicy]) -> Head {
        Head(
            fleet: FleetOutline(settings, arrival: plan.arrival, version: plan.version), firstSeed: settings.seed,
            seeds: plan.seeds, heldOut: plan.axes.isEmpty ? 0 : plan.seeds / 2, factor: plan.factor,
            axes: plan.axes.map(\.field.name), goals: plan.goals,
            settings: policies.enumerated().map { index, policy in
                let values = policy.name.split(separator: " ").map { word in
                    String(word.split(separator: "=", maxSplits: 1).last ?? "")
                }
                return Setting(name: policy.name, values: plan.axes.isEmpty || index == 0 ? [] : values)
            })
    }
}

extension Experiment.Trial {
    init(_ result: RunResult, goals: [Goal]) {
        figures = Figure.allCases.map { $0.value(result) }
        self.goals = goals.map { goal in
            let figure = goal.figure(result)
            return figure.isFinite ? figure : nil
        }
        failed = result.grade?.failed ?? []
        isBroken = !result.money.breaches.isEmpty || result.grade?.breaksExpectations == true
    }
}
