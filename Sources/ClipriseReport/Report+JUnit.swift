internal import ClipriseWire

extension Report {
    /// The report as JUnit XML: a suite for each account, a case for each verdict and one for the money.
    ///
    /// What is judged for information only is a case that never fails; its verdict stands in its output.
    public var junit: String {
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        let suites = accounts.map { Suite($0, self) }
        xml += "<testsuites name=\"cliprise-mock\" \(Suite.totals(suites, idleRules: idleRules.count))>\n"
        for suite in suites { xml += suite.xml }
        if !idleRules.isEmpty {
            xml += "  <testsuite name=\"scenario\" tests=\"\(idleRules.count)\" failures=\"0\" errors=\"0\" "
            xml += "skipped=\"\(idleRules.count)\" time=\"0\">\n"
            for rule in idleRules {
                xml += "    <testcase classname=\"scenario\" name=\"\(Markup.escape("rule \(rule)"))\" time=\"0\">"
                xml += "<skipped message=\"never acted\"/></testcase>\n"
            }
            xml += "  </testsuite>\n"
        }
        return xml + "</testsuites>\n"
    }

    private struct Suite {
        let account: Account
        let grade: String
        let failures: Int
        let skipped: Int

        init(_ account: Account, _ report: Report) {
            self.account = account
            grade = (report.letter?.rawValue ?? "–") + (report.letterReason.map { ": \($0)" } ?? "")
            let breached = account.audit.breaches.isEmpty ? 0 : 1
            failures = breached + account.verdicts.count { $0.isDemanded && $0.outcome == .fail }
            skipped = account.verdicts.count { $0.outcome == .notExercised }
        }

        var tests: Int { account.verdicts.count + 1 }

        static func totals(_ suites: [Suite], idleRules: Int) -> String {
            counts(
                suites.reduce(idleRules) { $0 + $1.tests }, suites.reduce(0) { $0 + $1.failures },
                suites.reduce(idleRules) { $0 + $1.skipped })
        }

        private static func counts(_ tests: Int, _ failures: Int, _ skipped: Int) -> String {
            "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\" time=\"0\""
        }

        var xml: String {
            let name = Markup.escape(account.name)
            var xml = "  <testsuite name=\"\(name)\" \(Self.counts(tests, failures, skipped))>\n    <properties>\n"
            let properties =
                [
                    ("seed", String(account.seed)), ("scenario", account.scenarioName),
                    ("scenarioHash", account.scenarioHash.hex), ("evicted", String(account.evicted)),
                    ("grade", grade),
                ] + (account.counts.warned > 0 ? [("warned", String(account.counts.warned))] : [])
            for property in properties {
                xml += "      <property name=\"\(property.0)\" value=\"\(Markup.escape(property.1))\"/>\n"
            }
            xml += "    </properties>\n"
            for verdict in account.verdicts { xml += testcase(verdict, name) }
            let breaches = account.audit.breaches.map { breach in
                (breach.sequence.map { "#\($0): " } ?? "") + breach.message + " (difference \(breach.difference))"
            }
            xml += "    <testcase classname=\"\(name)\" name=\"money\" time=\"0\""
            xml +=
                breaches.isEmpty
                ? "/>\n"
                : "><failure message=\"money does not add up\" type=\"money\">"
                    + Markup.escape(breaches.joined(separator: "\n")) + "</failure></testcase>\n"
            var lines: [String] = []
            if !account.refusals.isEmpty {
                lines += ["refused:"] + account.refusals.prefix(Refusal.listed).map(\.description)
            }
            if !account.doubts.isEmpty {
                lines += ["warned:"] + account.doubts.prefix(Doubt.listed).map(\.description)
            }
            if !lines.isEmpty {
                xml += "    <system-out>\(Markup.escape(lines.joined(separator: "\n")))</system-out>\n"
            }
            return xml + "  </testsuite>\n"
        }

        private func testcase(_ verdict: Verdict, _ account: String) -> String {
            var xml = "    <testcase classname=\"\(account)\" name=\"\(Markup.escape(verdict.title))\" time=\"0\">"
            let evidence = verdict.evidence.flatMap(\.texts)
            switch verdict.outcome {
            case .notExercised:
                xml +=
                    "<skipped message=\"\(Markup.escape((verdict.isUnclear ? "unclear: " : "not exercised: ") + verdict.seen))\"/>"
            case .fail where verdict.isDemanded:
                let lines = [verdict.seen, verdict.change.map { "→ \($0)" }].compactMap(\.self) + evidence
                xml += "<failure message=\"\(Markup.escape(verdict.seen))\" type=\"\(Markup.escape(verdict.name))\">"
                xml += Markup.escape(lines.joined(separator: "\n")) + "</failure>"
            case .fail:
                let lines = ["failed, for information: \(verdict.seen)"] + evidence
                xml += "<system-out>\(Markup.escape(lines.joined(separator: "\n")))</system-out>"
            case .pass: xml += "<system-out>\(Markup.escape(verdict.seen))</system-out>"
            }
            return xml + "</testcase>\n"
        }
    }
}
