package import ClipriseEngine
package import ClipriseWire

/// What came of an admin command.
package enum AdminAnswer: Sendable {
    case health(version: String, uptime: TimeSpan, accounts: Int)
    case ready
    case version(String, catalogHash: UInt64)
    case metrics(Metrics)
    case openAPI(version: String)
    case page(AdminPage.File)
    case redirectToPage
    /// The models, the edition that is followed, and what a run of conformance found of it.
    case catalog([ModelView], profile: String, verified: AnswerEdition.Verification?)
    /// JSON text that is handed on as it is.
    case json([UInt8])
    case lines([UInt8])
    /// Text for people.
    case text([UInt8])
    /// Whether all that was expected came true, and the verdicts as a JSON array.
    case verdicts(passed: Bool, verdicts: [UInt8])
    case account(AccountDetail, isNew: Bool)
    /// A page of the `total` accounts.
    case accounts([AccountView], total: Int)
    case ledger(LedgerView)
    case clock(ClockView)
    case task(TaskView)
    /// The answer that carries the file of a task.
    case file(ResponsePlan)
    /// A page of the `total` tasks.
    case tasks([TaskView], total: Int, start: Int)
    case rules([RuleView])
    /// Rules that were added.
    case added([RuleIDs])
    case scenario(ScenarioView)
    case scenarios([(name: String, about: String)])
    case events([EventView], total: Int, evicted: Int)
    case unmatched(UnmatchedView)
    /// What was waited for.
    case waited([EventView])
    /// The head of a stream that goes on through its exchange; with `isOpen` false nothing follows.
    case stream(isOpen: Bool)
    case cleared(Cleared)
    case restored(accounts: Int, tasks: Int)
}

/// One model of the catalogue in a list.
package struct ModelView: Sendable, Hashable {
    var id: String
    var name: String
    var kind: String
    var typicalSeconds: Int

    package init(id: String, name: String, kind: String, typicalSeconds: Int) {
        self.id = id
        self.name = name
        self.kind = kind
        self.typicalSeconds = typicalSeconds
    }
}

/// What a reset cleared; nil for what its scope leaves alone.
package struct Cleared: Sendable, Hashable {
    package var accounts: Int?
    package var tasks: Int?
    package var events: Int?
    /// Rules that were in force and that no scenario brought, and those of scenarios that began anew.
    package var rules: Int?
    package var clocks: Int?
    /// Requests that had reached no account; nil also when there were none.
    package private(set) var unmatched: Int?

    package mutating func count(unmatched count: Int) { unmatched = count > 0 ? count : nil }

    package init(
        accounts: Int? = nil, tasks: Int? = nil, events: Int? = nil, rules: Int? = nil, clocks: Int? = nil
    ) {
        self.accounts = accounts
        self.tasks = tasks
        self.events = events
        self.rules = rules
        self.clocks = clocks
    }
}

extension AdminAnswer {
    package var plan: ResponsePlan {
        switch self {
        case .page(let file): return AdminPage.plan(file)
        case .redirectToPage:
            return ResponsePlan(
                status: 308, fields: [.init("Location", "/__admin/"), .init("Cache-Control", "no-store")])
        case .metrics(let metrics):
            return Self.plan(metrics.text, .custom("text/plain; version=0.0.4; charset=utf-8"))
        case .openAPI(let version): return Self.plan(OpenAPI.document(version: version), .json)
        case .file(let plan): return plan
        case .json(let bytes): return Self.plan(bytes, .json)
        case .lines(let bytes): return Self.plan(bytes, .custom("application/jsonl; charset=utf-8"))
        case .text(let bytes): return Self.plan(bytes, .custom("text/plain; charset=utf-8"))
        case .stream(let isOpen):
            return ResponsePlan(
                status: 200, contentType: .custom("text/event-stream; charset=utf-8"),
                fields: [.init("Cache-Control", "no-store")],
                body: isOpen ? .steps(announcedLength: nil, [.send([]), .hold]) : .plain([]))
        default:
            var writer = JSONWriter(capacity: 512)
            write(to: &writer)
            writer.endLine()
            var status = 200
            switch self {
            case .account(_, isNew: true), .added: status = 201
            default: break
            }
            return Self.plan(writer.bytes, .json, status: status)
        }
    }

    private static func plan(
        _ bytes: [UInt8], _ type: ResponsePlan.ContentType, status: Int = 200
    ) -> ResponsePlan {
        ResponsePlan(
            status: status, contentType: type, fields: [.init("Cache-Control", "no-store")], body: .plain(bytes))
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .account(let detail, _): detail.write(to: &writer)
        case .ledger(let view): view.write(to: &writer)
        case .clock(let view): view.write(to: &writer)
        case .task(let view): view.write(to: &writer)
        case .scenario(let view): view.write(to: &writer)
        default: writer.object { writeMembers(to: &$0) }
        }
    }

    private func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .health(let version, let uptime, let accounts):
            writer.member("status", "ok")
            writer.member("version", version)
            writer.member("uptimeSeconds", seconds: Instant(nanoseconds: uptime.nanoseconds))
            writer.member("accounts", accounts)
        case .ready: writer.member("ready", true)
        case .verdicts(let passed, let verdicts):
            writer.member("passed", passed)
            writer.key("verdicts")
            writer.raw(verdicts)
        case .version(let version, let hash):
            writer.member("version", version)
            writer.member("catalogHash", hash.hex)
        case .catalog(let models, let profile, let verified):
            writer.member("models", array: models) { writer, model in
                writer.object {
                    $0.member("id", model.id)
                    $0.member("name", model.name)
                    $0.member("kind", model.kind)
                    $0.member("typicalSeconds", model.typicalSeconds)
                }
            }
            writer.member("profile", profile)
            if let verified {
                writer.key("verified")
                writer.object { verified.writeMembers(to: &$0) }
            }
        case .scenarios(let scenarios):
            writer.member("scenarios", array: scenarios) { writer, scenario in
                writer.object {
                    $0.member("name", scenario.name)
                    $0.member("about", scenario.about)
                }
            }
        case .accounts(let views, let total):
            writer.member("total", total)
            writer.member("accounts", array: views) { writer, view in
                writer.object { view.writeMembers(to: &$0) }
            }
        case .tasks(let views, let total, let start):
            writer.member("total", total)
            writer.member("start", start)
            writer.member("tasks", array: views) { $1.write(to: &$0) }
        case .added(let ids):
            writer.member("ids", array: ids) { writer, added in
                writer.object {
                    $0.member("account", String(decoding: added.key, as: UTF8.self))
                    $0.member("id", added.id)
                }
            }
        case .rules(let views): writer.member("rules", array: views) { $1.write(to: &$0) }
        case .events(let views, let total, let evicted):
            writer.member("total", total)
            writer.member("evicted", evicted)
            writer.member("events", array: views) { $1.write(to: &$0) }
        case .unmatched(let view): view.writeMembers(to: &writer)
        case .waited(let views): writer.member("events", array: views) { $1.write(to: &$0) }
        case .restored(let accounts, let tasks):
            writer.key("restored")
            writer.object {
                $0.member("accounts", accounts)
                $0.member("tasks", tasks)
            }
        case .cleared(let cleared):
            writer.key("cleared")
            writer.object { writer in
                if let accounts = cleared.accounts { writer.member("accounts", accounts) }
                if let tasks = cleared.tasks { writer.member("tasks", tasks) }
                if let events = cleared.events { writer.member("events", events) }
                if let rules = cleared.rules { writer.member("rules", rules) }
                if let clocks = cleared.clocks { writer.member("clocks", clocks) }
                if let unmatched = cleared.unmatched { writer.member("unmatched", unmatched) }
            }
        case .metrics, .openAPI, .page, .redirectToPage, .json, .lines, .text, .account, .ledger, .clock, .task, .file,
            .scenario, .stream:
            return
        }
    }
}
