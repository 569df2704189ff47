package import ClipriseSimulator
internal import ClipriseWire

extension Experiment {
    /// Waste against p95, or the two goals that were asked for.
    ///
    /// The axes need figures that each trial has: goals of the head, or figures of the same name.
    var paretoChart: Chart? {
        let wanted = ParetoChart.axes(head.goals)
        func estimates(_ goal: Goal) -> [Estimate]? {
            if let place = head.goals.firstIndex(of: goal) {
                return head.settings.indices.map { Estimate(values(place, goalOf: $0, in: judging)) }
            }
            let figure: Figure? = goal == .waste ? .wasted : goal == .p95 ? .p95 : nil
            return figure.map { figure in
                head.settings.indices.map { Estimate(values(figure, of: $0, in: judging)) }
            }
        }
        guard let xs = estimates(wanted.x), let ys = estimates(wanted.y) else { return nil }
        let means = zip(xs, ys).map { [$0.mean ?? .infinity, $1.mean ?? .infinity] }
        let front = Set(ParetoFront.indices(means))
        let points = head.settings.indices.map { index in
            ParetoChart.Point(
                name: head.isGrid && index == 0 ? "as it is" : head.settings[index].name, x: xs[index], y: ys[index],
                isOnFront: front.contains(index))
        }
        return ParetoChart(goals: wanted, points: points).chart
    }

    /// The report as one self-contained page.
    package var html: String {
        var page = HTMLPage(head.fleet.scenario, about: head.fleet.about)
        page.add("<p>\(HTMLPage.escaped(title)). \(HTMLPage.escaped(variationText))</p>")
        page.add("<h2>Figures</h2>")
        page.add(head.isGrid ? gridHTML : policyHTML)
        for note in head.isGrid ? gridNotes : notes { page.add("<p>\(HTMLPage.escaped(note))</p>") }
        if let chart = paretoChart { page.add(chart) }
        page.add("<footer>\(HTMLPage.escaped(origin))</footer>")
        return page.text
    }

    private var origin: String {
        head.fleet.origin("first seed \(head.firstSeed)")
            + ". Virtual time: the same seeds give this report again, to the byte, on any number of cores and shards."
    }

    private var policyHTML: String {
        HTMLPage.figures(head.settings.map(\.name), rows { $0.map { " \($0.rawValue)" } ?? "" })
    }

    private var gridHTML: String {
        let (contrasts, front, chosen) = (goalContrasts, Set(front), chosen)
        var html = "<table>\n<thead><tr><th>setting</th>"
        for goal in head.goals { html += "<th>\(goal.rawValue), chosen by</th><th>\(goal.rawValue), held out</th>" }
        html += "<th>done</th><th>wasted</th><th></th></tr></thead>\n<tbody>\n"
        for setting in head.settings.indices {
            html +=
                "<tr class=\"row\"><td>\(HTMLPage.escaped(setting == 0 ? "as it is" : head.settings[setting].name))</td>"
            for (index, goal) in head.goals.enumerated() {
                let chosenBy = Self.cell(Estimate(values(index, goalOf: setting, in: choosing)), goal.text)
                var judgedBy = Self.cell(Estimate(values(index, goalOf: setting, in: judging)), goal.text)
                if setting > 0 { judgedBy += " " + contrasts[setting - 1][index].verdict(lessIsBetter: true).rawValue }
                html += "<td>\(HTMLPage.escaped(chosenBy))</td><td>\(HTMLPage.escaped(judgedBy))</td>"
            }
            let words = [setting == chosen ? "best" : "", front.contains(setting) ? "on the front" : ""]
            html +=
                "<td>\(HTMLPage.escaped(cell(.done, setting)))</td><td>\(HTMLPage.escaped(cell(.wasted, setting)))</td>"
            html += "<td>\(words.filter { !$0.isEmpty }.joined(separator: ", "))</td></tr>\n"
        }
        return HTMLPage.scrolling(html + "</tbody></table>", name: "Figures", kind: "scroll wide")
    }

    /// The Pareto front as one picture that stands on its own.
    package var svg: String { Self.document(paretoChart, title: title, name: head.fleet.scenario, origin: origin) }

    static func document(_ chart: Chart?, title: String, name: String, origin: String) -> String {
        var sheet = ChartSheet(title: title, name: name)
        sheet.add(paragraph: title)
        if let chart { sheet.add(chart, below: 40) }
        return sheet.document(origin: origin)
    }
}

extension Sweep {
    /// The grid as a plane of two goals, without intervals: one seed has none.
    package var svg: String {
        Experiment.document(chart, title: title, name: title, origin: fleet.origin("seed \(seed)"))
    }

    private var chart: Chart {
        let goals = ParetoChart.axes(goals)
        let figures = points.map { [goals.x.figure($0.result), goals.y.figure($0.result)] }
        let front = Set(ParetoFront.indices(figures))
        return ParetoChart(
            goals: goals,
            points: points.enumerated().map { index, point in
                ParetoChart.Point(
                    name: zip(axes, point.values).map { "\($0.field.name)=\($1)" }.joined(separator: " "),
                    x: Estimate([figures[index][0]].map { $0.isFinite ? $0 : nil }),
                    y: Estimate([figures[index][1]].map { $0.isFinite ? $0 : nil }), isOnFront: front.contains(index))
            }
        ).chart
    }

    package var html: String {
        var page = HTMLPage(title)
        page.add(HTMLPage.scrolling("<pre>\(HTMLPage.escaped(table))</pre>", name: "Figures"))
        page.add(chart)
        return page.text
    }
}
