/// Policies, or the settings of one, run with many seeds: each figure with its interval, each comparison with a verdict.
///
/// All that a report says follows from the head and the trials, so that parts of an experiment can be run anywhere.
package struct Experiment: Sendable, Hashable {
    /// What was run.
    package struct Head: Sendable, Hashable {
        package var fleet: FleetOutline
        /// The seed of the first world; each further one counts on from it.
        package var firstSeed: UInt64
        package var seeds: Int
        /// How many of the seeds, the last ones, only judge; 0 where nothing is chosen.
        package var heldOut: Int
        /// The most that outages and lives are stretched or shrunk from world to world; 1 for not at all.
        package var factor: Double
        /// The fields that a grid varies; empty for a comparison of policies.
        package var axes: [String]
        package var goals: [Goal]
        /// The first is the one that all others are compared with.
        package var settings: [Setting]

        package var trialCount: Int { seeds * settings.count }
        package var isGrid: Bool { !axes.isEmpty }
    }

    package struct Setting: Sendable, Hashable {
        package var name: String
        /// Of the axes; empty for a policy as it is.
        package var values: [String]
    }

    package struct Trial: Sendable, Hashable {
        /// In the order of `Figure.allCases`; nil for a figure that the run does not have.
        package var figures: [Double?]
        /// Of each goal of the head, and the jobs done.
        package var goals: [Double?]
        /// What failed of the graded accounts: properties and expectations.
        package var failed: [String]
        /// Whether an expectation failed, or the books of an account do not add up.
        package var isBroken: Bool
    }

    package static let seedRange = 1...1_000
    /// The most runs of one experiment.
    package static let trialLimit = 100_000

    package var head: Head
    /// World by world, and in each the settings in their order; nil for those of other shards.
    package var trials: [Trial?]

    /// Whether some run broke an expectation, or its books.
    package var failed: Bool { trials.contains { $0?.isBroken == true } }
}

extension Experiment {
    func trial(_ world: Int, _ setting: Int) -> Trial? { trials[world * head.settings.count + setting] }

    /// The worlds in which a setting is chosen, and those that judge: all of them where nothing is chosen.
    package var choosing: Range<Int> { 0..<(head.seeds - head.heldOut) }
    package var judging: Range<Int> { head.heldOut > 0 ? (head.seeds - head.heldOut)..<head.seeds : 0..<head.seeds }

    /// A figure of a setting in each of some worlds.
    package func values(_ figure: Figure, of setting: Int, in worlds: Range<Int>) -> [Double?] {
        let place = Figure.allCases.firstIndex(of: figure) ?? 0
        return worlds.map { trial($0, setting)?.figures[place] }
    }

    /// A figure as it is compared: asking for little and getting nothing is not good.
    private func comparable(_ figure: Figure, of setting: Int) -> [Double?] {
        let values = values(figure, of: setting, in: judging)
        guard figure.isEffort else { return values }
        return zip(values, self.values(.done, of: setting, in: judging)).map { value, done in done == 0 ? nil : value }
    }

    package func values(_ goal: Int, goalOf setting: Int, in worlds: Range<Int>) -> [Double?] {
        worlds.map { trial($0, setting)?.goals[goal] }
    }

    package static let comparedFigures = Figure.allCases.filter { $0.better != .neither }

    /// Of each setting but the first, each compared figure against the first setting's, corrected for all of them.
    package var contrasts: [[Contrast]] {
        let others = head.settings.indices.dropFirst()
        var all = others.flatMap { setting in
            Self.comparedFigures.map { figure in
                Contrast(comparable(figure, of: setting), against: comparable(figure, of: 0))
            }
        }
        Contrast.correct(&all)
        let width = Self.comparedFigures.count
        return others.indices.map { index in
            let start = (index - others.startIndex) * width
            return Array(all[start..<(start + width)])
        }
    }

    /// Of each setting but the first, each goal against the first setting's, corrected for all of them.
    package var goalContrasts: [[Contrast]] {
        let others = Array(head.settings.indices.dropFirst())
        var all = others.flatMap { setting in
            head.goals.indices.map { goal in
                Contrast(
                    values(goal, goalOf: setting, in: judging), against: values(goal, goalOf: 0, in: judging))
            }
        }
        Contrast.correct(&all)
        let width = head.goals.count
        return others.indices.map { Array(all[($0 * width)..<(($0 + 1) * width)]) }
    }

    /// The mean of a goal over some worlds; infinite where a run has no such figure.
    func mean(_ goal: Int, of setting: Int, in worlds: Range<Int>) -> Double {
        Estimate(values(goal, goalOf: setting, in: worlds)).mean ?? .infinity
    }

    private func counted(in worlds: Range<Int>) -> [Int] {
        let done = head.settings.indices.map { Estimate(values(.done, of: $0, in: worlds)).mean ?? 0 }
        return Goal.counted(done, head.goals)
    }

    /// The setting that is best at the first goal where settings are chosen; nil where none gets anything done.
    package var chosen: Int? {
        Goal.best(of: counted(in: choosing)) { setting in
            func mean(_ figure: Figure) -> Double {
                Estimate(values(figure, of: setting, in: choosing)).mean ?? .infinity
            }
            return [
                self.mean(0, of: setting, in: choosing), -mean(.done), mean(.wasted), mean(.requests), mean(.p95),
            ]
        }
    }

    /// The settings that no other one beats at all goals, by the means of the judging worlds.
    package var front: [Int] {
        let counted = counted(in: judging)
        let figures = counted.map { setting in
            head.goals.indices.map { mean($0, of: setting, in: judging) }
        }
        return ParetoFront.indices(figures).map { counted[$0] }
    }
}
