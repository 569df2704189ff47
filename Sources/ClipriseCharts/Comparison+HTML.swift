package import ClipriseSimulator
internal import ClipriseWire

extension Comparison {
    /// The report as one self-contained page.
    package var html: String {
        var page = HTMLPage(fleet.scenario, about: fleet.about)
        page.add(factsHTML)
        page.add("<h2>Figures</h2>")
        let remark = results.count > 1 ? " The best of a row stands in bold; where all are the same, none does." : ""
        page.add("<p>All policies met the same arrivals and the same scenario.\(remark)</p>")
        page.add(HTMLPage.figures(results.map(\.policy), rows))
        for note in notes { page.add("<p>\(HTMLPage.escaped(note))</p>") }
        for chart in charts { page.add(chart) }
        page.add("<footer>\(HTMLPage.escaped(origin))</footer>")
        return page.text
    }

    /// What was run, as names and values.
    var facts: [(name: String, value: String)] {
        var facts = [
            ("clients", FigureText.grouped(Int64(fleet.clients))),
            ("accounts", fleet.sharesAccount ? "one for all" : "one each"), ("arrival", fleet.arrival),
            ("jobs", fleet.jobMix), ("seed", "\(seed)"),
        ]
        if fleet.arrivalLength > 0 { facts.insert(("for", TimeSpan(nanoseconds: fleet.arrivalLength).text), at: 3) }
        return facts
    }

    private var factsHTML: String {
        let items = facts.map { "<li>\($0.name) <b>\(HTMLPage.escaped($0.value))</b></li>" }
        return "<ul class=\"facts\">\(items.joined())</ul>"
    }
}
