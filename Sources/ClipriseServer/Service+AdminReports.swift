internal import ClipriseAdmin
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseReport
internal import ClipriseScenario
internal import ClipriseWire

/// What is judged.
extension Service {
    func perform(_ command: ReportCommand) throws(AdminProblem) -> AdminAnswer {
        switch command {
        case .verify(let key, let expected):
            let report = Grade.report(of: try accounts(key).map(journal(of:)), expectations: expected)
            return .verdicts(passed: !report.failed, verdicts: report.verdictsJSON)
        case .grade(let key, let given):
            let cells = try accounts(key)
            guard let given else { return .json(report(on: cells, with: key == nil ? worldsInForce : []).json) }
            return .json(Grade.report(of: cells.map(journal(of:)), expectations: given).json)
        }
    }
}
