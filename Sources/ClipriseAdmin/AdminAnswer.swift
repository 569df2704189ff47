public import ClipriseEngine
public import ClipriseWire

/// What came of an admin command: the answer, ready to be sent.
public struct AdminAnswer: Sendable {
    public let plan: ResponsePlan

    public init(_ plan: ResponsePlan) {
        self.plan = plan
    }

    private init(_ bytes: [UInt8], _ type: ResponsePlan.ContentType, status: Int = 200) {
        plan = ResponsePlan(
            status: status, contentType: type, fields: [.init("Cache-Control", "no-store")], body: .plain(bytes))
    }

    /// JSON text that is handed on as it is.
    public static func json(_ bytes: [UInt8]) -> AdminAnswer { AdminAnswer(bytes, .json) }

    public static func lines(_ bytes: [UInt8]) -> AdminAnswer {
        AdminAnswer(bytes, .custom("application/jsonl; charset=utf-8"))
    }

    public static func text(_ bytes: [UInt8]) -> AdminAnswer {
        AdminAnswer(bytes, .custom("text/plain; charset=utf-8"))
    }

    /// One JSON value on a line of its own.
    private static func value(status: Int = 200, _ write: (inout JSONWriter) -> Void) -> AdminAnswer {
        var writer = JSONWriter(capacity: 512)
        write(&writer)
        writer.endLine()
        return AdminAnswer(writer.bytes, .json, status: status)
    }

    /// A JSON object of the members that are written.
    public static func object(status: Int = 200, _ write: (inout JSONWriter) -> Void) -> AdminAnswer {
        value(status: status) { $0.object(write) }
    }
}

// MARK: Of the server

extension AdminAnswer {
    public static func health(version: String, uptime: TimeSpan, accounts: Int) -> AdminAnswer {
        .object { writer in
            writer.member("status", "ok")
            writer.member("version", version)
            writer.member("uptimeSeconds", seconds: Instant(nanoseconds: uptime.nanoseconds))
            writer.member("accounts", accounts)
        }
    }

    public static var ready: AdminAnswer { .object { $0.member("ready", true) } }

    public static func version(_ version: String, catalogHash: UInt64) -> AdminAnswer {
        .object { writer in
            writer.member("version", version)
            writer.member("catalogHash", catalogHash.hex)
        }
    }

    public static func metrics(_ metrics: Metrics) -> AdminAnswer {
        AdminAnswer(metrics.text, .custom("text/plain; version=0.0.4; charset=utf-8"))
    }

    public static func openAPI(version: String) -> AdminAnswer { .json(OpenAPI.document(version: version)) }

    public static func page(_ file: AdminPage.File) -> AdminAnswer { AdminAnswer(AdminPage.plan(file)) }

    public static var redirectToPage: AdminAnswer {
        AdminAnswer(
            ResponsePlan(
                status: 308, fields: [.init("Location", "/__admin/"), .init("Cache-Control", "no-store")]))
    }

    /// The models, the edition that is followed, and what a run of conformance found of it.
    public static func catalog(
        _ models: [ModelView], profile: String, verified: AnswerEdition.Verification?
    ) -> AdminAnswer {
        .object { writer in
            writer.member("models", objects: models) { writer, model in
                writer.member("id", model.id)
                writer.member("name", model.name)
                writer.member("kind", model.kind)
                writer.member("typicalSeconds", model.typicalSeconds)
            }
            writer.member("profile", profile)
            if let verified { writer.member("verified") { verified.writeMembers(to: &$0) } }
        }
    }

    public static func scenarios(_ scenarios: [(name: String, about: String)]) -> AdminAnswer {
        .object { writer in
            writer.member("scenarios", objects: scenarios) { writer, scenario in
                writer.member("name", scenario.name)
                writer.member("about", scenario.about)
            }
        }
    }
}

// MARK: Of accounts

extension AdminAnswer {
    public static func account(_ detail: AccountDetail, isNew: Bool) -> AdminAnswer {
        .value(status: isNew ? 201 : 200) { $0.raw(detail.json) }
    }

    /// A page of the `total` accounts.
    public static func accounts(_ views: [AccountView], total: Int) -> AdminAnswer {
        .object { writer in
            writer.member("total", total)
            writer.member("accounts", objects: views) { $1.writeMembers(to: &$0) }
        }
    }

    public static func ledger(_ view: LedgerView) -> AdminAnswer { .value { view.write(to: &$0) } }
    public static func clock(_ view: ClockView) -> AdminAnswer { .value { $0.raw(view.json) } }
    public static func scenario(_ view: ScenarioView) -> AdminAnswer { .value { $0.raw(view.json) } }
    public static func task(_ view: TaskView) -> AdminAnswer { .value { view.write(to: &$0) } }

    /// The answer that carries the file of a task.
    public static func file(_ plan: ResponsePlan) -> AdminAnswer { AdminAnswer(plan) }

    /// A page of the `total` tasks.
    public static func tasks(_ views: [TaskView], total: Int, start: Int) -> AdminAnswer {
        .object { writer in
            writer.member("total", total)
            writer.member("start", start)
            writer.member("tasks", array: views) { $1.write(to: &$0) }
        }
    }

    public static func rules(_ views: [RuleView]) -> AdminAnswer {
        .object { $0.member("rules", array: views) { $0.raw($1.json) } }
    }

    public static func added(_ ids: [RuleIDs]) -> AdminAnswer {
        .object(status: 201) { writer in
            writer.member("ids", objects: ids) { writer, added in
                writer.member("account", String(decoding: added.key, as: UTF8.self))
                writer.member("id", added.id)
            }
        }
    }
}

// MARK: Of journals

extension AdminAnswer {
    public static func events(_ views: [EventView], total: Int, evicted: Int) -> AdminAnswer {
        .object { writer in
            writer.member("total", total)
            writer.member("evicted", evicted)
            writer.member("events", array: views) { $1.write(to: &$0) }
        }
    }

    public static func unmatched(_ view: UnmatchedView) -> AdminAnswer {
        .object { view.writeMembers(to: &$0) }
    }

    public static func waited(_ views: [EventView]) -> AdminAnswer {
        .object { $0.member("events", array: views) { $1.write(to: &$0) } }
    }

    /// The head of a stream that goes on through its exchange; with `isOpen` false nothing follows.
    public static func stream(isOpen: Bool) -> AdminAnswer {
        AdminAnswer(
            ResponsePlan(
                status: 200, contentType: .custom("text/event-stream; charset=utf-8"),
                fields: [.init("Cache-Control", "no-store")],
                body: isOpen ? .steps(announcedLength: nil, [.send([]), .hold]) : .plain([])))
    }

    /// Whether all that was expected came true, and the verdicts as a JSON array.
    public static func verdicts(passed: Bool, verdicts: [UInt8]) -> AdminAnswer {
        .object { writer in
            writer.member("passed", passed)
            writer.member("verdicts", json: verdicts)
        }
    }
}

// MARK: Of the state

extension AdminAnswer {
    public static func cleared(_ cleared: Cleared) -> AdminAnswer {
        .object { writer in
            writer.member("cleared") { writer in
                if let accounts = cleared.accounts { writer.member("accounts", accounts) }
                if let tasks = cleared.tasks { writer.member("tasks", tasks) }
                if let events = cleared.events { writer.member("events", events) }
                if let rules = cleared.rules { writer.member("rules", rules) }
                if let clocks = cleared.clocks { writer.member("clocks", clocks) }
                if let unmatched = cleared.unmatched { writer.member("unmatched", unmatched) }
            }
        }
    }

    public static func restored(accounts: Int, tasks: Int) -> AdminAnswer {
        .object { writer in
            writer.member("restored") {
                $0.member("accounts", accounts)
                $0.member("tasks", tasks)
            }
        }
    }
}

/// One model of the catalogue in a list.
public struct ModelView: Sendable, Hashable {
    var id: String
    var name: String
    var kind: String
    var typicalSeconds: Int

    public init(id: String, name: String, kind: String, typicalSeconds: Int) {
        self.id = id
        self.name = name
        self.kind = kind
        self.typicalSeconds = typicalSeconds
    }
}

/// What a reset cleared; nil for what its scope leaves alone.
public struct Cleared: Sendable, Hashable {
    public var accounts: Int?
    public var tasks: Int?
    public var events: Int?
    /// Rules that were in force and that no scenario brought, and those of scenarios that began anew.
    public var rules: Int?
    public var clocks: Int?
    /// Requests that had reached no account; nil also when there were none.
    public private(set) var unmatched: Int?

    public mutating func count(unmatched count: Int) { unmatched = count > 0 ? count : nil }

    public init(accounts: Int? = nil, tasks: Int? = nil) {
        self.accounts = accounts
        self.tasks = tasks
    }
}
