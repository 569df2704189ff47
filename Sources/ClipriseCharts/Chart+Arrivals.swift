internal import ClipriseSimulator

extension Comparison {
    /// How much of a run the charts over time show, in seconds: what 99.5 % of the requests and of the movements of
    /// credits of each policy need, and the outages.
    var shownLength: Double {
        var end = 1.0
        for result in results {
            end = max(end, Self.time(of: result.arrivals.map(Int64.init)) / 10)
            for series in [result.spentOverTime, result.heldOverTime] {
                let moves = series.indices.map { abs(series[$0] - ($0 == 0 ? 0 : series[$0 - 1])) }
                end = max(end, Self.time(of: moves))
            }
        }
        for outage in outages { end = max(end, Double(outage.to) / 1e9 * 1.15) }
        return end * 1.02
    }

    /// How many bins hold 99.5 % of the amounts.
    private static func time(of amounts: [Int64]) -> Double {
        let total = amounts.reduce(0, +)
        guard total > 0 else { return 0 }
        var seen: Int64 = 0
        for (bin, amount) in amounts.enumerated() {
            seen += amount
            if Double(seen) >= Double(total) * 0.995 { return Double(bin + 1) }
        }
        return Double(amounts.count)
    }

    /// Tenths of a second in each step of a chart of at most so many steps.
    private func tenths(_ steps: Double) -> Int {
        let least = shownLength * 10 / steps
        return [1, 2, 5, 10, 20, 50, 100, 300, 600, 1_200, 3_000].first { Double($0) >= least } ?? 6_000
    }

    /// One number for each step of the shown time, made of its bins of 100 ms.
    private func steps(_ result: RunResult, tenths: Int, _ number: (ArraySlice<UInt32>) -> Double) -> [Double] {
        let count = Int((shownLength * 10).rounded(.up)) / tenths + 1
        return (0..<count).map { step in
            let from = step * tenths
            guard from < result.arrivals.count else { return 0 }
            return number(result.arrivals[from..<min(from + tenths, result.arrivals.count)])
        }
    }

    private func line(_ values: [Double], tenths: Int, _ frame: ChartFrame) -> [(x: Double, y: Double)] {
        var points: [(x: Double, y: Double)] = []
        for (step, value) in values.enumerated() {
            let y = value > 0 ? frame.y.place(value) : frame.bottom
            let from = frame.x.place(Double(step * tenths) / 10)
            if points.last?.y == y { points.removeLast() } else { points.append((from, y)) }
            points.append((frame.x.place(Double((step + 1) * tenths) / 10), y))
        }
        return points
    }

    /// A scale that shows the small beside the tall; a logarithmic one where the values lie far apart.
    private static func yScale(_ series: [[Double]], start: Double, end: Double) -> ChartScale {
        let positive = series.map { $0.filter { $0 > 0 } }.filter { !$0.isEmpty }
        let most = positive.compactMap { $0.max() }.max() ?? 1
        // One tall step at the beginning would flatten all that follows.
        let means = positive.map { $0.reduce(0, +) / Double($0.count) }
        guard let mean = means.min(), most / mean > 30 else {
            return ChartScale(.linear, 0, most * 1.08, start: start, end: end)
        }
        let least = positive.compactMap { $0.min() }.min() ?? 1
        return ChartScale(.logarithmic, max(least, most / 20_000) * 0.8, most * 1.25, start: start, end: end)
    }

    private static func ticks(_ scale: ChartScale, count: Int) -> [Double] {
        let ticks = scale.ticks(count)
        guard scale.kind == .logarithmic, ticks.count > count + 1 else { return ticks }
        var decades = ticks.filter { tick in
            var power = 1e-9
            while power < tick * 0.999 { power *= 10 }
            return abs(power / tick - 1) < 0.01
        }
        if decades.count > count + 1 {
            decades = decades.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        }
        return decades
    }

    private static func remark(_ scale: ChartScale) -> String {
        scale.kind == .logarithmic ? " The scale is logarithmic." : ""
    }

    /// Requests a second, the lines of all policies in one plane.
    var rateChart: Chart {
        let (top, height) = (42.0, 330.0)
        let tenths = tenths(110)
        let series = results.map { result in
            steps(result, tenths: tenths) { Double($0.reduce(0) { $0 + Int64($1) }) * 10 / Double(tenths) }
        }
        let frame = ChartFrame(
            x: ChartFrame.xScale(.linear, 0, shownLength),
            y: Self.yScale(series, start: height - 34, end: top), top: top, bottom: height - 34)
        let width = ChartTime.words(Double(tenths) / 10)
        var svg = SVG(height: height, label: "Requests per second, averaged over \(width), of all policies")
        svg.text("requests per second, averaged over \(width)", x: 4, y: 14, kind: "soft")
        frame.drawOutages(&svg, outages, areNamed: true)
        frame.drawY(&svg, ticks: Self.ticks(frame.y, count: 5), label: ChartFrame.countText)
        frame.drawTimes(&svg)
        for (index, values) in series.enumerated() {
            // A line ends with its last request: eight that run on along the floor would only hide each other.
            let end = (values.lastIndex { $0 > 0 } ?? -1) + 1
            let points = line(Array(values[..<end]), tenths: tenths, frame)
            frame.drawLine(&svg, points + (points.last.map { [($0.x, frame.bottom)] } ?? []), index: index)
        }
        for (index, result) in results.enumerated() {
            frame.drawName(&svg, result.policy, y: top + 8 + 18 * Double(index), index: index)
        }
        return Chart(
            title: "Requests over time",
            caption: "How much each policy asks of the service: requests per second, averaged over \(width)."
                + Self.remark(frame.y) + " " + timeRemark, drawing: svg)
    }

    private var timeRemark: String {
        "Shown is the time in which 99.5 % of all requests came and of all credits moved."
            + (outages.isEmpty ? "" : " Shaded: windows in which a rule of the scenario acts.")
    }

    /// The busiest 100 ms over time, a panel for each policy, all on the same scales.
    var peaksChart: Chart {
        let (top, panel, gap) = (42.0, 76.0, 14.0)
        let height = top + Double(results.count) * (panel + gap) + 20
        let tenths = tenths(450)
        // The busiest bin of each step and not its sum: the tallest is the peak that the table has.
        let series = results.map { steps($0, tenths: tenths) { Double($0.max() ?? 0) } }
        var svg = SVG(height: height, label: "The busiest 100 ms over time, a panel for each policy")
        svg.text("requests per 100 ms", x: 4, y: 14, kind: "soft")
        let scale = Self.yScale(series, start: 0, end: -panel)
        for (index, result) in results.enumerated() {
            let panelTop = top + Double(index) * (panel + gap)
            var y = scale
            (y.start, y.end) = (panelTop + panel, panelTop)
            let frame = ChartFrame(
                x: ChartFrame.xScale(.linear, 0, shownLength), y: y, top: panelTop, bottom: panelTop + panel)
            frame.drawOutages(&svg, outages, areNamed: index == 0)
            frame.drawY(&svg, ticks: Self.ticks(y, count: 3), label: ChartFrame.countText)
            frame.drawTimes(&svg, isLabelled: index == results.count - 1)
            draw(result, line(series[index], tenths: tenths, frame), frame, index, &svg)
        }
        let width =
            tenths == 1
            ? "" : " Each step, \(ChartTime.words(Double(tenths) / 10)) wide, has the busiest of its 100 ms."
        return Chart(
            title: "Peaks",
            caption: "Requests per 100 ms, as in the table, so that its peaks are those marked here.\(width) "
                + "A panel for each policy, all on the same scales.\(Self.remark(scale))", drawing: svg)
    }

    private func draw(
        _ result: RunResult, _ points: [(x: Double, y: Double)], _ frame: ChartFrame, _ index: Int, _ svg: inout SVG
    ) {
        guard let first = points.first, let last = points.last else { return }
        svg.path(
            [(first.x, frame.bottom)] + points + [(last.x, frame.bottom)], isClosed: true,
            style: "class=\"p\(index)\" fill=\"currentColor\" fill-opacity=\"0.22\"")
        svg.path(points, style: "class=\"p\(index)\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.3\"")
        frame.drawName(&svg, result.policy, y: frame.top + 10, index: index)
        let at = Double(result.peak.at) / 1e9
        svg.text(
            "peak \(FigureText.grouped(Int64(result.peak.count)))", x: frame.x.end + 49, y: frame.top + 32, kind: "soft"
        )
        svg.text("at \(FigureText.fixed(at, digits: 1)) s", x: frame.x.end + 49, y: frame.top + 49, kind: "soft")
        // A peak after the shown time has no place in the plane.
        guard result.peak.count > 0, at < frame.x.high else { return }
        svg.mark(index, x: frame.x.place(at + 0.05), y: frame.y.place(Double(result.peak.count)))
    }
}
