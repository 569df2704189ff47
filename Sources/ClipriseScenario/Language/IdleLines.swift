internal import ClipriseWire

extension Scenario {
    /// What a sound text says in vain, as lines `SOURCE:LINE:COLUMN: …`: rules and lines of tasks that can never act, and
    /// models that the catalogue does not have.
    ///
    /// Nothing of it is an error: a scenario may be kept with a rule that is switched off.
    ///
    /// - Parameter models: The ids of the catalogue.
    public static func idleLines(inYAML text: [UInt8], source: String, models: [String]) -> [String] {
        guard let scenario = try? Scenario(yaml: text, source: source) else { return [] }
        let findings = Findings(source: source)
        let places = taskPlaces(YAMLReader.tree(text, findings: Findings(source: source)))
        IdleLines(scenario, taskPlaces: places, models: models).report(findings)
        return findings.thrown()?.lines ?? []
    }

    private static func taskPlaces(_ tree: SourceNode?) -> [Place] {
        guard case .object(let members)? = tree?.content,
            case .list(let nodes)? = members.first(where: { $0.key == "tasks" })?.value.content
        else { return [] }
        return nodes.map(\.place)
    }
}

/// Finds what a scenario says in vain.
struct IdleLines {
    private let scenario: Scenario
    private let taskPlaces: [Place]
    private let models: [String]
    private let spelling: Spelling.Words

    init(_ scenario: Scenario, taskPlaces: [Place], models: [String]) {
        self.scenario = scenario
        self.taskPlaces = taskPlaces
        self.models = models
        spelling = Spelling.Words(models)
    }

    func report(_ findings: Findings) {
        for (index, rule) in scenario.rules.enumerated() {
            let earlier = scenario.rules[..<index]
            let problems =
                [
                    plan(rule), window(rule), chance(rule), polls(rule, earlier), callback(rule),
                    account(rule.when.account),
                ]
                .compactMap(\.self) + model(rule.when.model)
            for problem in problems { findings.add(.senseless("\"\(rule.name)\": \(problem)"), at: rule.place) }
            // One reason is enough.
            if problems.isEmpty, let other = earlier.first(where: { $0.takesAll(of: rule) }) {
                findings.add(
                    .senseless(
                        "\"\(rule.name)\" never acts: \"\(other.name)\" stands before it and takes every request that it is "
                            + "for"),
                    at: rule.place)
            }
        }
        for (index, task) in scenario.tasks.enumerated() {
            let place = taskPlaces.indices.contains(index) ? taskPlaces[index] : Place(line: 1, column: 1)
            var problems = model(task.model) + [account(task.account)].compactMap(\.self)
            if task.probability == 0 { problems.append("a chance of 0 decides no task") }
            if problems.isEmpty, scenario.tasks[..<index].contains(where: { $0.takesAll(of: task) }) {
                problems.append("it decides no task: a line before it takes every task that it is for")
            }
            for problem in problems { findings.add(.senseless("line \(index + 1) of tasks: \(problem)"), at: place) }
        }
        for expectation in scenario.expectations {
            for problem in expectation.models.flatMap({ model($0) }) {
                findings.add(.senseless(problem), at: expectation.place)
            }
        }
    }

    /// Entries that no match reaches.
    private func plan(_ rule: Rule) -> String? {
        guard case .plan(let entries, let repeats) = rule.act, !repeats else { return nil }
        let first = rule.when.count?.lowerBound ?? 1
        if first > entries.count {
            return
                "never acts: \"count\" takes match \(first) at the earliest, and the plan is used up after "
                + "\(DecimalText.count(entries.count, "entry", "entries")); each match takes the next entry, counted or not: put \"fault\" in the "
                + "place of \"plan\", or \"pass\" before the entry in the place of \"count\""
        }
        let last = min(entries.count, rule.when.count?.upperBound ?? .max)
        let reached = first...last
        if let lost = entries.indices.first(where: { entries[$0] != nil && !reached.contains($0 + 1) }) {
            return "entry \(lost + 1) of the plan never acts: \"count\" takes only matches \(first) to \(last)"
        }
        if let times = rule.times, first - 1 + times < last,
            let lost = entries.indices.first(where: { entries[$0] != nil && $0 + 1 >= first + times })
        {
            return
                "entry \(lost + 1) of the plan never acts: \"times\" ends the rule after \(DecimalText.count(times, "entry", "entries"))"
        }
        return nil
    }

    private func window(_ rule: Rule) -> String? {
        guard let during = rule.during, let ttl = rule.ttl, during.from >= ttl else { return nil }
        return "never acts: \"ttl\" ends it before its window begins"
    }

    private func chance(_ rule: Rule) -> String? {
        guard case .chance(0, _) = rule.act else { return nil }
        return "never acts: its chance is 0"
    }

    /// Polls that come behind the end of every task.
    private func polls(_ rule: Rule, _ earlier: ArraySlice<Rule>) -> String? {
        guard rule.when.operations == [.status], let first = rule.when.attempt?.lowerBound, let last = latestPoll,
            first > last,
            // Polls that another rule answers are asked once more.
            !scenario.rules.contains(where: { $0.place != rule.place && $0.when.allows(.status) })
        else { return nil }
        return
            "no client that stops at the end asks so often: every task has ended at poll \(last), and \"attempt\" begins "
            + "at \(first)"
    }

    /// The poll that sees the end of every task at the latest; nil where that is not known.
    private var latestPoll: Int? {
        guard let closing = scenario.tasks.firstIndex(where: \.takesEverything) else { return nil }
        var latest = 0
        for task in scenario.tasks[...closing] {
            switch (task.life, task.outcome) {
            case (.polls(let count)?, nil), (.polls(let count)?, .fail?): latest = max(latest, count)
            case (.immediate?, nil), (.immediate?, .fail?): latest = max(latest, 1)
            default: return nil
            }
        }
        // Faults of generates may prolong lives.
        let isPlain = scenario.rules.allSatisfy { rule in
            rule.act.faults.allSatisfy { if case .task = $0.kind { false } else { true } }
        }
        return isPlain ? latest : nil
    }

    private func callback(_ rule: Rule) -> String? {
        guard scenario.callbacks == nil else { return nil }
        let isAny = rule.act.faults.contains { if case .callback = $0.kind { true } else { false } }
        return isAny ? "changes nothing: no callback is delivered unless the scenario has \"callbacks\"" : nil
    }

    /// A key that looks like one of the scenario's and is none.
    private func account(_ glob: Glob?) -> String? {
        guard let glob, glob.isLiteral, !scenario.accounts.isEmpty,
            !scenario.accounts.contains(where: { $0.takes(glob.pattern) }),
            let meant = Spelling.nearest(to: glob.pattern, in: scenario.accounts.map(\.key))
        else { return nil }
        return "no account of this file has the key \"\(glob.pattern)\"; did you mean \"\(meant)\"?"
    }

    private func model(_ glob: Glob?) -> [String] {
        guard let glob, !models.contains(where: { glob.matches($0.utf8) }) else { return [] }
        let meant = spelling.nearest(to: glob.pattern).map { "; did you mean \"\($0)\"?" } ?? ""
        return ["no model of the catalogue is called \"\(glob.pattern)\"\(meant)"]
    }
}

extension Glob {
    fileprivate var isLiteral: Bool { !pattern.contains { $0 == "*" || $0 == "?" } }

    /// Whether all that another matches is matched.
    fileprivate func takesAll(of other: Glob?) -> Bool {
        guard let other else { return false }
        return pattern == "*" || pattern == other.pattern || (other.isLiteral && matches(other.pattern.utf8))
    }
}

extension Optional<Glob> {
    fileprivate func takesAll(of other: Glob?) -> Bool { self.map { $0.takesAll(of: other) } ?? true }
}

extension Optional<ClosedRange<Int>> {
    fileprivate func takesAll(of other: ClosedRange<Int>?) -> Bool {
        guard let self else { return true }
        guard let other else { return false }
        return self.lowerBound <= other.lowerBound && other.upperBound <= self.upperBound
    }
}

extension Optional<String> {
    /// As a part of a prompt: who has the longer part has the shorter one in it.
    fileprivate func takesAll(of other: String?) -> Bool {
        guard let part = self?.lowercased(), !part.isEmpty else { return true }
        return other?.lowercased().contains(part) ?? false
    }
}

extension AccountRule {
    fileprivate func takes(_ name: String) -> Bool {
        guard let count else { return key == name }
        guard name.hasPrefix(key), let number = Int(name.dropFirst(key.count)) else { return false }
        return (1...count).contains(number)
    }
}

extension When {
    fileprivate func allows(_ operation: Operation) -> Bool { operations.isEmpty || operations.contains(operation) }

    /// Whether each request that meets the other meets this.
    fileprivate func takesAll(of other: When) -> Bool {
        let operations = operations.isEmpty || (!other.operations.isEmpty && other.operations.isSubset(of: operations))
        let isOfAll = headers.allSatisfy { header in
            other.headers.contains { $0.name == header.name && (header.value == nil || header.value == $0.value) }
        }
        return operations && isOfAll && count == nil && model.takesAll(of: other.model)
            && account.takesAll(of: other.account) && task.takesAll(of: other.task)
            && attempt.takesAll(of: other.attempt) && prompt.takesAll(of: other.prompt)
            && (connection == nil || connection == other.connection)
    }
}

extension Rule {
    /// Whether each request that another rule is for, while it is, meets this rule and goes no further.
    fileprivate func takesAll(of other: Rule) -> Bool {
        guard ttl == nil, times == nil, when.takesAll(of: other.when) else { return false }
        if let during {
            guard let window = other.during, during.from <= window.from else { return false }
            let (own, others) = (
                during.from.nanoseconds &+ during.length.nanoseconds,
                window.from.nanoseconds &+ window.length.nanoseconds
            )
            guard others <= own else { return false }
        }
        switch act {
        case .fault(let fault): return !fault.kind.isQuota
        case .plan(let entries, let repeats):
            return repeats && entries.allSatisfy { $0.map { !$0.kind.isQuota } ?? true }
        case .chance(let probability, let fault): return probability >= 1 && !fault.kind.isQuota
        }
    }
}

extension Fault.Kind {
    /// Whether it lets requests through, up to a number of them.
    fileprivate var isQuota: Bool {
        switch self {
        case .rateLimit, .runningLimit: true
        default: false
        }
    }
}

extension TaskRule {
    fileprivate var takesEverything: Bool {
        model == nil && account == nil && ordinals == nil && prompt == nil && times == nil && probability >= 1
    }

    fileprivate func takesAll(of other: TaskRule) -> Bool {
        times == nil && probability >= 1 && model.takesAll(of: other.model) && account.takesAll(of: other.account)
            && ordinals.takesAll(of: other.ordinals) && prompt.takesAll(of: other.prompt)
    }
}

extension Expectation {
    fileprivate var models: [Glob] { filters.compactMap(\.model) }
}
