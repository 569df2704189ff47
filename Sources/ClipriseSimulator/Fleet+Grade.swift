internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseReport
internal import ClipriseScenario

extension Fleet {
    /// What the report says of the accounts that keep a journal; nil when none does.
    func grade() -> RunResult.Grade? {
        guard settings.gradedAccounts > 0 else { return nil }
        let models = settings.catalog.models.ids
        let views = stride(from: 0, to: world.accounts.count, by: settings.gradedStride).map { index in
            world.accounts[index].journalView(models: models)
        }
        let report = Grade.report(of: views, expectations: settings.scenario.expectations)
        return RunResult.Grade(
            letter: report.letter?.rawValue, failed: report.verdicts.filter { $0.outcome == .fail }.map(\.title),
            accounts: views.count, isSample: views.count < world.accounts.count,
            evicted: views.reduce(0) { $0 + $1.evicted }, breaksExpectations: report.failed)
    }
}
