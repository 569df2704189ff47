/// The colours of a report, and the style of its drawings.
struct ReportStyle {
    var back: String
    var text: String
    var soft: String
    var line: String
    var band: String
    var panel: String
    var shadow: String
    var policies: [String]

    static let light = ReportStyle(
        back: "#ffffff", text: "#1d2430", soft: "#5b6472", line: "#d9dee5", band: "#f4e8cf", panel: "#f2f4f7",
        shadow: "rgba(20, 30, 50, 0.3)", policies: PolicyInk.onLight)
    static let dark = ReportStyle(
        back: "#14181f", text: "#e6e9ee", soft: "#a3acb9", line: "#333b47", band: "#3a3220", panel: "#1f2630",
        shadow: "rgba(0, 0, 0, 0.8)", policies: PolicyInk.onDark)

    static let fonts = "system-ui, \"Segoe UI\", \"DejaVu Sans\", sans-serif"

    /// The style of drawings, on their own as in a page: plain colours, which more programs read than variables.
    static let drawings = """
        svg { font-family: \(fonts); }
        svg text { font-size: 13px; }
        svg .name { font-weight: 600; }
        svg .title { font-size: 24px; font-weight: 700; }
        svg .heading { font-size: 17px; font-weight: 700; }
        svg .grid, svg .axis { stroke-width: 1; }
        \(light.colours)
        @media (prefers-color-scheme: dark) {
        \(dark.colours)
        }
        """

    private var colours: String {
        var css = """
            svg text { fill: \(text); }
            svg .soft { fill: \(soft); }
            svg .grid { stroke: \(line); }
            svg .axis { stroke: \(soft); }
            svg .band { fill: \(band); }
            svg .paper { fill: \(back); }
            """
        for (index, colour) in policies.enumerated() { css += "\nsvg .p\(index) { color: \(colour); }" }
        return css
    }

    /// The same colours as variables of a page.
    var variables: String {
        "--back: \(back); --text: \(text); --soft: \(soft); --line: \(line); --panel: \(panel); --shadow: \(shadow);"
    }
}
