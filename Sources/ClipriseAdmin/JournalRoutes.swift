internal import ClipriseScenario
public import ClipriseWire

public enum JournalCommand: Sendable, Hashable {
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
    public static let waitLimit = 10_000
    public static let longestWait = TimeSpan.seconds(60)
}

public struct EventQuery: Sendable, Hashable {
    /// Nil for all accounts.
    public var account: [UInt8]?
    /// Of each account, only events with higher sequence numbers.
    public var after = 0
    public var filter = EventFilter()
    /// Whether what exchanges said is written with them.
    public var hasContents = true
}

public enum ExportFormat: String, Sendable, Hashable, CaseIterable {
    case jsonl, har
}

extension JournalCommand {
    private enum ListFormat: String, CaseIterable {
        case json, jsonl, har

        var export: ExportFormat? { ExportFormat(rawValue: rawValue) }
    }

    static let routes: [ReadRoute<JournalCommand>] = [
        ReadRoute(
            .get, "accounts/{key}/journal", "The events of an account, of all kinds", hasEvents: true, pace: .long,
            query: { (query) throws(AdminProblem) in (try events(&query, of: nil, allKinds: true), try query.page()) }
        ) { (request, asked) throws(AdminProblem) in
            var (query, page) = asked
            query.account = request.values[0]
            return .list(query, page)
        },
        ReadRoute(
            .get, "requests", "The requests of clients and their answers, oldest first", hasEvents: true, pace: .long,
            query: { (query) throws(AdminProblem) in
                let account = query.account()
                let format = try query.word(
                    "format", ListFormat.self,
                    "jsonl and har are whole journals of the account or of all; filters do not go with them.")
                if let format, let export = format.export {
                    try query.refuse(allBut: ["account", "format"], beside: "format=\(format.rawValue)")
                    return .export(account: account, export)
                }
                return .list(try events(&query, of: account), try query.page())
            }
        ) { $1 },
        ReadRoute(
            .get, "unmatched",
            "Requests that reached no account, for a key, Host or path that is not known: counts, and the last 1000",
            query: { (query) throws(AdminProblem) in
                let about = "The most of the last requests; usually 1000."
                return .unmatched(limit: try query.number("limit", 0...1_000, about) ?? 1_000)
            }
        ) { $1 },
        ReadRoute(
            .get, "requests/stream",
            "Events as they happen, as server-sent events named `event`, `ended` and `gap` (events may be missing); "
                + "with Last-Event-ID it goes on where it was left", type: "text/event-stream",
            query: { (query) throws(AdminProblem) in (account: query.account(), after: try after(&query)) }
        ) { (request, asked) throws(AdminProblem) in
            .stream(account: asked.account, start(asked.after, request.fields))
        },
        ReadRoute(
            .get, "requests/wait", "Answers when enough requests match, or with 408 when the time is over",
            hasEvents: true, pace: .ofAllAccounts,
            query: { (query) throws(AdminProblem) in
                let events = try events(&query, of: query.account())
                let count = try query.number("count", 1...waitLimit, "How many must match; usually 1.")
                let timeout = try query.span(
                    "timeout", upTo: longestWait, "How long to wait on the machine's clock, at most 60s; usually 10s.")
                return .wait(events, count: count ?? 1, timeout: timeout ?? .seconds(10))
            }
        ) { $1 },
    ]

    private static func after(_ query: inout AdminQuery) throws(AdminProblem) -> Int? {
        try query.number("after", 0...Int(Int32.max), "Only events with higher sequence numbers.")
    }

    private static func events(
        _ query: inout AdminQuery, of account: [UInt8]?, allKinds: Bool = false
    ) throws(AdminProblem) -> EventQuery {
        var filter = try filter(&query)
        filter.onlyExchanges = !allKinds
        let after = try after(&query)
        let hasContents = try query.flag(
            "bodies", "Whether exchanges come with their targets, fields and bodies; usually true.")
        return EventQuery(account: account, after: after ?? 0, filter: filter, hasContents: hasContents ?? true)
    }

    private static func filter(_ query: inout AdminQuery) throws(AdminProblem) -> EventFilter {
        var filter = EventFilter()
        let words = ["generate", "status", "download"]
        if let operation = query.text("operation", "What the client asked for.", as: .words(words)) {
            guard words.contains(operation), let known = Operation(rawValue: operation) else {
                let meant = Spelling.hint(for: operation, in: words, " Did")
                throw .bad("Bad query", "\"operation\" is one of \(words.joined(separator: ", ")).\(meant)")
            }
            filter.operation = known
        }
        filter.status = try query.number("status", 0...999, "The status of the answer; 0 for none.")
        if let clause = query.text("clause", "The clause of the contract that answered, such as GEN-11.") {
            guard let known = Clause(rawValue: clause) else {
                let meant = Spelling.hint(for: clause, in: Clause.allCases.map(\.rawValue), " Did")
                throw .bad("Bad query", "\"clause\" is a clause of the contract such as GEN-11.\(meant)")
            }
            filter.clause = known
        }
        if let fault = query.text("fault", "The word of the fault that struck, such as close; `any` for any fault.") {
            let word = FaultWord(rawValue: fault)
            guard fault == "any" || word != nil else {
                let words = FaultWord.allCases.map(\.rawValue) + ["any"]
                let meant = Spelling.hint(for: fault, in: words, " Did")
                throw .bad(
                    "Bad query", "\"fault\" is the word of a fault such as close, or any for any fault.\(meant)")
            }
            filter.fault = word.map { .word($0) } ?? .any
        }
        filter.rule = query.text("rule", "The name of the rule that acted.")
        filter.model = query.text("model", "The model's id.")
        if let task = query.text("task", "A task's id, or its 1-based number in its account.") {
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
