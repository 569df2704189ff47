internal import ClipriseScenario
package import ClipriseWire

/// What is asked of journals.
package enum JournalCommand: Sendable, Hashable {
    case list(EventQuery, ListPage)
    /// Whole journals in a format for files.
    case export(account: [UInt8]?, ExportFormat)
    /// Events as they happen.
    case stream(account: [UInt8]?, StreamStart)
    /// Answers when `count` events are there, or when the time is over.
    case wait(EventQuery, count: Int, timeout: TimeSpan)

    /// The requests that reached no account; at most so many of the last.
    case unmatched(limit: Int)

    /// The most events that can be waited for.
    package static let waitLimit = 10_000
    /// The longest wait.
    package static let longestWait = TimeSpan.seconds(60)
}

/// Which events are meant.
package struct EventQuery: Sendable, Hashable {
    /// Nil for all accounts.
    package var account: [UInt8]?
    /// Of each account, only events with higher sequence numbers.
    package var after = 0
    package var filter = EventFilter()
    /// Whether what exchanges said is told with them.
    package var hasContents = true
}

/// Formats of whole journals.
package enum ExportFormat: String, Sendable, Hashable, CaseIterable {
    case jsonl, har
}

extension JournalCommand {
    private static let filters = [
        AdminMember("operation", .words(["generate", "status", "download"]), "What the client asked for."),
        AdminMember("status", .integer, "The status of the answer; 0 for none."),
        AdminMember("clause", .text, "The clause of the contract that answered, such as GEN-11."),
        AdminMember("fault", .text, "The word of the fault that struck, such as close; `any` for any fault."),
        AdminMember("rule", .text, "The name of the rule that acted."),
        AdminMember("model", .text, "The model's id."),
        AdminMember("task", .text, "A task's id, or its 1-based number in its account."),
    ]
    private static let account = AdminMember("account", .text, "The account's key; without one all accounts are meant.")
    private static let bodies = AdminMember(
        "bodies", .flag, "Whether exchanges come with their targets, fields and bodies; usually true.")
    private static let after = AdminMember("after", .integer, "Only events with higher sequence numbers.")

    private enum ListFormat: String, CaseIterable {
        case json, jsonl, har

        var export: ExportFormat? { ExportFormat(rawValue: rawValue) }
    }

    static let routes: [ReadRoute<JournalCommand>] = [
        ReadRoute(
            .get, "accounts/{key}/journal", "The events of an account, of all kinds",
            query: filters + [after, bodies] + ListPage.parameters, hasEvents: true, pace: .long
        ) { (request) throws(AdminProblem) in
            .list(try query(request, account: request.values[0], allKinds: true), try request.page())
        },
        ReadRoute(
            .get, "requests", "The requests of clients and their answers, oldest first",
            query: [account] + filters + [after, bodies] + ListPage.parameters + [
                AdminMember(
                    "format", .words(["json", "jsonl", "har"]),
                    "jsonl and har are whole journals of the account or of all; filters do not go with them.")
            ], hasEvents: true, pace: .long
        ) { (request) throws(AdminProblem) in
            if let format = try request.word("format", ListFormat.self), let export = format.export {
                try request.refuse(
                    filters + [after, bodies] + ListPage.parameters, beside: "format=\(format.rawValue)")
                return .export(account: request.account, export)
            }
            let query = try query(request, account: request.account, allKinds: false)
            return .list(query, try request.page())
        },
        ReadRoute(
            .get, "unmatched",
            "Requests that reached no account, for a key, Host or path that is not known: counts, and the last 1000",
            query: [AdminMember("limit", .integer, "The most of the last requests, 0 to 1000; usually 1000.")]
        ) { (request) throws(AdminProblem) in
            .unmatched(limit: try request.number("limit", 0...1_000) ?? 1_000)
        },
        ReadRoute(
            .get, "requests/stream",
            "Events as they happen, as server-sent events named `event`, `ended` and `gap` (events may be missing); "
                + "with Last-Event-ID it goes on where it was left",
            query: [account, after], type: "text/event-stream"
        ) { (request) throws(AdminProblem) in
            let after = try request.number("after", 0...Int(Int32.max))
            return .stream(account: request.account, start(after, request.fields))
        },
        ReadRoute(
            .get, "requests/wait", "Answers when enough requests match, or with 408 when the time is over",
            query: [account] + filters + [
                after, bodies, AdminMember("count", .integer, "How many must match, 1 to 10000; usually 1."),
                AdminMember("timeout", .span, "How long to wait on the machine's clock, at most 60s; usually 10s."),
            ], hasEvents: true, pace: .ofAllAccounts
        ) { (request) throws(AdminProblem) in
            .wait(
                try query(request, account: request.account, allKinds: false),
                count: try request.number("count", 1...waitLimit) ?? 1,
                timeout: try request.span("timeout", upTo: longestWait) ?? .seconds(10))
        },
    ]

    static func query(_ request: AdminRequest, account: [UInt8]?, allKinds: Bool) throws(AdminProblem) -> EventQuery {
        EventQuery(
            account: account, after: try request.number("after", 0...Int(Int32.max)) ?? 0,
            filter: try filter(request, allKinds: allKinds), hasContents: try request.flag("bodies") ?? true)
    }

    private static func filter(_ request: AdminRequest, allKinds: Bool) throws(AdminProblem) -> EventFilter {
        var filter = EventFilter()
        filter.onlyExchanges = !allKinds
        if let operation = request.text("operation") {
            let words = ["generate", "status", "download"]
            guard words.contains(operation), let known = Operation(rawValue: operation) else {
                let meant = Spelling.nearest(to: operation, in: words).map { " Did you mean \"\($0)\"?" } ?? ""
                throw .bad("Bad query", "\"operation\" is one of \(words.joined(separator: ", ")).\(meant)")
            }
            filter.operation = known
        }
        filter.status = try request.number("status", 0...999)
        if let clause = request.text("clause") {
            guard let known = Clause(rawValue: clause) else {
                let meant = Spelling.nearest(to: clause, in: Clause.allCases.map(\.rawValue))
                throw .bad(
                    "Bad query",
                    "\"clause\" is a clause of the contract such as GEN-11."
                        + (meant.map { " Did you mean \"\($0)\"?" } ?? ""))
            }
            filter.clause = known
        }
        if let fault = request.text("fault") {
            let word = FaultWord(rawValue: fault)
            guard fault == "any" || word != nil else {
                let words = FaultWord.allCases.map(\.rawValue) + ["any"]
                let meant = Spelling.nearest(to: fault, in: words).map { " Did you mean \"\($0)\"?" } ?? ""
                throw .bad(
                    "Bad query", "\"fault\" is the word of a fault such as close, or any for any fault.\(meant)")
            }
            filter.fault = word.map { .word($0) } ?? .any
        }
        filter.rule = request.text("rule")
        filter.model = request.text("model")
        if let task = request.text("task") {
            if let id = TaskID(hex: Array(task.utf8)[...]) {
                filter.task = .id(id)
            } else if let number = Int(task), number > 0 {
                filter.task = .ordinal(number)
            } else {
                throw .bad("Bad query", "\"task\" is a task's id of 32 hex digits, or its number from 1 on.")
            }
        }
        return filter
    }

    /// A browser that takes up a stream again asks as it did at first, and says beside that which event it saw last.
    private static func start(_ after: Int?, _ fields: HeaderFields) -> StreamStart {
        guard let last = fields.first("last-event-id"), !last.isEmpty else { return after.map { .after($0) } ?? .now }
        let mark = EventMark(text: String(decoding: last, as: UTF8.self))
        return mark.map { .mark($0, after: after ?? 0) } ?? .gap
    }
}
