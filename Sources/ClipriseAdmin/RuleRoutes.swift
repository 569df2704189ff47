internal import ClipriseJSON
internal import ClipriseScenario
internal import ClipriseWire

extension AdminRoutes {
    private static let everyAccount = AdminMember(
        "account", .text, "The account's key; without one all accounts that are there are meant.")
    private static let oneAccount = AdminMember("account", .text, "The account's key.", isRequired: true)
    private static let rule = AdminMember(
        "rule", .object, "A rule in the language of scenarios, as JSON.", isRequired: true)

    static let rules: [AdminRoute] = [
        AdminRoute(.get, "rules", "The rules in the order in which they are tried", query: [everyAccount]) {
            (request) throws(AdminProblem) in .rule(.list(account: request.account))
        },
        AdminRoute(
            .post, "rules", "Adds a rule",
            body: [
                everyAccount, rule,
                AdminMember("first", .flag, "true has it tried before all others, false after them; usually false."),
                AdminMember("before", .integer, "The id of the rule that it is tried before; not with first."),
                AdminMember("ttl", .span, "The rule ends this long after it was added."),
            ], status: 201
        ) { (request) throws(AdminProblem) in
            try request.read { (body) throws(AdminProblem) in
                var rule = try read(body)
                if let ttl = try body.span("ttl") { rule.ttl = ttl }
                return .rule(
                    .add(rule, account: try body.key("account"), try order(body)))
            }
        },
        AdminRoute(
            .post, "rules/fire", "A fault that strikes once, before all rules",
            body: [
                everyAccount,
                AdminMember("fault", .wordOrObject, "A fault in the language of scenarios.", isRequired: true),
                AdminMember("phase", .words(Fault.Phase.allCases.map(\.rawValue)), "When the fault strikes."),
                AdminMember("when", .object, "What the request must be, as in a rule; the next one otherwise."),
            ], status: 201
        ) { (request) throws(AdminProblem) in
            try request.read { (body) throws(AdminProblem) in
                .rule(.add(try shot(body), account: try body.key("account"), .first))
            }
        },
        AdminRoute(.put, "rules/{id}", "Puts another rule in the place of one", query: [oneAccount], body: [rule]) {
            (request) throws(AdminProblem) in
            let (id, account) = try place(request)
            return try request.read { (body) throws(AdminProblem) in
                .rule(.replace(id: id, account: account, try read(body)))
            }
        },
        AdminRoute(.delete, "rules/{id}", "Removes a rule", query: [oneAccount]) { (request) throws(AdminProblem) in
            let (id, account) = try place(request)
            return .rule(.remove(id: id, account: account))
        },
    ]

    private static func order(_ body: AdminBody) throws(AdminProblem) -> RuleCommand.Place {
        let isFirst = try body.boolean("first") ?? false
        guard let value = body.value("before") else { return isFirst ? .first : .last }
        guard let id = value.integer, (0...Int64(Int32.max)).contains(id), !isFirst else {
            throw .bad("Bad before", "\"before\" is the id of a rule, and does not go with \"first\".")
        }
        return .before(Int(id))
    }

    private static func place(_ request: AdminRequest) throws(AdminProblem) -> (id: Int, account: [UInt8]) {
        guard let id = Int(String(decoding: request.values[0], as: UTF8.self)), id >= 0 else {
            throw AdminProblem(status: 404, title: "No such rule", detail: "A rule's id is a whole number from 0 on.")
        }
        guard let account = request.account else {
            throw .bad("Account needed", "A rule belongs to an account: add ?account=KEY.")
        }
        return (id, account)
    }

    private static func read(_ body: AdminBody) throws(AdminProblem) -> Rule {
        guard let text = body.masked("rule") else {
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
    private static func shot(_ body: AdminBody) throws(AdminProblem) -> Rule {
        guard let fault = body.raw("fault") else {
            throw .bad("Bad fault", "\"fault\" is a fault, such as \"close\" or {\"status\": 503}.")
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("fault")
            writer.raw(fault)
            for key in ["phase", "when"] as [StaticString] {
                guard let text = body.raw(key) else { continue }
                writer.key(key)
                writer.raw(text)
            }
            writer.member("times", 1)
        }
        do throws(ScenarioErrors) {
            return try Rule(yaml: writer.bytes, source: "body", name: RuleCommand.shotName)
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
