package import ClipriseSimulator
internal import ClipriseWire

extension Comparison {
    /// All charts below each other, as one picture that stands on its own.
    package var svg: String {
        let margin = 24.0
        var y = 44.0
        var page = SVG(width: ChartFrame.width + 2 * margin, height: 0, label: title)
        page.text(ChartLabels.cut(scenario, to: 80), x: margin, y: y, kind: "title", title: scenario)
        func paragraph(_ text: String) {
            for line in ChartLabels.wrapped(text, to: 132) {
                y += 19
                page.text(line, x: margin, y: y, kind: "soft")
            }
        }
        y += 6
        paragraph(about)
        paragraph(facts.map { "\($0.name): \($0.value)" }.joined(separator: " · "))
        y += 30
        var x = margin
        for (index, result) in results.enumerated() {
            let name = ChartLabels.cut(result.policy, to: 60)
            let width = 52 + ChartLabels.pixels(name)
            if x > margin, x + width > page.width { (x, y) = (margin, y + 22) }
            page.key(index, x: x, y: y - 4.5)
            page.text(name, x: x + 34, y: y, kind: "name", title: result.policy)
            x += width
        }
        for chart in charts {
            y += 44
            page.text(chart.title, x: margin, y: y, kind: "heading")
            paragraph(chart.caption)
            y += 8
            page.add(chart.drawing, x: margin, y: y)
            y += chart.drawing.height
        }
        y += 12
        paragraph(origin)
        page.height = y + 24
        return page.document(title: "\(scenario) – simulation")
    }

    /// Who made the report, from what.
    var origin: String {
        "cliprise-mock \(version) · seed \(seed) · scenario hash \(scenarioHash.hex). Virtual time: the same seed gives "
            + "this report again, to the byte."
    }
}
