internal import ClipriseScenario
internal import ClipriseWire

extension Report {
    /// Workflow commands for GitHub Actions, a line each: errors for what failed, notices for what was not exercised.
    ///
    /// They point at the line of the scenario that asked, when its file is known.
    public var gitHubAnnotations: String {
        var lines = spending.lost > 0 ? "::error title=cliprise-mock::\(Annotation.data(headline))\n" : ""
        for trouble in troubles { lines += "::error title=cliprise-mock::\(Annotation.data(trouble))\n" }
        for verdict in verdicts {
            switch verdict.outcome {
            case .pass: continue
            case .fail:
                let message =
                    [verdict.seen, verdict.change.map { "→ \($0)" }].compactMap(\.self)
                    + verdict.evidence.prefix(5).flatMap(\.texts)
                lines += command(verdict.isDemanded ? "error" : "warning", verdict, message.joined(separator: "\n"))
            case .notExercised where verdict.isUnclear:
                lines += command("warning", verdict, "unclear: \(verdict.seen)")
            case .notExercised where verdict.isExpected:
                lines += command("notice", verdict, "not exercised: \(verdict.seen)")
            case .notExercised: continue
            }
        }
        if letter == nil, let letterReason, !refusals.isEmpty {
            let message = [letterReason] + refusals.prefix(3).map(\.description)
            lines += "::warning title=no letter::\(Annotation.data(message.joined(separator: "\n")))\n"
        }
        for doubt in doubts.prefix(Doubt.listed) {
            let model = doubt.model.map { "\($0): " } ?? ""
            lines += "::warning title=\(Annotation.property("\(model)\(doubt.key)"))::\(Annotation.data("\(doubt)"))\n"
        }
        if let warningLine { lines += "::notice title=cliprise-mock::\(Annotation.data(warningLine))\n" }
        for breach in breaches.prefix(50) {
            let place = breach.sequence.map { " #\($0)" } ?? ""
            let message = "\(breach.account)\(place): \(breach.message) (difference \(breach.difference))"
            lines += "::error title=money does not add up::\(Annotation.data(message))\n"
        }
        for rule in idleRules {
            lines += "::notice title=\(Annotation.property("rule \(rule)"))::never acted\n"
        }
        return lines
    }

    private func command(_ word: String, _ verdict: Verdict, _ message: String) -> String {
        var properties: [String] = []
        if let scenarioFile = verdict.file ?? scenarioFile, let place = verdict.place {
            properties.append("file=\(Annotation.property(scenarioFile))")
            properties += ["line=\(place.line)", "col=\(place.column)"]
        }
        properties.append("title=\(Annotation.property(verdict.title))")
        return "::\(word) \(properties.joined(separator: ","))::\(Annotation.data(message))\n"
    }
}

/// Text for workflow commands, escaped as the runner's toolkit does it.
enum Annotation {
    static func data(_ text: String) -> String { replace(text, ["%": "%25", "\r": "%0D", "\n": "%0A"]) }

    static func property(_ text: String) -> String {
        replace(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
    }

    private static func replace(_ text: String, _ replacements: [Unicode.Scalar: String]) -> String {
        Printable.escaping(text, keeping: ["\n", "\r"]).unicodeScalars.reduce(into: "") {
            $0 += replacements[$1] ?? String(Character($1))
        }
    }
}
