/// The plane of a chart: its scales, and the drawing of axes and grid.
struct ChartFrame {
    static let width = 1_000.0
    static let left = 74.0
    /// Room for the names of lines, at their ends.
    static let right = 170.0

    var x: ChartScale
    var y: ChartScale
    var top: Double
    var bottom: Double

    static func xScale(_ kind: ChartScale.Kind, _ low: Double, _ high: Double, right: Double = right) -> ChartScale {
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

    func drawTimes(_ svg: inout SVG, isLabelled: Bool = true) {
        svg.line(x.start, bottom, x.end, bottom, style: "class=\"axis\"")
        for tick in times {
            let place = x.place(tick)
            svg.line(place, bottom, place, bottom + 4, style: "class=\"axis\"")
            guard isLabelled else { continue }
            svg.text(Self.timeText(tick), x: place, y: bottom + 18, anchor: .middle, kind: "soft")
        }
    }

    private var times: [Double] {
        guard x.kind == .linear else { return x.ticks(8) }
        let step = ChartScale.timeStep((x.high - x.low) / 9)
        return Array(stride(from: 0, through: x.high * 1.000_001, by: step))
    }

    /// Seconds as an axis has them.
    static func timeText(_ seconds: Double) -> String {
        if seconds >= 3_600, seconds.truncatingRemainder(dividingBy: 3_600) == 0 {
            return "\(NumberText.short(seconds / 3_600)) h"
        }
        if seconds >= 120, seconds.truncatingRemainder(dividingBy: 60) == 0 {
            return "\(NumberText.short(seconds / 60)) min"
        }
        if seconds > 0, seconds < 1 { return "\(NumberText.short((seconds * 1_000).rounded())) ms" }
        return "\(NumberText.short(seconds)) s"
    }

    func drawOutages(_ svg: inout SVG, _ outages: [Comparison.Outage], areNamed: Bool) {
        for outage in outages {
            let from = x.place(Double(outage.from) / 1e9)
            let to = x.place(Double(outage.to) / 1e9)
            guard to > from else { continue }
            svg.rectangle(x: from, y: top, width: to - from, height: bottom - top, style: "class=\"band\"")
            if areNamed { svg.text(outage.name, x: from + 4, y: top - 5, kind: "soft") }
        }
    }

    /// Names at the ends of lines, moved apart where they would lie on each other.
    func drawNames(_ svg: inout SVG, _ ends: [(name: String, y: Double, index: Int)], at edge: Double) {
        var places = ends.enumerated().sorted { ($0.element.y, $0.offset) < ($1.element.y, $1.offset) }.map(\.element)
        let gap = 16.0
        for index in places.indices.dropFirst() {
            places[index].y = max(places[index].y, places[index - 1].y + gap)
        }
        let overflow = (places.last?.y ?? 0) - (bottom - 2)
        if overflow > 0 {
            for index in places.indices { places[index].y -= overflow }
            for index in places.indices.dropLast().reversed() {
                places[index].y = min(places[index].y, places[index + 1].y - gap)
            }
            for index in places.indices.dropFirst() {
                places[index].y = max(places[index].y, places[index - 1].y + gap)
            }
        }
        for place in places {
            svg.line(
                edge + 4, place.y, edge + 24, place.y, style: PolicyInk.stroke(place.index, width: 2.5))
            svg.text(
                place.name, x: edge + 30, y: place.y + 4, kind: "name", style: "fill:\(PolicyInk.colour(place.index))")
        }
    }

    /// Numbers of an axis: `1.5k`, `20k`, `3M`.
    static func countText(_ value: Double) -> String {
        if value >= 1_000_000 { return "\(NumberText.short(value / 1_000_000))M" }
        if value >= 10_000 { return "\(NumberText.short(value / 1_000))k" }
        return value == value.rounded() ? NumberText.grouped(Int64(value)) : NumberText.short(value)
    }
}
