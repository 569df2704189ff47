internal import ClipriseWire

extension Experiment {
    /// The experiment as one JSON document: every figure of every seed, its interval, and every comparison.
    package var json: [UInt8] {
        var line = JSONLine()
        line.raw("run", head.json)
        line.list("settings", head.settings.indices.map(settingJSON))
        line.list("comparisons", comparisonsJSON)
        if head.isGrid, let chosen { line.text("chosen", head.settings[chosen].name) }
        line.list("front", front.map { JSONLine.quoted(Array(head.settings[$0].name.utf8)) })
        var bytes: [UInt8] = []
        line.end(&bytes)
        return bytes
    }

    private func settingJSON(_ setting: Int) -> String {
        var line = JSONLine()
        line.text("name", head.settings[setting].name)
        for figure in Figure.allCases {
            line.raw(figure.rawValue, Self.json(values(figure, of: setting, in: judging)))
        }
        var goals = JSONLine()
        for (index, goal) in head.goals.enumerated() {
            var object = JSONLine()
            if head.isGrid { object.raw("chosen_by", Self.json(values(index, goalOf: setting, in: choosing))) }
            object.raw("judged_by", Self.json(values(index, goalOf: setting, in: judging)))
            goals.raw(goal.rawValue, object.object)
        }
        line.raw("goals", goals.object)
        return line.object
    }

    private static func json(_ values: [Double?]) -> String {
        let estimate = Estimate(values)
        var line = JSONLine()
        line.raw("mean", number(estimate.mean))
        line.raw("low", number(estimate.low))
        line.raw("high", number(estimate.high))
        line.list("seeds", values.map(number))
        return line.object
    }

    private var comparisonsJSON: [String] {
        guard head.settings.count > 1 else { return [] }
        if head.isGrid {
            return goalContrasts.enumerated().flatMap { index, contrasts in
                zip(head.goals, contrasts).map { goal, contrast in
                    comparison(goal.rawValue, index + 1, contrast, lessIsBetter: true)
                }
            }
        }
        return contrasts.enumerated().flatMap { index, contrasts in
            zip(Self.comparedFigures, contrasts).map { figure, contrast in
                comparison(figure.rawValue, index + 1, contrast, lessIsBetter: figure.better == .less)
            }
        }
    }

    private func comparison(_ figure: String, _ setting: Int, _ contrast: Contrast, lessIsBetter: Bool) -> String {
        var line = JSONLine()
        line.text("figure", figure)
        line.text("setting", head.settings[setting].name)
        line.text("against", head.settings[0].name)
        line.raw("difference", Self.number(contrast.difference.mean))
        line.raw("low", Self.number(contrast.difference.low))
        line.raw("high", Self.number(contrast.difference.high))
        line.raw("p", Self.number(contrast.chance))
        line.raw("p_corrected", Self.number(contrast.correctedChance))
        line.text("verdict", contrast.verdict(lessIsBetter: lessIsBetter).rawValue)
        return line.object
    }

    /// A line for each setting and figure (RFC 4180).
    package var csv: String {
        var text = "setting,figure,mean,low,high,seeds,missing,verdict\r\n"
        let contrasts = contrasts
        for setting in head.settings.indices {
            for figure in Figure.allCases {
                let estimate = Estimate(values(figure, of: setting, in: judging))
                var verdict = ""
                if setting > 0, let place = Self.comparedFigures.firstIndex(of: figure) {
                    verdict = contrasts[setting - 1][place].verdict(lessIsBetter: figure.better == .less).rawValue
                }
                let cells = [
                    Comparison.quotedCSV(head.settings[setting].name), figure.rawValue, Self.cell(estimate.mean),
                    Self.cell(estimate.low), Self.cell(estimate.high), "\(estimate.count)", "\(estimate.missing)",
                    verdict,
                ]
                text += cells.joined(separator: ",") + "\r\n"
            }
        }
        return text
    }

    private static func cell(_ number: Double?) -> String {
        number.map { FigureText.fixed($0, digits: 4, trimmed: true) } ?? ""
    }
}
