internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

extension Report {
    /// The report as one JSON object; times are in seconds, money in credits.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: 16_384)
        writer.object {
            $0.member("schema", "cliprise-mock/report-v1")
            $0.member("failed", failed)
            $0.key("grade")
            if let letter { $0.string(letter.rawValue) } else { $0.null() }
            if let letterReason { $0.member("gradeReason", letterReason) }
            $0.member("headline", headline)
            if let warningLine { $0.member("warningLine", warningLine) }
            $0.key("spending")
            $0.object { spending.write(to: &$0) }
            $0.member("gradeRule", Letter.rule)
            $0.key("verdicts")
            $0.array(verdicts) { writer, verdict in writer.object { verdict.write(to: &$0) } }
            $0.key("notExercised")
            $0.array(notExercised) { $0.string($1) }
            $0.key("idleRules")
            $0.array(idleRules) { $0.string($1) }
            $0.key("undrawnRules")
            $0.array(undrawnRules) { writer, rule in
                writer.object {
                    $0.member("name", rule.name)
                    $0.member("draws", rule.draws)
                }
            }
            $0.key("breaches")
            $0.array(breaches) { writer, breach in writer.object { breach.write(to: &$0) } }
            $0.key("counts")
            $0.object { counts.write(to: &$0) }
            $0.key("calls")
            $0.array(calls) { writer, summary in writer.object { summary.write(to: &$0) } }
            $0.refusals(refusals)
            $0.doubts(doubts)
            $0.habits(retries, polling)
            $0.member("callRule", ClientCalls.rule)
            $0.member("waitRule", Waits.rule)
            $0.member("chanceRule", WaitHabit.rule)
            $0.key("accounts")
            $0.array(accounts) { writer, account in writer.object { account.write(to: &$0) } }
        }
        writer.endLine()
        return writer.bytes
    }

    /// The verdicts alone, as a JSON array; what `verify` returns.
    public var verdictsJSON: [UInt8] {
        var writer = JSONWriter(capacity: 4_096)
        writer.array(verdicts) { writer, verdict in writer.object { verdict.write(to: &$0) } }
        return writer.bytes
    }
}

extension JSONWriter {
    /// Those that are listed, and the number of all.
    fileprivate mutating func refusals(_ refusals: [Refusal]) {
        member("refused", refusals.reduce(0) { $0 + $1.count })
        key("refusals")
        array(refusals.prefix(Refusal.listed)) { writer, refusal in
            writer.object {
                $0.member("count", refusal.count)
                $0.member("operation", refusal.operation)
                $0.member("status", refusal.status)
                if let clause = refusal.clause { $0.member("clause", clause) }
                if let rule = refusal.rule { $0.member("rule", rule) }
                if let why = refusal.why { $0.member("why", why) }
            }
        }
    }

    /// Those that are listed, and the number of all.
    fileprivate mutating func doubts(_ doubts: [Doubt]) {
        member("warned", doubts.reduce(0) { $0 + $1.count })
        key("warnings")
        array(doubts.prefix(Doubt.listed)) { writer, doubt in
            writer.object {
                $0.member("count", doubt.count)
                $0.member("key", doubt.key)
                $0.member("problem", doubt.problem)
                $0.member("from", doubt.from)
                if let model = doubt.model { $0.member("model", model) }
                $0.key("first")
                $0.object {
                    $0.member("account", doubt.account)
                    $0.member("sequence", doubt.sequence)
                }
            }
        }
    }

    fileprivate mutating func habits(_ retries: [WaitHabit], _ polling: WaitHabit) {
        key("retryBackoff")
        array(retries) { writer, habit in writer.object { habit.write(to: &$0) } }
        key("pollBackoff")
        object { polling.write(to: &$0) }
    }
}

extension WaitHabit {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("kind", kind)
        writer.member("samples", samples)
        writer.member("description", description)
        guard let fit else { return }
        writer.member("jitter", fit.jitter.rawValue)
        if let part = fit.part {
            writer.key("jitterPart")
            writer.number(part, places: 2)
        }
        if let added = fit.added {
            writer.key("jitterSeconds")
            writer.number(Double(added.nanoseconds) / 1e9, places: 6)
        }
        writer.member("growth", fit.growth.word)
        if fit.isFirstAtOnce { writer.member("firstAtOnce", true) }
        if let other = fit.other { writer.member("or", other.description) }
        writer.key("baseSeconds")
        writer.number(Double(fit.base.nanoseconds) / 1e9, places: 6)
        writer.key("factor")
        if let factor = fit.factor { writer.number(factor, places: 2) } else { writer.null() }
        writer.key("capSeconds")
        if let cap = fit.cap { writer.number(Double(cap.nanoseconds) / 1e9, places: 6) } else { writer.null() }
        guard let spread = fit.spread else { return }
        let ranges: [(StaticString, ClosedRange<Double>?)] = [
            ("baseSecondsFromTo", spread.base), ("factorFromTo", spread.factor), ("capSecondsFromTo", spread.cap),
        ]
        for (key, range) in ranges {
            guard let range else { continue }
            writer.key(key)
            writer.array([range.lowerBound, range.upperBound]) { $0.number($1, places: 6) }
        }
    }
}

extension Verdict {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("name", name)
        writer.member("expected", expected)
        writer.member("outcome", outcome.rawValue)
        if isUnclear { writer.member("unclear", true) }
        writer.member("demanded", isDemanded)
        writer.member("fromScenario", isExpected)
        writer.member("property", isProperty)
        writer.member("seen", seen)
        if let change { writer.member("change", change) }
        if let samples { writer.member("samples", samples) }
        if !parts.isEmpty {
            writer.key("parts")
            writer.array(parts) { writer, part in
                writer.object {
                    $0.member("name", part.name)
                    $0.member("outcome", part.outcome.rawValue)
                    $0.member("seen", part.seen)
                    $0.member("samples", part.samples)
                }
            }
        }
        writer.key("evidence")
        writer.array(evidence) { writer, evidence in
            writer.object {
                $0.member("account", evidence.account)
                $0.key("sequences")
                $0.array(evidence.sequences) { $0.integer($1) }
                $0.member("total", evidence.total)
                $0.key("events")
                $0.array(evidence.lines) { $0.string($1) }
            }
        }
        if let file { writer.member("file", file) }
        if let place {
            writer.member("line", place.line)
            writer.member("column", place.column)
        }
    }
}

extension MoneyAudit.Breach {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("account", account)
        if let sequence { writer.member("sequence", sequence) }
        writer.member("message", message)
        writer.member("difference", difference)
    }
}

extension Report.Spending {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("spent", spent)
        writer.member("lost", lost)
        writer.member("undelivered", undelivered)
        writer.member("delivered", delivered)
        writer.member("neverFetched", neverFetched)
        writer.member("boughtAgain", boughtAgain)
    }
}

extension Report.Counts {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("requests", requests)
        writer.member("generates", generates)
        writer.member("warned", warned)
        writer.member("polls", polls)
        writer.member("downloads", downloads)
        writer.member("callbacks", callbacks)
        writer.member("faults", faults)
        writer.member("inFlight", inFlight)
        writer.member("tasks", tasks)
        writer.member("succeeded", succeeded)
        writer.member("failed", failed)
        writer.member("captured", captured)
        writer.member("held", held)
    }
}

extension Report.CallSummary {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("kind", kind)
        writer.member("calls", calls)
        writer.member("attempts", attempts)
        writer.member("retries", retries)
        writer.member("mostAttempts", mostAttempts)
    }
}

extension Report.Account {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("account", name)
        if let label { writer.member("label", label) }
        writer.member("scenario", scenarioName)
        writer.member("scenarioHash", scenarioHash.hex)
        writer.member("seed", String(seed))
        writer.member("evicted", evicted)
        writer.member("lost", lost)
        writer.key("verdicts")
        writer.array(verdicts) { writer, verdict in writer.object { verdict.write(to: &$0) } }
        writer.key("counts")
        writer.object { counts.write(to: &$0) }
        writer.key("calls")
        writer.array(calls) { writer, summary in writer.object { summary.write(to: &$0) } }
        writer.refusals(refusals)
        writer.doubts(doubts)
        writer.habits(retries, polling)
        writer.key("spending")
        writer.object { spending.write(to: &$0) }
        writer.key("money")
        writer.object {
            $0.member("paidIn", audit.money.paidIn)
            $0.member("captured", audit.money.captured)
            $0.member("held", audit.money.held)
            $0.member("available", audit.money.available)
            $0.member("settlesChecked", audit.settlesChecked)
            $0.key("unchecked")
            $0.array(audit.unchecked) { $0.string($1) }
            $0.key("breaches")
            $0.array(audit.breaches) { writer, breach in writer.object { breach.write(to: &$0) } }
        }
    }
}
