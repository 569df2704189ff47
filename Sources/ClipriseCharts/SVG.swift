internal import ClipriseSimulator

/// A drawing of fixed width that scales with its page.
struct SVG {
    static let usualWidth = 1_000.0

    let width: Double
    var height: Double
    private var parts: [String] = []
    private let label: String

    /// - Parameter label: What the drawing shows, for readers who do not see it.
    init(width: Double = SVG.usualWidth, height: Double, label: String) {
        self.width = width
        self.height = height
        self.label = label
    }

    /// The drawing as a part of a page.
    var text: String { element("class=\"chart\" role=\"img\" aria-label=\"\(HTMLPage.escaped(label))\"") }

    /// The key of a policy alone, for the head of a table.
    static func key(_ index: Int) -> String {
        var drawing = SVG(width: 28, height: 12, label: "")
        drawing.key(index, x: 0, y: 6)
        return drawing.element("class=\"key\" aria-hidden=\"true\"")
    }

    /// The drawing as a file of its own, with its own background and style.
    ///
    /// - Parameter title: What programs call it.
    func document(title: String) -> String {
        var page = self
        page.parts = [
            "<title>\(HTMLPage.escaped(title))</title>", "<desc>\(HTMLPage.escaped(label))</desc>",
            "<style>\n\(ReportStyle.drawings)\n</style>",
            "<rect width=\"100%\" height=\"100%\" class=\"paper\"/>",
        ]
        page.parts += parts
        return page.element(
            "xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Self.number(width))\" height=\"\(Self.number(height))\"")
            + "\n"
    }

    private func element(_ attributes: String) -> String {
        "<svg \(attributes) viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\">\n"
            + parts.joined(separator: "\n") + "\n</svg>"
    }

    /// A tenth of a pixel is enough.
    static func number(_ value: Double) -> String { FigureText.fixed(value, digits: 1, trimmed: true) }

    /// Another drawing, moved to a place in this one.
    mutating func add(_ drawing: SVG, x: Double, y: Double) {
        parts.append("<g transform=\"translate(\(Self.number(x)) \(Self.number(y)))\">")
        parts += drawing.parts
        parts.append("</g>")
    }

    mutating func rectangle(x: Double, y: Double, width: Double, height: Double, style: String, title: String) {
        parts.append(
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" height=\""
                + "\(Self.number(height))\" \(style)><title>\(HTMLPage.escaped(title))</title></rect>")
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) {
        parts.append(
            "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\""
                + "\(Self.number(y2))\" \(style)/>")
    }

    mutating func path(_ points: [(x: Double, y: Double)], isClosed: Bool = false, style: String) {
        guard !points.isEmpty else { return }
        var data = ""
        for (index, point) in points.enumerated() {
            data += "\(index == 0 ? "M" : "L")\(Self.number(point.x)) \(Self.number(point.y))"
        }
        parts.append("<path d=\"\(data)\(isClosed ? "Z" : "")\" \(style)/>")
    }

    mutating func mark(_ index: Int, x: Double, y: Double) {
        let (points, isFilled) = PolicyInk.mark(index, x: x, y: y)
        if isFilled {
            path(points, isClosed: true, style: "class=\"p\(index)\" fill=\"currentColor\" stroke=\"none\"")
        } else {
            path(
                points, isClosed: true,
                style: "class=\"p\(index) paper\" stroke=\"currentColor\" stroke-width=\"1.6\"")
        }
    }

    /// A piece of the line of a policy with its mark, 28 wide.
    mutating func key(_ index: Int, x: Double, y: Double) {
        path([(x, y), (x + 28, y)], style: PolicyInk.line(index))
        mark(index, x: x + 14, y: y)
    }

    enum Anchor: String { case start, middle, end }

    /// - Parameters:
    ///   - kind: A class of the style.
    ///   - title: What stands there in full when the text is cut short.
    mutating func text(
        _ text: String, x: Double, y: Double, anchor: Anchor = .start, kind: String = "", title: String = ""
    ) {
        let kind = kind.isEmpty ? "" : " class=\"\(kind)\""
        let title = title.isEmpty ? "" : "<title>\(HTMLPage.escaped(title))</title>"
        let anchor = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
        parts.append(
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\"\(anchor)\(kind)>"
                + "\(title)\(HTMLPage.escaped(text))</text>")
    }
}
