internal import ClipriseWire

/// Rules of the language that span several lines of a scenario.
enum ScenarioCheck {
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
                let meant = Spelling.hint(for: name, in: names)
                findings.add(.senseless("no rule is called \"\(name)\"\(meant)"), at: expectation.place)
            }
        }
    }
}

extension Expectation {
    /// The names of rules that it speaks of.
    public var ruleNames: [String] { filters.compactMap(\.rule) }

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
