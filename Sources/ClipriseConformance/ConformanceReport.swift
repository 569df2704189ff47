internal import ClipriseOpenAPI
package import ClipriseWire

/// What a run found.
package struct ConformanceReport: Sendable {
    package let profile: ContractProfile
    package private(set) var findings: [Finding] = []
    package internal(set) var sent = 0
    /// Requests that got no answer.
    package internal(set) var failures = 0
    /// The credits that were at stake in what was sent.
    package internal(set) var staked: Int64 = 0
    /// The account's credits before and after, where the server reports them.
    package var credits: (before: Int64, after: Int64)?
    package var note: String?
    /// The server, and the day as `2026-01-31`.
    package var server = ""
    package var day = ""

    init(profile: ContractProfile) { self.profile = profile }

    mutating func add(_ finding: Finding) { findings.append(finding) }

    package func count(_ verdict: Finding.Verdict) -> Int { findings.count { $0.verdict == verdict } }

    /// Whether credits went that no probe had at stake.
    package var lostCredits: Bool { credits.map { $0.before - $0.after > staked } ?? false }

    /// Whether nothing differs, something could be compared, and no credit is missing.
    package var isConforming: Bool { count(.differs) == 0 && count(.same) > 0 && !lostCredits }

    // MARK: Forms

    package var text: String {
        var text = "\(server.printable), held against the profile \(profile.rawValue)\n\n"
        let order = Clause.allCases.enumerated()
        let rank = Dictionary(uniqueKeysWithValues: order.map { ($0.element, $0.offset) })
        let sorted = findings.enumerated().sorted {
            (rank[$0.element.clause] ?? 0, $0.offset) < (rank[$1.element.clause] ?? 0, $1.offset)
        }
        for (_, finding) in sorted {
            text += (finding.verdict.rawValue + " ").padded(to: 15) + (finding.clause.rawValue + " ").padded(to: 8)
            text += finding.title
            if let reason = finding.reason { text += ": \(reason.printable)" }
            if !finding.aspects.isEmpty {
                text += ": \(finding.aspects.map(\.rawValue).joined(separator: ", "))"
            }
            text += "\n"
            guard finding.verdict == .differs else { continue }
            if let expected = finding.expected { text += "    expected \(Self.line(expected))\n" }
            if let received = finding.received { text += "    received \(Self.line(received))\n" }
        }
        return text + "\n" + summary
    }

    private var summary: String {
        var line = "\(count(.same)) same, \(count(.differs)) differ, \(count(.unknown)) could not tell; "
        line += DecimalText.count(sent, "request")
        if failures > 0 { line += ", \(failures) without an answer" }
        line += ", at most \(DecimalText.count(staked, "credit")) at stake"
        if let credits { line += "; credits before \(credits.before), after \(credits.after)" }
        if lostCredits { line += " (more than was at stake)" }
        line += ".\n"
        if let note { line += "\(note)\n" }
        return line
    }

    /// The longest body that is shown, in bytes.
    private static let shownLimit = 600

    private static func line(_ answer: Observation) -> String {
        let body = shown(answer.body)
        let type = answer.contentType.map { " \($0.printable)" } ?? ""
        return "\(answer.status)\(type) \(body.isEmpty ? "(empty)" : body.printable)"
    }

    private static func shown(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(shownLimit), as: UTF8.self)
        return body.count > shownLimit ? text + "… (\(body.count) bytes)" : text
    }

    package var json: String {
        var tree: JSONTree = [
            "server": .text(server), "day": .text(day), "profile": .text(profile.rawValue),
            "same": .number(Double(count(.same))), "differ": .number(Double(count(.differs))),
            "couldNotTell": .number(Double(count(.unknown))), "requests": .number(Double(sent)),
            "atStake": .number(Double(staked)),
        ]
        if let credits {
            tree["credits"] = ["before": .number(Double(credits.before)), "after": .number(Double(credits.after))]
        }
        tree["findings"] = .list(
            findings.map { finding in
                var item: JSONTree = [
                    "clause": .text(finding.clause.rawValue), "title": .text(finding.title),
                    "verdict": .text(finding.verdict.rawValue),
                ]
                if !finding.aspects.isEmpty { item["in"] = .list(finding.aspects.map { .text($0.rawValue) }) }
                if let reason = finding.reason { item["reason"] = .text(reason) }
                if let expected = finding.expected { item["expected"] = Self.tree(expected) }
                if let received = finding.received { item["received"] = Self.tree(received) }
                return item
            })
        return tree.pretty
    }

    private static func tree(_ answer: Observation) -> JSONTree {
        var tree: JSONTree = ["status": .number(Double(answer.status))]
        if let type = answer.contentType { tree["contentType"] = .text(type) }
        tree["body"] = .text(shown(answer.body))
        return tree
    }

    /// A suite with a case for each probe.
    package var junit: String {
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        xml += "<testsuites><testsuite name=\"conformance\" tests=\"\(findings.count)\" "
        xml += "failures=\"\(count(.differs))\" errors=\"0\" skipped=\"\(count(.unknown))\">\n"
        for finding in findings {
            xml += "  <testcase classname=\"\(finding.clause.rawValue)\" name=\"\(Markup.escape(finding.title))\""
            switch finding.verdict {
            case .same: xml += "/>\n"
            case .unknown: xml += "><skipped message=\"\(Markup.escape(finding.reason ?? ""))\"/></testcase>\n"
            case .differs:
                let message = finding.aspects.map(\.rawValue).joined(separator: ", ")
                let both =
                    "expected \(finding.expected.map(Self.line) ?? "")\nreceived "
                    + "\(finding.received.map(Self.line) ?? "")"
                let text = Markup.escape(both, keepsLines: true)
                xml += "><failure message=\"\(message)\">\(text)</failure></testcase>\n"
            }
        }
        return xml + "</testsuite></testsuites>\n"
    }
}
