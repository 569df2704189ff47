internal import ClipriseJournal
internal import ClipriseWire

extension Report {
    /// The report for a pull request or a job summary: GitHub-flavoured Markdown.
    public var markdown: String {
        var page = "## Grade \(letter?.rawValue ?? "–"): \(failed ? "failed" : "passed")\n\n"
        page += "**\(Markdown.escape(headline))**. \(Markdown.escape(gradeLine)).\n\n"
        if let warningLine { page += "⚠️ \(Markdown.escape(warningLine)).\n\n" }
        page += "| | | seen | samples |\n|---|---|---|--:|\n"
        for verdict in verdicts {
            let mark =
                switch verdict.outcome {
                case .pass: "✅ pass"
                case .fail: verdict.isDemanded ? "❌ **fail**" : "⚠️ fail"
                case .notExercised: verdict.isUnclear ? "❔ unclear" : "➖ not exercised"
                }
            let samples = verdict.samples.map { NumberText.grouped($0) } ?? ""
            page += "| \(mark) | \(Markdown.escape(verdict.title)) | \(Markdown.escape(verdict.seen)) | \(samples) |\n"
        }
        let failing = verdicts.filter { $0.outcome == .fail }
        if !failing.isEmpty {
            page += "\n### What to change\n\n"
            for verdict in failing {
                page += "* **\(Markdown.escape(verdict.title))**: \(Markdown.escape(verdict.change ?? verdict.seen))."
                page += "\n"
                for text in verdict.evidence.prefix(5).flatMap(\.texts) { page += "  * \(Markdown.escape(text))\n" }
            }
        }
        return page + refusalTable + doubtTable + money + fits
    }

    private var refusalTable: String {
        guard !refusals.isEmpty else { return "" }
        var page = "\n### Refusals\n\n| count | request | status | by | why |\n|--:|---|--:|---|---|\n"
        for refusal in refusals.prefix(Refusal.listed) {
            page += "| \(NumberText.grouped(refusal.count)) | \(refusal.operation) | \(refusal.status) | "
            page += "\(Markdown.escape(refusal.origin)) | \(Markdown.escape(refusal.why ?? "")) |\n"
        }
        if let moreRefusals { page += "\n\(moreRefusals)\n" }
        return page
    }

    private var doubtTable: String {
        guard !doubts.isEmpty else { return "" }
        var page =
            "\n### Warnings\n\n| count | in the body | what | says | model | first |\n|--:|---|---|---|---|---|\n"
        for doubt in doubts.prefix(Doubt.listed) {
            page +=
                "| \(NumberText.grouped(doubt.count)) | \(Markdown.escape(doubt.key)) | \(Markdown.escape(doubt.problem)) "
            page += "| \(Markdown.escape(doubt.from)) | \(Markdown.escape(doubt.model ?? "")) "
            page += "| \(Markdown.escape("\(doubt.account) #\(doubt.sequence)")) |\n"
        }
        if let moreDoubts { page += "\n\(moreDoubts)\n" }
        return page
    }

    private var money: String {
        var page = "\n### Money\n\n| account | paid in | captured | held | available | |\n|---|--:|--:|--:|--:|---|\n"
        let shown = accounts.count <= Self.accountLimit ? accounts : accounts.filter { !$0.audit.breaches.isEmpty }
        for account in shown.prefix(Self.accountLimit) {
            let sums = account.audit.money
            let cells = [sums.paidIn, sums.captured, sums.held, sums.available].map { NumberText.grouped($0) }
            page += "| \(Markdown.escape(account.name)) | \(cells.joined(separator: " | ")) | "
            page += account.audit.breaches.isEmpty ? "adds up |\n" : "**does not add up** |\n"
        }
        if shown.count < accounts.count {
            page += "\n\(NumberText.count(accounts.count - shown.count, "account")) more, whose money adds up.\n"
        }
        if !breaches.isEmpty { page += "\n" }
        for breach in breaches.prefix(50) {
            let place = breach.sequence.map { " #\($0)" } ?? ""
            page += "* \(Markdown.escape(breach.account + place + ": " + breach.message))"
            page += " (difference \(NumberText.grouped(breach.difference)))\n"
        }
        return page
    }

    private var fits: String {
        var page = "\n<details><summary>Calls and waits</summary>\n\n"
        page += "| | calls | requests | retries | most of one |\n|---|--:|--:|--:|--:|\n"
        for summary in calls {
            let cells = [summary.calls, summary.attempts, summary.retries, summary.mostAttempts].map {
                NumberText.grouped($0)
            }
            page += "| \(summary.kind) | \(cells.joined(separator: " | ")) |\n"
        }
        page += "\n"
        for habit in habits { page += "* \(Markdown.escape(habit))\n" }
        for rule in idleRules { page += "* Rule \(Markdown.escape(rule)) never acted\n" }
        for rule in undrawnRules {
            page += "* Rule \(Markdown.escape(rule.name)) was never drawn (\(NumberText.count(rule.draws, "draw")))\n"
        }
        for rule in [Letter.rule, ClientCalls.rule, Waits.rule, WaitHabit.rule] {
            page += "\n\(Markdown.escape(rule))\n"
        }
        return page + "\n</details>\n"
    }
}

/// Text for Markdown, inside a table as well.
enum Markdown {
    private static let special: Set<Unicode.Scalar> = ["\\", "`", "*", "_", "[", "]", "|", "~", "$"]

    /// Puts a backslash before what Markdown would read as its own; a line end becomes a space, and what nobody sees an
    /// escape.
    ///
    /// `<`, `>` and `&` become character references, for GitHub reads HTML even behind a backslash in some places, and
    /// so does `@`, which would call people, and `#` before a digit, which would name an issue.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in Printable.escaping(text, keeping: ["\n", "\r", "\t"]).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "@": escaped += "&#64;"
            case "#": escaped += "&#35;"
            case _ where special.contains(scalar): escaped += "\\\(Character(scalar))"
            case "\n", "\r", "\t": escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
