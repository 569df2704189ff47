internal import ClipriseWire

/// What came of playing client code against every schedule of faults.
public struct SimulatedProof: Sendable, Hashable {
    /// A schedule by which credits are lost.
    public struct Outcome: Sendable, Hashable {
        /// Credits taken for tasks that were bought again.
        public var doubleCharged: Int64
        /// Credits that bought nothing through a mistake of the code: those of tasks that were bought again, and of files
        /// that it could have fetched and did not.
        public var lost: Int64
        /// How many faults the schedule has.
        public var faults: Int
        /// The requests in order, such as `generate ← 504 after the work`.
        public var requests: [String]
        /// The schedule as a scenario, for `Simulation.run`, `serve` and `exec`.
        public var scenario: String
        /// The run as a bundle, for `cliprise-mock replay` and `shrink`; keys of accounts stand in it.
        public var bundle: [UInt8]
    }

    /// The most faults of one schedule, and the schedules that were played: all there are.
    public var faults: Int
    public var schedules: Int
    /// The most that is charged twice, by the schedule with the fewest faults and requests; nil when nothing ever is.
    public var counterexample: Outcome?
    /// The most that is lost in any way; nil when nothing ever is.
    public var worst: Outcome?

    /// Whether no credits are lost by any schedule.
    public var isClean: Bool { counterexample == nil && worst == nil }
}

extension SimulatedProof: CustomStringConvertible {
    /// For people.
    public var description: String {
        let space = "\(FigureText.count(schedules, "schedule")) of at most \(FigureText.count(faults, "fault"))"
        var text =
            counterexample.map {
                "up to \($0.doubleCharged) credits are charged twice, in \(space); by \(Self.lines($0))"
            } ?? "0 double charges in \(space)\n"
        if let worst, worst != counterexample {
            text += "the most that is lost: \(DecimalText.count(worst.lost, "credit")), by \(Self.lines(worst))"
        }
        return text
    }

    private static func lines(_ outcome: Outcome) -> String {
        "\(FigureText.count(outcome.faults, "fault")):\n"
            + outcome.requests.enumerated().map { "  \($0 + 1). \($1)\n" }.joined()
    }
}
