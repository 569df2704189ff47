internal import ClipriseJournal
internal import ClipriseWire

extension Report {
    /// The accounts that are listed by themselves in texts; of more only those with failures, and at most this many.
    static let accountLimit = 20

    /// The report for a terminal.
    ///
    /// - Parameters:
    ///   - colour: Whether to use the colours of ECMA-48 terminals.
    ///   - width: Columns; sentences are broken at words. At least 80.
    package func text(colour: Bool = false, width: Int = 100) -> String {
        var page = TextPage(colour: colour, width: max(80, width))
        writeHead(&page)
        page.heading("Expected", when: hasDemands)
        if hasDemands { for verdict in verdicts where verdict.isDemanded { page.verdict(verdict) } }
        page.heading(hasDemands ? "Also judged, for information" : "Properties", when: !informative.isEmpty)
        for verdict in informative { page.verdict(verdict) }
        writeMoney(&page)
        writeCalls(&page)
        if !idleRules.isEmpty {
            page.heading("Not exercised")
            for rule in idleRules { page.item("–", .dim, "rule \(rule)", "never acted") }
        }
        page.heading("Refusals", when: !refusals.isEmpty)
        for refusal in refusals.prefix(Refusal.listed) { page.paragraph("\(refusal)") }
        if let moreRefusals { page.paragraph(moreRefusals) }
        page.heading("How this was judged")
        page.paragraph("Letter. \(Letter.rule)")
        page.paragraph("Calls. \(Calls.rule)")
        page.paragraph("Waits. \(Waits.rule)")
        page.paragraph("Chance. \(WaitHabit.rule)")
        return page.text
    }

    private var hasDemands: Bool { verdicts.contains { !$0.isDemanded } || verdicts.contains { !$0.isProperty } }
    private var informative: [Verdict] { hasDemands ? verdicts.filter { !$0.isDemanded } : verdicts }

    /// `2 failed, 9 passed, 1 not exercised`.
    var tally: String {
        let demanded = verdicts.filter(\.isDemanded)
        func count(_ outcome: Verdict.Outcome) -> Int { demanded.count { $0.outcome == outcome } }
        var parts = ["\(count(.fail)) failed", "\(count(.pass)) passed", "\(count(.notExercised)) not exercised"]
        if !breaches.isEmpty { parts.insert("money does not add up", at: 0) }
        return parts.joined(separator: ", ")
    }

    /// The tally, and why the letter is not a better one.
    var headline: String { letterReason.map { "\(tally); \($0)" } ?? tally }

    private func writeHead(_ page: inout TextPage) {
        // On the line of the letter where there is room.
        let isShort = headline.count + 19 <= page.width
        page.line([
            .bold(
                "Grade \(letter?.rawValue ?? "–")", letter.map { $0 == .a ? .green : $0 == .f ? .red : .yellow } ?? .dim
            ),
            .plain("   "), .plain(failed ? "FAILED" : "passed", failed ? .red : .green),
            .plain(": \(isShort ? headline : tally)"),
        ])
        if !isShort, let letterReason { page.paragraph(letterReason) }
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
            page.line([.plain(parts.joined(separator: ", "), .dim)])
        }
        if accounts.count > Self.accountLimit {
            page.line([.plain("and \(accounts.count - Self.accountLimit) more accounts", .dim)])
        }
    }

    private func writeMoney(_ page: inout TextPage) {
        page.heading("Money")
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
        for breach in breaches.prefix(50) {
            let place = breach.sequence.map { " #\($0)" } ?? ""
            let difference = breach.difference == 0 ? "" : " (difference \(NumberText.grouped(breach.difference)))"
            page.item("FAIL", .red, "\(breach.account)\(place)", breach.message + difference)
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
        for habit in retries { page.paragraph("Before a retry, \(habit.kind): \(habit)") }
        page.paragraph("Between polls: \(polling)")
    }
}
