/// Puts together one self-contained HTML page: no script, no font, no picture from elsewhere.
struct HTMLPage {
    var title: String
    private var body = ""

    init(title: String) { self.title = title }

    mutating func add(_ html: String) { body += html + "\n" }

    /// Text made harmless for HTML and for attributes in double quotes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }

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

    /// Colours are those of Okabe and Ito, which people with any colour vision can tell apart; in the dark the black one
    /// becomes light, and the blues lighter.
    private static let style = """
        :root { color-scheme: light dark; --back: #ffffff; --text: #1d2430; --soft: #5b6472; --line: #d9dee5;
          --band: #f1e3c6; --panel: #f7f8fa;
          --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #b5477f; --c4: #8a6d00; --c5: #3d8fc4; --c6: #000000; --c7: #9a5b2b; }
        @media (prefers-color-scheme: dark) {
          :root { --back: #14181f; --text: #e6e9ee; --soft: #a3acb9; --line: #333b47; --band: #40361f; --panel: #1b212a;
            --c0: #4aa8e8; --c1: #f0803c; --c2: #2cc79a; --c3: #e38cbc; --c4: #e3c34a; --c5: #8fcdf2; --c6: #f2f2f2; --c7: #d49a6a; }
        }
        body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
        main { max-width: 1060px; margin: 0 auto; padding: 28px 24px 48px; }
        h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; }
        h2 { font-size: 17px; margin: 34px 0 2px; }
        p { margin: 4px 0 10px; color: var(--soft); max-width: 76ch; }
        .facts { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 10px 0 0; padding: 0; list-style: none; color: var(--soft); }
        .facts b { color: var(--text); font-weight: 600; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin-top: 10px; }
        th, td { padding: 4px 14px; text-align: right; white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; padding-left: 0; }
        td.sub { padding-left: 18px !important; color: var(--soft); }
        thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; }
        tr.group th { padding-top: 14px; color: var(--soft); font-weight: 600; font-size: 13px; border-bottom: 1px solid var(--line); }
        tbody tr.row:hover { background: var(--panel); }
        td.best { font-weight: 700; }
        .swatch { display: inline-block; width: 11px; height: 11px; border-radius: 2px; margin-right: 6px; }
        svg { display: block; width: 100%; height: auto; margin-top: 8px; }
        svg text { fill: var(--text); font-size: 12px; font-family: inherit; }
        svg .soft { fill: var(--soft); }
        svg .name { font-weight: 600; }
        svg .grid { stroke: var(--line); stroke-width: 1; }
        svg .axis { stroke: var(--soft); stroke-width: 1; }
        svg .band { fill: var(--band); }
        footer { margin-top: 40px; color: var(--soft); font-size: 13px; }
        """
}
