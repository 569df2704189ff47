internal import ClipriseJournal
internal import ClipriseWire

extension Report {
    /// The accounts that are listed by themselves in texts; of more only those with failures, and at most this many.
    static let accountLimit = 20

    /// The report for a terminal.
    ///
    /// - Parameters:
    ///   - colour: Whether to use the colours of ECMA-48 terminals.
    ///   - width: Columns; sentences are broken at words. At least 60.
    ///   - explains: Whether to say how calls, waits and the letter come about.
    public func text(colour: Bool = false, width: Int = 80, explains: Bool = false) -> String {
        var page = TextPage(colour: colour, width: max(60, width))
        writeHead(&page)
        let shown = verdicts.filter { $0.outcome != .notExercised || $0.isUnclear }
        let (money, rest) = (shown.filter { $0.isCostly && $0.outcome != .pass }, shown)
        page.heading("Money", when: !money.isEmpty || !breaches.isEmpty)
        for verdict in money { page.verdict(verdict) }
        writeBreaches(&page)
        let others = rest.filter { verdict in !money.contains(verdict) }
        let demanded = others.filter(\.isDemanded)
        page.heading(hasDemands ? "Expected" : "Properties", when: !demanded.isEmpty)
        for verdict in demanded { page.verdict(verdict) }
        let informative = others.filter { !$0.isDemanded }
        page.heading("Also judged, for information", when: !informative.isEmpty)
        for verdict in informative { page.verdict(verdict) }
        writeIdle(&page)
        writeMoney(&page)
        writeCalls(&page)
        page.heading("Refusals", when: !refusals.isEmpty)
        for refusal in refusals.prefix(Refusal.listed) { page.paragraph("\(refusal)") }
        if let moreRefusals { page.paragraph(moreRefusals) }
        page.heading("Warnings", when: !doubts.isEmpty)
        for doubt in doubts.prefix(Doubt.listed) { page.paragraph("\(doubt)") }
        if let moreDoubts { page.paragraph(moreDoubts) }
        guard explains else { return page.text }
        page.heading("How this was judged")
        page.paragraph("Letter. \(Letter.rule)")
        page.paragraph("Calls. \(ClientCalls.rule)")
        page.paragraph("Waits. \(Waits.rule)")
        page.paragraph("Chance. \(WaitHabit.rule)")
        return page.text
    }

    private var hasDemands: Bool { verdicts.contains(where: \.isExpected) }

    /// What could not be broken, on a line of its own for each kind: names only, and why where a scenario asks for it.
    private func writeIdle(_ page: inout TextPage) {
        let idle = verdicts.filter { $0.outcome == .notExercised && !$0.isUnclear }
        guard !idle.isEmpty || !idleRules.isEmpty || !undrawnRules.isEmpty else { return }
        page.heading("Not exercised")
        for verdict in idle where verdict.isExpected { page.paragraph("\(verdict.title): \(verdict.seen)") }
        let names = idle.filter { !$0.isExpected }.map(\.title)
        if !names.isEmpty { page.paragraph(names.joined(separator: ", ")) }
        if !idleRules.isEmpty {
            page.paragraph("never acted: \(idleRules.map { "rule \($0)" }.joined(separator: ", "))")
        }
        if !undrawnRules.isEmpty {
            let rules = undrawnRules.map { "rule \($0.name) (\(NumberText.count($0.draws, "draw")))" }
            page.paragraph("never drawn by chance: \(rules.joined(separator: ", "))")
        }
    }

    private func writeHead(_ page: inout TextPage) {
        page.title(headline, failed ? .red : .green)
        page.title(gradeLine, letter.map { $0 == .a ? .green : $0 == .f ? .red : .yellow } ?? .dim)
        if let warningLine { page.title(warningLine, .yellow) }
        for account in accounts.prefix(Self.accountLimit) {
            var parts = ["account \(account.name)"]
            if !account.scenarioName.isEmpty {
                parts.append("scenario \(account.scenarioName) \(account.scenarioHash.hex.prefix(8))")
            }
            parts.append("seed \(account.seed)")
            if account.evicted > account.lost {
                parts.append("\(NumberText.count(account.evicted - account.lost, "event")) cleared")
            }
            if account.lost > 0 { parts.append("\(NumberText.count(account.lost, "event")) no longer kept") }
            page.title(parts.joined(separator: ", "), .dim, isBold: false)
        }
        if accounts.count > Self.accountLimit {
            page.line([.plain("and \(NumberText.count(accounts.count - Self.accountLimit, "more account"))", .dim)])
        }
    }

    private func writeBreaches(_ page: inout TextPage) {
        for breach in breaches.prefix(50) {
            let place = breach.sequence.map { " #\($0)" } ?? ""
            let difference = breach.difference == 0 ? "" : " (difference \(NumberText.grouped(breach.difference)))"
            page.item("FAIL", .red, "\(breach.account)\(place)", breach.message + difference)
        }
    }

    private func writeMoney(_ page: inout TextPage) {
        page.heading("Credits")
        var rows = [["account", "paid in", "captured", "held", "available", ""]]
        var shown = accounts.filter { !$0.audit.breaches.isEmpty }
        if accounts.count <= Self.accountLimit { shown = accounts }
        for account in shown.prefix(Self.accountLimit) {
            let sums = account.audit.money
            rows.append(
                [account.name] + [sums.paidIn, sums.captured, sums.held, sums.available].map { NumberText.grouped($0) }
                    + [account.audit.breaches.isEmpty ? "adds up" : "DOES NOT ADD UP"])
        }
        if rows.count > 1 { page.table(rows, leftAligned: [0, 5]) }
        if shown.count < accounts.count {
            page.paragraph("\(NumberText.count(accounts.count - shown.count, "account")) more, whose money adds up")
        }
        for account in shown.prefix(Self.accountLimit) {
            for text in account.audit.unchecked { page.item("–", .dim, account.name, "not checked: \(text)") }
        }
    }

    private func writeCalls(_ page: inout TextPage) {
        page.heading("Calls")
        var rows = [["kind", "calls", "requests", "retries", "most of one"]]
        for summary in calls {
            rows.append(
                [summary.kind]
                    + [summary.calls, summary.attempts, summary.retries, summary.mostAttempts].map {
                        NumberText.grouped($0)
                    })
        }
        page.table(rows, leftAligned: [0])
        page.paragraph(
            "\(NumberText.count(counts.requests, "request")), \(NumberText.count(counts.faults, "fault")) put in, "
                + "\(NumberText.count(counts.tasks, "task")) (\(NumberText.grouped(counts.succeeded)) succeeded, "
                + "\(NumberText.grouped(counts.failed)) failed), \(NumberText.count(counts.callbacks, "callback"))"
                + (counts.inFlight > 0 ? ", \(NumberText.grouped(counts.inFlight)) still in flight" : ""))
        for habit in habits { page.paragraph(habit) }
    }
}
