internal import ClipriseAdmin
internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

extension Service {
    private static let ruleListLimit = 10_000

    func perform(_ command: RuleCommand) throws(AdminProblem) -> AdminAnswer {
        switch command {
        case .list(let key):
            var views: [RuleView] = []
            for cell in try accounts(key) {
                views += look(cell) { RuleView.all(of: $0) }
                guard views.count <= Self.ruleListLimit else {
                    throw AdminProblem(
                        status: 409, title: "Too many rules",
                        detail: "All accounts have more than \(Self.ruleListLimit) rules together: add ?account=KEY.")
                }
            }
            return .rules(views)
        case .add(let rule, let key, let place): return try add(rule, try accounts(key), place)
        case .replace(let id, let key, let rule):
            let cell = try account(key)
            try checkName(of: rule, in: [cell], except: id)
            let isDone = look(cell) { account in account.changeRule(id, to: Self.named(rule, "rule \(id + 1)")) }
            guard isDone else { throw Self.noRule }
            return .rules(look(cell) { RuleView.all(of: $0) })
        case .remove(let id, let key):
            let cell = try account(key)
            guard look(cell, { $0.removeRule(id) }) else { throw Self.noRule }
            return .rules(look(cell) { RuleView.all(of: $0) })
        }
    }

    private func add(_ rule: Rule, _ cells: [AccountCell], _ place: RuleCommand.Place) throws(AdminProblem)
        -> AdminAnswer
    {
        for cell in cells where !cell.withLock(\.hasRoomForRule) {
            throw AdminProblem(
                status: 409, title: "Too many rules",
                detail: "An account has at most \(RuleBook.limit) rules at once, and \(RuleBook.idLimit) in its life; "
                    + "nothing was added.")
        }
        try checkName(of: rule, in: cells)
        if case .before(let id) = place {
            for cell in cells where !cell.withLock({ $0.hasRule(id) }) { throw Self.noRule }
        }
        return .added(
            cells.map { cell in
                look(cell) { account in
                    let number = account.world.rules.names.count + 1
                    let rule = Self.named(rule, "rule \(number)")
                    let id =
                        switch place {
                        case .first: account.addRule(rule, first: true)
                        case .last: account.addRule(rule, first: false)
                        case .before(let other): account.addRule(rule, before: other)
                        }
                    return RuleIDs(key: account.key, id: id)
                }
            })
    }

    /// A name stands for one rule of an account, in journals and filters too.
    private func checkName(of rule: Rule, in cells: [AccountCell], except id: Int? = nil) throws(AdminProblem) {
        guard !rule.name.isEmpty, rule.name != RuleCommand.shotName else { return }
        for cell in cells {
            let entries = cell.withLock(\.world.rules.entries)
            guard let taken = entries.first(where: { $0.rule.name == rule.name && $0.id != id }) else { continue }
            throw AdminProblem(
                status: 409, title: "Rule name taken",
                detail: "The account \(ShortenedKey.text(cell.withLock(\.key))) has a rule called "
                    + "\"\(rule.name.prefix(80))\" with the id \(taken.id); PUT /__admin/rules/\(taken.id)?account=KEY "
                    + "puts another in its place. Nothing was added.")
        }
    }

    private static func named(_ rule: Rule, _ name: String) -> Rule {
        guard rule.name.isEmpty else { return rule }
        var rule = rule
        rule.name = name
        return rule
    }

    private static let noRule = AdminProblem(
        status: 404, title: "No such rule", detail: "GET /__admin/rules?account=KEY lists the account's rules.")
}
