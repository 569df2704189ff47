internal import ClipriseJournal
internal import ClipriseWire

extension JournalView {
    /// Reads the header of an account.
    ///
    /// - Returns: A view without events, and the number of events that the header promises.
    static func read(_ fields: Fields) throws(FieldProblem) -> (view: JournalView, count: Int) {
        try fields.allow([
            "kind", "schema", "account", "label", "endless", "seed", "scenario", "scenarioHash", "clock", "charge",
            "events", "evicted",
            "cleared", "money", "models", "rules", "ruleActs", "ruleDraws",
        ])
        _ = try fields.word("schema", of: [JournalLines.schema])
        guard let seed = UInt64(try fields.text("seed")) else {
            throw fields.problem("seed", "expected a whole number as text")
        }
        let sums = try fields.object("money")
        try sums.allow(["paidIn", "captured", "held", "available"])
        var view = JournalView(
            account: try fields.text("account"), events: [], evicted: try fields.count("evicted"),
            cleared: fields.has("cleared") ? try fields.count("cleared") : 0,
            models: try fields.texts("models"), rules: try fields.texts("rules"),
            ruleActs: try fields.counts("ruleActs"),
            ruleDraws: fields.has("ruleDraws") ? try fields.counts("ruleDraws") : [],
            money: MoneySums(
                paidIn: try sums.integer("paidIn", in: Fields.sums),
                captured: try sums.integer("captured", in: Fields.sums),
                held: try sums.integer("held", in: Fields.sums),
                available: try sums.integer("available", in: Fields.sums)),
            seed: seed, scenarioName: try fields.text("scenario"), scenarioHash: try fields.hash("scenarioHash"),
            isClockVirtual: try fields.word("clock", of: ["real", "virtual"]) == "virtual",
            chargesOnAccept: try fields.word("charge", of: ["on_success", "on_accept"]) == "on_accept")
        view.label = try fields.optionalText("label")
        if fields.has("endless") { view.endless = Set(try fields.counts("endless")) }
        return (view, try fields.count("events"))
    }
}

extension JournalEvent {
    private static let shared = ["kind", "sequence", "atNanoseconds", "realTimeNanoseconds"]
    private static let exchangeMembers = shared + ExchangeEvent.members

    static func read(_ fields: Fields, kind: String, _ context: inout LineContext) throws(FieldProblem) -> JournalEvent
    {
        let read: Kind
        switch kind {
        case "exchange":
            try fields.allow(exchangeMembers)
            read = .exchange(try ExchangeEvent.read(fields, &context))
        case "settled":
            try fields.allow(shared + ["task", "taskId", "model", "succeeded", "captured", "released"])
            read = .settled(
                SettledEvent(
                    task: try fields.task(&context), model: try fields.position("model", in: context.models),
                    succeeded: try fields.boolean("succeeded"),
                    captured: try fields.integer("captured", in: Fields.credits),
                    released: try fields.integer("released", in: Fields.credits)))
        case "callback":
            try fields.allow(shared + ["task", "taskId", "attempt", "status", "fault", "error"])
            read = .callback(
                CallbackEvent(
                    task: try fields.task(&context), attempt: try fields.count("attempt", from: 1),
                    status: try fields.optionalInteger("status", in: 0...999).map { Int($0) },
                    fault: try fields.optionalText("fault"), error: try fields.optionalText("error")))
        case "money":
            try fields.allow(shared + ["movement", "credits"])
            let movement = try fields.raw("movement", MoneyEvent.Kind.self)
            read = .money(MoneyEvent(kind: movement, credits: try fields.integer("credits", in: Fields.credits)))
        default:
            try fields.allow(shared + ["byNanoseconds"])
            read = .clock(by: TimeSpan(nanoseconds: try fields.integer("byNanoseconds", in: Fields.realTimes)))
        }
        return JournalEvent(
            sequence: try fields.count("sequence", from: 1),
            at: Instant(nanoseconds: try fields.integer("atNanoseconds", in: Fields.instants)),
            realTime: try fields.integer("realTimeNanoseconds", in: Fields.realTimes), kind: read)
    }
}

extension ExchangeEvent {
    fileprivate static let members = [
        "operation", "method", "status", "clause", "model", "task", "taskId", "attempt", "bodyHash", "meaning", "job",
        "fate", "rule",
        "fault", "faultPhase", "held", "retryAfterNanoseconds", "retryAfterIsDate", "shape", "bytes", "file",
        "asksForFile",
        "leaks", "hint", "warnings",
        "outcome", "endedAtNanoseconds", "endedRealTimeNanoseconds", "request", "response",
    ]

    fileprivate static func read(_ fields: Fields, _ context: inout LineContext) throws(FieldProblem) -> ExchangeEvent {
        let operation = try fields.word("operation", of: ["generate", "status", "download", "admin", "other"])
        var leaks: Leak = []
        if fields.has("leaks") {
            for word in try fields.texts("leaks") {
                guard let leak = Leak.words.first(where: { $0.word == word })?.leak else {
                    throw fields.problem("leaks", "\"\(word)\" is not known; known: target, body, field")
                }
                leaks.insert(leak)
            }
        }
        return ExchangeEvent(
            operation: Operation(rawValue: operation) ?? .other, method: Request.Method(try fields.text("method")),
            status: Int(try fields.integer("status", in: 0...999)),
            clause: fields.has("clause") ? try fields.raw("clause", Clause.self) : nil,
            model: fields.has("model") ? try fields.position("model", in: context.models) : nil,
            task: fields.has("task") ? try fields.task(&context) : nil, attempt: try fields.count("attempt", from: 1),
            bodyHash: fields.has("bodyHash") ? try fields.hash("bodyHash") : 0,
            meaning: fields.has("meaning") ? try fields.hash("meaning") : 0, job: try fields.optionalText("job"),
            fate: fields.has("fate") ? try fields.raw("fate", Fate.self) : nil,
            rule: fields.has("rule") ? try fields.position("rule", in: context.rules) : nil,
            fault: try fields.optionalText("fault"), faultPhase: try fields.optionalText("faultPhase"),
            held: try fields.integer("held", in: Fields.credits),
            retryAfter: try fields.optionalInteger("retryAfterNanoseconds", in: Fields.spans).map {
                TimeSpan(nanoseconds: $0)
            },
            retryAfterIsDate: fields.has("retryAfterIsDate") ? try fields.boolean("retryAfterIsDate") : false,
            shape: try fields.raw("shape", Shape.self), bytes: try fields.count("bytes"),
            file: fields.has("file") ? try FilePart.read(try fields.object("file")) : nil,
            asksForFile: fields.has("asksForFile") ? try fields.boolean("asksForFile") : false, leaks: leaks,
            hint: try fields.optionalText("hint"),
            warnings: try fields.objects("warnings").map { (warning) throws(FieldProblem) in
                try BodyWarning.read(warning)
            }, outcome: try fields.raw("outcome", Outcome.self),
            endedAt: try fields.optionalInteger("endedAtNanoseconds", in: Fields.instants).map {
                Instant(nanoseconds: $0)
            },
            endedRealTime: try fields.optionalInteger("endedRealTimeNanoseconds", in: Fields.realTimes))
    }
}

extension BodyWarning {
    fileprivate static func read(_ fields: Fields) throws(FieldProblem) -> BodyWarning {
        try fields.allow(["key", "problem", "from"])
        return BodyWarning(
            key: try fields.text("key"), problem: try fields.text("problem"), from: try fields.text("from"))
    }
}

extension FilePart {
    fileprivate static func read(_ fields: Fields) throws(FieldProblem) -> FilePart {
        try fields.allow(["entity", "start", "size", "sound"])
        return FilePart(
            entity: try fields.hash("entity"), start: try fields.count("start"), size: try fields.count("size"),
            isSound: try fields.boolean("sound"))
    }
}

extension Fields {
    /// A case of an enum by its word.
    fileprivate func raw<Value: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Value.Type
    ) throws(FieldProblem) -> Value where Value.RawValue == String {
        if let value = Value(rawValue: try text(key)) { return value }
        let word = try word(key, of: type.allCases.map(\.rawValue))
        throw problem(key, "\"\(word)\" is not known")
    }

    /// A task, whose id is kept in the context.
    fileprivate func task(_ context: inout LineContext) throws(FieldProblem) -> Int {
        let task = try count("task", from: 1)
        if has("taskId") {
            let text = try text("taskId")
            guard let id = TaskID(hex: Array(text.utf8)[...]) else {
                throw problem("taskId", "expected 32 lower-case hexadecimal digits")
            }
            if let known = context.taskIDs[task], known != id { throw problem("taskId", "task \(task) is \(known)") }
            context.taskIDs[task] = id
        }
        return task
    }
}
