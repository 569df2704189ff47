/// Puts charts and what is said of them below each other, as one picture that stands on its own.
struct ChartSheet {
    private static let margin = 24.0

    private let name: String
    private var page: SVG
    private var y = 44.0

    /// - Parameter name: What the picture is of.
    init(title: String, name: String) {
        self.name = name
        page = SVG(width: ChartFrame.width + 2 * Self.margin, height: 0, label: title)
        page.text(ChartLabels.fitting(name, SVG.usualWidth * 13 / 24), x: Self.margin, y: y, kind: "title", title: name)
        y += 6
    }

    mutating func add(paragraph text: String) {
        for line in ChartLabels.wrapped(text, to: 132) {
            y += 19
            page.text(line, x: Self.margin, y: y, kind: "soft")
        }
    }

    /// The names that the lines of all charts have.
    mutating func add(keys names: [String]) {
        y += 30
        var x = Self.margin
        for (index, whole) in names.enumerated() {
            let name = ChartLabels.fitting(whole, 560)
            let width = 52 + ChartLabels.pixels(name)
            if x > Self.margin, x + width > page.width { (x, y) = (Self.margin, y + 22) }
            page.key(index, x: x, y: y - 4.5)
            page.text(name, x: x + 34, y: y, kind: "name", title: whole)
            x += width
        }
    }

    /// - Parameter gap: From what stands above to the chart's title.
    mutating func add(_ chart: Chart, below gap: Double) {
        y += gap
        page.text(chart.title, x: Self.margin, y: y, kind: "heading")
        add(paragraph: chart.caption)
        y += 8
        page.add(chart.drawing, x: Self.margin, y: y)
        y += chart.drawing.height
    }

    /// The picture, with who made it from what at its end.
    consuming func document(origin: String) -> String {
        y += 12
        add(paragraph: origin)
        page.height = y + 24
        return page.document(title: "\(name) – simulation")
    }
}
