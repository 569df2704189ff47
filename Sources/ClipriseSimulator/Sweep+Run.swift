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
        package var figure: Double
    }

    /// What was run, in one line.
    package var title: String
    package var scenarioHash: UInt64
    package var seed: UInt64
    package var version: String
    package var axes: [SweepAxis]
    package var goal: Goal
    /// In the order of the grid: the last axis changes fastest.
    package var points: [Point]

    /// The setting with the least figure; of equals the one with the most jobs done, then the least waste, the fewest
    /// requests, the shortest p95, and the first.
    ///
    /// A setting by which no job gets a result is best at nothing.
    package var best: Point? {
        points.enumerated().min { left, right in
            let (one, other) = (Self.order(left.element), Self.order(right.element))
            return one == other ? left.offset < right.offset : one.lexicographicallyPrecedes(other)
        }?.element
    }

    private static func order(_ point: Point) -> [Double] {
        let result = point.result
        return [
            result.done == 0 ? 1 : 0, point.figure, -Double(result.done), Double(result.money.wasted),
            Double(result.requests), result.timeToResult.p95.map(Double.init) ?? .infinity,
        ]
    }

    /// Runs the grid on all cores.
    ///
    /// - Throws: `FleetError`.
    package static func run(
        _ settings: FleetSettings, policy: RetryPolicy, axes: [SweepAxis], goal: Goal, arrival: String = "burst",
        version: String = "", progress: (@Sendable (Double) -> Void)? = nil
    ) throws(FleetError) -> Sweep {
        for (index, axis) in axes.enumerated() where axes[..<index].contains(where: { $0.field == axis.field }) {
            throw .badSweep(axis.field.rawValue, reason: "the field is given twice")
        }
        var grid: [[String]] = [[]]
        for axis in axes {
            grid = grid.flatMap { values in axis.values.map { values + [$0] } }
            guard grid.count <= limit else {
                throw .badSweep(axis.field.rawValue, reason: "more than \(limit) settings in the grid")
            }
        }
        let settingsOfGrid = grid
        let parts = PartsDone(count: grid.count)
        let results = Parallel.map(grid.count) { index in
            Result { () throws(FleetError) -> Point in
                var policy = policy
                for (axis, value) in zip(axes, settingsOfGrid[index]) { _ = axis.field.set(value, in: &policy) }
                policy.name = zip(axes, settingsOfGrid[index]).map { "\($0.field.rawValue)=\($1)" }
                    .joined(separator: " ")
                let result = try FleetRun.run(settings, policy: policy) { part in
                    progress?(parts.note(index, part))
                }
                return Point(
                    values: settingsOfGrid[index], result: result.withoutSeries, figure: goal.figure(result))
            }
        }
        var points: [Point] = []
        for result in results { points.append(try result.get()) }
        let run = Comparison(settings, [], arrival: arrival, version: version)
        return Sweep(
            title: "\(run.title), policy \(policy.name)", scenarioHash: run.scenarioHash, seed: run.seed,
            version: version, axes: axes, goal: goal, points: points)
    }

    /// The grid as a table, the best setting marked and named.
    package var table: String {
        let header = axes.map(\.field.rawValue) + [goal.rawValue, "done", "requests", "wasted"]
        let rows = points.map { point in
            point.values + [
                goal.text(point.figure), "\(point.result.done)/\(point.result.jobs)",
                NumberText.grouped(point.result.requests), NumberText.grouped(point.result.money.wasted),
            ]
        }
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String], mark: String) -> String {
            let padded = zip(cells, widths).map { cell, width in
                String(repeating: " ", count: width - cell.count) + cell
            }
            return "\(mark) \(padded.joined(separator: "  "))\n"
        }
        var text = "\(title)\n\n" + line(header, mark: " ")
        for (point, row) in zip(points, rows) { text += line(row, mark: point == best ? "*" : " ") }
        return text + verdict
    }

    /// The best setting in a sentence.
    private var verdict: String {
        guard let best else { return "" }
        guard best.result.done > 0 else { return "\nNo setting brings any job to a result.\n" }
        let setting = zip(axes, best.values).map { "\($0.field.rawValue)=\($1)" }.joined(separator: ", ")
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
        let names = axes.map(\.field.rawValue) + [goal.rawValue, "done", "jobs", "requests", "wasted", "best"]
        var text = names.joined(separator: ",") + "\r\n"
        let best = best
        for point in points {
            let figure = point.figure.isFinite ? NumberText.fixed(point.figure, digits: 4, trimmed: true) : ""
            let cells =
                point.values + [
                    figure, "\(point.result.done)", "\(point.result.jobs)", "\(point.result.requests)",
                    "\(point.result.money.wasted)", point == best ? "1" : "0",
                ]
            text += cells.joined(separator: ",") + "\r\n"
        }
        return text
    }

    package var json: [UInt8] {
        var line = JSONLine()
        line.text("run", title)
        line.text("scenario_hash", scenarioHash.hex)
        line.text("version", version)
        line.text("seed", "\(seed)")
        line.text("goal", goal.rawValue)
        line.list("points", points.map(json))
        if let best, best.result.done > 0 { line.raw("best", json(best)) }
        var bytes: [UInt8] = []
        line.end(&bytes)
        return bytes
    }

    private func json(_ point: Point) -> String {
        var line = JSONLine()
        for (axis, value) in zip(axes, point.values) { line.text(axis.field.rawValue, value) }
        line.raw("figure", point.figure.isFinite ? NumberText.fixed(point.figure, digits: 4, trimmed: true) : "null")
        line.number("done", Int64(point.result.done))
        line.number("jobs", Int64(point.result.jobs))
        line.number("requests", point.result.requests)
        line.number("wasted", point.result.money.wasted)
        return line.object
    }
}
