internal import ClipriseScenario
internal import ClipriseWire

extension Hunt.Outcome {
    /// What was searched, and what was found, as comments above the scenario that shows it.
    ///
    /// - Parameter again: The command that shows the failure with the scenario in a file `FILE`.
    package func text(again: String) -> String {
        let searched =
            "\(FigureText.count(rounds, "schedule")), \(FigureText.count(coverage, "state")) seen"
        guard let finding else { return "Nothing found: \(searched).\n" }
        var text =
            "# Found in round \(finding.round) of \(searched); \(failures) of them \(failures == 1 ? "fails" : "fail").\n"
        text +=
            "# \(DecimalText.count(finding.faultsBefore, "fault")) became \(finding.faultsAfter); "
            + "\(DecimalText.count(finding.trial.cost, "credit")) \(finding.trial.cost == 1 ? "is" : "are") lost.\n"
        if finding.faultsAfter == 0 { text += "# It fails without any added fault too.\n" }
        for title in finding.trial.failing {
            text += "# fails: \(title.split(whereSeparator: \.isNewline).joined(separator: " "))\n"
        }
        text += "# again: \(again.split(whereSeparator: \.isNewline).joined(separator: " "))\n"
        return text + finding.scenario.text
    }
}
