internal import ClipriseAdmin
internal import ClipriseReport
internal import ClipriseScenario

extension Service {
    func perform(_ command: ReportCommand) throws(AdminProblem) -> AdminAnswer {
        switch command {
        case .verify(let key, let expected):
            // Only whoever asks for it wants to know what was left behind: else a task may well be running.
            let isOver = expected.contains { $0.kind == .property(.noWaste) }
            let views = try accounts(key).map { journal(of: $0, isOver: isOver) }
            let report = Grade.report(of: views, expectations: expected)
            return .verdicts(passed: !report.failed, verdicts: report.verdictsJSON)
        case .grade(let key, let given, let isFinal, let form):
            let cells = try accounts(key)
            guard let given else {
                let report = report(on: cells, with: key == nil ? worldsInForce : [], isOver: isFinal)
                return form == .text ? .text(Array(report.text().utf8)) : .json(report.json)
            }
            return .json(Grade.report(of: cells.map { journal(of: $0, isOver: isFinal) }, expectations: given).json)
        }
    }
}
