internal import ClipriseWire

extension Experiment {
    /// What was run, in one line.
    package var title: String {
        let (first, last) = (head.firstSeed, head.firstSeed &+ UInt64(head.seeds - 1))
        return head.fleet.title(head.seeds == 1 ? "seed \(first)" : "seeds \(first)–\(last)")
    }

    /// What is done to the worlds beside their seeds; empty for nothing.
    package var variationText: String {
        guard head.factor > 1 else { return "" }
        return
            "Outages and lives of tasks are up to \(FigureText.short(head.factor)) times as long or as short in each "
            + "world but the first."
    }

    package var table: String { head.isGrid ? gridTable : policyTable }

    // MARK: Policies

    /// The figures that are shown: those that say nothing here are left out.
    package var shownFigures: [Figure] {
        Figure.allCases.filter { figure in
            figure.isAlwaysShown
                || head.settings.indices.contains { setting in
                    values(figure, of: setting, in: judging).contains {
                        $0 != nil && (figure != .rejected || $0 != 0)
                    }
                        && (figure != .lostInOutage || hasOutage)
                }
        }
    }

    private var hasOutage: Bool {
        head.settings.indices.contains { setting in
            values(.recovery, of: setting, in: judging).contains { $0 != nil }
                || values(.lostInOutage, of: setting, in: judging).contains { $0 != 0 }
        }
    }

    /// A figure of a setting with its interval.
    package func cell(_ figure: Figure, _ setting: Int) -> String {
        Self.cell(Estimate(values(figure, of: setting, in: judging)), figure.text)
    }

    package static func cell(_ estimate: Estimate, _ text: (Double) -> String) -> String {
        guard let mean = estimate.mean else {
            return estimate.count == 0 ? "–" : "– in \(estimate.missing) of \(estimate.count + estimate.missing)"
        }
        guard let high = estimate.high, high > mean else { return text(mean) }
        return "\(text(mean)) ± \(text(high - mean))"
    }

    static func mark(_ verdict: Contrast.Verdict) -> String {
        switch verdict {
        case .better: "+"
        case .worse: "−"
        case .notDistinguishable: "≈"
        }
    }

    /// The figures that are shown, of each setting.
    ///
    /// - Parameter said: What stands behind a figure of a setting but the first; gets nil where nothing is compared.
    package func rows(_ said: (Contrast.Verdict?) -> String) -> [ComparisonRow] {
        let contrasts = contrasts
        return shownFigures.map { figure in
            let place = Self.comparedFigures.firstIndex(of: figure)
            let cells = head.settings.indices.map { setting in
                guard setting > 0 else { return cell(figure, setting) }
                let contrast = place.map { contrasts[setting - 1][$0] }
                return cell(figure, setting) + said(contrast?.verdict(lessIsBetter: figure.better == .less))
            }
            return ComparisonRow(name: figure.label, cells: cells, group: figure.group, best: [])
        }
    }

    private var policyTable: String {
        let rows = self.rows { $0.map { "  \(Self.mark($0))" } ?? "   " }
        let header = [""] + head.settings.enumerated().map { $0.element.name + ($0.offset > 0 ? "   " : "") }
        var text = title + "\n"
        if !head.fleet.about.isEmpty { text += head.fleet.about + "\n" }
        if !variationText.isEmpty { text += variationText + "\n" }
        text += "\n" + GroupedTable.text(header, rows)
        return text + "\n" + notes.map { $0 + "\n" }.joined()
    }

    /// How to read the figures, the verdicts in words, and what failed.
    package var notes: [String] {
        var notes: [String] = []
        if head.seeds > 1 {
            notes.append("Means of \(judging.count) seeds, ± half of the 95 % interval.")
        } else {
            notes.append("One seed gives no interval: give --seeds 30.")
        }
        if head.settings.count > 1, !head.isGrid {
            notes.append(
                "Compared with \(head.settings[0].name), seed by seed, at 5 % for all comparisons together (Holm): "
                    + "+ better, − worse, ≈ not distinguishable.")
            for (index, contrasts) in contrasts.enumerated() {
                notes.append("\(head.settings[index + 1].name): \(Self.words(contrasts))")
            }
        }
        for (index, setting) in head.settings.enumerated() where !head.isGrid {
            let failed = failedTitles(index)
            if !failed.isEmpty { notes.append("\(setting.name), failed: \(failed)") }
        }
        return notes
    }

    private static func words(_ contrasts: [Contrast]) -> String {
        let verdicts = zip(comparedFigures, contrasts).map { figure, contrast in
            (figure.label.drop { $0 == " " }, contrast.verdict(lessIsBetter: figure.better == .less))
        }
        let parts = [Contrast.Verdict.better, .worse].compactMap { verdict -> String? in
            let names = verdicts.filter { $0.1 == verdict }.map { String($0.0) }
            return names.isEmpty ? nil : "\(verdict.rawValue) in \(names.joined(separator: ", "))"
        }
        return parts.isEmpty ? "not distinguishable in anything" : parts.joined(separator: "; ")
    }

    /// Properties and expectations that failed, with the number of seeds where not all.
    private func failedTitles(_ setting: Int) -> String {
        var counts: [(title: String, count: Int)] = []
        for world in judging {
            for title in trial(world, setting)?.failed ?? [] {
                if let place = counts.firstIndex(where: { $0.title == title }) {
                    counts[place].count += 1
                } else {
                    counts.append((title, 1))
                }
            }
        }
        return counts.map {
            $0.count == judging.count ? $0.title : "\($0.title) (\($0.count) of \(judging.count) seeds)"
        }
        .joined(separator: ", ")
    }

    // MARK: Grids

    private var gridTable: String {
        let (contrasts, front, chosen) = (goalContrasts, Set(front), chosen)
        let header =
            head.axes + head.goals.map { "\($0.rawValue), chosen" } + head.goals.map { "\($0.rawValue), held out" }
            + ["done", "wasted", ""]
        var rows: [(mark: String, cells: [String])] = []
        for setting in head.settings.indices {
            var cells =
                setting == 0 ? ["as it is"] + head.axes.dropFirst().map { _ in "" } : head.settings[setting].values
            for (goal, kind) in head.goals.enumerated() {
                cells.append(Self.cell(Estimate(values(goal, goalOf: setting, in: choosing)), kind.text))
            }
            for (goal, kind) in head.goals.enumerated() {
                let text = Self.cell(Estimate(values(goal, goalOf: setting, in: judging)), kind.text)
                let verdict = setting > 0 ? Self.mark(contrasts[setting - 1][goal].verdict(lessIsBetter: true)) : " "
                cells.append("\(text)  \(verdict)")
            }
            cells += [cell(.done, setting), cell(.wasted, setting), ""]
            let isFront = head.goals.count > 1 && front.contains(setting)
            rows.append(((setting == chosen ? "*" : " ") + (isFront ? "○" : " "), cells))
        }
        var text = title + ", policy \(head.settings[0].name)\n"
        if !variationText.isEmpty { text += variationText + "\n" }
        let columns = TextColumns([header] + rows.map(\.cells))
        text += "\n  " + GroupedTable.line(header, columns)
        for row in rows { text += row.mark + GroupedTable.line(row.cells, columns) }
        return text + "\n" + gridNotes.map { $0 + "\n" }.joined()
    }

    /// The choice and what came of it, in sentences.
    package var gridNotes: [String] {
        let (choosers, judges) = (choosing.count, judging.count)
        var notes = [
            "Chosen by the first \(choosers) seeds, judged by the \(judges) held out: means ± half of the 95 % interval.",
            "Compared with the policy as it is, seed by seed, at 5 % for all comparisons together (Holm): + better, "
                + "− worse, ≈ not distinguishable.",
        ]
        if head.goals.count > 1 {
            notes.append("○ Pareto front: no other setting is as good at all goals, by the held-out means.")
        }
        guard let chosen else { return notes + ["No setting brings any job to a result."] }
        let goal = head.goals[0]
        let own = Self.cell(Estimate(values(0, goalOf: chosen, in: judging)), goal.text)
        guard chosen > 0 else {
            return notes + ["* Best \(goal.rawValue): the policy as it is; \(own) on the held-out seeds."]
        }
        let plain = Self.cell(Estimate(values(0, goalOf: 0, in: judging)), goal.text)
        let verdict = goalContrasts[chosen - 1][0].verdict(lessIsBetter: true)
        let words = verdict == .notDistinguishable ? "not distinguishable from" : "\(verdict.rawValue) than"
        notes.append(
            "* Best \(goal.rawValue): \(head.settings[chosen].name); \(own) on the held-out seeds, \(words) the policy as "
                + "it is (\(plain)).")
        return notes
    }
}
