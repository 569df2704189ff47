internal import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseWire

public enum AccountCommand: Sendable, Hashable {
    /// `search` is what keys or labels have in them, whatever the case of its letters; nil for all.
    case list(ListPage, search: String?)
    /// `key` nil lets the server choose one.
    case create(key: [UInt8]?, label: String?, credits: Int64, ScenarioChoice?)
    case show(key: [UInt8])
    case remove(key: [UInt8])
    /// A positive amount is a top-up, a negative one an adjustment; never 0.
    case addCredits(key: [UInt8], amount: Int64)
    case ledger(key: [UInt8], ListPage)
    case tasks(key: [UInt8], ListPage)
    case showScenario(key: [UInt8])
    case follow(key: [UInt8], ScenarioChoice)

    /// The credits of an account that is made without a number.
    public static let defaultCredits: Int64 = 10_000

    var change: AdminChange {
        switch self {
        case .addCredits(let key, _), .follow(let key, _), .remove(let key): .account(key)
        // Without a scenario of its own it is an account as any other.
        case .create(_, _, _, let scenario): scenario == nil ? .oneMore : .all
        case .list, .show, .ledger, .tasks, .showScenario: .nothing
        }
    }
}

extension AccountCommand {
    static let routes: [ReadRoute<AccountCommand>] = [
        ReadRoute(
            .get, "accounts", "The accounts in the order of their making", pace: .long,
            query: { (query) throws(AdminProblem) in
                let page = try query.page(10_000)
                let search = query.text("search", "Only accounts that have this in their key or label, in either case.")
                return .list(page, search: search.flatMap { $0.isEmpty ? nil : $0 })
            }
        ) { $1 },
        ReadRoute(
            .post, "accounts", "Makes an account", isBodyOptional: true, status: 201,
            body: { (body) throws(AdminProblem) in
                .create(
                    key: try body.key("key", "Its API key; without one the server chooses."), label: try label(&body),
                    credits: try credits(&body), try scenario(&body))
            }
        ) { $1 },
        ReadRoute(.get, "accounts/{key}", "An account") { (request) throws(AdminProblem) in
            .show(key: request.values[0])
        },
        ReadRoute(
            .delete, "accounts/{key}",
            "Removes an account with its tasks, credits and journal; returns what it had", pace: .long
        ) { (request) throws(AdminProblem) in .remove(key: request.values[0]) },
        ReadRoute(
            .post, "accounts/{key}/credits", "Tops up credits, or takes some away", body: amount
        ) { (request, amount) throws(AdminProblem) in .addCredits(key: request.values[0], amount: amount) },
        ReadRoute(
            .get, "accounts/{key}/ledger", "Every movement of credits", pace: .long, query: page
        ) { (request, page) throws(AdminProblem) in .ledger(key: request.values[0], page) },
        ReadRoute(
            .get, "accounts/{key}/tasks", "The tasks, newest last", pace: .long, query: page
        ) { (request, page) throws(AdminProblem) in .tasks(key: request.values[0], page) },
    ]

    @Sendable private static func page(_ query: inout AdminQuery) throws(AdminProblem) -> ListPage { try query.page() }

    private static func label(_ body: inout AdminBody) throws(AdminProblem) -> String? {
        let about = "What reports call it, such as the name of a test; at most \(Account.labelLimit) bytes."
        guard let label = try body.string("label", about) else { return nil }
        guard (1...Account.labelLimit).contains(label.utf8.count) else {
            throw .bad("Bad label", "\"label\" is 1 to \(Account.labelLimit) bytes of text.")
        }
        return label
    }

    private static func credits(_ body: inout AdminBody) throws(AdminProblem) -> Int64 {
        let about = "Credits at the start, 0 to \(Ledger.limit); usually \(defaultCredits)."
        guard let value = body.given("credits", .integer, about) else { return defaultCredits }
        guard let number = value.integer, (0...Ledger.limit).contains(number) else {
            throw .bad("Bad credits", "\"credits\" is a whole number from 0 to \(Ledger.limit).")
        }
        return number
    }

    @Sendable private static func amount(_ body: inout AdminBody) throws(AdminProblem) -> Int64 {
        let value = body.value("amount", .integer, "Whole credits other than 0.", isRequired: true)
        guard let amount = value?.integer, amount != 0, (-Ledger.limit...Ledger.limit).contains(amount)
        else {
            throw .bad(
                "Bad amount", "\"amount\" is a whole number of credits other than 0, such as {\"amount\": 500}.")
        }
        return amount
    }
}
