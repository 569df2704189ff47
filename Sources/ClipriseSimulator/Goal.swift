internal import ClipriseWire

/// What the best setting of a sweep is best at; always the least is best.
package enum Goal: String, Sendable, Hashable, CaseIterable {
    case p50, p95, p99
    /// Credits taken for nothing.
    case waste
    case amplification
    /// All requests, and the polls among them.
    case requests, polls
    /// The busiest 100 ms of retries.
    case peak
    /// Credits taken and held.
    case cost
    /// Credits taken, and held for good, for each job that has its result.
    case credits
    /// Jobs without a result.
    case undone

    package init(_ text: String) throws(FleetError) {
        guard let goal = Goal(rawValue: text) else {
            throw .unknownGoal(text, suggestion: Spelling.nearest(to: text, in: Self.allCases.map(\.rawValue)))
        }
        self = goal
    }

    /// Reads goals in the order of their giving.
    package static func list(_ texts: [String]) throws(FleetError) -> [Goal] {
        var goals: [Goal] = []
        for text in texts {
            let goal = try Goal(text)
            guard !goals.contains(goal) else { throw .sameGoalTwice(text) }
            goals.append(goal)
        }
        return goals
    }

    /// The figure to make small; infinite where a run has none.
    package func figure(_ result: RunResult) -> Double {
        func time(_ time: Int64?) -> Double { time.map(Double.init) ?? .infinity }
        return switch self {
        case .p50: time(result.timeToResult.p50)
        case .p95: time(result.timeToResult.p95)
        case .p99: time(result.timeToResult.p99)
        case .waste: Double(result.money.wasted)
        case .amplification: result.amplification ?? .infinity
        case .requests: Double(result.requests)
        case .polls: Double(result.polls)
        case .peak: Double(result.retryPeak?.count ?? 0)
        case .cost: Double(result.money.spent + result.money.heldAtEnd)
        case .credits:
            result.done > 0 ? Double(result.money.spent + result.money.heldAtEnd) / Double(result.done) : .infinity
        case .undone: Double(result.jobs - result.done)
        }
    }

    /// Whether doing nothing would be best at it: then only settings count that get nearly as much done as any.
    package var isEffort: Bool {
        switch self {
        case .amplification, .requests, .polls, .peak, .cost: true
        case .p50, .p95, .p99, .waste, .credits, .undone: false
        }
    }

    /// The part of the most jobs done that a setting must get done to be best at an effort.
    private static let enoughDone = 0.99

    /// The positions of the settings that can be best at some goals: those that get jobs done, and for efforts nearly as
    /// many as any.
    ///
    /// - Parameter done: The jobs that each setting gets done.
    static func counted(_ done: [Double], _ goals: [Goal]) -> [Int] {
        let least = goals.contains(where: \.isEffort) ? enoughDone * (done.max() ?? 0) : 0
        return done.indices.filter { done[$0] > 0 && done[$0] >= least }
    }

    /// The position whose figures are the least, the first ones first; of equals the first position.
    static func best(of positions: [Int], _ figures: (Int) -> [Double]) -> Int? {
        positions.map { (position: $0, figures: figures($0)) }.min { one, other in
            one.figures == other.figures
                ? one.position < other.position : one.figures.lexicographicallyPrecedes(other.figures)
        }?.position
    }

    package func text(_ figure: Double) -> String {
        guard figure.isFinite else { return "–" }
        return switch self {
        case .p50, .p95, .p99: FigureText.seconds(Int64(figure.rounded()))
        case .amplification: "\(FigureText.fixed(figure, digits: 2))×"
        case .credits: FigureText.fixed(figure, digits: 2, trimmed: true)
        case .waste, .peak, .cost, .undone, .requests, .polls:
            figure == figure.rounded() || figure >= 1_000
                ? FigureText.grouped(Int64(figure.rounded())) : FigureText.fixed(figure, digits: 1)
        }
    }

    /// What an axis of a chart says.
    package var axis: String {
        switch self {
        case .p50, .p95, .p99: "\(rawValue) of the time to result"
        case .waste: "credits wasted"
        case .amplification: "amplification"
        case .requests, .polls: rawValue
        case .peak: "busiest 100 ms of retries"
        case .cost: "credits taken and held"
        case .credits: "credits for each job done"
        case .undone: "jobs without a result"
        }
    }
}

/// The settings that no other one beats at all goals.
package enum ParetoFront {
    /// The positions of the points on the front, ascending.
    ///
    /// - Parameter figures: Of each point, a figure for each goal; the less, the better. A point with an infinite figure is
    ///   never on the front.
    package static func indices(_ figures: [[Double]]) -> [Int] {
        figures.indices.filter { index in
            let own = figures[index]
            guard own.allSatisfy(\.isFinite) else { return false }
            return !figures.contains { other in
                other != own && zip(other, own).allSatisfy { $0 <= $1 }
            }
        }
    }
}
