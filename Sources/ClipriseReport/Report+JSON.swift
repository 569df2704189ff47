internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

extension Report {
    /// The report as one JSON object; times are in seconds, money in credits.
    public var json: [UInt8] {
        JSONWriter.line(capacity: 16_384) {
            $0.member("schema", "cliprise-mock/report-v1")
            $0.member("failed", failed)
            $0.member("grade", orNull: letter?.rawValue)
            if let letterReason { $0.member("gradeReason", letterReason) }
            $0.member("headline", headline)
            if let warningLine { $0.member("warningLine", warningLine) }
            $0.member("troubles", texts: troubles)
            $0.member("spending") { spending.write(to: &$0) }
            $0.member("gradeRule", Letter.rule)
            $0.member("verdicts", objects: verdicts) { $1.write(to: &$0) }
            $0.member("notExercised", texts: notExercised)
            $0.member("idleRules", texts: idleRules)
            $0.member("undrawnRules", objects: undrawnRules) { writer, rule in
                writer.member("name", rule.name)
                writer.member("draws", rule.draws)
            }
            $0.member("breaches", objects: breaches) { $1.write(to: &$0) }
            $0.member("counts") { counts.write(to: &$0) }
            $0.member("calls", objects: calls) { $1.write(to: &$0) }
            $0.refusals(refusals)
            $0.doubts(doubts)
            $0.habits(retries, polling)
            $0.member("callRule", ClientCalls.rule)
            $0.member("waitRule", Waits.rule)
            $0.member("chanceRule", WaitHabit.rule)
            $0.member("accounts", objects: accounts) { $1.write(to: &$0) }
        }
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
        member("refusals", objects: refusals.prefix(Refusal.listed)) { writer, refusal in
            writer.member("count", refusal.count)
            writer.member("operation", refusal.operation)
            writer.member("status", refusal.status)
            if let clause = refusal.clause { writer.member("clause", clause) }
            if let rule = refusal.rule { writer.member("rule", rule) }
            if let why = refusal.why { writer.member("why", why) }
        }
    }

    /// Those that are listed, and the number of all.
    fileprivate mutating func doubts(_ doubts: [Doubt]) {
        member("warned", doubts.reduce(0) { $0 + $1.count })
        member("warnings", objects: doubts.prefix(Doubt.listed)) { writer, doubt in
            writer.member("count", doubt.count)
            writer.member("key", doubt.key)
            writer.member("problem", doubt.problem)
            writer.member("from", doubt.from)
            if let model = doubt.model { writer.member("model", model) }
            writer.member("first") {
                $0.member("account", doubt.account)
                $0.member("sequence", doubt.sequence)
            }
        }
    }

    fileprivate mutating func habits(_ retries: [WaitHabit], _ polling: WaitHabit) {
        member("retryBackoff", objects: retries) { $1.write(to: &$0) }
        member("pollBackoff") { polling.write(to: &$0) }
    }
}

extension WaitHabit {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("kind", kind)
        writer.member("samples", samples)
        writer.member("description", description)
        guard let fit else { return }
        writer.member("jitter", fit.jitter.rawValue)
        if let part = fit.part { writer.member("jitterPart", part, places: 2) }
        if let added = fit.added { writer.member("jitterSeconds", seconds: added) }
        writer.member("growth", fit.growth.word)
        if fit.isFirstAtOnce { writer.member("firstAtOnce", true) }
        if let other = fit.other { writer.member("or", other.description) }
        writer.member("baseSeconds", seconds: fit.base)
        writer.member("factor", fit.factor, places: 2)
        writer.member("capSeconds", seconds: fit.cap)
        guard let spread = fit.spread else { return }
        let ranges: [(StaticString, ClosedRange<Double>?)] = [
            ("baseSecondsFromTo", spread.base), ("factorFromTo", spread.factor), ("capSecondsFromTo", spread.cap),
        ]
        for (key, range) in ranges {
            guard let range else { continue }
            writer.member(key, array: [range.lowerBound, range.upperBound]) { $0.number($1, places: 6) }
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
            writer.member("parts", objects: parts) { writer, part in
                writer.member("name", part.name)
                writer.member("outcome", part.outcome.rawValue)
                writer.member("seen", part.seen)
                writer.member("samples", part.samples)
            }
        }
        writer.member("evidence", objects: evidence) { writer, evidence in
            writer.member("account", evidence.account)
            writer.member("sequences", array: evidence.sequences) { $0.integer($1) }
            writer.member("total", evidence.total)
            writer.member("events", texts: evidence.lines)
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
        writer.member("verdicts", objects: verdicts) { $1.write(to: &$0) }
        writer.member("counts") { counts.write(to: &$0) }
        writer.member("calls", objects: calls) { $1.write(to: &$0) }
        writer.refusals(refusals)
        writer.doubts(doubts)
        writer.habits(retries, polling)
        writer.member("spending") { spending.write(to: &$0) }
        writer.member("money") {
            $0.member("paidIn", audit.money.paidIn)
            $0.member("captured", audit.money.captured)
            $0.member("held", audit.money.held)
            $0.member("available", audit.money.available)
            $0.member("settlesChecked", audit.settlesChecked)
            $0.member("unchecked", texts: audit.unchecked)
            $0.member("breaches", objects: audit.breaches) { $1.write(to: &$0) }
        }
    }
}
