internal import ClipriseBundle
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseReport

extension Fleet {
    /// The journals of those of some accounts that keep one.
    func views(_ accounts: Range<Int>) -> [JournalView] {
        guard settings.gradedAccounts > 0 else { return [] }
        let models = settings.catalog.models.ids
        let (first, stride) = (world.setup.firstAccount, settings.gradedStride)
        return accounts.filter { (first + $0) % stride == 0 }
            .map { world.accounts[$0].journalView(models: models) }
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
