internal import ClipriseWire

extension Comparison {
    /// The report as one self-contained page.
    package var html: String {
        var page = HTMLPage(title: "\(scenario) – simulation")
        page.add("<h1>\(HTMLPage.escaped(scenario))</h1>")
        if !about.isEmpty { page.add("<p>\(HTMLPage.escaped(about))</p>") }
        page.add(facts)
        page.add("<h2>Figures</h2>")
        page.add("<p>All policies met the same arrivals and the same scenario. The best of a row stands in bold.</p>")
        page.add(tableHTML)
        for note in notes { page.add("<p>\(HTMLPage.escaped(note))</p>") }
        page.add("<h2>Requests per \(stepText) over time</h2>")
        let scale =
            arrivalsAreLogarithmic ? "The scale is logarithmic: each line is ten times or more the one below. " : ""
        page.add(
            "<p>One panel for each policy, all on the same scales. \(scale)Shown is the time in which 99.5 % of all "
                + "requests came.\(outages.isEmpty ? "" : " Shaded: windows in which a rule of the scenario acts.")</p>"
        )
        page.add(arrivalsChart)
        page.add("<h2>Time to result</h2>")
        page.add(
            "<p>The share of all jobs that had their file, over the time since each began. A line that ends below 100 % "
                + "belongs to a policy that left jobs without a result.</p>")
        page.add(latencyChart)
        page.add("<h2>Credits spent over time</h2>")
        page.add("<p>Taken from all accounts together. Lines that agree lie on each other.</p>")
        page.add(creditsChart("Credits spent over time", \.spentOverTime))
        page.add("<h2>Credits held over time</h2>")
        page.add("<p>Set aside for tasks that had not ended.</p>")
        page.add(creditsChart("Credits held over time", \.heldOverTime))
        page.add(
            "<footer>cliprise-mock \(HTMLPage.escaped(version)) · seed \(seed) · scenario hash "
                + "\(scenarioHash.hex). Virtual time: the same seed gives this page again, to the byte.</footer>"
        )
        return page.text
    }

    private var facts: String {
        var facts = [
            ("clients", NumberText.grouped(Int64(clients))),
            ("accounts", sharesAccount ? "one for all" : "one each"), ("arrival", arrival), ("jobs", jobMix),
        ]
        if arrivalLength > 0 { facts.insert(("for", NumberText.seconds(arrivalLength)), at: 3) }
        let items = facts.map { "<li>\($0.0) <b>\(HTMLPage.escaped($0.1))</b></li>" }
        return "<ul class=\"facts\">\(items.joined())</ul>"
    }

    private var tableHTML: String {
        var html = "<div class=\"scroll\"><table>\n<thead><tr><th></th>"
        for (index, result) in results.enumerated() {
            html +=
                "<th><span class=\"swatch\" style=\"background:\(PolicyInk.colour(index))\"></span>"
                + "\(HTMLPage.escaped(result.policy))</th>"
        }
        html += "</tr></thead>\n<tbody>\n"
        var group = ""
        for row in rows {
            if row.group != group {
                html += "<tr class=\"group\"><th colspan=\"\(results.count + 1)\">\(row.group)</th></tr>\n"
                group = row.group
            }
            let isSub = row.name.hasPrefix("  ")
            html += "<tr class=\"row\"><td\(isSub ? " class=\"sub\"" : "")>\(HTMLPage.escaped(row.name))</td>"
            let best = best(row)
            for (index, cell) in row.cells.enumerated() {
                html += "<td\(best.contains(index) ? " class=\"best\"" : "")>\(HTMLPage.escaped(cell))</td>"
            }
            html += "</tr>\n"
        }
        return html + "</tbody></table></div>"
    }

    /// The columns of the best figure of a row; none where all are the same, or none is better.
    private func best(_ row: ComparisonRow) -> Set<Int> {
        let figure: (RunResult) -> Double?
        switch row.name {
        case "done": figure = { -Double($0.done) }
        case "given up": figure = { Double($0.givenUp) }
        case "p50": figure = { $0.timeToResult.p50.map(Double.init) }
        case "p95": figure = { $0.timeToResult.p95.map(Double.init) }
        case "p99": figure = { $0.timeToResult.p99.map(Double.init) }
        case "longest": figure = { $0.timeToResult.max.map(Double.init) }
        case "requests": figure = { Double($0.requests) }
        case "amplification": figure = { $0.amplification }
        case "peak retries in 100 ms": figure = { $0.retryPeak.map { Double($0.count) } }
        case "recovered after the outage": figure = { $0.recovery.map(Double.init) }
        case "wasted": figure = { Double($0.money.wasted) }
        default: return []
        }
        let figures = results.map(figure)
        guard let least = figures.compactMap(\.self).min(), figures.contains(where: { $0 != least }) else { return [] }
        return Set(figures.indices.filter { figures[$0] == least })
    }
}
