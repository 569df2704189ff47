internal import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseScenario
internal import ClipriseWire

extension SnapshotDocument {
    /// Reads a document; whether its accounts could ever have been is not looked at here.
    package init(json text: [UInt8]) throws(AdminProblem) {
        let result = try withJSON(text) { (json) throws(AdminProblem) in
            try SnapshotDocument(SnapshotNode(json: json, path: ""))
        }
        switch result {
        case .success(let document): self = document
        case .failure(let error):
            let place = JSONLocator(text).firstError().map { " at \($0)" } ?? ""
            throw .bad("Bad body", "The body is what POST /__admin/snapshot answers; \(error)\(place).")
        }
    }

    private init(_ node: SnapshotNode) throws(AdminProblem) {
        try node.allow(["version", "models", "accounts"])
        let version = try node.get("version")
        guard try version.integer() == Self.version else { throw version.problem("\(Self.version)") }
        models = try node.get("models").list { (node) throws(AdminProblem) in try node.text() }
        accounts = try node.get("accounts").list { (node) throws(AdminProblem) in try AccountSnapshot(node) }
    }
}

extension AccountSnapshot {
    /// Of what is counted: far beyond what ever was, and far from the end of 64 bits.
    fileprivate static let countLimit = 1 << 48

    fileprivate init(_ node: SnapshotNode) throws(AdminProblem) {
        try node.allow([
            "key", "label", "seed", "scenario", "clock", "charge", "revoked", "events", "dropped", "ledger", "tasks",
            "rules", "ruleStates", "taskRuleUses", "bodyCounts", "callbacks", "reordered",
        ])
        let key = try node.get("key")
        guard AccountKey.isValid(try key.text().utf8) else { throw key.problem(AccountKey.rule) }
        let scenario = try node.get("scenario")
        try scenario.allow(["name", "hash"])
        self.init(
            key: Array(try key.text().utf8), seed: try node.get("seed").hash(),
            scenarioName: try scenario.get("name").text(), scenarioHash: try scenario.get("hash").hash(),
            clock: try Clock(node.get("clock")))
        if let label = node.find("label") {
            self.label = try label.text()
            guard try label.text().utf8.count <= AdminCommand.labelLimit else {
                throw label.problem("at most \(AdminCommand.labelLimit) bytes")
            }
        }
        charge = try node.get("charge").word(ChargePolicy.self)
        isRevoked = try node.get("revoked").flag()
        eventTotal = try node.get("events").count(Self.countLimit)
        dropped = try node.find("dropped").map { (node) throws(AdminProblem) in try Dropped(node) }
        ledger = try node.get("ledger").list { (node) throws(AdminProblem) in try Entry(node) }
        tasks = try node.get("tasks").list { (node) throws(AdminProblem) in try Task(node) }
        ruleStates = try node.get("ruleStates").list { (node) throws(AdminProblem) in try RuleState(node) }
        guard ruleStates.count <= RuleBook.idLimit else {
            throw try node.get("ruleStates").problem("at most \(RuleBook.idLimit)")
        }
        rules = try node.get("rules").list { (node) throws(AdminProblem) in try ActiveRule(node) }
        taskRuleUses = try node.get("taskRuleUses").list { (node) throws(AdminProblem) in try node.count() }
        bodyCounts = try node.get("bodyCounts").list { (node) throws(AdminProblem) in
            try node.allow(["hash", "count"])
            return BodyCount(hash: try node.get("hash").hash(), count: try node.get("count").count())
        }
        callbacks = try node.get("callbacks").list { (node) throws(AdminProblem) in
            try node.allow(["task", "attempt", "due", "hasFault"])
            return Callback(
                task: try node.get("task").count(), attempt: try node.get("attempt").count(),
                due: try node.get("due").instant(), hasFault: try node.get("hasFault").flag())
        }
        reordered = try node.get("reordered").list { (node) throws(AdminProblem) in try node.count() }
    }
}

extension AccountSnapshot.Clock {
    fileprivate init(_ node: SnapshotNode) throws(AdminProblem) {
        try node.allow(["virtual", "now", "tickPerPoll", "delays"])
        self.init(
            isVirtual: try node.get("virtual").flag(), now: try node.get("now").instant(),
            tickPerPoll: TimeSpan(
                nanoseconds: try node.get("tickPerPoll").integer(0...TimeSpan.longestText.nanoseconds)),
            delays: try node.get("delays").word(ClockRule.Delays.self))
    }
}

extension AccountSnapshot.Dropped {
    fileprivate init(_ node: SnapshotNode) throws(AdminProblem) {
        try node.allow([
            "first", "aside", "succeeded", "failed", "opening", "entries", "available", "held", "captured",
        ])
        self.init(
            first: try node.get("first").count(),
            aside: try node.get("aside").list { (node) throws(AdminProblem) in try node.count() },
            succeeded: try node.get("succeeded").count(), failed: try node.get("failed").count(),
            opening: try node.get("opening").integer(0...Ledger.limit),
            entries: try node.get("entries").count(AccountSnapshot.countLimit),
            carried: Ledger.Carried(
                available: try node.get("available").integer(0...Ledger.limit),
                held: try node.get("held").integer(0...Ledger.limit),
                captured: try node.get("captured").integer(0...Int64(AccountSnapshot.countLimit))))
    }
}

extension AccountSnapshot.Entry {
    private static let kinds: [Ledger.Kind] = [
        .opening, .hold, .capture, .release, .topUp, .adjustment, .refund, .drain,
    ]

    fileprivate init(_ node: SnapshotNode) throws(AdminProblem) {
        try node.allow(["kind", "task", "credits", "at"])
        let word = try node.get("kind").text()
        guard let kind = Self.kinds.first(where: { "\($0.word)" == word }) else {
            throw try node.get("kind").problem("a kind of movement")
        }
        var task: Int?
        if let node = node.find("task") { task = try node.count() }
        self.init(
            kind: kind, task: task, credits: try node.get("credits").integer(-Ledger.limit...Ledger.limit),
            at: try node.get("at").instant())
    }
}

extension AccountSnapshot.Task {
    fileprivate init(_ node: SnapshotNode) throws(AdminProblem) {
        try node.allow([
            "model", "row", "credits", "acceptedAt", "dueAt", "state", "failMsg", "polls", "downloads", "form", "width",
            "height", "seconds", "count", "sound", "prompt", "callBackUrl", "fault", "callbackFault", "lifePolls",
            "flapPolls", "paid",
        ])
        self.init(
            model: try node.get("model").count(), row: try node.get("row").count(),
            credits: try node.get("credits").integer(0...Ledger.limit),
            acceptedAt: try node.get("acceptedAt").instant(),
            dueAt: try node.find("dueAt")?.instant() ?? Instant(nanoseconds: .max), outcome: try Self.outcome(node),
            polls: try node.get("polls").count(), downloads: try node.get("downloads").count(),
            shape: try Self.shape(node), prompt: try node.get("prompt").text(),
            callBackURL: try node.get("callBackUrl").text())
        if let node = node.find("fault") {
            guard case .task(let fault) = try Self.fault(node) else { throw node.problem("a fault of a task") }
            self.fault = fault
        }
        if let node = node.find("callbackFault") {
            guard case .callback(let fault) = try Self.fault(node) else { throw node.problem("a fault of callbacks") }
            callbackFault = fault
        }
        lifePolls = try node.find("lifePolls")?.count()
        flapPolls = try node.find("flapPolls")?.count()
        isPaid = try node.find("paid")?.flag() ?? false
    }

    private static func outcome(_ node: SnapshotNode) throws(AdminProblem) -> Account.Outcome {
        let state = try node.get("state")
        switch try state.text() {
        case "processing": return .processing
        case "success": return .succeeded
        case "failed":
            let message = try node.get("failMsg")
            guard try message.text().utf8.count <= AdminCommand.messageLimit else {
                throw message.problem("at most \(AdminCommand.messageLimit) bytes")
            }
            return .failed(message: try message.text())
        default: throw state.problem("processing, success or failed")
        }
    }

    private static func shape(_ node: SnapshotNode) throws(AdminProblem) -> AccountSnapshot.Shape {
        AccountSnapshot.Shape(
            form: try node.get("form").word(ResultSpec.Form.self), width: try node.get("width").count(),
            height: try node.get("height").count(), seconds: try node.get("seconds").count(),
            count: try node.get("count").count(), hasSound: try node.get("sound").flag())
    }

    private static func fault(_ node: SnapshotNode) throws(AdminProblem) -> Fault.Kind {
        do throws(ScenarioErrors) {
            return try Fault(yaml: node.source, source: node.path).kind
        } catch {
            throw node.problem("a fault; \(error.errors.first?.reason.text ?? "")")
        }
    }
}

extension AccountSnapshot.RuleState {
    fileprivate init(_ node: SnapshotNode) throws(AdminProblem) {
        try node.allow(["name", "matched", "acted", "startedAt", "window", "used", "passed"])
        self.init(
            name: try node.get("name").text(), matched: try node.get("matched").count(AccountSnapshot.countLimit),
            acted: try node.get("acted").count(AccountSnapshot.countLimit),
            startedAt: try node.get("startedAt").instant(), window: try node.find("window")?.integer(0 ... .max),
            used: try node.get("used").count(AccountSnapshot.countLimit),
            passed: try node.get("passed").list { (node) throws(AdminProblem) in try node.instant() })
    }
}

extension AccountSnapshot.ActiveRule {
    fileprivate init(_ node: SnapshotNode) throws(AdminProblem) {
        try node.allow(["id", "rule"])
        let rule = try node.get("rule")
        let id = try node.get("id").count()
        do throws(ScenarioErrors) {
            self.init(id: id, rule: try Rule(yaml: rule.source, source: rule.path, name: ""))
        } catch {
            throw rule.problem("a rule; \(error.errors.first?.reason.text ?? "")")
        }
    }
}
