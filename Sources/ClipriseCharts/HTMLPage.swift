internal import ClipriseSimulator
internal import ClipriseWire

/// Puts together one self-contained HTML page: no script, no font, no picture from elsewhere.
struct HTMLPage {
    var title: String
    private var body = ""

    /// Begins a page with its heading.
    init(_ name: String, about: String = "") {
        title = "\(name) – simulation"
        add("<h1>\(Self.escaped(name))</h1>")
        if !about.isEmpty { add("<p>\(Self.escaped(about))</p>") }
    }

    mutating func add(_ html: String) { body += html + "\n" }

    mutating func add(_ chart: Chart) {
        add("<h2>\(Self.escaped(chart.title))</h2>")
        add("<p>\(Self.escaped(chart.caption))</p>")
        add(Self.scrolling(chart.drawing.text, name: chart.title))
    }

    /// Content that may be wider than the window; the keyboard scrolls it too.
    static func scrolling(_ html: String, name: String, kind: String = "scroll") -> String {
        "<div class=\"\(kind)\" tabindex=\"0\" role=\"region\" aria-label=\"\(escaped(name))\">\(html)</div>"
    }

    /// A table with a column for each policy or setting, whose keys stand at its head.
    static func figures(_ names: [String], _ rows: [ComparisonRow]) -> String {
        var html = "<table>\n<thead><tr><th></th>"
        for (index, name) in names.enumerated() {
            html += "<th scope=\"col\">\(SVG.key(index))\(escaped(name))</th>"
        }
        html += "</tr></thead>\n<tbody>\n"
        var group = ""
        for row in rows {
            if row.group != group {
                html += "<tr class=\"group\"><th>\(row.group)</th><th colspan=\"\(names.count)\"></th></tr>\n"
                group = row.group
            }
            let isSub = row.name.hasPrefix("  ")
            html += "<tr class=\"row\"><td\(isSub ? " class=\"sub\"" : "")>\(escaped(row.name))</td>"
            for (index, cell) in row.cells.enumerated() {
                html += "<td\(row.best.contains(index) ? " class=\"best\"" : "")>\(escaped(cell))</td>"
            }
            html += "</tr>\n"
        }
        return scrolling(html + "</tbody></table>", name: "Figures", kind: "scroll wide")
    }

    static func escaped(_ text: String) -> String { Markup.escape(text, keepsLines: true) }

    var text: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(Self.escaped(title))</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        <main>
        \(body)</main>
        </body>
        </html>

        """
    }

    private static let style = """
        :root { color-scheme: light dark; \(ReportStyle.light.variables) }
        @media (prefers-color-scheme: dark) { :root { \(ReportStyle.dark.variables) } }
        body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 \(ReportStyle.fonts); }
        main { max-width: 1060px; margin: 0 auto; padding: 28px 24px 48px; }
        h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
        h2 { font-size: 17px; margin: 38px 0 2px; }
        p { margin: 4px 0 10px; color: var(--soft); max-width: 84ch; overflow-wrap: anywhere; }
        .facts { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 10px 0 0; padding: 0; list-style: none; color: var(--soft); }
        .facts b { color: var(--text); font-weight: 600; }
        /* A shadow at an edge says that more follows there: its cover scrolls with the content, the shadow does not. */
        .scroll { overflow-x: auto; background: linear-gradient(to left, var(--back) 40%, transparent) right / 48px 100% no-repeat local,
          linear-gradient(to left, var(--shadow), transparent) right 1px top / 15px 100% no-repeat scroll; }
        .scroll::-webkit-scrollbar { height: 11px; }
        .scroll::-webkit-scrollbar-track { background: var(--panel); }
        .scroll::-webkit-scrollbar-thumb { background: var(--soft); border-radius: 6px; border: 2px solid var(--panel); }
        .wide { position: relative; left: 50%; transform: translateX(-50%); width: max-content; min-width: 100%; max-width: calc(100vw - 40px); }
        table { border-collapse: separate; border-spacing: 0; font-size: 13px; font-variant-numeric: tabular-nums; margin: 10px 0 14px; }
        th, td { padding: 3px 7px; text-align: right; white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; padding-left: 0; position: sticky; left: 0; background: var(--back); }
        tbody td:first-child { border-right: 1px solid var(--line); }
        td.sub { padding-left: 16px !important; color: var(--soft); }
        thead th { white-space: normal; border-bottom: 2px solid var(--line); vertical-align: bottom; }
        tr.group th { padding-top: 13px; color: var(--soft); font-weight: 600; font-size: 13px; border-bottom: 1px solid var(--line); }
        tbody tr.row:hover td { background: var(--panel); }
        td.best { font-weight: 700; }
        svg.key { display: block; width: 28px; height: 12px; margin-left: auto; }
        svg.chart { display: block; width: 100%; min-width: 860px; height: auto; margin-top: 8px; }
        \(ReportStyle.drawings)
        footer { margin-top: 40px; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
        """
}
