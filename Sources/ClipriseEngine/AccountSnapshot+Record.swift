internal import ClipriseCatalog
public import ClipriseForm
internal import ClipriseScenario
internal import ClipriseWire

/// Numbers of tasks, and what counts them.
private let counts: ClosedRange<Int64> = 0...Int64(Int32.max)
private let credits: ClosedRange<Int64> = 0...Ledger.limit

extension AccountSnapshot: Record {
    public static var blank: AccountSnapshot {
        AccountSnapshot(key: [], seed: 0, scenarioName: "", scenarioHash: 0, clock: .blank)
    }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        var text = String(decoding: key, as: UTF8.self)
        try visitor.text("key", &text)
        try visitor.demand(AccountKey.isValid(text.utf8), "key", .expected(AccountKey.rule))
        key = Array(text.utf8)
        try visitor.optional("label", &label)
        try visitor.demand(
            label?.utf8.count ?? 0 <= Account.labelLimit, "label",
            .expected("at most \(Account.labelLimit) bytes"))
        try visitor.number("seed", &seed, .decimal)
        var scenario = ScenarioName(name: scenarioName, hash: scenarioHash)
        try visitor.record("scenario", &scenario)
        (scenarioName, scenarioHash) = (scenario.name, scenario.hash)
        try visitor.record("clock", &clock)
        try visitor.word("charge", &charge)
        try visitor.flag("revoked", &isRevoked)
        try visitor.integer("events", &eventTotal)
        try visitor.optional("dropped", &dropped)
        try visitor.records("ledger", &ledger)
        try visitor.records("tasks", &tasks)
        try visitor.records("rules", &rules)
        try visitor.records("ruleStates", &ruleStates)
        try visitor.demand(
            ruleStates.count <= RuleBook.idLimit, "ruleStates", .expected("at most \(RuleBook.idLimit)"))
        try visitor.integers("taskRuleUses", &taskRuleUses, in: counts)
        try visitor.records("bodyCounts", &bodyCounts)
        try visitor.records("callbacks", &callbacks)
        try visitor.integers("reordered", &reordered, in: counts)
    }
}

private struct ScenarioName: Record {
    var name: String
    var hash: UInt64

    static var blank: ScenarioName { ScenarioName(name: "", hash: 0) }

    mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.text("name", &name)
        try visitor.number("hash", &hash, .decimal)
    }
}

extension AccountSnapshot.Clock: Record {
    public static var blank: AccountSnapshot.Clock {
        AccountSnapshot.Clock(isVirtual: false, now: .start, tickPerPoll: .zero, delays: .hold)
    }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.flag("virtual", &isVirtual)
        try visitor.instant("now", &now)
        try visitor.span("tickPerPoll", &tickPerPoll, in: 0...TimeSpan.longestText.nanoseconds)
        try visitor.word("delays", &delays)
    }
}

extension AccountSnapshot.Dropped: Record {
    public static var blank: AccountSnapshot.Dropped {
        AccountSnapshot.Dropped(
            first: 0, aside: [], succeeded: 0, failed: 0, opening: 0, entries: 0, carried: Ledger.Carried())
    }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.integer("first", &first, in: counts)
        try visitor.integers("aside", &aside, in: counts)
        try visitor.integer("succeeded", &succeeded, in: counts)
        try visitor.integer("failed", &failed, in: counts)
        try visitor.integer("opening", &opening, in: credits)
        try visitor.integer("entries", &entries)
        try visitor.integer("available", &carried.available, in: credits)
        try visitor.integer("held", &carried.held, in: credits)
        try visitor.integer("captured", &carried.captured, in: RecordRange.counts)
    }
}

extension AccountSnapshot.Entry: Record {
    public static var blank: AccountSnapshot.Entry {
        AccountSnapshot.Entry(kind: .opening, task: nil, credits: 0, at: .start)
    }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        var word = kind.word
        try visitor.text("kind", &word)
        if visitor.isReading {
            let known = Ledger.Kind.allCases.first { $0.word == word }
            try visitor.demand(known != nil, "kind", .expected("a kind of movement"))
            if let known { kind = known }
        }
        try visitor.optional("task", &task, in: counts)
        try visitor.integer("credits", &credits, in: -Ledger.limit...Ledger.limit)
        try visitor.instant("at", &at)
    }
}

extension AccountSnapshot.Task: Record {
    public static var blank: AccountSnapshot.Task {
        AccountSnapshot.Task(
            model: 0, row: 0, credits: 0, acceptedAt: .start, dueAt: Instant(nanoseconds: .max), outcome: .processing,
            polls: 0, downloads: 0,
            shape: ResultShape(form: .jpeg, width: 0, height: 0, seconds: 0, count: 0, hasSound: false),
            prompt: "", callBackURL: "")
    }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.integer("model", &model, in: counts)
        try visitor.integer("row", &row, in: counts)
        try visitor.integer("credits", &credits, in: 0...Ledger.limit)
        try visitor.instant("acceptedAt", &acceptedAt)
        if visitor.has("dueAt", dueAt.nanoseconds != .max) { try visitor.instant("dueAt", &dueAt) }
        try visitor.outcome(&outcome)
        try visitor.integer("polls", &polls, in: counts)
        try visitor.integer("downloads", &downloads, in: counts)
        try visitor.word("form", &shape.form)
        try visitor.integer("width", &shape.width, in: counts)
        try visitor.integer("height", &shape.height, in: counts)
        try visitor.integer("seconds", &shape.seconds, in: counts)
        try visitor.integer("count", &shape.count, in: counts)
        try visitor.flag("sound", &shape.hasSound)
        try visitor.text("prompt", &prompt)
        try visitor.text("callBackUrl", &callBackURL)
        var kind = fault.map { Fault.Kind.task($0) }
        try visitor.fault("fault", &kind)
        if case .task(let read)? = kind { fault = read }
        try visitor.demand(kind == nil || fault != nil, "fault", .expected("a fault of a task"))
        kind = callbackFault.map { Fault.Kind.callback($0) }
        try visitor.fault("callbackFault", &kind)
        if case .callback(let read)? = kind { callbackFault = read }
        try visitor.demand(kind == nil || callbackFault != nil, "callbackFault", .expected("a fault of callbacks"))
        try visitor.optional("lifePolls", &lifePolls, in: counts)
        try visitor.optional("flapPolls", &flapPolls, in: counts)
        try visitor.flag(ifSet: "paid", &isPaid)
    }
}

extension RecordVisitor {
    fileprivate mutating func outcome(_ outcome: inout Account.Outcome) throws(Failure) {
        var (state, message) =
            switch outcome {
            case .processing: ("processing", "")
            case .succeeded: ("success", "")
            case .failed(let message): ("failed", message)
            }
        try text("state", &state)
        try demand(
            ["processing", "success", "failed"].contains(state), "state", .expected("processing, success or failed"))
        if state == "failed" || has("failMsg", false) { try text("failMsg", &message) }
        try demand(
            message.utf8.count <= Account.messageLimit, "failMsg",
            .expected("at most \(Account.messageLimit) bytes"))
        switch state {
        case "success": outcome = .succeeded
        case "failed": outcome = .failed(message: message)
        default: outcome = .processing
        }
    }

    /// A fault as scenarios have it.
    fileprivate mutating func fault(_ key: StaticString, _ kind: inout Fault.Kind?) throws(Failure) {
        guard has(key, kind != nil) else { return }
        var text = kind.map { Array(Fault($0).json.utf8) } ?? []
        try json(key, &text)
        guard isReading else { return }
        do throws(ScenarioErrors) {
            kind = try Fault(yaml: text, source: "\(key)").kind
        } catch {
            try demand(false, key, .expected("a fault; \(error.errors.first?.reason.text ?? "")"))
        }
    }
}

extension AccountSnapshot.RuleState: Record {
    public static var blank: AccountSnapshot.RuleState {
        AccountSnapshot.RuleState(
            name: "", matched: 0, acted: 0, startedAt: .start, window: nil, used: 0, passed: [])
    }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.text("name", &name)
        try visitor.integer("matched", &matched)
        try visitor.integer("acted", &acted)
        try visitor.instant("startedAt", &startedAt)
        if visitor.has("window", window != nil) {
            var known = window ?? 0
            try visitor.integer("window", &known, in: 0 ... .max)
            window = known
        }
        try visitor.integer("used", &used)
        var moments = passed.map(\.nanoseconds)
        try visitor.integers("passed", &moments, in: RecordRange.instants)
        if visitor.isReading { passed = moments.map { Instant(nanoseconds: $0) } }
    }
}

extension AccountSnapshot.ActiveRule: Record {
    public static var blank: AccountSnapshot.ActiveRule {
        AccountSnapshot.ActiveRule(id: 0, rule: Rule(name: "", act: .fault(Fault(.close))))
    }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.integer("id", &id, in: counts)
        var text = visitor.isReading ? [] : Array(rule.json.utf8)
        try visitor.json("rule", &text)
        guard visitor.isReading else { return }
        do throws(ScenarioErrors) {
            rule = try Rule(yaml: text, source: "rule", name: "")
        } catch {
            try visitor.demand(false, "rule", .expected("a rule; \(error.errors.first?.reason.text ?? "")"))
        }
    }
}

extension AccountSnapshot.BodyCount: Record {
    public static var blank: AccountSnapshot.BodyCount { AccountSnapshot.BodyCount(hash: 0, count: 0) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.number("hash", &hash, .decimal)
        try visitor.integer("count", &count, in: counts)
    }
}

extension AccountSnapshot.Callback: Record {
    public static var blank: AccountSnapshot.Callback {
        AccountSnapshot.Callback(task: 0, attempt: 0, due: .start, hasFault: false)
    }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        try visitor.integer("task", &task, in: counts)
        try visitor.integer("attempt", &attempt, in: counts)
        try visitor.instant("due", &due)
        try visitor.flag("hasFault", &hasFault)
    }
}
