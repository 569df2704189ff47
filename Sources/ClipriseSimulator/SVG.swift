/// A drawing of fixed width that scales with its page.
struct SVG {
    let width: Double
    let height: Double
    private var parts: [String] = []
    private let label: String

    /// - Parameter label: What the drawing shows, for readers who do not see it.
    init(width: Double, height: Double, label: String) {
        self.width = width
        self.height = height
        self.label = label
    }

    var text: String {
        "<svg viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\" role=\"img\" aria-label=\""
            + "\(HTMLPage.escaped(label))\">\n\(parts.joined(separator: "\n"))\n</svg>"
    }

    /// A tenth of a pixel is enough.
    static func number(_ value: Double) -> String { NumberText.fixed(value, digits: 1, trimmed: true) }

    mutating func rectangle(x: Double, y: Double, width: Double, height: Double, style: String) {
        parts.append(
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" height=\""
                + "\(Self.number(height))\" \(style)/>")
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) {
        parts.append(
            "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\""
                + "\(Self.number(y2))\" \(style)/>")
    }

    mutating func circle(x: Double, y: Double, radius: Double, style: String) {
        parts.append(
            "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" \(style)/>")
    }

    mutating func path(_ points: [(x: Double, y: Double)], isClosed: Bool = false, style: String) {
        guard !points.isEmpty else { return }
        var data = ""
        for (index, point) in points.enumerated() {
            data += "\(index == 0 ? "M" : "L")\(Self.number(point.x)) \(Self.number(point.y))"
        }
        parts.append("<path d=\"\(data)\(isClosed ? "Z" : "")\" \(style)/>")
    }

    enum Anchor: String { case start, middle, end }

    mutating func text(
        _ text: String, x: Double, y: Double, anchor: Anchor = .start, kind: String = "", style: String = ""
    ) {
        let kind = kind.isEmpty ? "" : " class=\"\(kind)\""
        let style = style.isEmpty ? "" : " style=\"\(style)\""
        parts.append(
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor.rawValue)\"\(kind)\(style)>"
                + "\(HTMLPage.escaped(text))</text>")
    }
}

/// How the lines of policies differ: by colour, and by dashes for eyes and printers without colours.
enum PolicyInk {
    static func colour(_ index: Int) -> String { "var(--c\(index % 8))" }

    static func stroke(_ index: Int, width: Double = 2) -> String {
        let dashes = ["", "7 4", "2 3", "10 3 2 3", "", "7 4", "2 3", "10 3 2 3"]
        let dash = dashes[index % 8].isEmpty ? "" : " stroke-dasharray=\"\(dashes[index % 8])\""
        return "fill=\"none\" stroke=\"\(colour(index))\" stroke-width=\"\(SVG.number(width))\""
            + " stroke-linejoin=\"round\"\(dash)"
    }
}
