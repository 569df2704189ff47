internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

/// A filter made ready for the events of one account.
struct FilterMatch {
    private let filter: Filter
    /// Whether the model at each position matches; empty when the filter names none.
    private let models: [Bool]
    private let rules: [String]

    init(_ filter: Filter, _ view: JournalView) {
        self.filter = filter
        models = filter.model.map { glob in view.models.map { glob.matches($0.utf8) } } ?? []
        rules = view.rules
    }

    func matches(_ exchange: ExchangeEvent) -> Bool {
        if let operation = filter.operation, operation != exchange.operation { return false }
        if let status = filter.status, status != exchange.status { return false }
        if let clause = filter.clause, clause != exchange.clause { return false }
        if let rule = filter.rule {
            guard let acted = exchange.rule, rules.indices.contains(acted), rules[acted] == rule else { return false }
        }
        return matches(model: exchange.model)
    }

    /// Of events that are no exchanges only the model is asked for.
    func matches(model: Int?) -> Bool {
        guard filter.model != nil else { return true }
        guard let model, models.indices.contains(model) else { return false }
        return models[model]
    }
}

extension Filter {
    /// `generate, model veo-*, status 503`; empty for a filter that lets all pass.
    var description: String {
        var parts: [String] = []
        if let operation { parts.append(operation.rawValue) }
        if let model { parts.append("model \(model.pattern)") }
        if let status { parts.append("status \(status)") }
        if let clause { parts.append(clause.rawValue) }
        if let rule { parts.append("rule \(rule)") }
        return parts.joined(separator: ", ")
    }

    /// The same for a place where something must stand.
    var name: String {
        let text = description
        return text.isEmpty ? "any request" : text
    }
}
