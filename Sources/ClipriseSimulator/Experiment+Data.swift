internal import ClipriseWire

extension Experiment {
    /// The experiment as one JSON document: every figure of every seed, its interval, and every comparison.
    package var json: [UInt8] {
        JSONWriter.line { writer in
            writer.member("run", object: head.write)
            writer.member("settings", objects: head.settings.indices) { write(setting: $1, to: &$0) }
            writer.member("comparisons", array: comparisons) { writer, comparison in writer.object(comparison) }
            if head.isGrid, let chosen { writer.member("chosen", head.settings[chosen].name) }
            writer.member("front", texts: front.map { head.settings[$0].name })
        }
    }

    private func write(setting: Int, to writer: inout JSONWriter) {
        writer.member("name", head.settings[setting].name)
        for figure in Figure.allCases {
            writer.key(text: figure.rawValue)
            Self.write(values(figure, of: setting, in: judging), to: &writer)
        }
        writer.member("goals") { writer in
            for (index, goal) in head.goals.enumerated() {
                writer.key(text: goal.rawValue)
                writer.object { writer in
                    if head.isGrid {
                        writer.key("chosen_by")
                        Self.write(values(index, goalOf: setting, in: choosing), to: &writer)
                    }
                    writer.key("judged_by")
                    Self.write(values(index, goalOf: setting, in: judging), to: &writer)
                }
            }
        }
    }

    private static func write(_ values: [Double?], to writer: inout JSONWriter) {
        let estimate = Estimate(values)
        writer.object { writer in
            writer.member("mean", json: number(estimate.mean))
            writer.member("low", json: number(estimate.low))
            writer.member("high", json: number(estimate.high))
            writer.member("seeds", array: values) { $0.raw(number($1).utf8) }
        }
    }

    /// Each as what writes it.
    private var comparisons: [(inout JSONWriter) -> Void] {
        guard head.settings.count > 1 else { return [] }
        if head.isGrid {
            return goalContrasts.enumerated().flatMap { index, contrasts in
                zip(head.goals, contrasts).map { goal, contrast in
                    { write(goal.rawValue, index + 1, contrast, lessIsBetter: true, to: &$0) }
                }
            }
        }
        return contrasts.enumerated().flatMap { index, contrasts in
            zip(Self.comparedFigures, contrasts).map { figure, contrast in
                { write(figure.rawValue, index + 1, contrast, lessIsBetter: figure.better == .less, to: &$0) }
            }
        }
    }

    private func write(
        _ figure: String, _ setting: Int, _ contrast: Contrast, lessIsBetter: Bool, to writer: inout JSONWriter
    ) {
        writer.member("figure", figure)
        writer.member("setting", head.settings[setting].name)
        writer.member("against", head.settings[0].name)
        writer.member("difference", json: Self.number(contrast.difference.mean))
        writer.member("low", json: Self.number(contrast.difference.low))
        writer.member("high", json: Self.number(contrast.difference.high))
        writer.member("p", json: Self.number(contrast.chance))
        writer.member("p_corrected", json: Self.number(contrast.correctedChance))
        writer.member("verdict", contrast.verdict(lessIsBetter: lessIsBetter).rawValue)
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
