internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseReport
internal import ClipriseScenario

extension Fleet {
    /// What the report says of those of some accounts that keep a journal; nil when none does.
    func judged(_ accounts: Range<Int>) -> (report: Report, views: [JournalView])? {
        guard settings.gradedAccounts > 0 else { return nil }
        let models = settings.catalog.models.ids
        let views = stride(from: 0, to: world.accounts.count, by: settings.gradedStride).filter(accounts.contains)
            .map { index in world.accounts[index].journalView(models: models) }
        guard !views.isEmpty else { return nil }
        return (Grade.report(of: views, expectations: settings.scenario.expectations), views)
    }

    static func grade(_ report: Report, _ views: [JournalView], of accounts: Int) -> RunResult.Grade {
        let failed = report.verdicts.filter { $0.outcome == .fail }
        let reasons = failed.map { verdict in
            let proof = verdict.evidence.first { !$0.lines.isEmpty }
            return RunResult.Reason(
                name: verdict.title, seen: verdict.seen, account: proof?.account ?? "",
                evidence: Array((proof?.lines ?? []).prefix(3)))
        }
        return RunResult.Grade(
            letter: report.letter?.rawValue, failed: failed.map(\.title), reasons: reasons,
            accounts: views.count, isSample: views.count < accounts,
            evicted: views.reduce(0) { $0 + $1.evicted }, breaksExpectations: report.failed)
    }
}
