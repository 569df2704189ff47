extension Comparison {
    /// How much of a run the charts over time show, in seconds: what 99.5 % of the requests of each policy need, and the
    /// outages.
    var shownLength: Double {
        var end = 1.0
        for result in results {
            let total = result.arrivals.reduce(0) { $0 + Int64($1) }
            var seen: Int64 = 0
            for (bin, count) in result.arrivals.enumerated() {
                seen += Int64(count)
                if Double(seen) >= Double(total) * 0.995 {
                    end = max(end, Double(bin + 1) / 10)
                    break
                }
            }
        }
        for outage in outages { end = max(end, Double(outage.to) / 1e9 * 1.15) }
        return end
    }

    /// Tenths of a second in each step of the chart: so many that about 450 steps are shown.
    private var tenths: Int {
        let least = shownLength * 10 / 450
        return [1, 2, 5, 10, 20, 50, 100, 300, 600, 1_200, 3_000].first { Double($0) >= least } ?? 6_000
    }

    /// The width of a step of the chart as text.
    var stepText: String { tenths < 10 ? "\(tenths * 100) ms" : ChartFrame.timeText(Double(tenths) / 10) }

    private func steps(_ result: RunResult) -> [Double] {
        let count = Int((shownLength * 10).rounded(.up)) / tenths + 1
        return (0..<count).map { step in
            let from = step * tenths
            guard from < result.arrivals.count else { return 0 }
            return result.arrivals[from..<min(from + tenths, result.arrivals.count)].reduce(0) { $0 + Double($1) }
        }
    }

    /// Whether the peaks lie so far apart that only a logarithmic scale shows all.
    var arrivalsAreLogarithmic: Bool {
        let peaks = results.map { steps($0).max() ?? 0 }.filter { $0 > 0 }
        guard let least = peaks.min(), let most = peaks.max() else { return false }
        let total = results.map { result in steps(result).filter { $0 > 0 } }
        // One tall step at the beginning would flatten all that follows.
        let means = total.map { $0.reduce(0, +) / Double(max(1, $0.count)) }.filter { $0 > 0 }
        return most / least > 15 || most / (means.min() ?? most) > 40
    }

    /// Requests over time, one panel for each policy, all on the same scales.
    var arrivalsChart: String {
        let panel = 104.0
        let gap = 34.0
        let top = 26.0
        let height = top + Double(results.count) * (panel + gap) + 12
        var svg = SVG(
            width: ChartFrame.width, height: height, label: "Requests per \(stepText) over time, a panel for each policy")
        let series = results.map(steps)
        let most = max(1, series.flatMap(\.self).max() ?? 1)
        let isLog = arrivalsAreLogarithmic
        let x = ChartFrame.xScale(.linear, 0, shownLength, right: 24)
        for (index, result) in results.enumerated() {
            let panelTop = top + Double(index) * (panel + gap)
            let bottom = panelTop + panel
            let y =
                isLog
                ? ChartScale(.logarithmic, 0.8, most * 1.25, start: bottom, end: panelTop)
                : ChartScale(.linear, 0, most * 1.08, start: bottom, end: panelTop)
            let frame = ChartFrame(x: x, y: y, top: panelTop, bottom: bottom)
            frame.drawOutages(&svg, outages, areNamed: index == 0)
            frame.drawY(&svg, ticks: Self.fewer(y.ticks(3), isLog: isLog), label: ChartFrame.countText)
            draw(series[index], frame, index, &svg)
            frame.drawTimes(&svg, isLabelled: true)
            label(result, series[index], frame, index, &svg)
        }
        return svg.text
    }

    private static func fewer(_ ticks: [Double], isLog: Bool) -> [Double] {
        guard isLog, ticks.count > 4 else { return ticks }
        let decades = ticks.filter { tick in
            var power = 1.0
            while power < tick * 0.999 { power *= 10 }
            return abs(power / tick - 1) < 0.01
        }
        guard decades.count > 4 else { return decades }
        return decades.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    }

    private func draw(_ values: [Double], _ frame: ChartFrame, _ index: Int, _ svg: inout SVG) {
        let floor = frame.bottom
        var points: [(x: Double, y: Double)] = [(frame.x.start, floor)]
        for (step, value) in values.enumerated() {
            let from = frame.x.place(Double(step * tenths) / 10)
            let to = frame.x.place(Double((step + 1) * tenths) / 10)
            let y = value > 0 ? frame.y.place(value) : floor
            points += [(from, y), (max(to, from + 0.1), y)]
        }
        points.append((frame.x.end, floor))
        let colour = PolicyInk.colour(index)
        svg.path(points, isClosed: true, style: "fill=\"\(colour)\" fill-opacity=\"0.22\" stroke=\"none\"")
        svg.path(points, style: "fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.3\"")
    }

    private func label(
        _ result: RunResult, _ values: [Double], _ frame: ChartFrame, _ index: Int, _ svg: inout SVG
    ) {
        var best = 0
        for step in values.indices where values[step] > values[best] { best = step }
        let x = frame.x.place((Double(best) + 0.5) * Double(tenths) / 10)
        let y = frame.y.place(values[best])
        svg.circle(x: x, y: y, radius: 3.5, style: "fill=\"\(PolicyInk.colour(index))\"")
        svg.text(
            result.policy, x: frame.x.end - 4, y: frame.top + 14, anchor: .end, kind: "name",
            style: "fill:\(PolicyInk.colour(index))")
        let amount = NumberText.grouped(Int64(values[best]))
        let text = "peak \(amount) at \(ChartFrame.timeText(Double(best * tenths) / 10))"
        let isRight = x > frame.x.start + 0.6 * (frame.x.end - frame.x.start)
        svg.text(text, x: isRight ? x - 9 : x + 9, y: max(y, frame.top + 8) + 4, anchor: isRight ? .end : .start)
    }
}
