internal import ClipriseJSON
public import ClipriseScenario
internal import ClipriseWire

/// What is asked of rules; `account` nil means every account that is there.
public enum RuleCommand: Sendable, Hashable {
    case list(account: [UInt8]?)
    /// A rule without a name gets one when it is added.
    case add(Rule, account: [UInt8]?, Place)
    case replace(id: Int, account: [UInt8], Rule)
    case remove(id: Int, account: [UInt8])

    /// Where a rule is put among those that are there.
    public enum Place: Sendable, Hashable {
        case first, last
        case before(Int)
    }

    /// The name of rules that are fired: the one name that several may have.
    public static let shotName = "fired"

    var change: AdminChange {
        switch self {
        case .list: .nothing
        case .add(_, let key, _): key.map { .account($0) } ?? .all
        case .replace(_, let key, _), .remove(_, let key): .account(key)
        }
    }
}

extension RuleCommand {
    private static let everyAbout = "The account's key; without one all accounts that are there are meant."

    static let routes: [ReadRoute<RuleCommand>] = [
        ReadRoute(
            .get, "rules", "The rules in the order in which they are tried", pace: .ofAllAccounts,
            query: { $0.account(everyAbout) }
        ) { .list(account: $1) },
        ReadRoute(
            .post, "rules", "Adds a rule", status: 201, pace: .ofAllAccounts,
            body: { (body) throws(AdminProblem) in
                let account = try body.key("account", everyAbout)
                let text = body.masked("rule", .object, ruleAbout, isRequired: true)
                let place = try order(&body)
                let ttl = try body.span("ttl", "The rule ends this long after it was added.")
                var rule = try rule(text)
                if let ttl { rule.ttl = ttl }
                return .add(rule, account: account, place)
            }
        ) { $1 },
        ReadRoute(
            .post, "rules/fire", "A fault that strikes once, before all rules", status: 201, pace: .ofAllAccounts,
            body: { (body) throws(AdminProblem) in
                let account = try body.key("account", everyAbout)
                return .add(try shot(&body), account: account, .first)
            }
        ) { $1 },
        ReadRoute(
            .put, "rules/{id}", "Puts another rule in the place of one", pace: .ofAllAccounts, query: oneAccount,
            body: { (body) throws(AdminProblem) in
                try rule(body.masked("rule", .object, ruleAbout, isRequired: true))
            }
        ) { (request, account, rule) throws(AdminProblem) in
            let (id, account) = try place(request, account)
            return .replace(id: id, account: account, rule)
        },
        ReadRoute(
            .delete, "rules/{id}", "Removes a rule", pace: .ofAllAccounts, query: oneAccount
        ) { (request, account) throws(AdminProblem) in
            let (id, account) = try place(request, account)
            return .remove(id: id, account: account)
        },
    ]

    private static func order(_ body: inout AdminBody) throws(AdminProblem) -> Place {
        let first = try body.boolean(
            "first", "true has it tried before all others, false after them; usually false.")
        let isFirst = first ?? false
        let about = "The id of the rule that it is tried before; not with first."
        guard let value = body.value("before", .integer, about) else { return isFirst ? .first : .last }
        guard let id = value.integer, (0...Int64(Int32.max)).contains(id), !isFirst else {
            throw .bad("Bad before", "\"before\" is the id of a rule, and does not go with \"first\".")
        }
        return .before(Int(id))
    }

    @Sendable private static func oneAccount(_ query: inout AdminQuery) -> [UInt8]? {
        query.account("The account's key.", isRequired: true)
    }

    private static func place(
        _ request: AdminRequest, _ account: [UInt8]?
    ) throws(AdminProblem) -> (id: Int, account: [UInt8]) {
        guard let id: Int = DecimalText.whole(String(decoding: request.values[0], as: UTF8.self)) else {
            throw AdminProblem(status: 404, title: "No such rule", detail: "A rule's id is a whole number from 0 on.")
        }
        guard let account else {
            throw .bad("Account needed", "A rule belongs to an account: add ?account=KEY.")
        }
        return (id, account)
    }

    private static let ruleAbout = "A rule in the language of scenarios, as JSON."

    private static func rule(_ text: [UInt8]?) throws(AdminProblem) -> Rule {
        guard let text else {
            throw .bad(
                "Bad rule",
                "\"rule\" is a rule, such as {\"when\": {\"operation\": \"generate\"}, \"fault\": \"close\"}.")
        }
        do throws(ScenarioErrors) {
            return try Rule(yaml: text, source: "body", name: "")
        } catch {
            throw .bad("Bad rule", error.summary)
        }
    }

    /// A rule of one act, put together from the parts that the body gives.
    private static func shot(_ body: inout AdminBody) throws(AdminProblem) -> Rule {
        let fault = body.raw("fault", .wordOrObject, "A fault in the language of scenarios.", isRequired: true)
        let phases = Fault.Phase.allCases.map(\.rawValue)
        let phase = body.raw("phase", .words(phases), "When the fault strikes.")
        let when = body.raw("when", .object, "What the request must be, as in a rule; the next one otherwise.")
        guard let fault else {
            throw .bad("Bad fault", "\"fault\" is a fault, such as \"close\" or {\"status\": 503}.")
        }
        let json = JSONWriter.object { writer in
            writer.member("fault", json: fault)
            for (key, text) in [("phase", phase), ("when", when)] as [(StaticString, ArraySlice<UInt8>?)] {
                guard let text else { continue }
                writer.key(key)
                writer.raw(text)
            }
            writer.member("times", 1)
        }
        do throws(ScenarioErrors) {
            return try Rule(yaml: json, source: "body", name: shotName)
        } catch {
            throw .bad("Bad fault", error.errors.prefix(5).map(\.reason.text).joined(separator: "; ").asSentence)
        }
    }
}

extension ScenarioErrors {
    /// The first errors with their places, for one line.
    var summary: String {
        let shown = errors.prefix(5).map { "\($0.place.line):\($0.place.column): \($0.reason.text)" }
        let more = errors.count > 5 ? "; and \(errors.count - 5) more" : ""
        return (shown.joined(separator: "; ") + more).asSentence
    }
}
