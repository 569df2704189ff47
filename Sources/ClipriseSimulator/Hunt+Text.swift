internal import ClipriseScenario

extension Hunt.Outcome {
    /// What was searched, and what was found, as comments above the scenario that shows it.
    ///
    /// - Parameter again: The command that shows the failure with the scenario in a file `FILE`.
    package func text(again: String) -> String {
        let searched =
            "\(FigureText.grouped(Int64(rounds))) schedules, \(FigureText.grouped(Int64(coverage))) states seen"
        guard let finding else { return "Nothing found: \(searched).\n" }
        var text = "# Found in round \(finding.round) of \(searched); \(failures) of them fail.\n"
        text +=
            "# \(finding.faultsBefore) faults became \(finding.faultsAfter); \(finding.trial.cost) credits are lost.\n"
        if finding.faultsAfter == 0 { text += "# It fails without any added fault too.\n" }
        for title in finding.trial.failing {
            text += "# fails: \(title.split(whereSeparator: \.isNewline).joined(separator: " "))\n"
        }
        text += "# again: \(again.split(whereSeparator: \.isNewline).joined(separator: " "))\n"
        return text + finding.scenario.text
    }
}
