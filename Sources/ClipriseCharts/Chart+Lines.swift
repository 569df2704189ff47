internal import ClipriseSimulator

/// One chart of a report, with what its readers should know.
struct Chart {
    var title: String
    var caption: String
    var drawing: SVG
}

extension Comparison {
    /// All charts, in the order of a report.
    var charts: [Chart] {
        [
            rateChart, peaksChart, latencyChart,
            creditsChart(
                "Credits spent over time", \.spentOverTime,
                caption:
                    "Taken from all accounts together, at the end of each second. Lines that agree lie on each other."),
            creditsChart(
                "Credits held over time", \.heldOverTime,
                caption: "Set aside for tasks that had not ended, at the end of each second."),
        ]
    }

    /// The share of all jobs that have their result, over the time since each began.
    private var latencyChart: Chart {
        let (top, height) = (30.0, 340.0)
        let all = results.compactMap(\.times.first) + results.compactMap(\.times.last)
        let low = max(0.01, Double(all.min() ?? 10_000_000) / 1e9 * 0.9)
        let high = Double(all.max() ?? 1_000_000_000) / 1e9
        let isLog = high / low > 12
        var svg = SVG(height: height, label: "Share of jobs with a result over the time since they began")
        let frame = ChartFrame(
            x: ChartFrame.xScale(isLog ? .logarithmic : .linear, isLog ? low : 0, high * 1.02),
            y: ChartScale(.linear, 0, 100, start: height - 34, end: top), top: top, bottom: height - 34)
        svg.text("jobs with a result", x: 4, y: 14, kind: "soft")
        frame.drawY(&svg, ticks: [0, 25, 50, 75, 95, 100]) { "\(FigureText.short($0)) %" }
        frame.drawTimes(&svg)
        var ends: [(name: String, y: Double, index: Int)] = []
        for (index, result) in results.enumerated() {
            let points = Self.cumulative(result, frame)
            frame.drawLine(&svg, points, index: index)
            ends.append((result.policy, points.last?.y ?? frame.bottom, index))
        }
        frame.drawNames(&svg, ends)
        return Chart(
            title: "Time to result",
            caption:
                "The share of all jobs that had their file, over the time since each began. A line that ends below "
                + "100 % belongs to a policy that left jobs without a result."
                + (isLog ? " The scale of time is logarithmic." : ""), drawing: svg)
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
    private func creditsChart(_ title: String, _ series: (RunResult) -> [Int64], caption: String) -> Chart {
        let (top, height) = (42.0, 260.0)
        var svg = SVG(height: height, label: title)
        let all = results.map(series)
        let end = shownLength
        let most = Double(all.flatMap { $0.prefix(Int(end) + 1) }.max() ?? 1)
        let frame = ChartFrame(
            x: ChartFrame.xScale(.linear, 0, end),
            y: ChartScale(.linear, 0, max(1, most) * 1.06, start: height - 34, end: top), top: top, bottom: height - 34)
        svg.text("credits", x: 4, y: 14, kind: "soft")
        frame.drawOutages(&svg, outages, areNamed: true)
        frame.drawY(&svg, ticks: frame.y.ticks(4), label: ChartFrame.countText)
        frame.drawTimes(&svg)
        var ends: [(name: String, y: Double, index: Int)] = []
        for (index, values) in all.enumerated() {
            let points = Self.stairs(values, frame)
            frame.drawLine(&svg, points, index: index)
            ends.append((results[index].policy, points.last?.y ?? frame.bottom, index))
        }
        frame.drawNames(&svg, ends)
        return Chart(title: title, caption: caption, drawing: svg)
    }

    /// Credits do not drift, they jump: what each second ended with holds for all of it.
    static func stairs(_ values: [Int64], _ frame: ChartFrame) -> [(x: Double, y: Double)] {
        let shown = min(values.count, Int(frame.x.high) + 1)
        guard shown > 0 else { return [(frame.x.start, frame.bottom), (frame.x.end, frame.bottom)] }
        let step = max(1, shown / 700)
        var points: [(x: Double, y: Double)] = []
        for second in stride(from: 0, to: shown, by: step) {
            let y = frame.y.place(Double(values[min(second + step, shown) - 1]))
            guard y != points.last?.y else { continue }
            let x = frame.x.place(Double(second))
            if let last = points.last { points.append((x, last.y)) }
            points.append((x, y))
        }
        points.append((frame.x.end, points[points.count - 1].y))
        return points
    }
}
