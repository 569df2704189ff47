extension Comparison {
    private static let height = 300.0

    /// The share of all jobs that have their result, over the time since each began.
    var latencyChart: String {
        let all = results.compactMap(\.times.first) + results.compactMap(\.times.last)
        let low = max(0.01, Double(all.min() ?? 10_000_000) / 1e9 * 0.9)
        let high = Double(all.max() ?? 1_000_000_000) / 1e9
        var svg = SVG(
            width: ChartFrame.width, height: Self.height, label: "Share of jobs with a result over the time since they began")
        let frame = ChartFrame(
            x: ChartFrame.xScale(high / low > 12 ? .logarithmic : .linear, high / low > 12 ? low : 0, high * 1.02),
            y: ChartScale(.linear, 0, 100, start: Self.height - 34, end: 16), top: 16, bottom: Self.height - 34)
        frame.drawY(&svg, ticks: [0, 25, 50, 75, 95, 100]) { "\(NumberText.short($0)) %" }
        frame.drawTimes(&svg)
        var ends: [(name: String, y: Double, index: Int)] = []
        for (index, result) in results.enumerated() {
            let points = Self.cumulative(result, frame)
            svg.path(points, style: PolicyInk.stroke(index))
            ends.append((result.policy, points.last?.y ?? frame.bottom, index))
        }
        frame.drawNames(&svg, ends, at: frame.x.end)
        return svg.text
    }

    private static func cumulative(_ result: RunResult, _ frame: ChartFrame) -> [(x: Double, y: Double)] {
        var points: [(x: Double, y: Double)] = [(frame.x.start, frame.y.place(0))]
        let count = result.times.count
        // More points than pixels would only make the file large.
        let step = max(1, count / 400)
        var index = 0
        while index < count {
            let x = frame.x.place(Double(result.times[index]) / 1e9)
            let before = points[points.count - 1].y
            points += [(x, before), (x, frame.y.place(100 * Double(index + 1) / Double(max(1, result.jobs))))]
            index = index == count - 1 ? count : min(index + step, count - 1)
        }
        points.append((frame.x.end, points[points.count - 1].y))
        return points
    }

    /// Credits over time, on one scale for all policies.
    func creditsChart(_ label: String, _ series: (RunResult) -> [Int64]) -> String {
        let height = 230.0
        var svg = SVG(width: ChartFrame.width, height: height, label: label)
        let all = results.map(series)
        let end = creditsLength
        let most = Double(all.flatMap { $0.prefix(Int(end) + 1) }.max() ?? 1)
        let frame = ChartFrame(
            x: ChartFrame.xScale(.linear, 0, end),
            y: ChartScale(.linear, 0, max(1, most) * 1.06, start: height - 34, end: 22), top: 22, bottom: height - 34)
        frame.drawOutages(&svg, outages, areNamed: true)
        frame.drawY(&svg, ticks: frame.y.ticks(4), label: ChartFrame.countText)
        frame.drawTimes(&svg)
        var ends: [(name: String, y: Double, index: Int)] = []
        for (index, values) in all.enumerated() {
            let points = Self.curve(values, end: end, frame)
            svg.path(points, style: PolicyInk.stroke(index))
            ends.append((results[index].policy, points.last?.y ?? frame.bottom, index))
        }
        frame.drawNames(&svg, ends, at: frame.x.end)
        return svg.text
    }

    /// Seconds: until the last credits of every policy have moved, and a little more.
    private var creditsLength: Double {
        var end = 1
        for result in results {
            for series in [result.spentOverTime, result.heldOverTime] {
                guard let last = series.last else { continue }
                let settled = series.lastIndex { $0 != last } ?? 0
                end = max(end, settled + 1)
            }
        }
        return max(Double(end) * 1.04, outages.map { Double($0.to) / 1e9 * 1.1 }.max() ?? 0)
    }

    private static func curve(_ values: [Int64], end: Double, _ frame: ChartFrame) -> [(x: Double, y: Double)] {
        var points: [(x: Double, y: Double)] = [(frame.x.start, frame.y.place(0))]
        let shown = min(values.count, Int(end) + 1)
        let step = max(1, shown / 500)
        for index in stride(from: 0, to: shown, by: step) {
            points.append((frame.x.place(Double(index + 1)), frame.y.place(Double(values[index]))))
        }
        if shown > 0 { points.append((frame.x.end, frame.y.place(Double(values[shown - 1])))) }
        return points
    }
}
