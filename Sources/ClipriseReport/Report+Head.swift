extension Report {
    /// What was lost, in one sentence without its full stop: money first, habits second.
    ///
    /// `FAILED: 36 of 48 credits bought nothing (3 tasks paid, never fetched)`.
    public var headline: String {
        let spending = spending
        if spending.lost > 0 {
            return
                "FAILED: \(NumberText.grouped(spending.lost)) of \(NumberText.credits(spending.spent)) bought "
                + "nothing (\(reasons(spending)))"
        }
        guard failed else {
            return counts.requests == 0 ? "nothing was tried: no request came" : "passed: \(achievement(spending))"
        }
        if !breaches.isEmpty { return "FAILED: money does not add up" }
        let names = failing.map(\.title) + troubles
        let listed = names.prefix(3).joined(separator: "; ")
        return "FAILED: \(listed)" + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }

    /// What makes the run fail; the costly ones first.
    private var failing: [Verdict] {
        let all = verdicts.filter(\.failsRun)
        return all.filter(\.isCostly) + all.filter { !$0.isCostly }
    }

    private func reasons(_ spending: Spending) -> String {
        var reasons: [String] = []
        if spending.neverFetched > 0 {
            reasons.append("\(NumberText.count(spending.neverFetched, "task")) paid, never fetched")
        }
        if spending.boughtAgain > 0 {
            reasons.append("\(NumberText.count(spending.boughtAgain, "job")) bought again")
        }
        return reasons.joined(separator: "; ")
    }

    private func achievement(_ spending: Spending) -> String {
        if counts.generates > 0, counts.tasks == 0 {
            return "\(Self.noneAccepted(counts.generates)), so no credit was spent"
        }
        // What the wire cannot show is not called well.
        let isUnclear = verdicts.contains { $0.isUnclear && $0.isCostly }
        let never = spending.undelivered
        var found = spending.delivered > 0 ? ["\(NumberText.count(spending.delivered, "task")) paid and fetched"] : []
        if isUnclear {
            found.append("whether a job was bought twice is unclear")
        } else if never == 0 {
            found.append(found.isEmpty ? "nothing was lost" : "no credit lost")
        } else if found.isEmpty {
            found.append("nothing was fetched")
        }
        var parts = [found.joined(separator: ", ")]
        if never > 0 {
            parts.append("\(NumberText.credits(never)) for what never came")
        }
        return parts.joined(separator: "; ")
    }

    /// `none of 6 generates was accepted`.
    static func noneAccepted(_ generates: Int) -> String {
        generates == 1
            ? "the only generate was not accepted" : "none of \(NumberText.grouped(generates)) generates was accepted"
    }

    /// `2 failed, 9 passed, 1 not exercised`.
    var tally: String {
        let demanded = verdicts.filter(\.isDemanded)
        func count(_ outcome: Verdict.Outcome) -> Int { demanded.count { $0.outcome == outcome && !$0.isUnclear } }
        var parts = ["\(count(.fail)) failed", "\(count(.pass)) passed", "\(count(.notExercised)) not exercised"]
        let unclear = demanded.count(where: \.isUnclear)
        if unclear > 0 { parts.append("\(unclear) unclear") }
        if !breaches.isEmpty { parts.insert("money does not add up", at: 0) }
        return parts.joined(separator: ", ")
    }

    /// How long the client waited, of each kind of wait that it chose itself.
    var habits: [String] {
        retries.filter { $0.samples > 0 }.map { "Before a retry, \($0.kind): \($0)" }
            + (polling.samples > 0 ? ["Between polls: \(polling)"] : [])
    }

    /// The letter with the tally, and why it is not a better one: `Grade F: 2 failed, 1 passed, 0 not exercised`.
    var gradeLine: String {
        "Grade \(letter?.rawValue ?? "–"): \(tally)" + (letterReason.map { "; \($0)" } ?? "")
    }
}

extension Verdict {
    /// Whether it is on a property that costs money or the key.
    var isCostly: Bool { isProperty && Self.costlyNames.contains(name) }
}
