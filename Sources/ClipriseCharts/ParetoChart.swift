internal import ClipriseSimulator
internal import ClipriseWire

/// Two goals as a plane: each setting a mark, its intervals as a cross, and the front as a line.
///
/// Left and low is best. What lies above and right of the front is beaten by a point on it.
struct ParetoChart {
    struct Point {
        var name: String
        /// The value, and the ends of its interval where there is one.
        var x: Estimate
        var y: Estimate
        var isOnFront: Bool
    }

    var goals: (x: Goal, y: Goal)
    var points: [Point]

    /// The goals of the axes: waste against p95 unless two or more were asked for.
    static func axes(_ goals: [Goal]) -> (x: Goal, y: Goal) {
        if goals.count > 1 { return (goals[1], goals[0]) }
        let first = goals.first ?? .p95
        return first == .waste ? (.waste, .p95) : (.waste, first)
    }

    private static let height = 420.0
    /// The most points that are named beside the plane.
    private static let named = 16

    var chart: Chart {
        var svg = SVG(height: Self.height, label: "\(goals.y.axis) over \(goals.x.axis), a mark for each setting")
        // No goal is less than nothing, whatever a wide interval says.
        let shown = points.filter { $0.x.mean != nil && $0.y.mean != nil }.map { point in
            var point = point
            point.x.low = point.x.low.map { max(0, $0) }
            point.y.low = point.y.low.map { max(0, $0) }
            return point
        }
        let frame = ChartFrame(
            x: scale(shown.map(\.x), of: goals.x, start: ChartFrame.left, end: ChartFrame.width - ChartFrame.right),
            y: scale(shown.map(\.y), of: goals.y, start: Self.height - 52, end: 30), top: 30,
            bottom: Self.height - 52)
        svg.text(goals.y.axis, x: 4, y: 14, kind: "soft")
        frame.drawY(&svg, ticks: frame.y.ticks(5)) { goals.y.axisText($0, to: frame.y.ticks(5).last ?? 0) }
        let ticks = frame.x.ticks(7)
        for tick in ticks {
            let place = frame.x.place(tick)
            svg.line(place, frame.top, place, frame.bottom + 4, style: "class=\"grid\"")
            svg.text(
                goals.x.axisText(tick, to: ticks.last ?? 0), x: place, y: frame.bottom + 19, anchor: .middle,
                kind: "soft")
        }
        svg.line(frame.x.start, frame.bottom, frame.x.end, frame.bottom, style: "class=\"axis\"")
        svg.text(goals.x.axis, x: frame.x.end, y: frame.bottom + 40, anchor: .end, kind: "soft")
        drawFront(&svg, shown, frame)
        for (index, point) in shown.enumerated() { draw(point, ink(index, shown.count), frame, &svg) }
        drawNames(&svg, shown, frame)
        let left = points.count - shown.count
        return Chart(
            title: "\(goals.y.rawValue) against \(goals.x.rawValue)",
            caption: "Left and low is best. The line joins the Pareto front: settings that no other one beats at both. "
                + "Crosses are 95 % intervals of the means."
                + (left > 0 ? " Without such figures, and without a mark: \(DecimalText.count(left, "setting"))." : ""),
            drawing: svg)
    }

    private func ink(_ index: Int, _ count: Int) -> Int {
        count <= Comparison.policyLimit ? index : points[index].isOnFront ? 0 : 6
    }

    private func scale(_ estimates: [Estimate], of goal: Goal, start: Double, end: Double) -> ChartScale {
        let ends = estimates.flatMap { [$0.mean, $0.low, $0.high].compactMap(\.self) }
        // Of a plane without a mark, one of what is counted: times are in nanoseconds.
        let (low, high) = (ends.min() ?? 0, ends.max() ?? (goal.isTime ? 1e9 : 1))
        // From nothing on where that costs little room.
        let least = low < high / 2 ? min(0, low) : low - (high - low) * 0.08
        return ChartScale(.linear, least, high + (high - least) * 0.06, start: start, end: end)
    }

    private func drawFront(_ svg: inout SVG, _ shown: [Point], _ frame: ChartFrame) {
        let corners = shown.filter(\.isOnFront).compactMap { point in
            point.x.mean.flatMap { x in point.y.mean.map { (x: frame.x.place(x), y: frame.y.place($0)) } }
        }.sorted { ($0.x, -$0.y) < ($1.x, -$1.y) }
        var line: [(x: Double, y: Double)] = []
        for corner in corners {
            if let last = line.last { line.append((corner.x, last.y)) }
            line.append(corner)
        }
        svg.path(line, style: "class=\"axis\" fill=\"none\"")
    }

    private func draw(_ point: Point, _ ink: Int, _ frame: ChartFrame, _ svg: inout SVG) {
        guard let x = point.x.mean, let y = point.y.mean else { return }
        let place = (x: frame.x.place(x), y: frame.y.place(y))
        let style = "class=\"p\(ink)\" stroke=\"currentColor\" stroke-width=\"1\""
        if let low = point.x.low, let high = point.x.high, high > low {
            svg.line(frame.x.place(low), place.y, frame.x.place(high), place.y, style: style)
        }
        if let low = point.y.low, let high = point.y.high, high > low {
            svg.line(place.x, frame.y.place(low), place.x, frame.y.place(high), style: style)
        }
        svg.mark(ink, x: place.x, y: place.y)
    }

    /// All names where they are few; otherwise those of the front.
    private func drawNames(_ svg: inout SVG, _ shown: [Point], _ frame: ChartFrame) {
        let isFew = shown.count <= Comparison.policyLimit
        let named = shown.enumerated().filter { isFew || $0.element.isOnFront }.prefix(Self.named)
        let wanted = named.map { frame.y.place($0.element.y.mean ?? 0) }
        let places = ChartLabels.spread(wanted, within: (frame.top + 2)...(frame.bottom - 1), gap: 17)
        for ((index, point), place) in zip(named, places) {
            svg.mark(ink(index, shown.count), x: frame.x.end + 14, y: place)
            let short = ChartLabels.fitting(point.name, ChartFrame.right - 24)
            svg.text(
                short, x: frame.x.end + 24, y: place + 4.5, kind: "name", title: short == point.name ? "" : point.name)
        }
    }
}

extension Goal {
    fileprivate var isTime: Bool { self == .p50 || self == .p95 || self == .p99 }

    /// - Parameter end: The greatest value of the axis, which chooses the unit.
    fileprivate func axisText(_ value: Double, to end: Double) -> String {
        switch self {
        case .p50, .p95, .p99: ChartTime(end: end / 1e9).text(value / 1e9)
        case .amplification: "\(FigureText.short(value))×"
        default: ChartFrame.countText(value)
        }
    }
}
