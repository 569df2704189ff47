internal import ClipriseWire

/// Rules of the language that span several lines of a scenario.
enum ScenarioCheck {
    /// Why these accounts cannot stand together, or nil.
    static func accounts(_ accounts: [AccountRule]) -> String? {
        var total = 0
        var keys: Set<String> = []
        for account in accounts {
            total += account.count ?? 1
            if !keys.insert(account.key).inserted { return "the account \"\(account.key)\" is there twice" }
        }
        return total > Forms.accountTotalLimit ? "more than \(Forms.accountTotalLimit) accounts in all" : nil
    }

    /// Gives rules without a name theirs, and reports names that stand twice, or that an expectation takes for granted.
    static func finish(_ scenario: inout Scenario, _ findings: Findings) {
        var names: [String] = []
        for index in scenario.rules.indices {
            if scenario.rules[index].name.isEmpty { scenario.rules[index].name = "rule \(index + 1)" }
            let rule = scenario.rules[index]
            if names.contains(rule.name) {
                findings.add(.senseless("another rule is called \"\(rule.name)\" as well"), at: rule.place)
            }
            names.append(rule.name)
        }
        names += scenario.tasks.compactMap(\.name)
        for expectation in scenario.expectations {
            for name in expectation.ruleNames where !names.contains(name) {
                let meant = Spelling.nearest(to: name, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
                findings.add(.senseless("no rule is called \"\(name)\"\(meant)"), at: expectation.place)
            }
        }
    }
}

extension Expectation {
    /// The names of rules that it speaks of.
    package var ruleNames: [String] { filters.compactMap(\.rule) }

    var filters: [Filter] {
        switch kind {
        case .count(let count): [count.filter]
        case .inOrder(let filters): filters
        case .within(let from, let to, _): [from, to]
        case .gap(let of, _, _): [of]
        case .property: []
        }
    }
}
