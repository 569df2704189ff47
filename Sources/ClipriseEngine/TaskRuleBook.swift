internal import ClipriseScenario

/// The rules of a scenario's tasks, made ready for matching.
struct TaskRuleBook: Sendable {
    let rules: [TaskRule]
    private let models: [ModelSet]
    private let prompts: [[UInt8]]
    /// What each rule's draws follow from: from what it says, not from where it stands.
    let chances: [UInt64]

    init(_ rules: [TaskRule], models ids: [String]) {
        self.rules = rules
        models = rules.map { ModelSet($0.model, of: ids) }
        prompts = rules.map { $0.prompt.map { lowercased($0.utf8) } ?? [] }
        chances = rules.map { rule in
            var hash = Draw.mix(1, (rule.name ?? "").utf8)
            for text in [rule.model?.pattern, rule.account?.pattern, rule.prompt] {
                hash = Draw.mix(hash, (text ?? "").utf8)
            }
            return hash
        }
    }

    func fits(_ index: Int, _ subject: Subject) -> Bool {
        guard models[index].contains(subject.model) else { return false }
        let rule = rules[index]
        guard rule.probability > 0 else { return false }
        if let ordinals = rule.ordinals, !ordinals.contains(subject.task ?? 0) { return false }
        if let account = rule.account, !account.matches(subject.account) { return false }
        return prompts[index].isEmpty || stands(prompts[index], in: subject.prompt)
    }
}
