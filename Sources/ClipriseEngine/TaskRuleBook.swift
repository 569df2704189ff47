internal import ClipriseScenario
internal import ClipriseWire

/// The rules of a scenario's tasks, made ready for matching.
struct TaskRuleBook: Sendable {
    let rules: [TaskRule]
    private let models: [UInt64]
    private let prompts: [[UInt8]]
    /// What each rule's draws follow from: from what it says, not from where it stands.
    let chances: [UInt64]

    init(_ rules: [TaskRule], models ids: [String]) {
        self.rules = rules
        models = rules.map { rule in
            guard let glob = rule.model else { return .max }
            var mask: UInt64 = 0
            for (position, id) in ids.prefix(64).enumerated() where glob.matches(id.utf8) {
                mask |= 1 << UInt64(position)
            }
            return mask
        }
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
        let bit: UInt64 = subject.model.map { $0 < 64 ? 1 << UInt64($0) : 0 } ?? 0
        guard models[index] == .max || models[index] & bit != 0 else { return false }
        let rule = rules[index]
        guard rule.probability > 0 else { return false }
        if let ordinals = rule.ordinals, !ordinals.contains(subject.task ?? 0) { return false }
        if let account = rule.account, !account.matches(subject.account) { return false }
        return prompts[index].isEmpty || contains(subject.prompt, prompts[index])
    }
}
