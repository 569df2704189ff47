package import ClipriseClient
internal import ClipriseWire

/// A grid of settings, run in one world, and the best of them.
package struct Sweep: Sendable, Hashable {
    /// The most settings of one grid.
    package static let limit = 4_096

    package struct Point: Sendable, Hashable {
        /// The values of the axes, in their order.
        package var values: [String]
        package var result: RunResult
        /// Of each goal, in their order.
        package var figures: [Double]
        /// Of the first goal.
        package var figure: Double { figures[0] }
    }

    /// What was run, in one line.
    package var title: String
    package var fleet: FleetOutline
    package var seed: UInt64
    package var axes: [SweepAxis]
    package var goals: [Goal]
    package var goal: Goal { goals[0] }
    /// In the order of the grid: the last axis changes fastest.
    package var points: [Point]

    /// The setting with the least figure of the first goal; of equals the one with the most jobs done, then the least
    /// waste, the fewest requests, the shortest p95, and the first.
    ///
    /// A setting by which no job gets a result is best at nothing, and one that gets less done than others not at efforts.
    package var best: Point? { bestPosition.map { points[$0] } }

    private var bestPosition: Int? {
        let counted = counted
        return Goal.best(of: counted.isEmpty ? Array(points.indices) : counted) { position in
            let result = points[position].result
            return [
                points[position].figure, -Double(result.done), Double(result.money.wasted), Double(result.requests),
                result.timeToResult.p95.map(Double.init) ?? .infinity,
            ]
        }
    }

    private var counted: [Int] { Goal.counted(points.map { Double($0.result.done) }, goals) }

    /// Of several goals, the positions of the settings that no other one beats at all of them; of one goal, the best.
    package var front: [Int] {
        guard goals.count > 1 else { return bestPosition.map { [$0] } ?? [] }
        let counted = counted
        return ParetoFront.indices(counted.map { points[$0].figures }).map { counted[$0] }
    }

    /// Runs the grid on all cores.
    package static func run(
        _ settings: FleetSettings, policy: RetryPolicy, axes: [SweepAxis], goals: [Goal], arrival: String = "burst",
        version: String = "", progress: (@Sendable (Double) -> Void)? = nil
    ) throws(FleetError) -> Sweep {
        try SweepAxis.check(axes, of: policy)
        let settingsOfGrid = try grid(axes)
        let points = try Parallel.map(settingsOfGrid.count, progress: progress) {
            (index, progress) throws(FleetError) in
            let values = settingsOfGrid[index]
            let result = try FleetRun.run(settings, policy: Self.policy(policy, axes, values), progress: progress)
            return Point(values: values, result: result.withoutSeries, figures: goals.map { $0.figure(result) })
        }
        let fleet = FleetOutline(settings, arrival: arrival, version: version)
        return Sweep(
            title: fleet.title("seed \(settings.seed), policy \(policy.name)"), fleet: fleet, seed: settings.seed,
            axes: axes, goals: goals, points: points)
    }

    /// All combinations of values, the last axis changing fastest.
    static func grid(_ axes: [SweepAxis]) throws(FleetError) -> [[String]] {
        for (index, axis) in axes.enumerated() where axes[..<index].contains(where: { $0.field == axis.field }) {
            throw .badSweep(axis.field.name, reason: "the field is given twice")
        }
        var grid: [[String]] = [[]]
        for axis in axes {
            grid = grid.flatMap { values in axis.values.map { values + [$0] } }
            guard grid.count <= limit else {
                throw .badSweep(axis.field.name, reason: "more than \(limit) settings in the grid")
            }
        }
        return grid
    }

    /// A policy with the values of a grid, which name it.
    static func policy(_ policy: RetryPolicy, _ axes: [SweepAxis], _ values: [String]) -> RetryPolicy {
        var policy = policy
        // What belongs to a part comes behind the part itself, and a part that is taken away stays away.
        let given = zip(axes, values)
        let settings = PolicyField.names.flatMap { name in given.filter { $0.0.field.name == name } }
        for (axis, value) in settings + settings.filter({ $0.1 == "none" }) { _ = axis.field.set(value, &policy) }
        policy.name = zip(axes, values).map { "\($0.field.name)=\($1)" }.joined(separator: " ")
        return policy
    }
}

extension Sweep {
    /// The grid as a table, the best setting marked and named.
    package var table: String {
        let header = axes.map(\.field.name) + goals.map(\.rawValue) + ["done", "requests", "wasted"]
        let rows = points.map { point in
            point.values + zip(goals, point.figures).map { $0.text($1) } + [
                "\(point.result.done)/\(point.result.jobs)",
                FigureText.grouped(point.result.requests), FigureText.grouped(point.result.money.wasted),
            ]
        }
        let columns = TextColumns([header] + rows)
        func line(_ cells: [String], mark: String) -> String { "\(mark) \(columns.line(cells) { _ in true })\n" }
        var text = "\(title)\n\n" + line(header, mark: " ")
        let front = Set(front)
        for (index, row) in rows.enumerated() { text += line(row, mark: front.contains(index) ? "*" : " ") }
        return text + verdict
    }

    /// The best setting in a sentence.
    private var verdict: String {
        guard let best else { return "" }
        if goals.count > 1, !front.isEmpty {
            let names = goals.map(\.rawValue).joined(separator: ", ")
            return
                "\nPareto front (*) of \(names): \(front.count) of \(points.count) settings; every other one is beaten "
                + "at one goal and better at none.\n"
        }
        guard best.result.done > 0 else { return "\nNo setting brings any job to a result.\n" }
        let setting = zip(axes, best.values).map { "\($0.field.name)=\($1)" }.joined(separator: ", ")
        guard best.figure.isFinite else {
            return "\nNo setting brings enough jobs to a result for \(goal.rawValue); most are done with \(setting)\n"
        }
        let equals = points.count { $0.figure == best.figure && $0.result.done > 0 } - 1
        let tie =
            equals == 0
            ? "" : " (\(equals) more are as good; of these it has most jobs done, then least waste and load)"
        return "\nBest \(goal.rawValue): \(goal.text(best.figure)) with \(setting)\(tie)\n"
    }

    /// A line of names, then a line for each setting (RFC 4180).
    package var csv: String {
        let names = axes.map(\.field.name) + goals.map(\.rawValue) + ["done", "jobs", "requests", "wasted", "best"]
        var text = names.joined(separator: ",") + "\r\n"
        let front = Set(front)
        for (index, point) in points.enumerated() {
            let figures = point.figures.map { $0.isFinite ? FigureText.fixed($0, digits: 4, trimmed: true) : "" }
            let cells =
                point.values + figures + [
                    "\(point.result.done)", "\(point.result.jobs)", "\(point.result.requests)",
                    "\(point.result.money.wasted)", front.contains(index) ? "1" : "0",
                ]
            text += cells.joined(separator: ",") + "\r\n"
        }
        return text
    }

    package var json: [UInt8] {
        JSONWriter.line { writer in
            writer.member("run", title)
            writer.member("scenario_hash", fleet.scenarioHash.hex)
            writer.member("version", fleet.version)
            writer.member("seed", "\(seed)")
            writer.member("goal", goal.rawValue)
            writer.member("points", objects: points) { write($1, to: &$0) }
            if let best, best.result.done > 0 { writer.member("best") { write(best, to: &$0) } }
            if goals.count > 1 {
                writer.member("goals", texts: goals.map(\.rawValue))
                writer.member("front", objects: front) { write(points[$1], to: &$0) }
            }
        }
    }

    private func write(_ point: Point, to writer: inout JSONWriter) {
        for (axis, value) in zip(axes, point.values) {
            writer.key(text: axis.field.name)
            writer.string(value)
        }
        func number(_ figure: Double) -> String {
            figure.isFinite ? FigureText.fixed(figure, digits: 4, trimmed: true) : "null"
        }
        writer.member("figure", json: number(point.figure))
        if goals.count > 1 { writer.member("figures", array: point.figures) { $0.raw(number($1).utf8) } }
        writer.member("done", point.result.done)
        writer.member("jobs", point.result.jobs)
        writer.member("requests", point.result.requests)
        writer.member("wasted", point.result.money.wasted)
    }
}
