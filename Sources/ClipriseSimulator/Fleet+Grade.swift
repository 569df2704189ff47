internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseReport
internal import ClipriseScenario

extension Fleet {
    /// What the report says of the accounts that keep a journal; nil when none does.
    func grade() -> RunResult.Grade? {
        let graded = min(settings.gradedAccounts, world.accounts.count)
        guard graded > 0 else { return nil }
        let models = settings.catalog.models.map(\.id)
        let views = world.accounts[..<graded].map { $0.journalView(models: models) }
        let report = Grade.report(of: views, expectations: settings.scenario.expectations)
        return RunResult.Grade(
            letter: report.letter?.rawValue, failed: report.verdicts.filter { $0.outcome == .fail }.map(\.title),
            accounts: graded, isSample: graded < world.accounts.count, breaksExpectations: report.failed)
    }
}
