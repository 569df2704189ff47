package import ClipriseCatalog
package import ClipriseClient
package import ClipriseWire

/// Plays a job of a policy against every schedule of faults up to a number of them, and keeps the one that costs most.
///
/// The client is its job machine, the service the engine; each request may meet one fault of `SearchedFault.all`, or none.
/// Tasks end by the number of their polls, so that nothing depends on time but the deadline; each wait is taken at its
/// shortest in one half of the search and at its longest in the other. States that go on alike are visited once.
package struct Prover: Sendable {
    package static let faultRange = 0...6
    /// The most states that are visited; beyond it nothing is proved.
    package static let stateLimit = 5_000_000

    /// One request of a schedule and what it meets; nil lets it pass.
    package struct Step: Sendable, Hashable {
        package var operation: Operation
        package var fault: SearchedFault?
    }

    package struct Outcome: Sendable, Hashable {
        /// Credits taken, or held for good, for tasks beyond the one that the job was for.
        package var doubleCharged: Int64
        /// Taken, or held for good, for tasks whose file nobody fetched.
        package var neverFetched: Int64
        package var steps: [Step]
        package var lost: Int64 { doubleCharged + neverFetched }
        package var faults: Int { steps.count { $0.fault != nil } }
    }

    package struct Result: Sendable, Hashable {
        package var states: Int
        package var schedules: Int
        /// The most that is charged twice, by the schedule with the fewest faults and requests; nil when nothing ever is.
        package var counterexample: Outcome?
        /// The most that is lost in any way; nil when nothing ever is.
        package var worst: Outcome?
    }

    let catalog: Catalog
    let policy: RetryPolicy
    let faults: Int
    let model: String
    /// The poll that sees the end of a task, 1-based.
    let polls: Int

    package init(
        catalog: Catalog, policy: RetryPolicy, faults: Int, model: String = "qwen-image-2", polls: Int = 2
    ) throws(FleetError) {
        guard Self.faultRange.contains(faults) else {
            throw .badCount("faults", value: faults, range: Self.faultRange)
        }
        guard (1...100).contains(polls) else { throw .badCount("polls", value: polls, range: 1...100) }
        guard policy.limits.hedge?.generate != true else {
            throw .badPolicy(
                policy.name, reason: "it hedges generates, which buys twice; prove sends one request at a time")
        }
        self.catalog = catalog
        self.policy = policy
        self.faults = faults
        self.model = model
        self.polls = polls
    }

    /// Searches all schedules.
    ///
    /// - Throws: `FleetError`, `tooManyStates` among them when the search did not come to its end.
    package func run() throws(FleetError) -> Result {
        var search = Search(faults: faults)
        let start = try ProofBranch(self, waits: .shortest)
        for waits in ProofBranch.Waits.allCases {
            var branch = start
            branch.waits = waits
            search.forget()
            try search.explore(branch)
        }
        return Result(
            states: search.states, schedules: search.schedules, counterexample: search.counterexample,
            worst: search.worst)
    }

    private struct Search {
        let faults: Int
        var states = 0
        var schedules = 0
        var counterexample: Outcome?
        var worst: Outcome?
        /// The times at which each state was visited, the earliest and the latest.
        private var visited: [[Int64]: (from: Int64, to: Int64)] = [:]

        init(faults: Int) { self.faults = faults }

        /// States of other waits are other states.
        mutating func forget() { visited = [:] }

        /// Follows a branch to all its ends, without recursion: schedules may be long.
        mutating func explore(_ first: ProofBranch) throws(FleetError) {
            var open = [first]
            while var branch = open.popLast() {
                guard let call = branch.nextCall() else {
                    schedules += 1
                    note(branch.outcome())
                    continue
                }
                // Earlier than ever or later than ever, a deadline may be met otherwise.
                let key = branch.key
                if let seen = visited[key] {
                    guard branch.now < seen.from || branch.now > seen.to else { continue }
                    visited[key] = (min(seen.from, branch.now), max(seen.to, branch.now))
                } else {
                    visited[key] = (branch.now, branch.now)
                    states += 1
                    guard states <= Prover.stateLimit else { throw .tooManyStates(limit: Prover.stateLimit) }
                }
                // The last one is followed first.
                for kind in branch.used < faults ? branch.kinds(for: call).reversed() : [] {
                    var other = branch
                    other.answer(call, fault: kind)
                    open.append(other)
                }
                branch.answer(call, fault: nil)
                open.append(branch)
            }
        }

        private mutating func note(_ outcome: Outcome) {
            if outcome.doubleCharged > 0, isGraver(outcome, than: counterexample, \.doubleCharged) {
                counterexample = outcome
            }
            if outcome.lost > 0, isGraver(outcome, than: worst, \.lost) { worst = outcome }
        }

        /// More credits, or as many by fewer faults, or by fewer requests.
        private func isGraver(_ one: Outcome, than other: Outcome?, _ credits: KeyPath<Outcome, Int64>) -> Bool {
            guard let other else { return true }
            return (-one[keyPath: credits], one.faults, one.steps.count)
                < (-other[keyPath: credits], other.faults, other.steps.count)
        }
    }
}
