internal import ClipriseSimulator

/// The plane of a chart: its scales, and the drawing of axes and grid.
struct ChartFrame {
    static let width = SVG.usualWidth
    static let left = 74.0
    /// Room for the names of lines, at their ends; the same in all charts, so that their times stand below each other.
    static let right = 218.0

    var x: ChartScale
    var y: ChartScale
    var top: Double
    var bottom: Double

    static func xScale(_ kind: ChartScale.Kind, _ low: Double, _ high: Double) -> ChartScale {
        ChartScale(kind, low, high, start: left, end: width - right)
    }

    /// Horizontal lines with numbers at the left.
    func drawY(_ svg: inout SVG, ticks: [Double], label: (Double) -> String) {
        for tick in ticks {
            let place = y.place(tick)
            svg.line(x.start, place, x.end, place, style: "class=\"grid\"")
            svg.text(label(tick), x: x.start - 8, y: place + 4, anchor: .end, kind: "soft")
        }
    }

    /// The axis of time, in one unit, and faint lines up from it.
    func drawTimes(_ svg: inout SVG, isLabelled: Bool = true) {
        let unit = ChartTime(end: x.high)
        for tick in times(unit) {
            let place = x.place(tick)
            svg.line(place, top, place, bottom + 4, style: "class=\"grid\"")
            guard isLabelled else { continue }
            svg.text(unit.text(tick), x: place, y: bottom + 19, anchor: .middle, kind: "soft")
        }
        svg.line(x.start, bottom, x.end, bottom, style: "class=\"axis\"")
    }

    private func times(_ unit: ChartTime) -> [Double] {
        guard x.kind == .linear else {
            var inUnits = x
            (inUnits.low, inUnits.high) = (x.low / unit.inSeconds, x.high / unit.inSeconds)
            return inUnits.ticks(8).map { $0 * unit.inSeconds }
        }
        let step = ChartScale.timeStep((x.high - x.low) / 10)
        return Array(stride(from: 0, through: x.high * 1.000_001, by: step))
    }

    /// Shaded windows; their names, where there is room, above the plane.
    func drawOutages(_ svg: inout SVG, _ outages: [Comparison.Outage], areNamed: Bool) {
        var free = x.start
        for outage in outages {
            let from = x.place(Double(outage.from) / 1e9)
            let to = x.place(Double(outage.to) / 1e9)
            guard to > from else { continue }
            svg.rectangle(
                x: from, y: top, width: to - from, height: bottom - top, style: "class=\"band\"", title: outage.name)
            let name = ChartLabels.fitting(outage.name, 360)
            let start = min(from, x.end - ChartLabels.pixels(name))
            guard areNamed, start >= free else { continue }
            svg.text(name, x: start, y: top - 6, kind: "soft")
            free = start + ChartLabels.pixels(name) + 12
        }
    }

    /// Names beside the ends of lines, and a thin line from each end to its name.
    func drawNames(_ svg: inout SVG, _ ends: [(name: String, y: Double, index: Int)]) {
        let places = ChartLabels.spread(ends.map(\.y), within: (top + 2)...(bottom - 1), gap: 17)
        for (end, place) in zip(ends, places) {
            svg.line(x.end + 2, end.y, x.end + 13, place, style: "class=\"axis\"")
            drawName(&svg, end.name, y: place, index: end.index)
        }
    }

    /// A name with its line and its mark, at the right of the plane.
    func drawName(_ svg: inout SVG, _ name: String, y: Double, index: Int) {
        svg.key(index, x: x.end + 15, y: y)
        let short = ChartLabels.fitting(name, Self.right - 49)
        svg.text(short, x: x.end + 49, y: y + 4.5, kind: "name", title: short == name ? "" : name)
    }

    /// A line with a few marks, placed so that lines that lie on each other do not hide them.
    func drawLine(_ svg: inout SVG, _ points: [(x: Double, y: Double)], index: Int) {
        svg.path(points, style: PolicyInk.line(index))
        for part in 0..<4 {
            let place = x.start + (x.end - x.start) * (Double(part) + (Double(index) + 0.5) / 8) / 4
            guard let next = points.firstIndex(where: { $0.x > place }), next > 0 else { continue }
            let (from, to) = (points[next - 1], points[next])
            guard from.y < bottom else { continue }
            svg.mark(index, x: place, y: from.y + (to.y - from.y) * (place - from.x) / (to.x - from.x))
        }
    }

    /// Numbers of an axis: `1.5k`, `20k`, `3M`.
    static func countText(_ value: Double) -> String {
        if value >= 1_000_000 { return "\(FigureText.short(value / 1_000_000))M" }
        if value >= 10_000 { return "\(FigureText.short(value / 1_000))k" }
        return value == value.rounded() ? FigureText.grouped(Int64(saturating: value)) : FigureText.short(value)
    }
}
