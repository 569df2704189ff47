package import ClipriseClient

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

    package var axes: [SweepAxis]
    package var goal: Goal
    /// In the order of the grid: the last axis changes fastest.
    package var points: [Point]

    /// The first of the settings with the least figure.
    package var best: Point? {
        points.enumerated().min { ($0.element.figure, $0.offset) < ($1.element.figure, $1.offset) }?.element
    }

    /// Runs the grid on all cores.
    ///
    /// - Throws: `FleetError`.
    package static func run(
        _ settings: FleetSettings, policy: RetryPolicy, axes: [SweepAxis], goal: Goal,
        progress: (@Sendable (Double) -> Void)? = nil
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
                let result = try FleetRun.run(settings, policy: policy) { done, all in
                    progress?(parts.note(index, Double(done) / Double(max(1, all))))
                }
                return Point(
                    values: settingsOfGrid[index], result: result.withoutSeries, figure: goal.figure(result))
            }
        }
        var points: [Point] = []
        for result in results { points.append(try result.get()) }
        return Sweep(axes: axes, goal: goal, points: points)
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
        var text = line(header, mark: " ")
        for (point, row) in zip(points, rows) { text += line(row, mark: point == best ? "*" : " ") }
        if let best {
            text += "\nBest \(goal.rawValue): \(goal.text(best.figure)) with "
                + zip(axes, best.values).map { "\($0.field.rawValue)=\($1)" }.joined(separator: ", ") + "\n"
        }
        return text
    }

    package var json: [UInt8] {
        var line = JSONLine()
        line.text("goal", goal.rawValue)
        line.list("points", points.map(json))
        if let best { line.raw("best", json(best)) }
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
