internal import ClipriseWire

extension Report {
    /// The report as JUnit XML: a suite for each account, a case for each verdict and one for the money; and one suite for
    /// what only all accounts together show, or none.
    ///
    /// What is judged for information only is a case that never fails; its verdict stands in its output.
    public var junit: String {
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        let suites = accounts.map { Suite($0, self) }
        let shared = sharedFailures
        let (tests, failures) = suites.reduce((shared.count + idleRules.count, shared.count)) {
            ($0.0 + $1.tests, $0.1 + $1.failures)
        }
        let skipped = suites.reduce(idleRules.count) { $0 + $1.skipped }
        xml += "<testsuites name=\"cliprise-mock\" \(Suite.counts(tests, failures, skipped))>\n"
        for suite in suites { xml += suite.xml }
        if !shared.isEmpty {
            xml += "  <testsuite name=\"\(Self.sharedName)\" \(Suite.counts(shared.count, shared.count, 0))>\n"
            xml += shared.joined() + "  </testsuite>\n"
        }
        if !idleRules.isEmpty {
            xml += "  <testsuite name=\"scenario\" \(Suite.counts(idleRules.count, 0, idleRules.count))>\n"
            for rule in idleRules {
                xml += "    <testcase classname=\"scenario\" name=\"\(Markup.escape("rule \(rule)"))\" time=\"0\">"
                xml += "<skipped message=\"never acted\"/></testcase>\n"
            }
            xml += "  </testsuite>\n"
        }
        return xml + "</testsuites>\n"
    }

    private static let sharedName = "all accounts"

    /// A case for each failure that no account has by itself.
    private var sharedFailures: [String] {
        let own = Set(accounts.flatMap(\.verdicts).filter(\.failsRun).map(\.title))
        return verdicts.filter { $0.failsRun && !own.contains($0.title) }.map { Suite.testcase($0, Self.sharedName) }
            + troubles.map { trouble in
                let text = Markup.escape(trouble)
                return "    <testcase classname=\"\(Self.sharedName)\" name=\"run\" time=\"0\">"
                    + "<failure message=\"\(text)\" type=\"run\">\(text)</failure></testcase>\n"
            }
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
            failures = breached + account.verdicts.count(where: \.failsRun)
            skipped = account.verdicts.count { $0.outcome == .notExercised }
        }

        var tests: Int { account.verdicts.count + 1 }

        static func counts(_ tests: Int, _ failures: Int, _ skipped: Int) -> String {
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
            for verdict in account.verdicts { xml += Self.testcase(verdict, name) }
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

        static func testcase(_ verdict: Verdict, _ account: String) -> String {
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
